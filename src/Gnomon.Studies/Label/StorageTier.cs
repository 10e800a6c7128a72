using System.Globalization;

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
