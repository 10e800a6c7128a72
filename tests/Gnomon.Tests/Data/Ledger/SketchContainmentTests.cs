using FsCheck;
using FsCheck.Fluent;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

/// <summary>Sets of units are runs of integers hashed by SplitMix64; each draw starts at another integer, so each is another random sample.</summary>
public sealed class SketchContainmentTests
{
    private static readonly Gen<long> Starts = Gen.Choose(0, 1_000_000_000).Select(i => i * 1_000_000L);

    [Fact]
    public void A_set_that_grew_is_linked_both_ways() => Prop.ForAll(
        (from start in Starts from size in Gen.Choose(3, 3_000) from more in Gen.Choose(0, 5_000) where Comparable(size, size + more) select (start, size, more)).ToArbitrary(),
        g => Linked(LedgerFolder.Units(g.start, g.size), LedgerFolder.Units(g.start, g.size + g.more))
            && Linked(LedgerFolder.Units(g.start, g.size + g.more), LedgerFolder.Units(g.start, g.size))).QuickCheckThrowOnFailure();

    [Fact]
    public void Disjoint_sets_are_not_linked() => Prop.ForAll(
        (from start in Starts from first in Gen.Choose(1, 3_000) from second in Gen.Choose(1, 3_000) select (start, first, second)).ToArbitrary(),
        g => !Linked(LedgerFolder.Units(g.start, g.first), LedgerFolder.Units(g.start + g.first, g.second))).QuickCheckThrowOnFailure();

    [Fact]
    public void Sets_that_share_half_are_not_linked() => Prop.ForAll(
        (from start in Starts from size in Gen.Choose(30, 2_000) select (start, size)).ToArbitrary(),
        g => !Linked(LedgerFolder.Units(g.start, g.size), LedgerFolder.Units(g.start + (g.size / 2), g.size))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_set_is_linked_to_itself_from_three_units_on()
    {
        Assert.False(Linked(LedgerFolder.Units(0, 2), LedgerFolder.Units(0, 2)));
        Assert.True(Linked(LedgerFolder.Units(0, 3), LedgerFolder.Units(0, 3)));
        Assert.False(Linked(LedgerFolder.Key(), LedgerFolder.Key()));
        Assert.False(Linked(LedgerFolder.Key(), LedgerFolder.Units(0, 3)));
    }

    [Fact]
    public void Losing_one_unit_in_twenty_keeps_the_link_and_one_in_five_breaks_it()
    {
        // The later set lost every k-th unit of the earlier one and gained as many. Exact shares: 0.95 and 0.8 of 2,000 units, 256 sampled;
        // P(share < 0.9 | 0.95) = 0.0006 and P(share >= 0.9 | 0.8) = 0.00001 by the binomial distribution.
        var kept = Enumerable.Range(0, 200).Select(i => (Mild: Linked(Thinned(i, 20), Earlier(i)), Hard: Linked(Thinned(i, 5), Earlier(i)))).ToList();
        Assert.InRange(kept.Count(k => k.Mild), 198, 200);
        Assert.Equal(0, kept.Count(k => k.Hard));
    }

    private static ExperimentKey Earlier(int draw) => LedgerFolder.Units(draw * 1_000_000L, 2_000);

    private static ExperimentKey Thinned(int draw, int every)
    {
        var start = draw * 1_000_000L;
        var units = Enumerable.Range(0, 2_000).Where(i => i % every != 0).Select(i => start + i).Concat(Enumerable.Range(2_000, 2_000 / every).Select(i => start + i));
        var hashes = units.Select(u => LedgerFolder.Mix((ulong)u)).Order().ToList();
        return LedgerFolder.Key(units: hashes[..SketchContainment.Capacity], count: hashes.Count);
    }

    // Enough of the smaller set lies below the larger one's limit, with room for chance.
    private static bool Comparable(int smaller, int larger) => larger < SketchContainment.Capacity || smaller * 10 > larger;

    private static bool Linked(ExperimentKey a, ExperimentKey b) =>
        SketchContainment.Linked([.. a.Units], a.UnitCount, [.. b.Units], b.UnitCount);
}
