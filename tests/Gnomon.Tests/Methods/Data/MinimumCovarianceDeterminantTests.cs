using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class MinimumCovarianceDeterminantTests
{
    // Source: robustbase 0.95 covMcd without small-sample corrections, exact or with many starts (mcd.R); both find the same h rows, so only arithmetic differs: 1e-7 relative.
    [Fact]
    public void Center_scatter_and_distances_agree_with_robustbase()
    {
        foreach (var c in MethodReference.Load("data/mcd.json").Items("cases"))
        {
            var p = c.GetProperty("dimension").GetInt32();
            var fit = MinimumCovarianceDeterminant.Fit(c.Numbers("x"), p, c.Number("coverage"), starts: 5_000);
            Assert.True(fit.Converged);
            Assert.Equal(c.GetProperty("h").GetInt32(), fit.SubsetSize);
            Assert.Equal(c.Number("logDeterminant"), fit.LogDeterminant, 1e-8);
            Same(c, "rawCenter", fit.RawCenter);
            Same(c, "rawCov", fit.RawScatter);
            Same(c, "center", fit.Center);
            Same(c, "cov", fit.Scatter);
            Same(c, "distances", fit.SquaredDistances);
        }
    }

    [Fact]
    public void Two_fifths_of_the_rows_may_be_anything()
    {
        var rng = new Rng(5);
        var clean = Normal(rng, 500, 3, (z, j) => j == 1 ? z[0] + 0.5 * z[1] : z[j]);
        var spoilt = (double[])clean.Clone();
        for (var i = 0; i < 200; i++)
            (spoilt[3 * i], spoilt[3 * i + 1], spoilt[3 * i + 2]) = (50 + rng.NextDouble(), -50, 1000);
        var fit = MinimumCovarianceDeterminant.Fit(spoilt, 3);
        Assert.All(fit.Center, m => Assert.InRange(m, -0.3, 0.3));
        // The shape is right; the size is too large by the factor that the reweighting takes for a clean share of three fifths.
        Assert.InRange(fit.Scatter[1] / fit.Scatter[0], 0.8, 1.2);
        Assert.InRange(fit.Scatter[0], 1, 2.5);
        Assert.All(fit.SquaredDistances.Take(200), d => Assert.True(d > 1_000));
    }

    // Three columns, 200 rows: robust distances run a little large in small samples (Hardin and Rocke 2005), never far.
    [Fact]
    public void On_normal_rows_distances_are_about_chi_square_and_the_scatter_is_consistent()
    {
        var cut = ChiSquared.Quantile(0.975, 3);
        double beyond = 0, scatter = 0;
        const int draws = 60;
        for (var draw = 0; draw < draws; draw++)
        {
            var fit = MinimumCovarianceDeterminant.Fit(Normal(new Rng(7).Stream("mcd", draw), 200, 3, (z, j) => 2 * z[j]), 3);
            beyond += fit.SquaredDistances.Count(d => d > cut) / 200.0 / draws;
            scatter += fit.Scatter[0] / 4 / draws;
        }
        Assert.InRange(beyond, 0.02, 0.06);
        Assert.InRange(scatter, 0.9, 1.05);
    }

    [Fact]
    public void Units_and_mixtures_of_columns_change_nothing()
    {
        var x = Normal(new Rng(9), 120, 2, (z, j) => z[j]);
        for (var i = 0; i < 20; i++)
            x[2 * i] += 15;
        var moved = new double[x.Length];
        for (var i = 0; i < 120; i++)
            (moved[2 * i], moved[2 * i + 1]) = (1e6 + 3e5 * x[2 * i] + 1e5 * x[2 * i + 1], 0.001 * x[2 * i + 1] - 0.002 * x[2 * i]);
        var one = MinimumCovarianceDeterminant.Fit(x, 2);
        var other = MinimumCovarianceDeterminant.Fit(moved, 2);
        Assert.Equal(one.Kept, other.Kept);
        for (var i = 0; i < 120; i++)
            MethodReference.Close(one.SquaredDistances[i], other.SquaredDistances[i], 1e-6);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(4_000)]
    public void The_same_seed_gives_the_same_bits_and_another_seed_the_same_answer(int n)
    {
        var x = Normal(new Rng(3), n, 2, (z, j) => z[j]);
        for (var i = 0; i < n / 5; i++)
            x[2 * i + 1] += 30;
        var one = MinimumCovarianceDeterminant.Fit(x, 2);
        Assert.Equal(one.SquaredDistances, MinimumCovarianceDeterminant.Fit(x, 2).SquaredDistances);
        var other = MinimumCovarianceDeterminant.Fit(x, 2, seed: 2);
        Assert.Equal(one.LogDeterminant, other.LogDeterminant, 0.02);
        Assert.Equal(one.Center[0], other.Center[0], 0.05);
    }

    // Coverage 1 keeps all rows: the ordinary mean and covariance before the reweighting.
    [Fact]
    public void Full_coverage_begins_with_the_ordinary_covariance()
    {
        var x = Normal(new Rng(4), 50, 2, (z, j) => z[j]);
        var fit = MinimumCovarianceDeterminant.Fit(x, 2, coverage: 1);
        var mean = Enumerable.Range(0, 50).Average(i => x[2 * i]);
        Assert.Equal(mean, fit.RawCenter[0], 1e-12);
        Assert.Equal(Enumerable.Range(0, 50).Sum(i => (x[2 * i] - mean) * (x[2 * i] - mean)) / 49, fit.RawScatter[0], 1e-12);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused_by_name()
    {
        double[] line = [.. Enumerable.Range(0, 40).SelectMany(i => new[] { (double)i, 2.0 * i + 1 })];
        Assert.Contains("hyperplane", Assert.Throws<NotEstimableException>(() => MinimumCovarianceDeterminant.Fit(line, 2)).Message, StringComparison.Ordinal);
        double[] flat = [.. Enumerable.Range(0, 40).SelectMany(i => new[] { (double)i, i < 30 ? 7.0 : i })];
        Assert.Contains("column 2", Assert.Throws<NotEstimableException>(() => MinimumCovarianceDeterminant.Fit(flat, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<TooFewRowsException>(() => MinimumCovarianceDeterminant.Fit([1, 2, 3, 4, 5, 6], 2));
        Assert.Throws<ArgumentException>(() => MinimumCovarianceDeterminant.Fit([1, 2, double.NaN, 4], 1));
        Assert.Throws<ArgumentException>(() => MinimumCovarianceDeterminant.Fit([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => MinimumCovarianceDeterminant.Fit([1, 2, 3, 4], 1, coverage: 0.4));
    }

    private static double[] Normal(Rng rng, int n, int p, Func<double[], int, double> mix)
    {
        var x = new double[n * p];
        var z = new double[p];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < p; j++)
                z[j] = rng.NextNormal();
            for (var j = 0; j < p; j++)
                x[i * p + j] = mix(z, j);
        }
        return x;
    }

    private static void Same(JsonElement c, string name, double[] actual)
    {
        var expected = c.Numbers(name);
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-7 * (Math.Abs(expected[i]) + 1e-6 * scale), $"{name}[{i}]: {actual[i]}, robustbase {expected[i]}");
    }
}
