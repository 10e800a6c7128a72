using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Reference: tests/reference/metrics/adjustment.py (statsmodels OLS with HC2; numpy, row by row).</summary>
public sealed class VarianceReductionTests
{
    static readonly JsonElement Reference = ReferenceFile.Open("metrics", "adjustment.json");

    [Fact]
    public void Post_stratification_equals_the_saturated_regression_with_HC2_errors()
    {
        foreach (var item in Reference.GetProperty("strata").EnumerateArray())
        {
            var (s, t, y) = (item.Numbers("s"), item.Numbers("t"), item.Numbers("y"));
            var result = PostStratification.Compare(Strata(s, t, y));
            Assert.Equal(0, result.Merged);
            Close.Relative(item.Number("value"), result.Adjustment.Difference.Value, 1e-10, "value");
            Close.Relative(item.Number("sample"), result.Adjustment.SampleStandardError, 1e-10, "HC2");
            Close.Relative(item.Number("population"), result.Adjustment.Difference.StandardError, 1e-10, "population");
            Close.Relative(item.Number("control"), result.Adjustment.Y.Mean, 1e-10, "control mean");
            Close.Relative(result.Adjustment.Difference.Value / result.Adjustment.Y.Mean, result.Adjustment.Lift.Contrast!.Value, 1e-10, "lift");
        }
    }

    [Fact]
    public void Thin_strata_are_merged_by_size_and_one_stratum_is_Welch()
    {
        var rng = new Rng(4);
        StratumMoments Cell(int n, int m, double at) => new(Moments.Of([.. Draw(n, at)]), Moments.Of([.. Draw(m, at)]));
        double[] Draw(int n, double at) => [.. Enumerable.Range(0, n).Select(_ => at + rng.NextNormal())];
        var result = PostStratification.Compare([Cell(50, 60, 0), Cell(3, 9, 1), Cell(4, 2, 2), new(Moments.Of([1.0]), Moments.Empty), Cell(30, 20, 3)]);
        Assert.Equal(3, result.Strata);
        Assert.Equal(3, result.Merged);

        // Too thin even together: the smallest good stratum takes them in.
        Assert.Equal((1, 2), (PostStratification.Compare([Cell(50, 60, 0), Cell(2, 2, 1)]) is var r ? r.Strata : 0, r.Merged));
        var one = Cell(40, 30, 0);
        var welch = WelchT.Test(one.First, one.Second);
        var alone = PostStratification.Compare([one]).Adjustment.Difference;
        Close.Relative(welch.StandardError, alone.StandardError, 1e-12);
        Close.Relative(welch.PValue, alone.PValue, 1e-9);
        Assert.Throws<TooFewRowsException>(() => PostStratification.Compare([Cell(3, 9, 1)]));
        Assert.Throws<TooFewRowsException>(() => PostStratification.Compare([]));
        var constant = Moments.Of([2.0, 2, 2, 2, 2]);
        Assert.Throws<NotEstimableException>(() => PostStratification.Compare([new(constant, constant)]));
    }

    [Fact]
    public void Cross_fitted_predictions_equal_ridge_fitted_row_by_row()
    {
        foreach (var item in Reference.GetProperty("crossfit").EnumerateArray())
        {
            var c = item.Numbers("c").Select(v => (int)v).ToArray();
            var result = CrossFittedPrediction.Of(
                item.Numbers("y"), [PredictorColumn.OfNumbers(item.Numbers("a")), PredictorColumn.OfNumbers(item.Numbers("b")), PredictorColumn.OfCategories(c, 2)],
                [.. item.Numbers("arm").Select(v => (int)v)], [.. item.Numbers("fold").Select(v => (int)v)], new() { Folds = (int)item.Number("folds") });
            Assert.Equal(3, result.Terms);
            Assert.Equal(item.Numbers("penalties"), result.Penalties);
            foreach (var (expected, got) in item.Numbers("values").Zip(result.Values))
            {
                Assert.Equal(expected, got, 1e-9);
            }
        }
    }

    [Fact]
    public void No_unit_has_a_part_in_its_own_prediction_and_threads_change_nothing()
    {
        var (y, columns, arm, fold, _) = Bent(new Rng(7), 400, 0);
        var one = CrossFittedPrediction.Of(y, columns, arm, fold, new() { Threads = 1 });
        Assert.Equal(one.Values, CrossFittedPrediction.Of(y, columns, arm, fold, new() { Threads = 4 }).Values);
        var moved = (double[])y.Clone();
        moved[17] += 1e-3;
        var after = CrossFittedPrediction.Of(moved, columns, arm, fold);

        // The common scale of the outcome moves with it by a part in a million; the prediction of the unit's own fold by no more.
        Assert.All(Enumerable.Range(0, y.Length).Where(i => fold[i] == fold[17]), i => Assert.Equal(one.Values[i], after.Values[i], 1e-9));
        Assert.Contains(Enumerable.Range(0, y.Length), i => Math.Abs(one.Values[i] - after.Values[i]) > 1e-7);
    }

