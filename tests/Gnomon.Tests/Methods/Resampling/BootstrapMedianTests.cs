using Gnomon.Methods;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Resampling;

public sealed class BootstrapMedianTests
{
    // Source: all n^n resamples of a small sample; chi-square of 200,000 draws against their exact frequencies.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Drawn_medians_have_the_distribution_of_medians_of_resamples(int n)
    {
        double[] sorted = [1, 2.5, 4, 8, 16, 32];
        sorted = sorted[..n];
        var exact = new Dictionary<double, double>();
        var total = (int)Math.Pow(n, n);
        for (var code = 0; code < total; code++)
        {
            var (rest, resample) = (code, new double[n]);
            for (var i = 0; i < n; i++, rest /= n)
            {
                resample[i] = sorted[rest % n];
            }

            var median = Of(resample);
            exact[median] = exact.GetValueOrDefault(median) + 1.0 / total;
        }

        var drawn = new Dictionary<double, int>();
        var rng = new Rng(n);
        var source = new SortedMedian(sorted);
        const int draws = 200_000;
        for (var i = 0; i < draws; i++)
        {
            var median = source.Resampled(rng);
            drawn[median] = drawn.GetValueOrDefault(median) + 1;
        }

        Assert.Subset(exact.Keys.ToHashSet(), drawn.Keys.ToHashSet());
        var chi = exact.Sum(e => (drawn.GetValueOrDefault(e.Key) - draws * e.Value) * (drawn.GetValueOrDefault(e.Key) - draws * e.Value) / (draws * e.Value));
        Assert.True(ChiSquared.Sf(chi, exact.Count - 1) > 1e-4, $"chi-square {chi} of {exact.Count}");
    }

    [Theory]
    [InlineData(41)]
    [InlineData(60)]
    public void The_interval_agrees_with_the_general_bootstrap_of_the_median(int n)
    {
        var rng = new Rng(3);
        var sample = Enumerable.Range(0, n).Select(_ => Math.Exp(rng.NextNormal())).ToArray();
        var (quick, general) = (Bootstrap.Median(sample, new() { Resamples = 40_000 }), Bootstrap.Statistic(sample, s => Of(s.ToArray()), new() { Resamples = 40_000 }));
        Assert.Equal(general.Estimate, quick.Estimate, 1e-12);
        Assert.Equal(general.StandardError, quick.StandardError, 0.02 * general.StandardError);

        // Ends are order statistics: at most a neighbour away.
        var sorted = sample.Order().ToArray();
        Assert.InRange(Array.FindIndex(sorted, v => v >= quick.Interval.Low) - Array.FindIndex(sorted, v => v >= general.Interval.Low), -1, 1);
        Assert.InRange(Array.FindIndex(sorted, v => v >= quick.Interval.High) - Array.FindIndex(sorted, v => v >= general.Interval.High), -1, 1);
        Assert.Equal(quick, Bootstrap.Median(sample, new() { Resamples = 40_000, Threads = 3 }));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_the_median()
    {
        var rng = new Rng(30);
        const int runs = 2_000;
        var covered = 0;
        for (var r = 0; r < runs; r++)
        {
            var sample = Enumerable.Range(0, 101).Select(_ => Math.Exp(rng.NextNormal())).ToArray();
            covered += Bootstrap.Median(sample, new() { Kind = BootstrapKind.Percentile, Resamples = 999, Seed = (ulong)r }).Interval.Contains(1) ? 1 : 0;
        }

        Assert.InRange(covered / (double)runs, 0.93, 0.97);
    }

    [Fact]
    public void What_has_no_interval_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => Bootstrap.Median([1.0]));
        Assert.Throws<NotEstimableException>(() => Bootstrap.Median([3.0, 3.0, 3.0]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Median([1.0, 2.0], new() { Kind = BootstrapKind.Studentised }));
        Assert.Throws<ArgumentException>(() => Bootstrap.Median([1.0, double.NaN, 2.0]));
    }

    private static double Of(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : 0.5 * (values[values.Length / 2 - 1] + values[values.Length / 2]);
    }
}
