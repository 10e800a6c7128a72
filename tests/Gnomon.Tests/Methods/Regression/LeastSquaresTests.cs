using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>Least squares and its errors against R 4.2.2: lm, sandwich, clubSandwich, car (tests/reference/regression/make.R).</summary>
public sealed class LeastSquaresTests
{
    // Iterative refinement leaves full precision in the coefficients; errors carry the condition number (1e3 here) times the unit roundoff of two programs.
    private const double Tight = 1e-9;

    private static readonly JsonElement R = MethodReference.Load("regression/linear.json");

    [Theory]
    [InlineData("plain")]
    [InlineData("weighted")]
    public void Coefficients_and_all_errors_agree_with_R(string which)
    {
        var fit = Fit(which);
        var e = R.GetProperty(which);
        All(e, "coefficients", [.. fit.Coefficients]);
        MethodReference.Close(e.Number("sigma"), fit.Sigma, Tight);
        MethodReference.Close(e.Number("rSquared"), fit.RSquared!.Value, Tight);
        MethodReference.Close(e.Number("adjusted"), fit.AdjustedRSquared!.Value, Tight);
        MethodReference.Close(e.Number("logLik"), fit.LogLikelihood!.Value, Tight);
        MethodReference.Close(e.Number("aic"), fit.Aic!.Value, Tight);
        MethodReference.Close(e.Number("bic"), fit.Bic!.Value, Tight);
        All(e, "classical", Errors(RobustErrors.Classical(fit)));
        foreach (var kind in Enum.GetValues<HcKind>())
        {
            All(e, kind.ToString().ToLowerInvariant(), Errors(RobustErrors.Heteroskedastic(fit, kind)));
        }

        All(e, "cr1", Errors(RobustErrors.Clustered(fit, Codes("g"))));
        All(e, "leverage", fit.Leverages());
        var joint = RobustErrors.Classical(fit).Joint(fit, [fit.IndexOf("x1"), fit.IndexOf("x2")])!;
        MethodReference.Close(e.Numbers("joint")[0], joint.Statistic, Tight);
        MethodReference.Close(e.Numbers("joint")[1], joint.PValue, 1e-8);
    }

    [Fact]
    public void The_model_test_agrees_with_R()
    {
        var test = Fit("plain").ModelTest!;
        MethodReference.Close(R.Numbers("fTest")[0], test.Statistic, Tight);
        Assert.Equal(R.Numbers("fTest")[1], test.Degrees);
        Assert.Equal(R.Numbers("fTest")[2], test.DenominatorDegrees!.Value);
    }

    [Fact]
    public void Predictions_and_both_intervals_agree_with_R()
    {
        var p = Fit("plain").Predict([1, 1001.5, 0.7, 1]);
        double[] seen = [p.Mean, p.MeanInterval.Low, p.MeanInterval.High, p.StandardError, p.NewInterval.Low, p.NewInterval.High];
        All(R, "predicted", seen);
    }

    [Fact]
    public void Few_unequal_clusters_agree_with_clubSandwich()
    {
        var fit = Fit("plain");
        var cr2 = RobustErrors.BiasReducedClustered(fit, Codes("g"));
        All(R, "cr2", Errors(cr2));
        All(R, "cr2Degrees", [.. cr2.DegreesOfFreedom], 1e-8);
        All(R, "cr2P", [.. cr2.Table(fit).Select(c => c.PValue!.Value)], 1e-8);
    }

