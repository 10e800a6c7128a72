using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>Quantile, robust, multinomial and nonlinear regression against R 4.2.2: quantreg, MASS, nnet (tests/reference/regression/make-diagnostics.R).</summary>
public sealed class OtherRegressionTests
{
    private static readonly JsonElement R = MethodReference.Load("regression/others.json");

    [Theory]
    [InlineData("q50", 0.5)]
    [InlineData("q90", 0.9)]
    [InlineData("q25", 0.25)]
    public void Quantile_regression_agrees_with_quantreg(string name, double tau)
    {
        var fit = QuantileRegression.Fit(DesignMatrix.WithIntercept([R.Numbers("x1"), R.Numbers("x2")]), R.Numbers("y"), tau);
        var e = R.GetProperty(name);
        MethodReference.Close(e.Number("objective"), fit.Objective, 1e-9);
        All(e, "coefficients", [.. fit.Coefficients.Select(c => c.Value)], 1e-7);
        All(e, "errors", [.. fit.Coefficients.Select(c => c.StandardError)], 1e-5);
    }

    [Fact]
    public void The_median_of_one_column_of_ones_is_the_median()
    {
        var fit = QuantileRegression.Fit(DesignMatrix.WithIntercept([], rows: 31), [.. Enumerable.Range(0, 31).Select(i => (double)((i * 7) % 31))], 0.5);
        Assert.Equal(15, fit.Coefficients[0].Value, 9);
    }

    [Fact]
    public void Ties_and_many_rows_reach_the_optimum()
    {
        // The objective at the vertex is no worse than anywhere near it.
        var rng = new Rng(5);
        double[] x = [.. Enumerable.Range(0, 3_000).Select(_ => Math.Round(rng.NextNormal(), 1))];
        double[] y = [.. x.Select(v => v + rng.NextExponential()).Select((v, i) => i % 5 < 2 ? Math.Round(v, 0) : v)];
        var fit = QuantileRegression.Fit(DesignMatrix.WithIntercept([x]), y, 0.7);
        Assert.False(fit.IsSpread);
        double Objective(double a, double b) => x.Zip(y, (u, v) => v - a - b * u).Sum(r => r * (0.7 - (r < 0 ? 1 : 0)));
        Assert.Equal(fit.Objective, Objective(fit.Coefficients[0].Value, fit.Coefficients[1].Value), 1e-6);
        foreach (var (da, db) in new[] { (1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3), (1e-3, 1e-3), (-1e-3, 1e-3) })
        {
            Assert.True(fit.Objective <= Objective(fit.Coefficients[0].Value + da, fit.Coefficients[1].Value + db) + 1e-7);
        }
    }

    [Fact]
    public void Hubers_estimate_agrees_with_rlm()
    {
        var fit = HuberRegression.Fit(DesignMatrix.WithIntercept([R.Numbers("x1"), R.Numbers("x2"), R.Numbers("x3")]), R.Numbers("ry"));
        var e = R.GetProperty("huber");
        Assert.True(fit.Converged);

        // rlm divides the median by 0.6745, which is the normal quartile to four digits: a scale 1.5e-5 smaller.
        All(e, "coefficients", [.. fit.Coefficients.Select(c => c.Value)], 1e-5);
        All(e, "errors", [.. Enumerable.Range(0, 4).Select(fit.EqualSpread.StandardError)], 1e-4);

        // sandwich's matrix of the same fit with each row's part divided by 1 - its leverage, written out in R; the script checks that without the division it is sandwich's.
        All(e, "robust", [.. fit.Coefficients.Select(c => c.StandardError)], 1e-4);
        MethodReference.Close(e.Number("scale"), fit.Scale, 2e-5);
        Assert.True(fit.Weights[4] < 0.3);
    }

    [Fact]
    public void The_multinomial_model_agrees_with_nnet()
    {
        int[] classes = [.. R.Numbers("classes").Select(v => (int)v)];
        var fit = MultinomialLogit.Fit(DesignMatrix.WithIntercept([[.. R.Numbers("x1").Select(v => v - 1000)], R.Numbers("x2")]), classes, 3);
        var e = R.GetProperty("multinomial");
        MethodReference.Close(e.Number("logLik"), fit.LogLikelihood, 1e-7);

        // multinom is a quasi-Newton method: half the digits of its likelihood.
        All(e, "coefficients", [.. fit.Coefficients.SelectMany(c => c.Select(r => r.Value))], 1e-3);
        All(e, "errors", [.. fit.Coefficients.SelectMany(c => c.Select(r => r.StandardError))], 1e-3);
        Assert.Equal(1, fit.Probabilities([1, 0.5, 1]).Sum(), 12);
    }

