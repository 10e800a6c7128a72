using Gnomon.Methods;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Survival;

/// <summary>Units that are counted already give the curve of the units one by one, which agrees with R's survfit (SurvivalTests).</summary>
public sealed class CountedUnitsTests
{
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 400)]
    [InlineData(3, 4_000)]
    public void The_curve_is_the_same(int seed, int n)
    {
        var rng = new Rng(seed).Stream("counted");
        var units = Enumerable.Range(0, n).Select(_ => (Time: (double)rng.NextInt(60), Event: rng.NextDouble() < 0.6)).ToList();
        var one = KaplanMeier.Fit([.. units.Select(u => u.Time)], [.. units.Select(u => u.Event)]);
        var times = units.Select(u => u.Time).Distinct().Order().ToArray();
        var counted = KaplanMeier.FitCounts(times, [.. times.Select(t => units.Count(u => u.Time == t && u.Event))], [.. times.Select(t => units.Count(u => u.Time == t && !u.Event))]);
        Assert.Equal(one.Steps, counted.Steps);
        Assert.Equal((one.Count, one.LastTime, one.Median, one.MedianLimits), (counted.Count, counted.LastTime, counted.Median, counted.MedianLimits));
    }

    [Fact]
    public void Nobody_and_disorder_are_refused()
    {
        _ = Assert.Throws<TooFewRowsException>(() => KaplanMeier.FitCounts([1], [0], [0]));
        _ = Assert.Throws<ArgumentException>(() => KaplanMeier.FitCounts([2, 1], [1, 1], [0, 0]));
    }
}