    [Fact]
    public void A_cluster_that_has_a_coefficient_of_its_own_agrees_with_clubSandwich()
    {
        var g = Codes("g");
        var dummies = Enumerable.Range(2, 8).Select(l => g.Select(v => v == l ? 1.0 : 0.0).ToArray());
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([R.Numbers("x1"), R.Numbers("x2"), .. dummies]), R.Numbers("y"));
        All(R, "nestedCr2", Errors(RobustErrors.BiasReducedClustered(fit, g))[..3], 1e-7);
    }

    [Fact]
    public void Two_way_clusters_agree_with_sandwich() => All(R, "twoWay", Errors(RobustErrors.TwoWayClustered(Fit("plain"), Codes("g"), Codes("h"))));

    [Fact]
    public void Newey_West_and_its_automatic_lag_agree_with_sandwich()
    {
        var fit = Fit("plain");
        Assert.Equal(R.Number("hacLag"), RobustErrors.AutomaticLag(fit));
        All(R, "hac", Errors(RobustErrors.NeweyWest(fit, smallSample: false)));
        All(R, "hac3", Errors(RobustErrors.NeweyWest(fit, 3)));
    }

    [Fact]
    public void Many_rows_take_the_fast_way_and_find_the_same_numbers()
    {
        var (design, y, w) = Wide(20_000, 8, 3);
        var fast = LeastSquares.Fit(design, y, w);
        var slow = LeastSquares.Fit(design, y, w, exactly: true);
        for (var j = 0; j < design.Columns; j++)
        {
            MethodReference.Close(slow.Coefficients[j], fast.Coefficients[j], 1e-10);
            MethodReference.Close(RobustErrors.Classical(slow).StandardError(j), RobustErrors.Classical(fast).StandardError(j), 1e-10);
            MethodReference.Close(RobustErrors.Heteroskedastic(slow, HcKind.Hc3).StandardError(j), RobustErrors.Heteroskedastic(fast, HcKind.Hc3).StandardError(j), 1e-9);
        }

        MethodReference.Close(slow.ResidualSumOfSquares, fast.ResidualSumOfSquares, 1e-12);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var (design, y, _) = Wide(150_000, 5, 9);
        var one = LeastSquares.Fit(design, y, threads: 1);
        var four = LeastSquares.Fit(design, y, threads: 4);
        Assert.Equal(one.Coefficients, four.Coefficients);
        Assert.Equal(one.ResidualSumOfSquares, four.ResidualSumOfSquares);
        Assert.Equal(Errors(RobustErrors.Heteroskedastic(one, threads: 1)), Errors(RobustErrors.Heteroskedastic(four, threads: 4)));
    }

    [Fact]
    public void Nearly_dependent_columns_of_many_rows_fall_back_to_QR()
    {
        var (design, y, _) = Wide(40_000, 3, 5);
        var rng = new Rng(6);
        var twin = design.Column(1).ToArray();
        for (var i = 0; i < twin.Length; i++)
        {
            twin[i] += 1e-7 * rng.NextNormal();
        }

        var fit = LeastSquares.Fit(new DesignMatrix([design.Column(0).ToArray(), design.Column(1).ToArray(), twin, design.Column(2).ToArray()]), y);
        Assert.Equal(4, fit.Coefficients.Count);
        Assert.InRange(fit.Coefficients[1] + fit.Coefficients[2], 0.9, 1.1);
    }

    [Fact]
    public void A_dependent_column_is_set_aside_and_named()
    {
        var x = R.Numbers("x1");
        var sum = x.Zip(R.Numbers("x2"), (a, b) => a + b).ToArray();
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, R.Numbers("x2"), sum], ["x1", "x2", "total"]), R.Numbers("y"));
        Assert.Equal(["total"], fit.SetAside);
        Assert.Equal(3, fit.Coefficients.Count);
    }

    [Fact]
    public void A_perfect_fit_has_errors_of_zero_and_no_test()
    {
        double[] x = [1, 2, 3, 4, 5];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), [3, 5, 7, 9, 11]);
        Assert.Equal(2.0, fit.Coefficients[1]);
        var row = RobustErrors.Classical(fit).Table(fit)[1];
        Assert.Null(row.Statistic);
        Assert.Equal(row.Value, row.Low);
        Assert.Null(fit.LogLikelihood);
        Assert.Null(fit.ModelTest);
    }

    [Fact]
    public void Refusals_have_names()
    {
        double[] x = [1, 2, 3];
        Assert.Throws<TooFewRowsException>(() => LeastSquares.Fit(DesignMatrix.WithIntercept([x, [1, 0, 1]]), [1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => LeastSquares.Fit(new DesignMatrix([[0, 0, 0]]), [1, 2, 3]));
        Assert.Contains("x1", Assert.Throws<ArgumentException>(() => new DesignMatrix([[1, double.NaN]])).Message, StringComparison.Ordinal);
        Assert.Contains("row 2", Assert.Throws<ArgumentException>(() => LeastSquares.Fit(DesignMatrix.WithIntercept([x]), [1, double.PositiveInfinity, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("row 3", Assert.Throws<ArgumentException>(() => LeastSquares.Fit(DesignMatrix.WithIntercept([x]), [1, 2, 3], [1, 1, 0])).Message, StringComparison.Ordinal);
        var fit = Fit("plain");
        Assert.Throws<TooFewRowsException>(() => RobustErrors.Clustered(fit, new int[60]));
    }

    [Fact]
    public void A_row_that_a_coefficient_fits_exactly_leaves_errors_finite()
    {
        var rng = new Rng(1);
        double[] x = [.. Enumerable.Range(0, 30).Select(_ => rng.NextNormal())];
        double[] only = [.. Enumerable.Range(0, 30).Select(i => i == 4 ? 1.0 : 0.0)];
        double[] y = [.. x.Select(v => v + rng.NextNormal())];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, only]), y);
        foreach (var kind in Enum.GetValues<HcKind>())
        {
            Assert.All(Errors(RobustErrors.Heteroskedastic(fit, kind)), e => Assert.True(double.IsFinite(e)));
        }
    }

    [Fact]
    public void The_wild_bootstrap_visits_every_assignment_and_agrees_with_plain_refits()
    {
        // Independent: numpy refits y* by lstsq for all 6^4 assignments (make.py).
        var e = MethodReference.Load("regression/wild.json");
        int[] g = [.. e.Counts("g").Select(v => (int)v)];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([e.Numbers("x"), e.Numbers("z")], ["x", "z"]), e.Numbers("y"));
        var test = WildClusterBootstrap.Test(fit, g, "x");
        Assert.True(test.IsExhaustive);
        Assert.Equal(1296, test.Draws);
        MethodReference.Close(e.Number("t"), test.Statistic, 1e-10);
        MethodReference.Close(e.Number("p"), test.PValue, 1e-12);
        Assert.True(WildClusterBootstrap.Test(fit, g, "x", level: 0.5).Interval!.Value.Contains(fit.Coefficients[1]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_as_often_as_they_say()
    {
        // 1,000 draws each: unequal spread, n = 50: HC3; 12 unequal clusters: CR2 and the wild bootstrap; AR(0.5) errors, n = 400: Newey-West.
        var rng = new Rng(20260101);
        int hc3 = 0, cr2 = 0, cr1 = 0, hac = 0;
        const int draws = 1_000;
        for (var d = 0; d < draws; d++)
        {
            double[] x = [.. Enumerable.Range(0, 50).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => v + (0.5 + v * v) * rng.NextNormal())];
            hc3 += Covers(LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y), f => RobustErrors.Heteroskedastic(f)) ? 1 : 0;

            int[] sizes = [4, 4, 6, 6, 8, 8, 10, 10, 14, 14, 20, 30];
            int[] g = [.. sizes.SelectMany((s, i) => Enumerable.Repeat(i, s))];
            double[] level = [.. sizes.Select(_ => rng.NextNormal())];
            double[] own = [.. sizes.Select(_ => rng.NextNormal())];
            double[] treated = [.. g.Select(i => own[i] + 0.5 * rng.NextNormal())];
            double[] outcome = [.. g.Select((c, i) => treated[i] + level[c] + rng.NextNormal())];
            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([treated]), outcome);
            cr2 += Covers(fit, f => RobustErrors.BiasReducedClustered(f, g)) ? 1 : 0;
            cr1 += Covers(fit, f => RobustErrors.Clustered(f, g)) ? 1 : 0;

            double e = 0, s = 0;
            double[] time = new double[400], series = new double[400];
            for (var i = 0; i < 400; i++)
            {
                s = 0.5 * s + rng.NextNormal();
                e = 0.5 * e + rng.NextNormal();
                (time[i], series[i]) = (s, s + e);
            }

            hac += Covers(LeastSquares.Fit(DesignMatrix.WithIntercept([time]), series), f => RobustErrors.NeweyWest(f)) ? 1 : 0;
        }

        Assert.InRange(hc3 / (double)draws, 0.915, 0.973);
        Assert.InRange(cr2 / (double)draws, 0.925, 0.973);
        Assert.True(cr1 < cr2, $"CR1 {cr1}, CR2 {cr2}");
        Assert.InRange(hac / (double)draws, 0.90, 0.96);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void The_wild_bootstrap_keeps_its_size_with_eight_clusters()
    {
        var rng = new Rng(77);
        var rejected = 0;
        const int draws = 600;
        for (var d = 0; d < draws; d++)
        {
            int[] g = [.. Enumerable.Range(0, 80).Select(i => i / 10)];
            double[] level = [.. Enumerable.Range(0, 8).Select(_ => rng.NextNormal())];
            double[] own = [.. Enumerable.Range(0, 8).Select(_ => rng.NextNormal())];
            double[] x = [.. g.Select(c => own[c] + 0.5 * rng.NextNormal())];
            double[] y = [.. g.Select(c => level[c] + rng.NextNormal())];
            rejected += WildClusterBootstrap.Test(LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y), g, "x1", 399, d).PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(rejected / (double)draws, 0.02, 0.085);
    }

    private static bool Covers(LinearFit fit, Func<LinearFit, CoefficientCovariance> errors)
    {
        var row = errors(fit).Table(fit)[1];
        return row.Low <= 1 && 1 <= row.High;
    }

    private static LinearFit Fit(string which)
    {
        var design = DesignMatrix.WithIntercept([R.Numbers("x1"), R.Numbers("x2"), R.Numbers("x3")]);
        return LeastSquares.Fit(design, R.Numbers("y"), which == "weighted" ? R.Numbers("w") : []);
    }

    private static int[] Codes(string name) => [.. R.Numbers(name).Select(v => (int)v)];

    private static double[] Errors(CoefficientCovariance c) => [.. Enumerable.Range(0, c.Size).Select(c.StandardError)];

    private static void All(JsonElement e, string name, double[] seen, double tolerance = Tight)
    {
        var expected = e.Numbers(name);
        Assert.Equal(expected.Length, seen.Length);
        for (var i = 0; i < seen.Length; i++)
        {
            MethodReference.Close(expected[i], seen[i], tolerance);
        }
    }

    private static (DesignMatrix Design, double[] Y, double[] W) Wide(int rows, int columns, int seed)
    {
        var rng = new Rng(seed);
        var x = Enumerable.Range(0, columns).Select(j => Enumerable.Range(0, rows).Select(_ => 1000 * j + rng.NextNormal()).ToArray()).ToList();
        double[] y = [.. Enumerable.Range(0, rows).Select(i => 5 + x.Sum(c => c[i]) + rng.NextNormal())];
        return (DesignMatrix.WithIntercept(x), y, [.. y.Select(_ => 0.5 + rng.NextDouble())]);
    }
}
