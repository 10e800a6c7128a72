using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>
/// Smooths, autoregressive errors, Bell-McCaffrey degrees and Tweedie densities against R 4.2.2 (mgcv, nlme, clubSandwich: tests/reference/regression/make-families.R); Tweedie regression,
/// cosine and fixed-b errors against statsmodels, mpmath and numpy (make-families.py).
/// </summary>
public sealed class FamiliesTests
{
    private static readonly JsonElement R = MethodReference.Load("regression/families.json");
    private static readonly JsonElement P = MethodReference.Load("regression/families-python.json");

    // mgcv stops its search for the smoothing parameter at a relative change of 1e-7 or so: 1e-5 for what follows from it.
    [Theory]
    [InlineData("oneSmooth", false)]
    [InlineData("twoSmooths", true)]
    public void Smooths_agree_with_mgcv(string name, bool two)
    {
        double[] x = R.Numbers("x"), u = R.Numbers("u"), z = R.Numbers("z"), y = R.Numbers("y");
        var fit = two
            ? AdditiveModel.Fit(DesignMatrix.WithIntercept([z], ["z"]), y, [x, u], ["s(x)", "s(u)"], [10, 8])
            : AdditiveModel.Fit(DesignMatrix.WithIntercept([], rows: y.Length), y, [x], ["s(x)"]);
        var e = R.GetProperty(name);
        Assert.True(fit.Converged);

        // Ours is never above mgcv's; its search may stop a little short.
        MethodReference.Close(e.Number("reml"), -fit.Restricted, 1e-6);
        Assert.True(-fit.Restricted <= e.Number("reml") + 1e-9);
        MethodReference.Close(e.Number("dispersion"), fit.Dispersion, 1e-5);
        All(e.Numbers("edf"), [.. fit.Smooths.Select(s => s.EffectiveDegrees)], 1e-3);
        var fitted = e.Numbers("fitted");
        for (var i = 0; i < y.Length; i++)
        {
            Assert.Equal(fitted[i], y[i] - fit.Residuals[i], 2e-4);
        }

        // Outside the knots too: a straight line with mgcv's slope.
        var (ax, au, az) = (R.GetProperty("at").Numbers("x"), R.GetProperty("at").Numbers("u"), R.GetProperty("at").Numbers("z"));
        for (var i = 0; i < ax.Length; i++)
        {
            var at = two ? fit.At(fit.Row([1, az[i]], [ax[i], au[i]])) : fit.At(fit.Row([1], [ax[i]]));
            MethodReference.Close(e.Numbers("at")[i], at.Value, 2e-3);
            MethodReference.Close(e.Numbers("atError")[i], at.StandardError, 2e-3);
        }

        // The p-value of a curve is tiny here and there; mgcv weighs a fractional direction.
        Assert.True(fit.Smooths[0].PValue < 1e-10 && e.Numbers("smoothP")[0] < 1e-10);
    }

    [Fact]
    public void A_straight_truth_gets_one_degree_and_a_level_far_off_keeps_its_digits()
    {
        var rng = new Rng(4);
        var x = Enumerable.Range(0, 200).Select(i => 1e6 + i).ToArray();
        var y = x.Select(v => 3e9 + 2 * (v - 1e6) + rng.NextNormal()).ToArray();
        var fit = AdditiveModel.Fit(DesignMatrix.WithIntercept([], rows: 200), y, [x], ["s(x)"]);
        Assert.InRange(fit.Smooths[0].EffectiveDegrees, 0.999, 1.9);
        Assert.Equal(2.0, fit.Curve(0, [1e6 + 100])[0].Value - fit.Curve(0, [1e6 + 99])[0].Value, 0.05);
    }

    [Fact]
    public void A_column_with_three_values_is_no_curve() =>
        Assert.Throws<NotEstimableException>(() => AdditiveModel.Fit(DesignMatrix.WithIntercept([], rows: 30), [.. Enumerable.Range(0, 30).Select(i => i * 1.5 % 7)], [[.. Enumerable.Range(0, 30).Select(i => i % 3.0)]], ["s(x)"]));

