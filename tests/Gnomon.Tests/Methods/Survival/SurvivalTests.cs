using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Data;
using Xunit;

namespace Gnomon.Tests.Methods.Survival;

/// <summary>Source: R 4.2 with survival 3.5 (tests/reference/survival/make.R) on 120 simulated units with many tied days.</summary>
public sealed class SurvivalTests
{
    private static readonly JsonElement Reference = MethodReference.Load("survival/survival.json");
    private static readonly double[] Times = Reference.Numbers("time");
    private static readonly bool[] Events = [.. Reference.Numbers("event").Select(e => e == 1)];
    private static readonly double[] X = [.. Enumerable.Range(0, Times.Length).SelectMany(i => new[] { Reference.Numbers("x1")[i], Reference.Numbers("x2")[i], Reference.Numbers("x3")[i] })];

    // Closed form: 1e-10.
    [Fact]
    public void Curve_agrees_with_survfit()
    {
        var km = Reference.GetProperty("km");
        var fit = KaplanMeier.Fit(Times, Events);
        Same("time", s => s.Time);
        Same("risk", s => s.AtRisk);
        Same("events", s => s.Events);
        Same("survival", s => s.Survival);
        Same("error", s => s.StandardError);
        Same("low", s => s.Low);
        Same("high", s => s.High);
        Assert.Equal(km.Number("median"), fit.Median!.Value, 1e-12);
        Assert.Equal(km.Number("medianLow"), fit.MedianLimits.Low!.Value, 1e-12);
        Assert.Equal(km.Number("medianHigh"), fit.MedianLimits.High!.Value, 1e-12);
        var mean = fit.Mean(25);
        Assert.Equal(Reference.GetProperty("restricted").Number("mean"), mean.Mean, 1e-10);
        Assert.Equal(Reference.GetProperty("restricted").Number("error"), mean.StandardError, 1e-10);

        void Same(string name, Func<SurvivalStep, double> value) =>
            Assert.All(km.GetProperty(name).EnumerateArray().Zip(fit.Steps), x => Assert.Equal(x.First.ValueKind == JsonValueKind.Null ? 0 : x.First.GetDouble(), value(x.Second), 1e-10));
    }

    // Closed form: 1e-10.
    [Fact]
    public void Log_rank_agrees_with_survdiff()
    {
        var c = Reference.GetProperty("logrank");
        var result = LogRank.Test(Times, Events, [.. Reference.Numbers("group").Select(g => (int)g)]);
        Assert.Equal(c.Number("chisq"), result.Statistic, 1e-10);
        Assert.Equal(2, result.DegreesOfFreedom);
        Assert.All(c.Numbers("expected").Zip(result.Groups), x => Assert.Equal(x.First, x.Second.Expected, 1e-10));
        Assert.All(c.Numbers("observed").Zip(result.Groups), x => Assert.Equal(x.First, x.Second.Observed));
        Assert.Equal(Reference.GetProperty("logrankTwo").Number("chisq"), LogRank.Test(Times, Events, [.. Reference.Numbers("x2").Select(g => (int)g)]).Statistic, 1e-10);
    }

    // R stops at a relative change of 1e-9 of the likelihood: 1e-7 for the estimates, 1e-6 for what is computed from them.
    [Fact]
    public void Cox_agrees_with_coxph()
    {
        var c = Reference.GetProperty("cox");
        var fit = CoxRegression.Fit(Times, Events, X, 3);
        Same("coef", fit, b => b.LogHazardRatio, 1e-7);
        Same("error", fit, b => b.StandardError, 1e-7);
        Same("robust", fit, b => b.RobustError, 1e-6);
        Same("zph", fit, b => b.ProportionalityP, 1e-6);
        Assert.Equal(c.Numbers("loglik")[0], fit.NullLogLikelihood, 1e-9);
        Assert.Equal(c.Numbers("loglik")[1], fit.LogLikelihood, 1e-9);
        Assert.Equal(c.Number("concordance"), fit.Concordance, 1e-12);
        var clustered = CoxRegression.Fit(Times, Events, X, 3, [.. Reference.Numbers("cluster").Select(g => (int)g)]);
        Same("clustered", clustered, b => b.RobustError, 1e-6);

        void Same(string name, CoxFit f, Func<CoxCoefficient, double> value, double tolerance) =>
            Assert.All(c.Numbers(name).Zip(f.Coefficients), x => Assert.Equal(x.First, value(x.Second), tolerance));
    }