    [Fact]
    public void A_bend_that_a_line_misses_is_used()
    {
        var (y, columns, arm, fold, _) = Bent(new Rng(8), 4_000, 0);
        var fit = CrossFittedPrediction.Of(y, columns, arm, fold);
        Assert.InRange(fit.Explained, 0.65, 0.78);
        double[] rest = [.. y.Zip(fit.Values, (a, b) => a - b)];
        Assert.True(Moments.Of(rest).Variance < 0.4 * Moments.Of(y).Variance);
    }

    [Fact]
    public void What_cannot_be_predicted_is_refused_by_name()
    {
        var (y, columns, arm, fold, _) = Bent(new Rng(7), 60, 0);
        Assert.Throws<TooFewRowsException>(() => CrossFittedPrediction.Of(y[..30], [columns[0].Take([.. Enumerable.Range(0, 30)])], arm[..30], fold[..30]));
        Assert.Throws<TooFewRowsException>(() => CrossFittedPrediction.Of(y, columns, arm, new int[60]));
        Assert.Throws<NotEstimableException>(() => CrossFittedPrediction.Of(y, [PredictorColumn.OfNumbers(new double[60])], arm, fold));
        Assert.Throws<NotEstimableException>(() => CrossFittedPrediction.Of(new double[60], columns, arm, fold));
        Assert.Throws<ArgumentException>(() => PredictorColumn.OfNumbers([1, double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => PredictorColumn.OfCategories([0, 3], 3));
        double[] gaps = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? double.NaN : i)];
        Assert.All(CrossFittedPrediction.Of(y, [PredictorColumn.OfNumbers(gaps)], arm, fold).Values, v => Assert.True(double.IsFinite(v)));
    }

    /// <summary>True lift 10 %: both adjustments must cover it on the relative and on the absolute scale.</summary>
    [Fact]
    [Trait("speed", "slow")]
    public void Adjusted_intervals_cover_a_planted_effect_on_both_scales()
    {
        const int runs = 1_500;
        var (strata, predicted, lifts, cross) = (0, 0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run);
            var (y, columns, arm, fold, x) = Bent(rng, 400, effect: 1.0);
            var fit = CrossFittedPrediction.Of(y, columns, arm, fold, new() { Threads = 1 });
            CoMoments Joint(int a) => CoMoments.OfColumns([.. Where(a).Select(i => y[i])], [.. Where(a).Select(i => fit.Values[i])]);
            IEnumerable<int> Where(int a) => Enumerable.Range(0, y.Length).Where(i => arm[i] == a);
            var lin = LinAdjustment.Compare(Joint(1), Joint(0));
            predicted += lin.Difference.Interval.Contains(1) ? 1 : 0;
            cross += lin.Lift.Contrast!.Interval.Contains(0.1) ? 1 : 0;
            var cells = PostStratification.Compare(Strata([.. x.Select(v => Math.Floor(6 * v))], [.. arm.Select(a => (double)a)], y));
            strata += cells.Adjustment.Difference.Interval.Contains(1) ? 1 : 0;
            lifts += cells.Adjustment.Lift.Contrast!.Interval.Contains(0.1) ? 1 : 0;
        }

        foreach (var covered in new[] { strata, predicted, lifts, cross })
        {
            Assert.InRange((double)covered / runs, 0.935, 0.966);
        }
    }

    // y = 10 + a bend in x, three quarters of the variance, + noise; x uniform; a second covariate says nothing. A treated unit gains the effect.
    static (double[] Y, PredictorColumn[] Columns, int[] Arm, int[] Fold, double[] X) Bent(Rng rng, int n, double effect)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble())];
        int[] arm = [.. Enumerable.Range(0, n).Select(_ => rng.NextInt(2))];
        int[] fold = [.. Enumerable.Range(0, n).Select(_ => rng.NextInt(5))];
        double[] y = [.. Enumerable.Range(0, n).Select(i => 10 + 12 * (Math.Abs(x[i] - 0.5) - 0.25) + rng.NextNormal() + effect * arm[i])];
        return (y, [PredictorColumn.OfNumbers(x), PredictorColumn.OfNumbers([.. x.Select(_ => rng.NextNormal())])], arm, fold, x);
    }

    static List<StratumMoments> Strata(double[] s, double[] t, double[] y)
    {
        Moments Of(double stratum, int arm) => Moments.Of([.. Enumerable.Range(0, y.Length).Where(i => s[i] == stratum && t[i] == arm).Select(i => y[i])]);
        return [.. s.Distinct().Order().Select(v => new StratumMoments(Of(v, 1), Of(v, 0)))];
    }
}
