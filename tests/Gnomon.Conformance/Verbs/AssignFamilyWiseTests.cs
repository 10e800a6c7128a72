using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Assign;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>assign</c>, and of segments and exposure in <c>ab</c>: what is clean is left alone.</summary>
public sealed class AssignFamilyWiseTests
{
    [Fact]
    public void Hashed_arms_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Assign(Units(seed), Options(seed)), draws: 400);

    [Fact]
    public void Stratified_arms_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Assign(Units(seed), Options(seed) with { Strata = ["country"] }), draws: 200);

    [Fact]
    public void Arms_drawn_again_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Assign(Units(seed), Options(seed) with { Rerandomise = ["age"], Acceptance = 0.2 }), draws: 100);

    [Fact]
    public void Segments_and_exposure_without_an_effect_stay_quiet() => FamilyWise.StaysQuiet(
        seed =>
        {
            var rng = new Rng(seed).Stream("segments");
            const int n = 1_000;
            var data = Table.With("unit", Draw(n, i => (long)i)).And("arm", Draw(n, _ => (string?)(rng.NextDouble() < 0.5 ? "B" : "A"))).And("converted", Draw(n, _ => rng.NextDouble() < 0.3))
                .And("age", Draw(n, _ => (double)rng.NextInt(60))).And("plan", Draw(n, _ => (string?)$"p{rng.NextInt(3)}")).And("seen", Draw(n, _ => rng.NextDouble() < 0.4));
            return Ask.Ab(data, new AbOptions { Unit = "unit", Variant = "arm", Metric = ["converted"], Split = "50/50", EffectsBy = ["age", "plan"], Exposed = "seen" });
        },
        draws: 60);

    private static AssignOptions Options(int seed) => new() { Unit = "unit", Salt = $"experiment {seed}", Arms = ["old", "new"], Split = "50/50" };

    private static Table Units(int seed)
    {
        var rng = new Rng(seed).Stream("units");
        const int n = 600;
        return Table.With("unit", Draw(n, i => (long)i)).And("age", Draw(n, _ => (double)(18 + rng.NextInt(60)))).And("spend", Draw(n, _ => 10 * rng.NextGamma(2))).And("country", Draw(n, _ => (string?)$"c{rng.NextInt(4)}"));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
