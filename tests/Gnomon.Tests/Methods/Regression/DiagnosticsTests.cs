using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>Diagnostics against R 4.2.2 (lmtest, car, stats) and statsmodels 0.13.5 (unit roots): tests/reference/regression.</summary>
public sealed class DiagnosticsTests
{
    private const double Tight = 1e-8;

    private static readonly JsonElement R = MethodReference.Load("regression/diagnostics.json");
    private static readonly JsonElement Linear = MethodReference.Load("regression/linear.json");

    [Theory]
    [InlineData("short")]
    [InlineData("long")]
    public void Tests_of_residuals_agree_with_R(string which)
    {
        var e = R.GetProperty(which);
        var fit = which == "short" ? Short() : LeastSquares.Fit(DesignMatrix.WithIntercept([R.Numbers("t2")]), R.Numbers("ty"));
        var dw = SerialCorrelation.DurbinWatson(fit);
        MethodReference.Close(e.Numbers("durbinWatson")[0], dw.Statistic, Tight);
        if (which == "short")
        {
            // R's algorithm (Pan) is itself a quadrature with 40 points.
            Assert.Equal(e.Numbers("durbinWatson")[1], dw.PValue, 1e-6);
        }
        else
        {
            MethodReference.Close(e.Number("normalP"), dw.PValue, 1e-7);
            Assert.Equal(e.Numbers("durbinWatson")[1], dw.PValue, 0.002);
        }

        Same(e, "breuschGodfrey1", SerialCorrelation.BreuschGodfrey(fit, 1));
        Same(e, "breuschGodfrey4", SerialCorrelation.BreuschGodfrey(fit, 4));
        Same(e, "ljungBox", SerialCorrelation.LjungBox(fit.Residuals, 6));
        Same(e, "breuschPagan", UnequalSpread.BreuschPagan(fit));
        var reset = Specification.Reset(fit);
        MethodReference.Close(e.Numbers("reset")[0], reset.Statistic, Tight);
        MethodReference.Close(e.Numbers("reset")[1], reset.PValue, 1e-7);
    }

    [Fact]
    public void Whites_test_agrees_with_its_auxiliary_regression() => Same(R, "white", UnequalSpread.White(Short()));

    [Fact]
    public void Autocorrelations_agree_with_R() => All(R.Numbers("acf"), SerialCorrelation.Autocorrelations(R.Numbers("ty"), 5));

    [Fact]
    public void Influence_agrees_with_R()
    {
        var fit = Short();
        All(R.Numbers("cook"), Influence.CookDistances(fit));
        All(R.Numbers("rstudent"), [.. Enumerable.Range(0, 60).Select(i => Influence.StudentisedResidual(fit, i)!.Value)]);
        All(R.Numbers("dfbetas"), [.. Enumerable.Range(0, 60).SelectMany(i => Influence.Dfbetas(fit, i))], 1e-7);
        var largest = Influence.Largest(fit, 3);
        Assert.Equal(R.Numbers("cook").Max(), largest[0].CookDistance, 1e-9);
        Assert.True(largest[0].CookDistance >= largest[1].CookDistance);
    }

    [Fact]
    public void Leaving_a_row_out_moves_the_coefficients_as_dfbetas_say()
    {
        var fit = Short();
        double[][] x = [.. new[] { "x1", "x2", "x3" }.Select(n => Linear.Numbers(n)[1..])];
        var without = LeastSquares.Fit(DesignMatrix.WithIntercept(x), Linear.Numbers("y")[1..]);
        var dfbetas = Influence.Dfbetas(fit, 0);
        for (var j = 0; j < 4; j++)
        {
            var error = without.Sigma * RobustErrors.Classical(fit).StandardError(j) / fit.Sigma;
            Assert.Equal((fit.Coefficients[j] - without.Coefficients[j]) / error, dfbetas[j], 1e-7);
        }
    }

