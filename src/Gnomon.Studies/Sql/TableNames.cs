using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql;

/// <summary>What files are called as tables.</summary>
internal static class TableNames
{
    /// <summary><c>orders.csv</c> is orders, <c>visits-*.parquet</c> is visits, <c>o=orders.csv</c> is o.</summary>
    public static IReadOnlyList<SourceTable> Of(IReadOnlyList<string> words) => [.. words.Select(Of)];

    public static IEnumerable<GnomonError> Faults(IReadOnlyList<string> words)
    {
        foreach (var twice in Of(words).GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            yield return new GnomonError("tables-of-one-name", $"{string.Join(" and ", twice.Select(t => t.Path))} would both be the table '{twice.Key}'.", "DATA", "Name them: NAME=FILE.");
        }
    }

    /// <summary>A server's address, with or without a name before it.</summary>
    public static bool IsAddress(string word) => word.Contains("://", StringComparison.Ordinal);

    private static SourceTable Of(string word)
    {
        if (word.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme > 0)
        {
            var sign = word.IndexOf('=', StringComparison.Ordinal);
            return sign > 0 && sign < scheme ? new SourceTable(word[..sign], word[(sign + 1)..]) : new SourceTable(TableOf(word), word);
        }

        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && !File.Exists(word) && word.AsSpan(0, equals).IndexOfAny("/\\.*") < 0)
        {
            return new SourceTable(word[..equals], word[(equals + 1)..]);
        }

        var stem = Path.GetFileName(word.TrimEnd('/', '\\'));
        var dot = stem.IndexOf('.', StringComparison.Ordinal);
        var name = (dot > 0 ? stem[..dot] : stem).Replace("*", string.Empty, StringComparison.Ordinal).Trim('-', '_', '?', ' ');
        return new SourceTable(name.Length == 0 ? "data" : name, word);
    }

    // postgres://host/shop?table=sales.orders is orders; what is wrong with an address is said by whoever opens it.
    private static string TableOf(string address)
    {
        var table = address[(address.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Where(p => p.StartsWith("table=", StringComparison.Ordinal)).Select(p => Uri.UnescapeDataString(p["table=".Length..])).LastOrDefault();
        return string.IsNullOrEmpty(table) ? "data" : table[(table.IndexOf('.', StringComparison.Ordinal) + 1)..];
    }
}
