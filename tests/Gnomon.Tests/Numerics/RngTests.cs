using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Numerics;

public sealed class RngTests
{
    const int Draws = 20_000;

    [Fact]
    public void Bits_are_those_of_the_published_generator()
    {
        // SplitMix64 from 0 (Steele, Lea and Flood) fills the state; xoshiro256** steps it. Computed by an independent script in Python integers.
        var rng = new Rng(0UL);
        ulong[] expected = [0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C];
        Assert.All(expected, value => Assert.Equal(value, rng.NextUInt64()));
    }

    [Fact]
    public void Streams_depend_on_seed_name_and_index_alone()
    {
        var used = new Rng(7);
        used.NextNormal();
        Assert.Equal(new Rng(7).Stream("a", 3).NextUInt64(), used.Stream("a", 3).NextUInt64());
        var firsts = new HashSet<ulong>();
        foreach (var name in new[] { "", "a", "b", "ab", "ba" })
        {
            for (var i = -2L; i < 200; i++)
            {
                firsts.Add(new Rng(7).Stream(name, i).NextUInt64());
            }
        }

        Assert.Equal(5 * 202, firsts.Count);
    }

    [Fact]
    public void Normal_uniform_exponential_and_gamma_numbers_follow_their_distributions()
    {
        AssertFits(rng => rng.NextDouble(), x => x);
        AssertFits(rng => rng.NextNormal(), Normal.Cdf);
        AssertFits(rng => rng.NextExponential(), x => -Math.Exp(-x) + 1.0);
        foreach (var shape in new[] { 0.3, 1.0, 4.5 })
        {
            AssertFits(rng => rng.NextGamma(shape), x => ChiSquared.Cdf(2.0 * x, 2.0 * shape));
        }
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(9.5)]
    [InlineData(10.5)]
    [InlineData(300.0)]
    public void Poisson_numbers_follow_their_distribution(double mean) =>
        AssertFitsCounts(rng => rng.NextPoisson(mean), k => Poisson.Pmf(k, mean), (long)(mean + 20 * Math.Sqrt(mean) + 20));

    [Theory]
    [InlineData(5, 0.4)]
    [InlineData(1_000_000, 3e-6)]
    [InlineData(40, 0.3)]
    [InlineData(1000, 0.85)]
    [InlineData(100_000_000, 0.5)]
    public void Binomial_numbers_follow_their_distribution(long n, double p)
    {
        if (n > 10_000_000)
        {
            AssertFits(rng => (rng.NextBinomial(n, p) + rng.NextDouble() - n * p) / Math.Sqrt(n * p * (1 - p)), Normal.Cdf);
            return;
        }

        AssertFitsCounts(rng => rng.NextBinomial(n, p), k => Binomial.Pmf(k, n, p), Math.Min(n, 2000));
    }

    [Fact]
    public void Whole_numbers_and_orders_are_equally_likely()
    {
        AssertFitsCounts(rng => rng.NextInt(7), k => k < 7 ? 1.0 / 7 : 0.0, 6);
        AssertFitsCounts(
            rng =>
            {
                int[] items = [0, 1, 2];
                rng.Shuffle<int>(items);
                return items[0] * 2 + (items[1] > items[2] ? 1 : 0);
            },
            k => k < 6 ? 1.0 / 6 : 0.0, 5);
    }

    // Kolmogorov-Smirnov at p about 1e-4.
    static void AssertFits(Func<Rng, double> draw, Func<double, double> cdf)
    {
        var rng = new Rng(12);
        var values = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            values[i] = draw(rng);
        }

        Array.Sort(values);
        var gap = 0.0;
        for (var i = 0; i < Draws; i++)
        {
            var p = cdf(values[i]);
            gap = Math.Max(gap, Math.Max(p - (double)i / Draws, (i + 1.0) / Draws - p));
        }

        Assert.True(gap * Math.Sqrt(Draws) < 2.23, $"distance {gap:F4}");
    }

    // Pearson's chi-square over cells of expected count 10 and more, at p = 1e-4.
    static void AssertFitsCounts(Func<Rng, long> draw, Func<long, double> pmf, long high)
    {
        var rng = new Rng(13);
        var counts = new long[high + 2];
        for (var i = 0; i < Draws; i++)
        {
            counts[Math.Min(high + 1, draw(rng))]++;
        }

        double statistic = 0, expected = 0, observed = 0;
        var cells = 0;
        for (var k = 0L; k <= high; k++)
        {
            expected += Draws * pmf(k);
            observed += counts[k];
            if (expected >= 10)
            {
                statistic += (observed - expected) * (observed - expected) / expected;
                cells++;
                expected = observed = 0;
            }
        }

        var rest = Draws - statistic * 0 - counts.Take((int)high + 1).Sum();
        Assert.Equal(0, rest);
        Assert.True(ChiSquared.Sf(statistic, cells) > 1e-4, $"chi-square {statistic:F1} on {cells} cells");
    }
}
