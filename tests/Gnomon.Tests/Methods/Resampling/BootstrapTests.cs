using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Inference;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Resampling;

/// <summary>Reference: scipy.stats.bootstrap and permutation_test; the tolerance of the former is the Monte Carlo error named in the file.</summary>
public sealed class BootstrapTests
{
    static readonly System.Text.Json.JsonElement Reference = ReferenceFile.Open("resampling", "resampling.json");

    [Fact]
    public void Intervals_agree_with_scipy_within_Monte_Carlo_error()
    {
        var (x, y) = (Reference.Numbers("x"), Reference.Numbers("y"));
        var bca = new BootstrapOptions { Resamples = 99_999 };
        var percentile = bca with { Kind = BootstrapKind.Percentile };
        AssertAgrees(Reference.Numbers("meanBCa"), Bootstrap.Mean(x, bca));
        AssertAgrees(Reference.Numbers("meanpercentile"), Bootstrap.Mean(x, percentile));
        AssertAgrees(Reference.Numbers("differenceBCa"), Bootstrap.DifferenceOfMeans(x, y, bca));
        AssertAgrees(Reference.Numbers("differencepercentile"), Bootstrap.DifferenceOfMeans(x, y, percentile));
        AssertAgrees(Reference.Numbers("medianPercentile"), Bootstrap.Statistic(x, Median, percentile));
        AssertAgrees(Reference.Numbers("meanBCa"), Bootstrap.Statistic(x, Mean, bca));
    }

    [Fact]
    public void The_closed_jackknife_of_the_mean_equals_the_general_one()
    {
        var x = Reference.Numbers("x");
        var closed = Bootstrap.Mean(x);
        var general = Bootstrap.Statistic(x, Mean);
        Close.Relative(general.Acceleration!.Value, closed.Acceleration!.Value, 1e-9);
    }

    [Theory]
    [InlineData(BootstrapKind.BiasCorrectedAccelerated)]
    [InlineData(BootstrapKind.Percentile)]
    [InlineData(BootstrapKind.Studentised)]
    public void Threads_change_no_bit(BootstrapKind kind)
    {
        var (x, y) = (Reference.Numbers("x"), Reference.Numbers("y"));
        var options = new BootstrapOptions { Kind = kind, Resamples = 999, Seed = 5 };
        Assert.Equal(Bootstrap.Mean(x, options with { Threads = 1 }), Bootstrap.Mean(x, options with { Threads = 4 }));
        Assert.Equal(Bootstrap.DifferenceOfMeans(x, y, options with { Threads = 1 }), Bootstrap.DifferenceOfMeans(x, y, options));
        Assert.NotEqual(Bootstrap.Mean(x, options).Interval, Bootstrap.Mean(x, options with { Seed = 6 }).Interval);
    }

    [Fact]
    public void Shift_and_scale_carry_over()
    {
        var x = Reference.Numbers("x");
        var plain = Bootstrap.Mean(x).Interval;
        var moved = Bootstrap.Mean(Array.ConvertAll(x, v => 4.0 * v + 1000.0)).Interval;
        Close.Relative(4.0 * plain.Low + 1000.0, moved.Low, 1e-12);
        Close.Relative(4.0 * plain.High + 1000.0, moved.High, 1e-12);
    }