    [Fact]
    public void Variance_inflation_agrees_with_car()
    {
        var vif = Collinearity.VarianceInflation(Short());
        Assert.Null(vif[0]);
        All(R.Numbers("vif"), [.. vif[1..].Select(v => v!.Value)]);
        int[] g = [.. Linear.Numbers("g").Select(v => (int)v % 3)];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([Linear.Numbers("x1"), Linear.Numbers("x2"), [.. g.Select(v => v == 1 ? 1.0 : 0.0)], [.. g.Select(v => v == 2 ? 1.0 : 0.0)]]), Linear.Numbers("y"));
        All(R.Numbers("gvif"), [.. Collinearity.Generalised(fit, [[1], [2], [3, 4]]).Select(v => v!.Value)]);
    }

    [Fact]
    public void A_correlation_of_nine_tenths_inflates_fivefold()
    {
        // Two columns with correlation exactly 0.9: 1 / (1 - 0.81).
        double[] a = [1, 1, -1, -1], b = [1, -1, 1, -1];
        double[] mixed = [.. a.Zip(b, (u, v) => 0.9 * u + Math.Sqrt(0.19) * v)];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([a, mixed]), [1, 2, 3, 5]);
        MethodReference.Close(1 / 0.19, Collinearity.VarianceInflation(fit)[1]!.Value, 1e-10);
        var shares = Collinearity.Conditions(fit.Design);
        Assert.Equal(1, shares[0].Index, 12);
        MethodReference.Close(Math.Sqrt(1.9 / 0.1), shares[^1].Index, 1e-9);
        Assert.Equal(1, Enumerable.Range(0, 3).Sum(d => shares[d].Shares[1]), 9);
    }

    [Theory]
    [InlineData("t1")]
    [InlineData("t2")]
    public void Unit_roots_agree_with_statsmodels(string name)
    {
        var e = MethodReference.Load("regression/unit-roots.json").GetProperty("series").GetProperty(name);
        var s = R.Numbers(name);
        Root(e, "adf", UnitRoot.DickeyFuller(s));
        Root(e, "adfTrend", UnitRoot.DickeyFuller(s, withTrend: true, lags: 2));
        Root(e, "kpss", UnitRoot.Kpss(s));
        Root(e, "kpssTrend", UnitRoot.Kpss(s, withTrend: true));
    }

    [Fact]
    public void Orthogonal_polynomials_agree_with_R_up_to_sign()
    {
        var x = Linear.Numbers("x2");
        var basis = OrthogonalPolynomial.For(x, 3).Basis(x);
        var expected = R.Numbers("poly");
        for (var d = 0; d < 3; d++)
        {
            All(expected[(60 * d)..(60 * (d + 1))], basis[d], 1e-8);
        }
    }

    [Fact]
    public void A_natural_spline_fits_as_Rs_ns_and_is_straight_outside()
    {
        var x = R.Numbers("t2");
        var spline = NaturalSpline.For(x, 4);
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept(spline.Basis(x)), R.Numbers("ty"));
        All(R.Numbers("splineFitted"), fit.Fitted(), 1e-8);
        var outside = spline.Basis([x.Max(), x.Max() + 1, x.Max() + 2]);
        Assert.All(outside, c => Assert.Equal(c[1] - c[0], c[2] - c[1], 1e-9 * Math.Max(1, Math.Abs(c[2]))));
    }

    [Fact]
    public void Signs_flip_where_columns_are_twins_and_rows_few()
    {
        var few = Flips(60, 4);
        var many = Flips(2_000, 1);
        Assert.InRange(few, 0.05, 0.6);
        Assert.True(many < 0.01);

        // The normal law stands in when the resamples would take too long.
        var rng = new Rng(3);
        double[] x = [.. Enumerable.Range(0, 300).Select(_ => rng.NextNormal())];
        double[] y = [.. x.Select(v => 0.1 * v + rng.NextNormal())];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y);
        Assert.Equal(Collinearity.SignFlips(fit, 4_000)[1], Collinearity.SignFlips(fit, mostWork: 0)[1], 0.03);
    }

    [Fact]
    public void Held_out_gain_sees_a_curve_and_no_gain_on_a_line()
    {
        var rng = new Rng(4);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => rng.NextNormal())];
        double[] curved = [.. x.Select(v => v * v + rng.NextNormal())];
        double[] straight = [.. x.Select(v => v + rng.NextNormal())];
        var narrow = DesignMatrix.WithIntercept([x]);
        var wide = DesignMatrix.WithIntercept(NaturalSpline.For(x).Basis(x));
        var seen = Specification.Gain(narrow, wide, curved);
        Assert.True(seen.Mean > 4 * seen.StandardError);
        var none = Specification.Gain(narrow, wide, straight);
        Assert.True(none.Mean < 2 * none.StandardError);
    }

    [Fact]
    public void Refusals_have_names()
    {
        double[] x = [1, 2, 3, 4, 5, 6];
        var perfect = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), x);
        Assert.Throws<NotEstimableException>(() => SerialCorrelation.DurbinWatson(perfect));
        Assert.Throws<NotEstimableException>(() => UnequalSpread.BreuschPagan(perfect));
        Assert.Throws<NotEstimableException>(() => Specification.Reset(perfect));
        Assert.Throws<NotEstimableException>(() => NaturalSpline.For([2, 2, 2]));
        Assert.Throws<NotEstimableException>(() => OrthogonalPolynomial.For([1, 2, 1], 2));
        Assert.Throws<TooFewRowsException>(() => UnitRoot.Kpss(x));
        Assert.Throws<NotEstimableException>(() => UnitRoot.DickeyFuller(new double[20]));
        Assert.Throws<NotEstimableException>(() => SerialCorrelation.LjungBox(new double[20], 3));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Tests_keep_their_size()
    {
        // 1,000 draws, n = 60, nothing wrong: every test rejects about one time in twenty.
        var rng = new Rng(20260105);
        var rejected = new int[6];
        const int draws = 1_000;
        for (var d = 0; d < draws; d++)
        {
            double[] x = [.. Enumerable.Range(0, 60).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => v + rng.NextNormal())];
            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y);
            double[] p =
            [
                SerialCorrelation.DurbinWatson(fit).PValue, SerialCorrelation.BreuschGodfrey(fit, 2).PValue, SerialCorrelation.LjungBox(fit.Residuals, 5).PValue,
                UnequalSpread.BreuschPagan(fit).PValue, UnequalSpread.White(fit).PValue, Specification.Reset(fit).PValue,
            ];
            for (var t = 0; t < p.Length; t++)
            {
                rejected[t] += p[t] < 0.05 ? 1 : 0;
            }
        }

        Assert.All(rejected, r => Assert.InRange(r / (double)draws, 0.02, 0.08));
    }

    private static double Flips(int n, double noise)
    {
        var rng = new Rng(2);
        double[] a = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())];
        double[] b = [.. a.Select(v => v + 0.3 * rng.NextNormal())];
        double[] y = [.. a.Zip(b, (u, v) => u + v + noise * rng.NextNormal())];
        return Collinearity.SignFlips(LeastSquares.Fit(DesignMatrix.WithIntercept([a, b]), y))[1..].Max();
    }

    private static LinearFit Short() => LeastSquares.Fit(DesignMatrix.WithIntercept([Linear.Numbers("x1"), Linear.Numbers("x2"), Linear.Numbers("x3")]), Linear.Numbers("y"));

    private static void Same(JsonElement e, string name, SerialTest test)
    {
        MethodReference.Close(e.Numbers(name)[0], test.Statistic, Tight);
        MethodReference.Close(e.Numbers(name)[1], test.PValue, 1e-7);
    }

    private static void Root(JsonElement e, string name, UnitRootTest test)
    {
        MethodReference.Close(e.Numbers(name)[0], test.Statistic, 1e-7);
        MethodReference.Close(e.Numbers(name)[1], test.PValue, 1e-6);
        Assert.Equal(e.Numbers(name)[2], test.Lags);
    }

    private static void All(double[] expected, double[] seen, double tolerance = Tight)
    {
        Assert.Equal(expected.Length, seen.Length);
        for (var i = 0; i < seen.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - seen[i]) <= tolerance * Math.Max(1e-3, Math.Abs(expected[i])), $"[{i}]: expected {expected[i]:R}, got {seen[i]:R}");
        }
    }
}
