using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>regress</c>: all default checks of clean data together warn in at most 5 % of seeds.</summary>
public sealed class RegressFamilyWiseTests
{
    [Fact]
    public void A_clean_linear_model_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Homes(seed), new RegressOptions { Target = "price", On = ["area", "distance", "district"] }), draws: 120);

    [Fact]
    public void A_clean_yes_no_model_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Homes(seed), new RegressOptions { Target = "sold", On = ["area", "distance", "district"] }), draws: 120);

    [Fact]
    public void A_clean_model_of_counts_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Homes(seed), new RegressOptions { Target = "viewings", On = ["area", "distance"], Family = "poisson" }), draws: 120);

    [Fact]
    public void A_clean_series_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Series(seed), new RegressOptions { Target = "y", On = ["x"], Time = "day" }), draws: 120);

    [Fact]
    public void A_clean_panel_with_its_clusters_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Panel(seed), new RegressOptions { Target = "sales", On = ["staff"], Cluster = ["store"] }), draws: 120);

    [Fact]
    public void A_clean_mixed_model_stays_quiet() => FamilyWise.StaysQuiet(seed => Ask.Regress(Panel(seed), new RegressOptions { Formula = "sales ~ staff + (1 | store)" }), draws: 60);

    [Fact]
    [Trait("speed", "slow")]
    public void A_clean_linear_model_stays_quiet_over_many_seeds() =>
        FamilyWise.StaysQuiet(seed => Ask.Regress(Homes(seed), new RegressOptions { Target = "price", On = ["area", "distance", "district"] }), draws: 600);

    private static Table Homes(int seed)
    {
        var rng = new Rng(seed).Stream("clean homes");
        const int n = 300;
        var area = Draw(n, _ => 80 + 20 * rng.NextNormal());
        var distance = Draw(n, _ => 5 + rng.NextNormal());
        var district = Draw(n, _ => (string?)(rng.NextInt(3) switch { 0 => "north", 1 => "south", _ => "west" }));
        return Table.With("home_id", Enumerable.Range(1, n).Select(i => (long)i)).And("area", area).And("distance", distance).And("district", district)
            .And("price", area.Select((a, i) => 50 + 2 * a - 5 * distance[i] + (district[i] == "south" ? 30 : 0) + 20 * rng.NextNormal()))
            .And("sold", area.Select(a => (string?)(rng.NextDouble() < 1 / (1 + Math.Exp(-(a - 80) / 25)) ? "yes" : "no")))
            .And("viewings", area.Select(a => (double)rng.NextPoisson(Math.Exp(1 + (a - 80) / 60))));
    }

    private static Table Series(int seed)
    {
        var rng = new Rng(seed).Stream("clean series");
        var s = 0.0;
        var x = Draw(200, _ => s = 0.7 * s + rng.NextNormal());
        return Table.With("x", x).And("y", x.Select(v => 1 + 0.5 * v + rng.NextNormal())).And("day", Draw(200, i => new DateOnly(2026, 1, 1).AddDays(i)));
    }

    private static Table Panel(int seed)
    {
        var rng = new Rng(seed).Stream("clean panel");
        var level = Draw(60, _ => rng.NextNormal());
        var staff = Draw(600, _ => 5 + rng.NextNormal());
        return Table.With("store", Draw(600, i => (string?)$"S{i / 10}")).And("staff", staff).And("sales", staff.Select((v, i) => 10 + 2 * v + level[i / 10] + rng.NextNormal()));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
