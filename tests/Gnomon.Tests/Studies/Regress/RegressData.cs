using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Regress;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>Small tables in memory, clean or with one flaw.</summary>
internal static class RegressData
{
    /// <summary>Homes: price rises by 2 a square metre and by 30 in the south; size, rooms and distance otherwise independent.</summary>
    public static Table Homes(int seed = 1, int rows = 400)
    {
        var rng = new Rng(seed).Stream("homes");
        var area = Draw(rows, () => 80 + 20 * rng.NextNormal());
        var distance = Draw(rows, () => 5 + rng.NextNormal());
        var district = Enumerable.Range(0, rows).Select(_ => rng.NextInt(3) switch { 0 => "north", 1 => "south", _ => "west" }).ToArray();
        return Table.With("price", area.Select((a, i) => 50 + 2 * a + (district[i] == "south" ? 30 : 0) + 15 * rng.NextNormal()).ToArray())
            .And("area", area)
            .And("distance", distance)
            .And("district", district)
            .And("sold", area.Select(a => rng.NextDouble() < 1 / (1 + Math.Exp(-(a - 80) / 20)) ? "yes" : "no"))
            .And("viewings", area.Select(a => (double)rng.NextPoisson(Math.Exp(1 + (a - 80) / 50))));
    }

    public static double[] Draw(int rows, Func<double> draw) => [.. Enumerable.Range(0, rows).Select(_ => draw())];

    /// <summary>Asks, and writes the finding as JSON, which throws on any number that is not finite.</summary>
    public static Finding Ask(Table table, RegressOptions options)
    {
        var finding = Gnomon.Ask.Regress(table, options);
        _ = FindingJson.Write(finding);
        return finding;
    }

    public static Estimate Estimate(this Finding finding, string metric, string? contrast = null) =>
        finding.Estimates.First(e => e.Metric == metric && e.Name != "average effect" && (contrast is null || e.Contrast == contrast));

    public static string Status(this Finding finding, string check) => finding.Checks.First(c => c.Id == check).Status.ToString();
}
