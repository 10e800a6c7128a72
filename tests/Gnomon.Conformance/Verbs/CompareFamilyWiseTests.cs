using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>compare</c>: all default checks of a comparison without a flaw together warn in at most 5 % of seeds.</summary>
public sealed class CompareFamilyWiseTests
{
    [Fact]
    public void Two_clean_groups_stay_quiet() => FamilyWise.StaysQuiet(seed => Two(seed), draws: 60);

    [Fact]
    public void Three_clean_groups_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Customers(seed, groups: 3, gap: 6), Options() with { Margin = "4" }), draws: 60);

    [Fact]
    public void Shares_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Compare(Customers(seed, groups: 2, gap: 6), Options() with { Metric = "returned", Strata = ["region"] }), draws: 60);

    [Fact]
    [Trait("speed", "slow")]
    public void Two_clean_groups_stay_quiet_over_many_seeds() => FamilyWise.StaysQuiet(Two, draws: 250);

    private static Finding Two(int seed) => Ask.Compare(Customers(seed, groups: 2, gap: 6), Options() with { Margin = "2" });

    private static CompareOptions Options() => new() { Metric = "spend", By = "segment" };

    // 1,500 customers, one row each: the segments differ truly, everything else is spread alike, and some of it explains the spending.
    private static Table Customers(int seed, int groups, double gap)
    {
        var rng = new Rng(seed).Stream("clean comparison");
        const int n = 1_500;
        var segment = Draw(n, _ => rng.NextInt(groups));
        var line = Draw(n, _ => rng.NextInt(2));
        var age = Draw(n, _ => 40 + 12 * rng.NextNormal());
        return Table.With("customer_id", Enumerable.Range(1, n).Select(i => (long)i))
            .And("segment", segment.Select(s => (string?)$"segment {s}"))
            .And("line", line.Select(l => (string?)(l == 0 ? "tools" : "jewels")))
            .And("region", Draw(n, _ => (string?)$"region {rng.NextInt(5)}"))
            .And("age", age)
            .And("returned", Draw(n, _ => rng.NextDouble() < 0.2).ToArray())
            .And("spend", Enumerable.Range(0, n).Select(i => 50 + gap * segment[i] + 20 * line[i] + 0.2 * age[i] + 8 * rng.NextNormal()));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
