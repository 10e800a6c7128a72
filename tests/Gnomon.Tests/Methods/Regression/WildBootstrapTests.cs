using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>The wild bootstrap of rows against plain refits of every sign pattern (tests/reference/regression/make-wild.py).</summary>
public sealed class WildBootstrapTests
{
    // Counts of the same patterns: the p-value is exact; the ends are where both bisections stop (1e-6 of a standard error).
    [Fact]
    public void Every_sign_pattern_agrees_with_plain_refits_in_numpy()
    {
        var e = MethodReference.Load("regression/wild-rows.json");
        foreach (var name in new[] { "plain", "weighted" })
        {
            var c = e.GetProperty(name);
            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([e.Numbers("x"), e.Numbers("z")], ["x", "z"]), e.Numbers("y"), name == "plain" ? null : e.Numbers("w"));
            var test = WildBootstrap.Test(fit, "x", level: 0.9);
            Assert.True(test.IsExhaustive);
            Assert.Equal(2_048, test.Draws);
            MethodReference.Close(c.Number("estimate") / c.Number("error"), test.Statistic, 1e-10);
            MethodReference.Close(c.Number("p"), test.PValue, 1e-12);
            MethodReference.Close(c.Number("low"), test.Interval!.Value.Low, 1e-5);
            MethodReference.Close(c.Number("high"), test.Interval!.Value.High, 1e-5);
        }
    }

    [Fact]
    public void Threads_change_nothing_and_units_only_the_units()
    {
        var (x, z, y) = Sample(new Rng(5), 40);
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z], ["x", "z"]), y);
        var one = WildBootstrap.Test(fit, "x", 999, 7, threads: 1);
        Assert.Equal(one, WildBootstrap.Test(fit, "x", 999, 7, threads: 4));
        var scaled = WildBootstrap.Test(LeastSquares.Fit(DesignMatrix.WithIntercept([[.. x.Select(v => 1e6 + (1_000 * v))], z], ["x", "z"]), y), "x", 999, 7);
        Assert.Equal(one.PValue, scaled.PValue, 1e-12);
        Assert.Equal(one.Interval!.Value.Low, 1_000 * scaled.Interval!.Value.Low, 1e-4);
        var table = WildCovariance.Of(fit, draws: 999, seed: 7).Table(fit);
        Assert.Equal(one.PValue, table[1].PValue);
        var sum = WildCovariance.Of(fit, draws: 999, seed: 7).Contrast(fit, [0, 1, 1], "both");
        Assert.Equal(fit.Estimates[1] + fit.Estimates[2], sum.Value, 1e-12);
        Assert.InRange(sum.Value, sum.Low, sum.High);
    }

    [Fact]
    public void Too_few_rows_and_a_perfect_fit_are_refused_by_name()
    {
        // 16 sign patterns in pairs: the smallest p is 1/8, so nothing is rejected at 5 %.
        var few = LeastSquares.Fit(DesignMatrix.WithIntercept([[1.0, 2, 3, 5]], ["x"]), [1.0, 3, 2, 6]);
        Assert.Null(WildBootstrap.Test(few, "x").Interval);
        Assert.Throws<NotEstimableException>(() => WildCovariance.Of(few));
        double[] x = [.. Enumerable.Range(0, 12).Select(i => (double)i)];
        var exact = LeastSquares.Fit(DesignMatrix.WithIntercept([x], ["x"]), [.. x.Select(_ => 0.0)]);
        Assert.Throws<NotEstimableException>(() => WildBootstrap.Test(exact, "x"));
    }

    // 1,000 samples of 60 rows, a skewed column that moves the spread: HC3 rejects a true null in some 7 % of them.
    [Fact]
    [Trait("speed", "slow")]
    public void It_keeps_its_size_and_covers_where_hc3_does_not()
    {
        int rejected = 0, covered = 0, hc3 = 0;
        const int draws = 1_000;
        for (var d = 0; d < draws; d++)
        {
            var (x, z, y) = Sample(new Rng(900 + d), 60);
            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z], ["x", "z"]), y);
            var test = WildBootstrap.Test(fit, "x", 399, d);
            rejected += test.PValue < 0.05 ? 1 : 0;
            covered += test.Interval is { } i && i.Contains(0) ? 1 : 0;
            hc3 += RobustErrors.Heteroskedastic(fit).Table(fit)[1].PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(rejected / (double)draws, 0.03, 0.073);
        Assert.InRange(covered / (double)draws, 0.927, 0.973);
        Assert.True(rejected < hc3, $"wild {rejected}, HC3 {hc3}");
    }

    // The column has skewness 1.75 (lognormal, shape 0.5) and no effect; the spread grows with its distance from the mean.
    private static (double[] X, double[] Z, double[] Y) Sample(Rng rng, int n)
    {
        var (x, z, y) = (new double[n], new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            x[i] = (Math.Exp(0.5 * rng.NextNormal()) - 1.1331) / 0.6039;
            z[i] = rng.NextNormal();
            y[i] = 1 + (0.5 * z[i]) + ((0.5 + Math.Abs(x[i])) * rng.NextNormal());
        }

        return (x, z, y);
    }
}
