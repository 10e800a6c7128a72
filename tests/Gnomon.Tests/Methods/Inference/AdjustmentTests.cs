using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Reference: statsmodels OLS with interactions and HC2, numpy for the delta method, cluster-robust OLS of clicks, root finding for Fieller's set.</summary>
public sealed class AdjustmentTests
{
    static readonly JsonElement Reference = ReferenceFile.Open("inference", "inference.json");

    [Fact]
    public void Lin_estimate_equals_interacted_regression_and_its_error_is_near_HC2()
    {
        foreach (var item in Reference.GetProperty("lin").EnumerateArray())
        {
            var x = Read(item.GetProperty("x"));
            var result = LinAdjustment.Compare(x, Read(item.GetProperty("y")));
            Close.Relative(item.Number("value"), result.Difference.Value, 1e-9, "estimate");
            Close.Relative(item.Number("meanY"), result.Y.Mean, 1e-9, "adjusted mean");
            // HC2 weighs residuals by leverage, and the residual spread depends on a covariate here: the gap shrinks with n.
            Close.Relative(item.Number("hc2"), result.SampleStandardError, x.Count > 1000 ? 0.005 : 0.03, $"standard error at n = {x.Count}");
            Assert.InRange(result.VarianceReduction, 0.1, 0.95);
            Assert.Equal(2, result.CovariatesUsed);
        }
    }

    [Fact]
    public void Ratio_and_its_adjustment_agree_with_the_references()
    {
        foreach (var item in Reference.GetProperty("ratio").EnumerateArray())
        {
            var x = Read(item.GetProperty("x"));
            var y = Read(item.GetProperty("y"));
            var plain = RatioMetric.Compare(x.Select([0, 1]), y.Select([0, 1]));
            Close.Relative(item.Number("ratioX"), plain.X.Mean, 1e-12);
            Close.Relative(item.Number("error"), plain.Difference.StandardError, 1e-10, "delta error");
            Close.Relative(item.Number("clusterError"), plain.Difference.StandardError, 1e-10, "cluster-robust error with n / (n - 1)");
            Close.Relative(item.Number("lift"), plain.Lift.Contrast!.Value, 1e-11, "lift");
            Close.Relative(item.Number("liftError"), plain.Lift.Contrast.StandardError, 1e-10, "lift error");
            var adjusted = RatioAdjusted.Compare(x, y);
            Close.Relative(item.Number("adjusted"), adjusted.Difference.Value, 1e-9, "adjusted");
            Close.Relative(item.Number("adjustedHc2"), adjusted.SampleStandardError, 0.02, "adjusted error");
            Assert.True(adjusted.Difference.StandardError < plain.Difference.StandardError);
        }
    }

    [Fact]
    public void Fieller_limits_are_the_roots_of_the_test()
    {
        foreach (var item in Reference.GetProperty("fieller").EnumerateArray())
        {
            var (x, y) = (new MeanEstimate(item.Number("x"), item.Number("vx")), new MeanEstimate(item.Number("y"), item.Number("vy")));
            var contrast = RelativeLift.Fieller(x, y, item.Number("c")).Contrast!;
            Close.Relative(item.Number("low"), contrast.Low, 1e-10, "low");
            Close.Relative(item.Number("high"), contrast.High, 1e-10, "high");
            Assert.Equal(contrast.PValue < 0.05, !contrast.Interval.Contains(0.0));
        }
    }

    [Fact]
    public void Lift_turns_to_Fieller_and_then_to_no_answer_as_the_denominator_gets_noisy()
    {
        var x = new MeanEstimate(1.1, 0.0001);
        Assert.Contains("delta", RelativeLift.Compare(x, new(1.0, 0.0001)).Contrast!.Method, StringComparison.Ordinal);
        Assert.Contains("Fieller", RelativeLift.Compare(x, new(1.0, 0.02)).Contrast!.Method, StringComparison.Ordinal);
        var none = RelativeLift.Compare(x, new(1.0, 0.3));
        Assert.False(none.IsIdentified);
        Assert.NotNull(none.NotIdentifiedBecause);
        Assert.True(none.G >= 1);
        Assert.False(RelativeLift.Compare(x, new(0.0, 0.3)).IsIdentified);
        Assert.Throws<NotEstimableException>(() => RelativeLift.Delta(x, new(0.0, 0.3)));
    }