    // Coverage across the curve (Nychka 1988) of 95 % intervals at 20 points, 150 data sets of 100 rows; a flat truth is found in about 1 of 20.
    [Fact, Trait("speed", "slow")]
    public void Smooths_cover_and_hold_their_size()
    {
        double inside = 0, points = 0;
        var found = 0;
        const int sets = 150;
        for (var k = 0; k < sets; k++)
        {
            var rng = new Rng(k).Stream("smooth");
            var x = Enumerable.Range(0, 100).Select(_ => rng.NextDouble()).ToArray();
            var noise = x.Select(_ => 0.4 * rng.NextNormal()).ToArray();
            var truth = (double v) => Math.Sin(2 * Math.PI * v);
            var fit = AdditiveModel.Fit(DesignMatrix.WithIntercept([], rows: 100), [.. x.Select((v, i) => truth(v) + noise[i])], [x], ["s(x)"]);
            for (var p = 0; p < 20; p++)
            {
                var at = fit.At(fit.Row([1], [(p + 0.5) / 20]));
                points++;
                inside += at.Low <= truth((p + 0.5) / 20) && truth((p + 0.5) / 20) <= at.High ? 1 : 0;
            }

            found += AdditiveModel.Fit(DesignMatrix.WithIntercept([], rows: 100), noise, [x], ["s(x)"]).Smooths[0].PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(inside / points, 0.925, 0.975);
        Assert.InRange((double)found / sets, 0.01, 0.11);
    }

    // nlme optimises to about 1e-6 in phi; the bar is 1e-4.
    [Theory]
    [InlineData("ar1", 1)]
    [InlineData("ar2", 2)]
    [InlineData("ar1Restricted", 1)]
    public void Autoregressive_errors_agree_with_gls(string name, int order)
    {
        var restricted = name == "ar1Restricted";
        var fit = AutoregressiveErrors.Fit(
            DesignMatrix.WithIntercept([R.Numbers("t"), R.Numbers("w")]), R.Numbers("ya"), order, restricted ? AutoregressiveMethod.RestrictedLikelihood : AutoregressiveMethod.MaximumLikelihood);
        var e = R.GetProperty(name);
        Assert.True(fit.Converged);
        if (!restricted)
        {
            MethodReference.Close(e.Number("logLik"), fit.LogLikelihood, 1e-8);
        }

        All(e.Numbers("coefficients"), [.. fit.Coefficients.Select(c => c.Value)], 1e-4);
        All(e.Numbers("table"), [.. fit.Coefficients.Select(c => c.StandardError)], 1e-4);
        All(e.Numbers("phi"), fit.Autoregression, 2e-4);
    }

    [Fact]
    public void Prais_and_Winsten_agrees_with_its_definition()
    {
        var fit = AutoregressiveErrors.Fit(DesignMatrix.WithIntercept([R.Numbers("t"), R.Numbers("w")]), R.Numbers("ya"), 1, AutoregressiveMethod.PraisWinsten);
        var e = R.GetProperty("praisWinsten");
        All(e.Numbers("coefficients"), [.. fit.Coefficients.Select(c => c.Value)], 1e-9);
        All(e.Numbers("errors"), [.. fit.Coefficients.Select(c => c.StandardError)], 1e-9);
        MethodReference.Close(e.Number("rho"), fit.Autoregression[0], 1e-9);
    }

    [Fact]
    public void A_series_too_short_or_without_errors_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => AutoregressiveErrors.Fit(DesignMatrix.WithIntercept([[1, 2, 3, 5]]), [1, 3, 2, 4], 2));
        Assert.Throws<NotEstimableException>(() => AutoregressiveErrors.Fit(DesignMatrix.WithIntercept([[1, 2, 3, 4, 5, 6, 7]]), [2, 4, 6, 8, 10, 12, 14]));
    }

    [Fact]
    public void Bell_and_McCaffreys_degrees_agree_with_clubSandwich()
    {
        var e = R.GetProperty("bellMcCaffrey");
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([e.Numbers("x"), e.Numbers("g")]), e.Numbers("y"));
        var errors = BellMcCaffrey.Errors(fit);
        All(e.Numbers("hc2"), [.. Enumerable.Range(0, 3).Select(errors.StandardError)], 1e-9);
        All(e.Numbers("errors"), [.. Enumerable.Range(0, 3).Select(errors.StandardError)], 1e-8);
        All(e.Numbers("degrees"), errors.DegreesOfFreedom, 1e-7);
        All(e.Numbers("p"), [.. errors.Table(fit).Select(c => c.PValue!.Value)], 1e-7);
    }

    [Fact]
    public void Tweedie_densities_agree_with_mgcv_and_with_forty_digits()
    {
        foreach (var e in P.GetProperty("density").EnumerateArray())
        {
            MethodReference.Close(e.Number("log"), TweedieDensity.Log(e.Number("y"), e.Number("mean"), e.Number("phi"), e.Number("power")), 1e-10);
        }

        // mgcv cuts its series at a relative 1e-8 or so.
        var g = R.GetProperty("tweedie");
        double[] y = g.Numbers("y"), mu = g.Numbers("mu"), phi = g.Numbers("phi"), p = g.Numbers("p"), density = g.Numbers("density");
        for (var i = 0; i < y.Length; i++)
        {
            Assert.Equal(density[i], TweedieDensity.Log(y[i], mu[i], phi[i], p[i]), 1e-6 * Math.Max(1, Math.Abs(density[i])));
        }
    }

    [Fact]
    public void Tweedie_density_sums_to_one_and_its_saddlepoint_meets_the_series()
    {
        // Mass at 0 and Simpson's rule over the rest.
        var (mean, phi, power) = (2.0, 0.8, 1.6);
        const int steps = 20_000;
        var total = 0.0;
        for (var i = 0; i <= steps; i++)
        {
            // u^4 straightens the peak at 0.
            var s = (double)i / steps;
            var y = 60 * s * s * s * s;
            total += (i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2) * (y > 0 ? Math.Exp(TweedieDensity.Log(y, mean, phi, power)) * 240 * s * s * s : 0) / (3.0 * steps);
        }

        Assert.Equal(1, total + Math.Exp(TweedieDensity.Log(0, mean, phi, power)), 1e-6);

        // Either side of the change-over at 200,000 amounts.
        var (below, above) = (5.01e-6, 4.99e-6);
        var smooth = TweedieDensity.Log(1, 1, below * 2, 1.5) - TweedieDensity.Log(1, 1, above * 2, 1.5);
        Assert.Equal(-0.5 * Math.Log(below / above), smooth, 2e-6);
    }

    // statsmodels: 1e-7; profile by golden section there and Brent here: 1e-4.
    [Fact]
    public void Tweedie_regression_agrees_with_statsmodels_and_finds_the_power()
    {
        var design = DesignMatrix.WithIntercept([P.Numbers("x"), P.Numbers("g")]);
        var e = P.GetProperty("tweedie");
        var given = TweedieRegression.Fit(design, P.Numbers("y"), 1.5);
        All(e.Numbers("coefficients"), given.Fit.Coefficients, 1e-7);
        All(e.Numbers("errors"), [.. Enumerable.Range(0, 3).Select(RobustErrors.Classical(given.Fit).StandardError)], 1e-6);
        MethodReference.Close(e.Number("deviance"), given.Fit.Deviance, 1e-8);
        MethodReference.Close(e.Number("pearson"), given.Fit.PearsonChiSquared, 1e-7);
        MethodReference.Close(e.Number("dispersion15"), given.Dispersion, 1e-5);
        MethodReference.Close(e.Number("logLik15"), given.LogLikelihood, 1e-8);
        var found = TweedieRegression.Fit(design, P.Numbers("y"));
        MethodReference.Close(e.Number("power"), found.Power, 1e-3);
        MethodReference.Close(e.Number("logLik"), found.LogLikelihood, 1e-7);
        Assert.True(found.PowerInterval is { } limits && limits.Low < found.Power && found.Power < limits.High);
        Assert.Equal(2, found.Aic + 2 * found.LogLikelihood - 2 * 4, 1e-9);
    }

    [Fact]
    public void Amounts_without_zeros_or_with_nothing_else_name_the_reason()
    {
        var design = DesignMatrix.WithIntercept([[1, 2, 3, 4, 5, 6]]);
        Assert.Contains("gamma", Assert.Throws<NotEstimableException>(() => TweedieRegression.Fit(design, [1, 2, 2, 3, 3, 5])).Message, StringComparison.Ordinal);
        Assert.Throws<NotEstimableException>(() => TweedieRegression.Fit(design, [0, 0, 0, 0, 0, 0]));
        var level = Assert.Throws<NotEstimableException>(() => TweedieRegression.Fit(DesignMatrix.WithIntercept([[0, 0, 0, 0, 1, 1, 1, 1]]), [1, 0, 2, 5, 0, 0, 0, 0]));
        Assert.Contains("0", level.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cosine_and_fixed_b_errors_agree_with_the_formulas()
    {
        var e = P.GetProperty("series");
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([e.Numbers("x")]), e.Numbers("y"));
        var cosine = HarErrors.EqualWeightedCosine(fit);
        Assert.Equal(e.Number("cosines"), cosine.DegreesOfFreedom[1]);
        All(e.Numbers("cosineErrors"), [.. Enumerable.Range(0, 2).Select(cosine.StandardError)], 1e-9);
        var fixedB = HarErrors.FixedB(fit);
        Assert.Equal((int)e.Number("reach") - 1, fixedB.Lags);

        // Kiefer and Vogelsang's 2.5 % point, b = 0.13.
        var b = e.Number("reach") / 100;
        var point = 1.96 + 2.9694 * b + 0.4160 * b * b - 0.5324 * b * b * b;
        var row = fixedB.Table(fit)[1];
        MethodReference.Close(point * e.Numbers("bartlettErrors")[1], 0.5 * (row.High - row.Low), 1e-6);
        var wide = fixedB.Table(fit, 0.98)[1];
        MethodReference.Close((2.3263 + 4.1618 * b + 0.5368 * b * b - 0.9060 * b * b * b) * e.Numbers("bartlettErrors")[1], 0.5 * (wide.High - wide.Low), 1e-6);
    }

    // The limit law simulated in make-families.py with 40,000 draws of 500 steps: 2.5 % for its quantiles.
    [Fact]
    public void The_fixed_b_law_is_that_of_the_simulation()
    {
        foreach (var e in P.GetProperty("fixedB").EnumerateArray())
        {
            var law = FixedBLaw.Bartlett(e.Number("b"));
            var tails = new[] { 0.05, 0.025, 0.01 };
            for (var i = 0; i < tails.Length; i++)
            {
                MethodReference.Close(e.Numbers("quantiles")[i], law.Scale * Gnomon.Numerics.Distributions.StudentT.UpperQuantile(tails[i], law.Degrees), 0.035);
            }
        }
    }

    // 60 rows, column and errors remember 0.6 of the row before: Newey-West's size is 13 % or so, cosines and fixed-b hold near 7 %, GLS near 7 %.
    [Fact, Trait("speed", "slow")]
    public void Errors_that_know_their_uncertainty_hold_their_size_in_short_series()
    {
        int plain = 0, cosine = 0, fixedB = 0, gls = 0;
        const int draws = 1_000;
        for (var k = 0; k < draws; k++)
        {
            var rng = new Rng(k).Stream("har");
            double[] x = Ar(rng, 0.6, 60), e = Ar(rng, 0.6, 60);
            var design = DesignMatrix.WithIntercept([x]);
            var fit = LeastSquares.Fit(design, e);
            plain += RobustErrors.NeweyWest(fit).Table(fit)[1].PValue < 0.05 ? 1 : 0;
            cosine += HarErrors.EqualWeightedCosine(fit).Table(fit)[1].PValue < 0.05 ? 1 : 0;
            fixedB += HarErrors.FixedB(fit).Table(fit)[1].PValue < 0.05 ? 1 : 0;
            gls += AutoregressiveErrors.Fit(design, e).Coefficients[1].PValue < 0.05 ? 1 : 0;
        }

        Assert.True(cosine < plain && fixedB < plain, $"{plain} {cosine} {fixedB} {gls}");
        Assert.InRange((double)cosine / draws, 0.03, 0.10);
        Assert.InRange((double)fixedB / draws, 0.03, 0.10);
        Assert.InRange((double)gls / draws, 0.03, 0.08);
    }

    [Fact]
    public void A_curve_written_as_text_is_the_curve()
    {
        var curve = CurveExpression.Parse("y ~ a*(1-exp(-b*x)) + -x^2/`two words` + pow(x, c) * 2e-1 + log10(x) - expm1(x/100)");
        Assert.Equal(["a", "b", "x", "two words", "c"], curve.Names.Select(n => n.Name));
        var f = curve.Compile(["a", "b", "c"], ["x", "two words"]);
        var value = f([2, new Dual(0.5, 1), 1.5], [3, 4]);
        Assert.Equal((2 * (1 - Math.Exp(-1.5))) - (9 / 4.0) + (0.2 * Math.Pow(3, 1.5)) + Math.Log10(3) - (Math.Exp(0.03) - 1), value.Value, 1e-12);
        Assert.Equal(2 * 3 * Math.Exp(-1.5), value.Slope, 1e-12);
    }

    [Theory]
    [InlineData("y ~ a*(1-exp(-b*x)", 18)]
    [InlineData("y ~ a*foo(x)", 6)]
    [InlineData("y = a*x", 2)]
    [InlineData("", 0)]
    [InlineData("y ~ a*x)", 7)]
    [InlineData("y ~ a**x", 6)]
    [InlineData("y ~ 1.2.3", 4)]
    [InlineData("y ~ pow(a x)", 10)]
    [InlineData("y ~ `a", 4)]
    public void A_curve_that_cannot_be_read_says_where(string text, int position) =>
        Assert.Equal(position, Assert.Throws<FormulaException>(() => CurveExpression.Parse(text)).Position);

    private static double[] Ar(Rng rng, double rho, int n)
    {
        var values = new double[n];
        var now = rng.NextNormal() / Math.Sqrt(1 - (rho * rho));
        for (var i = 0; i < n; i++)
        {
            values[i] = now;
            now = (rho * now) + rng.NextNormal();
        }

        return values;
    }

    private static void All(double[] expected, IReadOnlyList<double> actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            MethodReference.Close(expected[i], actual[i], relative);
        }
    }
}
