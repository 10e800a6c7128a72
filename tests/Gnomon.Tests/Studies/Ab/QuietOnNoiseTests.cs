using Gnomon.Core.Checks;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Nine comparisons without any effect: checks do not take the luck of one of them for news.</summary>
public sealed class QuietOnNoiseTests
{
    // Read one by one, about 22 of 60 would have a comparison below 0.05, and 5 a slope below 0.01. At one size for all, more than 8 warnings of the first kind have a chance of 0.3 %, more than 3 of the second
    // of 0.2 % (1 in 120 expected).
    [Fact]
    public void Four_arms_and_three_metrics_without_an_effect()
    {
        var findings = Enumerable.Range(1, 60).Select(seed => Ask.Ab(Noise(seed), AbData.Options("conv", "spend", "visits") with { Time = "day", Split = "25/25/25/25", Mde = "20%" })).ToList();
        int Warned(string check) => findings.Count(f => f.Checks.Any(c => c.Id == check && c.Status == CheckStatus.Warn));
        Assert.InRange(Warned("significance-without-importance"), 0, 8);
        Assert.InRange(Warned("novelty-effect"), 0, 3);
    }

    private static Table Noise(int seed)
    {
        var rng = new Rng(seed).Stream("quiet on noise");
        var units = Enumerable.Range(0, 6_000).Select(i => (Id: (long)i, Arm: "ABCD"[rng.NextInt(4)].ToString(), Day: (i * 28 / 6_000) + 1, Conv: rng.NextDouble() < 0.2 ? 1L : 0L, Spend: 10 + (3 * rng.NextNormal()), Visits: 10 + (3 * rng.NextNormal()))).ToList();
        return Table.With("unit", units.Select(u => u.Id)).And("arm", [.. units.Select(u => (string?)u.Arm)]).And("day", [.. units.Select(u => new DateOnly(2026, 1, 4).AddDays(u.Day))])
            .And("conv", [.. units.Select(u => u.Conv)]).And("spend", [.. units.Select(u => u.Spend)]).And("visits", [.. units.Select(u => u.Visits)]);
    }
}