    [Fact]
    public void Shifting_and_scaling_columns_changes_nothing_else()
    {
        var moved = (double[])X.Clone();
        for (var i = 0; i < moved.Length; i += 3)
        {
            moved[i] = 1e6 + 10 * moved[i];
        }

        var (plain, other) = (CoxRegression.Fit(Times, Events, X, 3), CoxRegression.Fit(Times, Events, moved, 3));
        Assert.Equal(plain.Coefficients[0].LogHazardRatio / 10, other.Coefficients[0].LogHazardRatio, 1e-8);
        Assert.Equal(plain.Coefficients[1].LogHazardRatio, other.Coefficients[1].LogHazardRatio, 1e-7);
        Assert.Equal(plain.LogLikelihood, other.LogLikelihood, 1e-7);
    }

    [Fact]
    public void What_cannot_be_estimated_is_named()
    {
        Assert.Throws<NotEstimableException>(() => CoxRegression.Fit([1, 2, 3], [false, false, false], [1, 2, 3], 1));
        Assert.Contains("does not vary", Assert.Throws<NotEstimableException>(() => CoxRegression.Fit([1, 2, 3, 4], [true, true, true, true], [5, 5, 5, 5], 1)).Message, StringComparison.Ordinal);

        // Everybody with x = 1 goes first.
        Assert.Contains("infinite", Assert.Throws<NotEstimableException>(() => CoxRegression.Fit([1, 2, 3, 4, 5, 6], [true, true, true, true, true, true], [1, 1, 1, 0, 0, 0], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<NotEstimableException>(() => LogRank.Test([1, 2], [true, true], [0, 0]));
        Assert.Throws<ArgumentException>(() => KaplanMeier.Fit([1, -2], [true, true]));
        Assert.Throws<TooFewRowsException>(() => KaplanMeier.Fit([1], [true]));
        var none = KaplanMeier.Fit([1, 2, 3], [false, false, false]);
        Assert.Empty(none.Steps);
        Assert.Null(none.Median);
        Assert.Equal(2, none.Mean(2).Mean);
        Assert.Throws<NotEstimableException>(() => none.Mean(4));
        Assert.Equal(0, KaplanMeier.Fit([1, 2], [true, true]).Steps[^1].Survival);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Size_and_coverage_hold_in_simulation()
    {
        var rng = new Rng(21);
        const int runs = 1_000;
        const double truth = 0.7;
        var (logRank, cox, robust, curve, mean, proportional) = (0, 0, 0, 0, 0, 0);
        for (var r = 0; r < runs; r++)
        {
            const int n = 120;
            var (t, e, x, g) = (new double[n], new bool[n], new double[n], new int[n]);
            var times = new double[n];
            for (var i = 0; i < n; i++)
            {
                g[i] = i % 2;
                x[i] = rng.NextNormal();
                var (when, lost) = (rng.NextExponential() / (0.1 * Math.Exp(truth * x[i])), 30 * rng.NextDouble());
                (t[i], e[i]) = (Math.Min(when, lost), when <= lost);
            }

            logRank += LogRank.Test(t, e, g).PValue < 0.05 ? 1 : 0;
            var fit = CoxRegression.Fit(t, e, x, 1).Coefficients[0];
            cox += Math.Abs(fit.LogHazardRatio - truth) <= 1.96 * fit.StandardError ? 1 : 0;
            robust += Math.Abs(fit.LogHazardRatio - truth) <= 1.96 * fit.RobustError ? 1 : 0;
            proportional += fit.ProportionalityP < 0.05 ? 1 : 0;

            // One exponential curve of rate 0.1: exp(-1) is left at 10, the mean up to 10 is 10 (1 - exp(-1)).
            for (var i = 0; i < n; i++)
            {
                var (when, lost) = (rng.NextExponential() / 0.1, 30 * rng.NextDouble());
                (times[i], e[i]) = (Math.Min(when, lost), when <= lost);
            }

            var km = KaplanMeier.Fit(times, e);
            var at = km.Steps.Last(s => s.Time <= 10);
            curve += at.Low <= Math.Exp(-1) && Math.Exp(-1) <= at.High ? 1 : 0;
            var restricted = km.Mean(10);
            mean += restricted.Low <= 10 * (1 - Math.Exp(-1)) && 10 * (1 - Math.Exp(-1)) <= restricted.High ? 1 : 0;
        }

        Assert.InRange(logRank / (double)runs, 0.028, 0.075);
        Assert.InRange(cox / (double)runs, 0.925, 0.975);
        Assert.InRange(robust / (double)runs, 0.91, 0.975);
        Assert.InRange(curve / (double)runs, 0.925, 0.975);
        Assert.InRange(mean / (double)runs, 0.92, 0.975);
        Assert.InRange(proportional / (double)runs, 0.02, 0.08);
    }
}
