using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Resampling;

public sealed class RandomSubsetTests
{
    // Source: all subsets are alike; chi-square of 60,000 draws against equal frequencies.
    [Theory]
    [InlineData(6, 3)]
    [InlineData(7, 2)]
    [InlineData(8, 7)]
    [InlineData(9, 1)]
    public void Every_subset_has_the_same_chance(int count, int size)
    {
        var (rng, subset) = (new Rng(count), new RandomSubset(count, size));
        var seen = new Dictionary<int, int>();
        const int draws = 60_000;
        for (var i = 0; i < draws; i++)
        {
            subset.Draw(rng);
            var code = Enumerable.Range(0, count).Where(k => subset[k]).Sum(k => 1 << k);
            Assert.Equal(size, System.Numerics.BitOperations.PopCount((uint)code));
            seen[code] = seen.GetValueOrDefault(code) + 1;
        }

        var subsets = Enumerable.Range(0, 1 << count).Count(code => System.Numerics.BitOperations.PopCount((uint)code) == size);
        Assert.Equal(subsets, seen.Count);
        var expected = (double)draws / subsets;
        var chi = seen.Values.Sum(n => (n - expected) * (n - expected) / expected);
        Assert.True(ChiSquared.Sf(chi, subsets - 1) > 1e-4, $"chi-square {chi} of {subsets}");
    }

    [Theory]
    [InlineData(131, 64)]
    [InlineData(1_000, 13)]
    [InlineData(64, 63)]
    public void Sums_are_those_of_the_chosen(int count, int size)
    {
        var rng = new Rng(5);
        var values = Enumerable.Range(0, count).Select(_ => rng.NextNormal()).ToArray();
        var subset = new RandomSubset(count, size);
        subset.Draw(rng);
        var chosen = Enumerable.Range(0, count).Where(k => subset[k]).Select(k => values[k]).ToArray();
        Assert.Equal(size, chosen.Length);
        Assert.Equal(chosen.Sum(), subset.Sums(values).Sum, 1e-12);
        Assert.Equal(chosen.Sum(v => v * v), subset.Sums(values).Squares, 1e-12);
    }
}
