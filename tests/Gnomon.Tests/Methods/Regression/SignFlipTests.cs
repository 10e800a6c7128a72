using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>The sign-flip score test against refits in numpy with scipy's root finder, and against all 2^16 sign patterns (tests/reference/regression/sign_flip.py).</summary>
public sealed class SignFlipTests
{
    // The same saddlepoint formula solved by another root finder: 1e-9. Interval ends: where both searches stop.
    [Fact]
    public void It_agrees_with_refits_in_numpy()
    {
        var e = MethodReference.Load("regression/sign-flip.json");
        foreach (var name in new[] { "plain", "weighted" })
        {
            var c = e.GetProperty(name);
            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([e.Numbers("x"), e.Numbers("z")], ["x", "z"]), e.Numbers("y"), name == "plain" ? null : e.Numbers("w"));
            var test = SignFlip.Test(fit, "x", 0.9);
            MethodReference.Close(c.Number("estimate"), test.Value, 1e-11);
            MethodReference.Close(c.Number("p"), test.PValue, 1e-9);
            MethodReference.Close(c.Number("low"), test.Interval!.Value.Low, 1e-7);
            MethodReference.Close(c.Number("high"), test.Interval!.Value.High, 1e-7);
        }
    }

    // The saddlepoint smooths a law that jumps by 2^-15: within 0.005 of the exact share of patterns.
    [Fact]
    public void The_saddlepoint_is_near_the_share_of_all_sign_patterns()
    {
        var e = MethodReference.Load("regression/sign-flip.json");
        foreach (var name in new[] { "plain", "weighted" })
        {
            Assert.Equal(e.GetProperty(name).Number("exhaustive"), e.GetProperty(name).Number("p"), 0.005);
        }

        var parts = e.Numbers("parts");
        foreach (var tail in e.GetProperty("tails").EnumerateArray())
        {
            var p = SignFlip.TwoSided(parts, tail.Number("sum"));
            MethodReference.Close(tail.Number("saddle"), p, 1e-9);
            Assert.Equal(p, SignFlip.TwoSided([.. parts.Select(u => -3 * u)], -3 * tail.Number("sum")), 1e-12);
            if (tail.Number("sum") < 0.6 * parts.Sum())
            {
                var reached = Enumerable.Range(0, 1 << 20).Count(code => Math.Abs(parts.Select((u, i) => (code >> i & 1) == 0 ? u : -u).Sum()) >= tail.Number("sum"));
                Assert.InRange(p / (reached / (double)(1 << 20)), 0.98, 1.02);
            }
        }
    }

    [Fact]
    public void The_edges_of_a_sum_of_signs_have_an_answer()
    {
        Assert.Equal(1.0, SignFlip.TwoSided([1, 2, 3], 0.0), 1e-12);
        Assert.Equal(0.25, SignFlip.TwoSided([1, 2, 3], 6.0), 1e-12);
        Assert.Equal(0.5, SignFlip.TwoSided([1, 2, 0], 3.0), 1e-12);
        Assert.Equal(1.0, SignFlip.TwoSided([0, 0], 0.0));
        Assert.InRange(SignFlip.TwoSided([.. Enumerable.Repeat(1.0, 2_000)], 2_000.0), 0.0, 1e-290);
    }

    [Fact]
    public void Units_change_nothing_but_the_units_and_columns_of_two_values_are_read_as_two_groups()
    {
        var (x, z, y) = Sample(new Rng(5), 40);
        double[] two = [.. x.Select((_, i) => i < 9 ? 1.0 : 0)];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z, two], ["x", "z", "two"]), y);
        var scaled = LeastSquares.Fit(DesignMatrix.WithIntercept([[.. x.Select(v => 1e6 + (1_000 * v))], z, two], ["x", "z", "two"]), y);
        Assert.Equal(SignFlip.Test(fit, "x").PValue, SignFlip.Test(scaled, "x").PValue, 1e-8);
        Assert.Equal(SignFlip.Test(fit, "x").Interval!.Value.High, 1_000 * SignFlip.Test(scaled, "x").Interval!.Value.High, 1e-6);
        var errors = SignFlipCovariance.Of(fit);
        var table = errors.Table(fit);
        Assert.Equal(SignFlip.Test(fit, "x").PValue, table[1].PValue!.Value, 1e-14);
        Assert.Equal(BellMcCaffrey.Errors(fit).Table(fit)[3], table[3]);
        Assert.All(Enumerable.Range(0, 4), j => Assert.Equal(table[j].PValue!.Value, errors.PValueOf(fit, j)!.Value, 1e-14));
        Assert.Contains("sign-flip", errors.MethodOf([0, 1, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("Bell-McCaffrey", errors.MethodOf([0, 0, 0, 1]), StringComparison.Ordinal);
        Assert.Contains("HC3", errors.MethodOf([0, 1, 0, 1]), StringComparison.Ordinal);
        Assert.Equal(RobustErrors.Heteroskedastic(fit).Contrast(fit, [0, 1, 0, 1], "both"), errors.Contrast(fit, [0, 1, 0, 1], "both"));
        Assert.Equal(RobustErrors.Heteroskedastic(fit).Joint(fit, [1, 2]), errors.Joint(fit, [1, 2]));
    }

    [Fact]
    public void A_handful_of_rows_has_no_bound_and_an_exact_fit_is_refused_by_name()
    {
        var few = LeastSquares.Fit(DesignMatrix.WithIntercept([[1.0, 2, 3, 5]], ["x"]), [1.0, 3, 2, 6]);
        Assert.Null(SignFlip.Test(few, "x").Interval);
        Assert.Equal(BellMcCaffrey.Errors(few).Table(few)[1], SignFlipCovariance.Of(few).Table(few)[1]);
        Assert.Equal(BellMcCaffrey.Errors(few).Table(few)[1].PValue, SignFlipCovariance.Of(few).PValueOf(few, 1));
        double[] x = [.. Enumerable.Range(0, 12).Select(i => (double)i)];
        var exact = LeastSquares.Fit(DesignMatrix.WithIntercept([x], ["x"]), [.. x.Select(_ => 0.0)]);
        Assert.Throws<NotEstimableException>(() => SignFlip.Test(exact, "x"));
        Assert.Equal(0.0, SignFlipCovariance.Of(exact).Table(exact)[1].StandardError);
    }

    // 20,000 samples per design; HC3 rejects up to 8.1 %. Coverage is one minus the size of the inverted test; checked on every twentieth that the flips bound.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(25, false, false)]
    [InlineData(25, true, true)]
    [InlineData(30, true, true)]
    [InlineData(40, true, true)]
    [InlineData(60, true, false)]
    [InlineData(60, true, true)]
    public void It_keeps_its_size_where_the_spread_follows_a_column(int n, bool follows, bool skewed)
    {
        int rejected = 0, hc3 = 0, covered = 0, intervals = 0;
        const int draws = 20_000;
        for (var d = 0; d < draws; d++)
        {
            var (x, z, y) = Sample(new Rng(5_000 + d), n, follows, skewed);
            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z], ["x", "z"]), y);
            if (d % 20 == 0)
            {
                var test = SignFlip.Test(fit, "x");
                intervals += test.Interval is null ? 0 : 1;
                covered += test.Interval is { } i && i.Contains(0) == test.PValue >= 0.05 ? 1 : 0;
                rejected += test.PValue < 0.05 ? 1 : 0;
            }
            else
            {
                rejected += SignFlip.PValue(fit, "x") < 0.05 ? 1 : 0;
            }

            hc3 += RobustErrors.Heteroskedastic(fit).Table(fit)[1].PValue < 0.05 ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage("n {0} follows {1} skewed {2}: sign-flip {3}, HC3 {4}", n, follows, skewed, rejected / (double)draws, hc3 / (double)draws);
        Assert.InRange(rejected / (double)draws, 0.040, 0.055);
        Assert.InRange(intervals, 980, 1_000);
        Assert.Equal(intervals, covered);
        Assert.True(!follows || rejected < hc3, $"sign-flip {rejected}, HC3 {hc3}");
    }

    // A column of skewness 1.75 (lognormal, shape 0.5) or a normal one, without effect; the spread grows with its distance from the mean or is even.
    private static (double[] X, double[] Z, double[] Y) Sample(Rng rng, int n, bool follows = true, bool skewed = true)
    {
        var (x, z, y) = (new double[n], new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var u = rng.NextNormal();
            x[i] = skewed ? (Math.Exp(0.5 * u) - 1.1331) / 0.6039 : u;
            z[i] = rng.NextNormal();
            y[i] = 1 + (0.5 * z[i]) + ((follows ? 0.5 + Math.Abs(x[i]) : 1) * rng.NextNormal());
        }

        return (x, z, y);
    }
}