    [Fact]
    public void Two_classes_are_logistic_regression()
    {
        var rng = new Rng(8);
        double[] x = [.. Enumerable.Range(0, 200).Select(_ => rng.NextNormal())];
        int[] y = [.. x.Select(v => rng.NextDouble() < 1 / (1 + Math.Exp(-v)) ? 1 : 0)];
        var many = MultinomialLogit.Fit(DesignMatrix.WithIntercept([x]), y, 2);
        var logit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([x]), Array.ConvertAll(y, v => (double)v));
        Assert.Equal(logit.Coefficients[1], many.Coefficients[0][1].Value, 1e-9);
        Assert.Equal(RobustErrors.Classical(logit).StandardError(1), many.Coefficients[0][1].StandardError, 1e-9);
    }

    [Fact]
    public void A_straight_curve_is_least_squares()
    {
        double[] x = [1, 2, 3, 4, 5, 6], y = [2, 3, 5, 4, 6, 8];
        var curve = NonlinearLeastSquares.Fit((b, r) => b[0] + b[1] * r[0], [.. x.Select(v => new[] { v })], y, [0, 0]);
        var line = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y);
        Assert.True(curve.Converged);
        Assert.Equal(line.Coefficients[1], curve.Parameters[1].Value, 1e-12);
        Assert.Equal(RobustErrors.Classical(line).StandardError(1), curve.Parameters[1].StandardError, 1e-12);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2.5)]
    public void Derivatives_of_duals_agree_with_differences(double at)
    {
        Func<Dual, Dual>[] functions =
        [
            v => v * v * v - 2 / v, v => Dual.Exp(v) + Dual.Log(v), v => Dual.Sqrt(v) * Dual.Sin(v), v => Dual.Cos(v) / Dual.Atan(v), v => Dual.OneMinusExp(-v), v => Dual.Pow(v, 2.5), v => Dual.Pow(1.7, v),
            v => Dual.Pow(v, v), v => -v + 3 - v,
        ];
        Assert.All(functions, f =>
        {
            const double h = 1e-5;
            var slope = (f(at + h).Value - f(at - h).Value) / (2 * h);
            Assert.Equal(slope, f(new Dual(at, 1)).Slope, 1e-7 * Math.Max(1, Math.Abs(slope)));
        });
    }

    [Fact]
    public void Refusals_have_names()
    {
        Assert.Throws<TooFewRowsException>(() => NonlinearLeastSquares.Fit((b, x) => b[0] + b[1] * x[0], [[1], [2]], [1, 2], [0, 0]));
        Assert.Throws<NotEstimableException>(() => NonlinearLeastSquares.Fit((b, x) => Dual.Log(b[0]) * x[0], [[1], [2], [3]], [1, 2, 4], [-1]));
        Assert.Throws<NotEstimableException>(() => MultinomialLogit.Fit(DesignMatrix.WithIntercept([[1, 2, 3, 4]]), [0, 0, 1, 1], 3));
        Assert.Throws<NotEstimableException>(() => MultinomialLogit.Fit(DesignMatrix.WithIntercept([[1, 2, 3, 4, 5, 6]]), [0, 0, 0, 1, 1, 1], 2));
        Assert.Throws<NotEstimableException>(() => HuberRegression.Fit(DesignMatrix.WithIntercept([[1, 2, 3, 4, 5]]), [2, 4, 6, 8, 10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantileRegression.Fit(DesignMatrix.WithIntercept([[1, 2, 3]]), [1, 2, 4], 1.0));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Median_and_robust_intervals_cover_as_often_as_they_say()
    {
        var rng = new Rng(99);
        int median = 0, robust = 0;
        const int draws = 600;
        for (var d = 0; d < draws; d++)
        {
            double[] x = [.. Enumerable.Range(0, 200).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => v + (rng.NextDouble() < 0.1 ? 5 : 1) * rng.NextNormal())];
            var design = DesignMatrix.WithIntercept([x]);
            var q = QuantileRegression.Fit(design, y).Coefficients[1];
            var h = HuberRegression.Fit(design, y).Coefficients[1];
            median += q.Low <= 1 && 1 <= q.High ? 1 : 0;
            robust += h.Low <= 1 && 1 <= h.High ? 1 : 0;
        }

        Assert.InRange(median / (double)draws, 0.91, 0.98);
        Assert.InRange(robust / (double)draws, 0.92, 0.98);
    }

    // 4,000 samples each: 5.4, 5.3, 6.6 and 5.6 %. The closed form under equal spread rejects 22 % of the true nulls of the two last designs.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(40, false)]
    [InlineData(100, false)]
    [InlineData(60, true)]
    [InlineData(300, true)]
    public void Hubers_test_keeps_its_size_where_rows_spread_unequally(int n, bool follows)
    {
        int rejected = 0, equal = 0;
        const int draws = 4_000;
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(7_000 + d);
            double[] x = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => (follows ? 0.5 + Math.Abs(v) : 1) * (rng.NextDouble() < 0.1 ? 4 : 1) * rng.NextNormal())];
            var fit = HuberRegression.Fit(DesignMatrix.WithIntercept([x]), y);
            rejected += fit.Coefficients[1].PValue < 0.05 ? 1 : 0;
            equal += Math.Abs(fit.Coefficients[1].Value / fit.EqualSpread.StandardError(1)) > 2 ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage("n {0} follows {1}: {2}, equal spread {3}", n, follows, rejected / (double)draws, equal / (double)draws);
        Assert.InRange(rejected / (double)draws, 0.038, 0.072);
        Assert.True(!follows || equal > 2 * rejected, $"{equal} against {rejected}");
    }

    private static void All(JsonElement e, string name, double[] seen, double tolerance)
    {
        var expected = e.Numbers(name);
        Assert.Equal(expected.Length, seen.Length);
        for (var i = 0; i < seen.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - seen[i]) <= tolerance * Math.Abs(expected[i]), $"{name}[{i}]: expected {expected[i]:R}, got {seen[i]:R}");
        }
    }
}
