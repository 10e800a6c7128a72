using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>design</c>: a plan that is large and long enough warns in at most 5 % of seeds.</summary>
public sealed class DesignFamilyWiseTests
{
    [Fact]
    public void A_plan_that_follows_from_its_effect_stays_quiet() =>
        FamilyWise.StaysQuiet(seed => Ask.Design(Visitors(seed), Options() with { Mde = "10%" }), draws: 60);

    // Ten days would be warned about when weekdays differ; here they do not, so a part of a week costs nothing.
    [Fact]
    public void A_part_of_a_week_stays_quiet_where_weekdays_are_alike() =>
        FamilyWise.StaysQuiet(seed => Ask.Design(Visitors(seed), Options() with { Mde = "15%", Days = 24 }), draws: 60);

    [Fact]
    public void A_named_size_that_is_enough_stays_quiet() => FamilyWise.StaysQuiet(
        seed =>
        {
            var rng = new Rng(seed).Stream("clean plan");
            return Ask.Design(new DesignOptions { Kind = "mean", Sd = 1 + rng.NextDouble(), Mde = "0.2", Units = 4_000 + (2L * rng.NextInt(500)) });
        },
        draws: 60);

    private static DesignOptions Options() => new() { Metric = "minutes", Unit = "visitor", Time = "day" };

    // Four weeks, 120 new visitors a day, every day alike.
    private static Table Visitors(int seed)
    {
        var rng = new Rng(seed).Stream("clean history");
        const int n = 28 * 120;
        return Table.With("visitor", Enumerable.Range(1, n).Select(i => (long)i))
            .And("day", Enumerable.Range(0, n).Select(i => new DateOnly(2026, 3, 2).AddDays(i / 120)))
            .And("minutes", Enumerable.Range(0, n).Select(_ => 20 + 6 * rng.NextNormal()));
    }
}
