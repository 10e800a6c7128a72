using Gnomon.Core.Findings;

namespace Gnomon.Studies.Label;

/// <summary>What is stored in each tier once it is full, and what that costs a month: all rows against those kept.</summary>
internal static class StorageBill
{
    public static ResultTable Of(double rawPerDay, double keptShare, IReadOnlyList<StorageTier> tiers)
    {
        List<IReadOnlyList<object?>> rows = [.. tiers.Select(t => Row(t.Name, t.Price, t.Days, rawPerDay * t.Days, keptShare, t.Price))];
        var (stock, cost) = (tiers.Sum(t => rawPerDay * t.Days), tiers.Sum(t => rawPerDay * t.Days * t.Price));
        rows.Add(["all tiers", null, tiers.Sum(t => t.Days), stock, stock * keptShare, cost, cost * keptShare]);
        return new ResultTable("storage", "Storage once every tier is full: all rows, and those kept", ["tier", "price of a TB a month", "days", "TB, all rows", "TB, kept", "cost a month, all rows", "cost a month, kept"], rows);
    }

    public static double CostPerMonth(double rawPerDay, IReadOnlyList<StorageTier> tiers) => tiers.Sum(t => rawPerDay * t.Days * t.Price);

    private static IReadOnlyList<object?> Row(string name, double price, double days, double stock, double kept, double cost) => [name, price, days, stock, stock * kept, stock * cost, stock * kept * cost];
}
