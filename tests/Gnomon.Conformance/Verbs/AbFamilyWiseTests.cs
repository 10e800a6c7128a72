using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>ab</c>: all default checks of a clean experiment together warn in at most 5 % of seeds.</summary>
public sealed class AbFamilyWiseTests
{
    [Fact]
    public void A_clean_experiment_with_every_role_filled_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Ab(Experiment(seed, effect: 0.06), Options()), draws: 120);

    [Fact]
    public void Typed_counts_without_an_effect_stay_quiet() => FamilyWise.StaysQuiet(
        seed =>
        {
            var rng = new Rng(seed).Stream("typed");
            return Ask.Ab(new AbOptions { Counts = [$"A={rng.NextBinomial(20_000, 0.1)}/20000", $"B={rng.NextBinomial(20_000, 0.1)}/20000"] });
        },
        draws: 400);

    [Fact]
    [Trait("speed", "slow")]
    public void A_clean_experiment_stays_quiet_over_many_seeds() => FamilyWise.StaysQuiet(seed => Ask.Ab(Experiment(seed, effect: 0.06), Options()), draws: 2_000);

    private static AbOptions Options() => new()
    {
        Unit = "unit", Variant = "arm", Metric = ["converted"], Guardrail = ["minutes>=-5%"], Time = "day", Pre = ["before"], Segment = ["country"], Split = "50/50", Mde = "0.03",
    };

    // Two weeks, 8,000 units, one row each: a true effect, a pre-period that explains half of the noise, a guardrail that did not move.
    private static Table Experiment(int seed, double effect)
    {
        var rng = new Rng(seed).Stream("clean experiment");
        const int n = 8_000;
        var arm = Draw(n, _ => rng.NextDouble() < 0.5);
        var before = Draw(n, _ => 10 + 3 * rng.NextNormal());
        return Table.With("unit", Enumerable.Range(1, n).Select(i => (long)i))
            .And("arm", arm.Select(b => (string?)(b ? "B" : "A")))
            .And("converted", arm.Select(b => rng.NextDouble() < 0.2 + (b ? effect : 0)).ToArray())
            .And("before", before)
            .And("minutes", before.Select(x => x + 2 * rng.NextNormal()))
            .And("country", Draw(n, _ => (string?)(rng.NextInt(3) switch { 0 => "DE", 1 => "FR", _ => "IT" })))
            .And("day", Draw(n, _ => new DateOnly(2026, 1, 5).AddDays(rng.NextInt(14))));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
