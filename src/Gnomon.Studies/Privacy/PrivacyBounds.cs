using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Privacy;

/// <summary>Ranges of numbers that were stated without looking at the data.</summary>
internal sealed class PrivacyBounds
{
    private readonly Dictionary<string, (double Low, double High)> _ranges = new(StringComparer.Ordinal);

    public PrivacyBounds(IReadOnlyList<string> texts, PrivacyTable table)
    {
        foreach (var text in texts)
        {
            var (column, low, high) = Parse(text)!.Value;
            _ranges[table.Find(column, "--bounds").Name] = (low, high);
        }
    }

    public static bool IsBound(string text) => Parse(text) is not null;

    public bool Has(string column) => _ranges.ContainsKey(column);

    /// <exception cref="GnomonError"><c>bounds-missing</c>: a range read off the data would give them away.</exception>
    public (double Low, double High) Require(string column) => _ranges.TryGetValue(column, out var range)
        ? range
        : throw new GnomonError("bounds-missing", $"A private number of {column} needs its range, stated without looking at the data: smallest and largest value of the rows would tell of two people.", "--bounds", $"Add --bounds {column}=0:100.");

    private static (string Column, double Low, double High)? Parse(string text)
    {
        var at = text.LastIndexOf('=');
        var ends = at < 1 ? [] : text[(at + 1)..].Split(':');
        return ends.Length == 2 && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var low) && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var high)
            && double.IsFinite(low) && double.IsFinite(high) && high > low
            ? (text[..at], low, high)
            : null;
    }
}