    [Fact]
    public void Covariates_that_say_nothing_new_change_nothing()
    {
        var rng = new Rng(9);
        var (x, y) = (Arm(rng, 300, 0.0, 1.0), Arm(rng, 280, 0.0, 1.0));
        var once = LinAdjustment.Compare(CoMoments.OfColumns(x), CoMoments.OfColumns(y));
        var twice = LinAdjustment.Compare(WithCopy(x), WithCopy(y));
        Assert.Equal(1, twice.CovariatesUsed);
        Close.Relative(once.Difference.Value, twice.Difference.Value, 1e-9);
        Close.Relative(once.Difference.StandardError, twice.Difference.StandardError, 1e-9);

        static CoMoments WithCopy(double[][] arm) =>
            CoMoments.OfColumns(arm[0], arm[1], Array.ConvertAll(arm[1], v => 1e4 * v + 7), Array.ConvertAll(arm[1], _ => 3.0));
    }

    [Fact]
    public void Intervals_cover_the_population_effect_in_simulation()
    {
        const int rounds = 2000;
        var rng = new Rng(77);
        int adjusted = 0, adjustedLift = 0, plainLift = 0, fieller = 0, ratio = 0, ratioAdjusted = 0, size = 0;
        for (var i = 0; i < rounds; i++)
        {
            // Slopes 2 and -1: the effect depends strongly on the covariate, whose mean is 1; population effect 0.5 on 5 - 1.
            var (x, y) = (Arm(rng, 120, 1.5, 2.0), Arm(rng, 60, 5.0, -1.0));
            var result = LinAdjustment.Compare(CoMoments.OfColumns(x), CoMoments.OfColumns(y));
            adjusted += result.Difference.Interval.Contains(-0.5) ? 1 : 0;
            adjustedLift += result.Lift.Contrast!.Interval.Contains(3.5 / 4.0 - 1.0) ? 1 : 0;
            var (a, b) = (Moments.Of(x[0]), Moments.Of(y[0]));
            plainLift += RelativeLift.Compare(MeanEstimate.Of(a), MeanEstimate.Of(b)).Contrast!.Interval.Contains(3.5 / 4.0 - 1.0) ? 1 : 0;
            var noisy = RelativeLift.Fieller(new(1.2 + 0.3 * rng.NextNormal(), 0.09), new(1.0 + 0.2 * rng.NextNormal(), 0.04));
            fieller += !noisy.IsIdentified || noisy.Contrast!.Interval.Contains(0.2) ? 1 : 0;
            var (p, q) = (Clicks(rng, 150), Clicks(rng, 130));
            var metric = RatioMetric.Compare(p, q);
            ratio += metric.Difference.Interval.Contains(0.0) ? 1 : 0;
            size += metric.Difference.PValue < 0.05 ? 1 : 0;
            ratioAdjusted += RatioAdjusted.Compare(p, q).Difference.Interval.Contains(0.0) ? 1 : 0;
        }

        Simulated.Between(0.945, 0.955, adjusted, rounds);
        Simulated.Between(0.94, 0.96, adjustedLift, rounds);
        Simulated.Between(0.94, 0.96, plainLift, rounds);
        Simulated.Between(0.94, 0.96, ratio, rounds);
        Simulated.Between(0.94, 0.955, ratioAdjusted, rounds);
        Simulated.Between(0.04, 0.06, size, rounds);
        Simulated.Share(0.95, fieller, rounds);
    }

    // Outcome = level + slope (covariate) + noise; the covariate has mean 1.
    static double[][] Arm(Rng rng, int n, double level, double slope)
    {
        var outcome = new double[n];
        var covariate = new double[n];
        for (var i = 0; i < n; i++)
        {
            covariate[i] = rng.NextGamma(2.0) / 2.0;
            outcome[i] = level + slope * covariate[i] + rng.NextNormal();
        }

        return [outcome, covariate];
    }

    // Users with their own rate and number of views; the covariate is a noisy earlier rate.
    static CoMoments Clicks(Rng rng, int users)
    {
        var rows = new double[users * 3];
        for (var i = 0; i < users; i++)
        {
            var rate = 0.2 + 0.3 * rng.NextDouble();
            var views = 1 + rng.NextPoisson(5);
            rows[3 * i] = rng.NextBinomial(views, rate);
            rows[3 * i + 1] = views;
            rows[3 * i + 2] = rate + 0.1 * rng.NextNormal();
        }

        return CoMoments.OfRows(rows, 3);
    }

    static CoMoments Read(JsonElement item) => new(item.Count("count"), item.Numbers("means"), item.Numbers("products"));
}
