using Gnomon.Core.Tables;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Design;
using Gnomon.Studies.Programme;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>programme</c>: a whole and honest list warns in at most 5 % of seeds.</summary>
public sealed class ProgrammeFamilyWiseTests
{
    // Some of forty nulls cross 0.05 in most programmes, and multiple-comparisons is right to say so.
    private static readonly string[] Crossed = ["multiple-comparisons"];

    [Fact]
    public void A_whole_list_of_counts_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Programme(List(seed), new ProgrammeOptions()), draws: 200, but: Crossed);

    [Fact]
    public void Typed_p_values_without_an_effect_stay_quiet() => FamilyWise.StaysQuiet(
        seed =>
        {
            var rng = new Rng(seed).Stream("p-values");
            return Ask.Programme(new ProgrammeOptions { Pvalues = [.. Enumerable.Range(0, 15).Select(_ => rng.NextDouble().ToString(System.Globalization.CultureInfo.InvariantCulture))] });
        },
        draws: 400,
        but: Crossed);

    [Fact]
    public void Experiments_on_shared_users_that_leave_each_other_alone_stay_quiet() =>
        FamilyWise.StaysQuiet(seed => Ask.Programme(Units(seed), new ProgrammeOptions { Tests = ["a", "b", "c", "d"], Metric = "minutes" }), draws: 100, but: Crossed);

    [Fact]
    public void A_thinned_list_is_seen() => FamilyWise.Catches("selective-reporting", seed => Ask.Programme(Thinned(seed), new ProgrammeOptions()), draws: 50);

    [Fact]
    public void Priorities_with_narrow_ranges_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Design(Backlog(seed), new DesignOptions { Kind = "priorities" }), draws: 20);

    // Forty experiments of 10,000 users an arm, a quarter with an effect.
    private static Table List(int seed)
    {
        var rng = new Rng(seed).Stream("clean list");
        var rows = Enumerable.Range(0, 40).Select(i => (Control: rng.NextBinomial(10_000, 0.1), Treatment: rng.NextBinomial(10_000, i % 4 == 0 ? 0.12 : 0.1))).ToList();
        return Table.With("name", rows.Select((_, i) => (string?)$"experiment {i}"))
            .And("control_users", rows.Select(_ => 10_000L)).And("control_events", rows.Select(r => r.Control)).And("treatment_users", rows.Select(_ => 10_000L)).And("treatment_events", rows.Select(r => r.Treatment));
    }

    private static Table Thinned(int seed)
    {
        var rng = new Rng(seed).Stream("thinned list");
        var rows = Enumerable.Range(0, 200).Select(_ => (Effect: (1.8 * rng.NextNormal()) + rng.NextNormal(), Kept: rng.NextDouble() < 0.1)).Where(r => r.Kept || Math.Abs(r.Effect) > 1.96).ToList();
        return Table.With("name", rows.Select((_, i) => (string?)$"experiment {i}")).And("effect", rows.Select(r => r.Effect)).And("se", rows.Select(_ => 1.0));
    }

    private static Table Units(int seed)
    {
        var rng = new Rng(seed).Stream("clean units");
        const int n = 2_000;
        string?[][] arms = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, n).Select(_ => (string?)(rng.NextDouble() < 0.5 ? "control" : "treatment")).ToArray())];
        return Table.With("minutes", Enumerable.Range(0, n).Select(u => 20 + (arms[0][u] == "treatment" ? 1 : 0) + (4 * rng.NextNormal()))).And("a", arms[0]).And("b", arms[1]).And("c", arms[2]).And("d", arms[3]);
    }

    private static Table Backlog(int seed)
    {
        var rng = new Rng(seed).Stream("clean backlog");
        double[] reach = [.. Enumerable.Range(0, 8).Select(i => 1_000 - (100.0 * i) + (10 * rng.NextDouble()))];
        return Table.With("item", reach.Select((_, i) => (string?)$"item {i}")).And("reach_low", reach.Select(r => 0.98 * r)).And("reach", reach).And("reach_high", reach.Select(r => 1.02 * r))
            .And("impact", reach.Select(_ => 1.0)).And("confidence", reach.Select(_ => 0.8)).And("effort", reach.Select(_ => 2.0));
    }
}
