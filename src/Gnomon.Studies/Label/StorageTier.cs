using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Label;

/// <summary>A place where data stay for a time, at a price.</summary>
internal sealed record StorageTier(string Name, double Price, double Days)
{
    public static bool IsTier(string text) => Parse(text) is not null;

    public static StorageTier? Parse(string text)
    {
        var (name, rest) = text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (text[..at].Trim(), text[(at + 1)..].Split(':')) : (string.Empty, []);
        return name.Length > 0 && rest.Length == 2 && Number(rest[0]) is >= 0 and { } price && Number(rest[1]) is > 0 and { } days ? new StorageTier(name, price, days) : null;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}

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
