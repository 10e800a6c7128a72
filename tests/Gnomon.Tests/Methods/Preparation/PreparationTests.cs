using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Preparation;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Preparation;

/// <summary>Reference: scikit-learn's Pipeline and cross_val_score on the same folds, DeLong and shrinkage by their definitions in numpy (tests/reference/preparation/make.py).</summary>
public sealed class PreparationTests
{
    private static readonly JsonElement Reference = ReferenceFile.Open("preparation", "preparation.json");

    [Theory]
    [InlineData("gaps")]
    [InlineData("scaled")]
    [InlineData("linear")]
    public void Both_orders_score_as_with_scikit_learn(string kind)
    {
        var c = Reference.GetProperty("cases").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == kind);
        var found = ScopeComparison.Of(Steps(c), Columns(c.GetProperty("x")), c.Numbers("y"), c.GetProperty("binary").GetBoolean(), Folds(c));
        Assert.Equal(c.Number("inside"), found.Inside.Value, 1e-6);
        Assert.Equal(c.Number("whole"), found.Whole.Value, 1e-6);
        Assert.All(c.Numbers("folds").Zip(found.Inside.Folds), f => Assert.Equal(f.First, f.Second, 1e-6));
        Assert.Equal(found.Whole.Value - found.Inside.Value, found.Gap.Value, 1e-12);
    }

    [Fact]
    public void Errors_of_a_score_and_of_a_difference_are_those_of_DeLong()
    {
        var d = Reference.GetProperty("delong");
        var folds = Folds(d);
        var (one, other) = (FoldScore.Auc(d.Numbers("score"), d.Numbers("y"), folds), FoldScore.Auc(d.Numbers("other"), d.Numbers("y"), folds));
        Close.Relative(d.Number("auc"), one.Value, 1e-10, "auc");
        Close.Relative(d.Number("error"), one.StandardError, 1e-10, "error");
        Close.Relative(d.Number("gapError"), one.Less(other).StandardError, 1e-10, "error of the difference");
        Assert.Equal(0, one.Less(one).StandardError);
    }

    [Fact]
    public void Correlations_are_drawn_to_zero_by_the_published_formula_and_twins_follow_their_leader()
    {
        var s = Reference.GetProperty("shrinkage");
        var columns = Columns(s.GetProperty("x"));
        int[] rows = [.. Enumerable.Range(0, columns[0].Length)];
        var r = ShrunkenCorrelation.Of(columns, rows);
        var expected = Columns(s.GetProperty("r"));
        for (var i = 0; i < columns.Count; i++)
        {
            for (var j = 0; j < columns.Count; j++)
            {
                Assert.Equal(expected[i][j], r.Of(i, j), 1e-10);
            }
        }

        // Many rows, so that little is shrunken: 1 and 4 follow 0, one of them with the other sign.
        var rng = new Rng(3).Stream("twins");
        var x = Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 2_000).Select(_ => rng.NextNormal()).ToArray()).ToArray();
        x[1] = [.. x[0].Zip(x[1], (a, b) => a + (0.1 * b))];
        x[4] = [.. x[0].Zip(x[4], (a, b) => (0.1 * b) - a)];
        var cluster = Assert.Single(TwinClusters.Of(x, Enumerable.Range(0, 2_000).ToArray()));
        Assert.Equal((0, "1 4"), (cluster.Leader, string.Join(' ', cluster.Others)));
        Assert.InRange(cluster.Weakest, 0.95, 1);
    }

    [Fact]
    public void A_step_learns_from_its_rows_alone_and_no_row_is_dropped()
    {
        double[] column = [1, 2, 3, 4, 5, double.NaN, 1e6, -1e6];
        int[] training = [0, 1, 2, 3, 4];
        var y = new double[8];
        var impute = FittedStep.Fit(new(PreparationKind.Impute), [column], y, false, training);
        Assert.Equal(3, impute.First[0]);
        var clip = FittedStep.Fit(new(PreparationKind.Clip), [column], y, false, training);
        Assert.Equal((-4.0, 10.0), (clip.First[0], clip.Second[0])); // quartiles 2 and 4, fences 6 beyond them
        Assert.Equal([1, 2, 3, 4, 5, 3, 10, -4], clip.Apply(impute.Apply([column]))[0]);
        Assert.True(double.IsNaN(column[5]));
        var scale = FittedStep.Fit(new(PreparationKind.Scale), [column], y, false, training);
        Assert.Equal((3.0, Math.Sqrt(2)), (scale.First[0], scale.Second[0]));
        var flat = FittedStep.Fit(new(PreparationKind.Scale), [[7.0, 7, 7]], [0, 1, 0], true, [0, 1, 2]);
        Assert.Equal([0.0, 0, 0], flat.Apply([[7.0, 7, 7]])[0]);
    }

    [Fact]
    public void What_cannot_be_prepared_is_refused_by_name()
    {
        double[] gappy = [1, 2, double.NaN, 4, 5, 6, 7, 8];
        double[] y = [0, 1, 0, 1, 0, 1, 0, 1];
        int[] all = [0, 1, 2, 3, 4, 5, 6, 7];
        Assert.Contains("has gaps", Assert.Throws<NotEstimableException>(() => FittedStep.Fit(new(PreparationKind.Best, 1), [gappy], y, true, all)).Message, StringComparison.Ordinal);
        Assert.Contains("has gaps", Assert.Throws<NotEstimableException>(() => FittedStep.Fit(new(PreparationKind.Twins), [gappy, y], y, true, all)).Message, StringComparison.Ordinal);
        Assert.Contains("no value", Assert.Throws<NotEstimableException>(() => FittedStep.Fit(new(PreparationKind.Impute), [[double.NaN, double.NaN, double.NaN, double.NaN]], [0, 1, 0, 1], true, [0, 1, 2])).Message, StringComparison.Ordinal);
        _ = Assert.Throws<TooFewRowsException>(() => FittedStep.Fit(new(PreparationKind.Scale), [gappy], y, true, [0, 1]));
        _ = Assert.Throws<TooFewRowsException>(() => FittedPipeline.Fit([], Enumerable.Range(0, 8).Select(_ => y).ToList(), y, true, all, []));
        _ = Assert.Throws<TooFewRowsException>(() => FoldScore.Auc([1, 2, 3, 4], [0, 1, 0, 1], [0, 0, 1, 1]));
        _ = Assert.Throws<NotEstimableException>(() => FoldScore.RSquared([1, 2, 3], [5, 5, 5], [0, 0, 0]));
    }

    [Fact]
    public void Folds_hold_their_share_of_each_class_and_follow_the_seed()
    {
        double[] y = [.. Enumerable.Range(0, 103).Select(i => i % 4 == 0 ? 1.0 : 0.0)];
        var folds = ScopeComparison.Deal(y, true, 5, 7);
        Assert.Equal(folds, ScopeComparison.Deal(y, true, 5, 7));
        Assert.NotEqual(folds, ScopeComparison.Deal(y, true, 5, 8));
        Assert.All(Enumerable.Range(0, 5), f => Assert.InRange(Enumerable.Range(0, 103).Count(i => folds[i] == f && y[i] > 0.5), 5, 6));
        Assert.All(Enumerable.Range(0, 5), f => Assert.InRange(folds.Count(g => g == f), 20, 21));
    }

    // The published figures for 200 rows of noise in 2,000 columns of which the 20 best by F are kept: 0.83 chosen before the split, 0.47 inside the folds, means of 5 draws.
    // Five draws have a standard error of about 0.03 around 0.5 and of 0.01 around the inflated one.
    [Fact]
    [Trait("speed", "slow")]
    public void Noise_scores_high_only_where_the_choice_saw_the_grading_rows()
    {
        var (whole, inside) = (0.0, 0.0);
        for (var seed = 1; seed <= 5; seed++)
        {
            var (x, y) = Noise(seed, 200, 2_000);
            var found = ScopeComparison.Of([new(PreparationKind.Best, 20), new(PreparationKind.Scale)], x, y, true, ScopeComparison.Deal(y, true, 5, seed));
            (whole, inside) = (whole + (found.Whole.Value / 5), inside + (found.Inside.Value / 5));
            Assert.True(found.Gap.Value > 2.576 * found.Gap.StandardError, $"seed {seed}: {found.Gap}");
            Assert.True(found.Steps[0].Value > 0.2 && Math.Abs(found.Steps[1].Value) < 0.01, $"seed {seed}: {found.Steps[0]}, {found.Steps[1]}");
        }

        Assert.InRange(whole, 0.80, 0.90);
        Assert.InRange(inside, 0.40, 0.60);
    }

    // Coverage of the 95 % interval of the out-of-fold score given the fitted models: new rows of the same kind, graded by the same models, are what it promises to cover. 400 draws, 3.3 binomial errors.
    [Fact]
    [Trait("speed", "slow")]
    public void The_interval_covers_what_the_fitted_models_would_score_on_endless_rows()
    {
        var (covered, draws) = (0, 400);
        for (var seed = 0; seed < draws; seed++)
        {
            var rng = new Rng(seed).Stream("coverage");
            const int n = 300;
            double[] x = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => v + rng.NextNormal() > 0 ? 1.0 : 0.0)];
            var found = ScopeComparison.Of([new(PreparationKind.Scale)], [x], y, true, ScopeComparison.Deal(y, true, 5, seed));

            // Every increasing model of one column ranks rows alike, so its true area is known: P(x1 > x0) with y = x + e > 0, which is 1/2 + 2 atan2-type integral, 0.8333 by the arcsine law for equal variances.
            covered += Math.Abs(found.Inside.Value - TrueArea) <= 1.96 * found.Inside.StandardError ? 1 : 0;
        }

        Assert.InRange(covered / (double)draws, 0.95 - (3.3 * Math.Sqrt(0.95 * 0.05 / draws)), 0.95 + (3.3 * Math.Sqrt(0.95 * 0.05 / draws)));
    }

    // P(X1 > X0) for X1 | X + E > 0 and X0 | X + E < 0, X and E standard normal and independent: 4 P(X1 > X2, S1 > 0, S2 < 0) with correlations 1/2, -1/2 and 0 between (X1 - X2)/sqrt 2, S1/sqrt 2 and -S2/sqrt 2, an orthant probability.
    private static double TrueArea => 4 * (0.125 + ((Math.Asin(0.5) + Math.Asin(0.5) + Math.Asin(0.0)) / (4 * Math.PI)));

    private static (double[][] X, double[] Y) Noise(int seed, int n, int p)
    {
        var rng = new Rng(seed).Stream("noise");
        double[] y = [.. Enumerable.Range(0, n).Select(i => (double)(i % 2))];
        return ([.. Enumerable.Range(0, p).Select(_ => Enumerable.Range(0, n).Select(_ => rng.NextNormal()).ToArray())], y);
    }

    private static List<PreparationStep> Steps(JsonElement c) => [.. c.GetProperty("steps").EnumerateArray().Select(s => s.GetString()!.Split('=')).Select(w => new PreparationStep(Enum.Parse<PreparationKind>(w[0], true), w.Length > 1 ? int.Parse(w[1], System.Globalization.CultureInfo.InvariantCulture) : 0))];

    private static List<double[]> Columns(JsonElement x) => [.. x.EnumerateArray().Select(c => c.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble()).ToArray())];

    private static int[] Folds(JsonElement c) => [.. c.GetProperty("fold").EnumerateArray().Select(v => v.GetInt32())];
}