    [Fact]
    public void Samples_without_an_answer_are_named()
    {
        Assert.Throws<TooFewRowsException>(() => Bootstrap.Mean([1.0]));
        Assert.Throws<NotEstimableException>(() => Bootstrap.Mean([1.0, 1.0, 1.0]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Statistic([1.0, 2.0], Mean, new() { Kind = BootstrapKind.Studentised }));
        Assert.Throws<ArgumentException>(() => Bootstrap.Statistic([1.0, 2.0, 3.0], _ => double.NaN));
        Assert.Throws<NotEstimableException>(() => Bootstrap.Statistic([1.0, 2.0, 3.0], _ => 1.0));
    }

    [Fact]
    public void Intervals_cover_in_simulation()
    {
        const int rounds = 600;
        var rng = new Rng(21);
        int bca = 0, percentile = 0, studentised = 0, difference = 0;
        for (var i = 0; i < rounds; i++)
        {
            var x = Exponentials(rng, 60);
            var y = Exponentials(rng, 50);
            var options = new BootstrapOptions { Resamples = 399, Seed = (ulong)i };
            bca += Bootstrap.Mean(x, options).Interval.Contains(1.0) ? 1 : 0;
            percentile += Bootstrap.Mean(x, options with { Kind = BootstrapKind.Percentile }).Interval.Contains(1.0) ? 1 : 0;
            studentised += Bootstrap.Mean(x, options with { Kind = BootstrapKind.Studentised }).Interval.Contains(1.0) ? 1 : 0;
            difference += Bootstrap.DifferenceOfMeans(x, y, options with { Kind = BootstrapKind.Studentised }).Interval.Contains(0.0) ? 1 : 0;
        }

        // Skewed and small: percentile and BCa intervals are known to fall short by 1 to 3 points at n = 60 (DiCiccio and Efron 1996); the studentised one hardly.
        Simulated.Between(0.92, 0.95, percentile, rounds);
        Simulated.Between(0.925, 0.95, bca, rounds);
        Simulated.Between(0.94, 0.955, studentised, rounds);
        Simulated.Between(0.94, 0.96, difference, rounds);
    }

    [Fact]
    public void Exact_permutation_tests_agree_with_scipy()
    {
        foreach (var item in Reference.GetProperty("permutation").EnumerateArray())
        {
            var result = PermutationTest.Welch(item.Numbers("x"), item.Numbers("y"));
            Assert.True(result.IsExact);
            Close.Relative(item.Number("t"), result.Statistic, 1e-12);
            Close.Relative(item.Number("p"), result.PValue, 1e-12);
        }
    }

    [Fact]
    public void Random_permutations_approach_the_exact_answer_and_keep_their_size()
    {
        double[] x = [1.5, 2.5, 0.3, 4.1, 9.0, 2.2, 3.3];
        double[] y = [3.3, 6.2, 5.8, 7.7, 4.0, 8.1, 5.0];
        var exact = PermutationTest.Welch(x, y);
        var random = PermutationTest.Welch(x, y, new() { Permutations = 3000 });
        Assert.True(exact.IsExact && !random.IsExact);
        Close.Absolute(exact.PValue, random.PValue, 4.0 * Math.Sqrt(exact.PValue / 3000));
        const int rounds = 2000;
        var rng = new Rng(4);
        var rejected = 0;
        for (var i = 0; i < rounds; i++)
        {
            rejected += PermutationTest.Welch(Exponentials(rng, 12), Exponentials(rng, 20), new() { Permutations = 199, Seed = (ulong)i }).PValue <= 0.05 ? 1 : 0;
        }

        Simulated.Share(0.05, rejected, rounds);
    }

    static void AssertAgrees(double[] expected, BootstrapResult actual)
    {
        var width = expected[1] - expected[0];
        Close.Absolute(expected[0], actual.Interval.Low, 0.02 * width, actual.Method);
        Close.Absolute(expected[1], actual.Interval.High, 0.02 * width, actual.Method);
        Close.Relative(expected[2], actual.StandardError, 0.02, actual.Method);
    }

    static double[] Exponentials(Rng rng, int n)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = rng.NextExponential();
        }

        return values;
    }

    static double Mean(ReadOnlySpan<double> sample)
    {
        var sum = 0.0;
        foreach (var value in sample)
        {
            sum += value;
        }

        return sum / sample.Length;
    }

    static double Median(ReadOnlySpan<double> sample)
    {
        var sorted = sample.ToArray();
        Array.Sort(sorted);
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }
}
