using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>A fingerprint of a set of rows and of how it came about.</summary>
/// <remarks>
/// Each row's cells are written as name=value, columns in the order of their names, and hashed with SHA-256; the row hashes are sorted and hashed together. The same rows have the same hash in whatever order rows
/// and columns stand; a row that stands twice counts twice. The lineage hash adds the hash of the set before and the rules of the choice.
/// </remarks>
internal static class DataVersion
{
    private const int Digits = 64;

    public static bool IsHash(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigit);

    /// <summary>Columns in the order in which cells are written.</summary>
    public static int[] Order(IReadOnlyList<string> names) => [.. Enumerable.Range(0, names.Count).OrderBy(i => names[i], StringComparer.Ordinal)];

    public static byte[] Row(StringBuilder cells) => SHA256.HashData(Encoding.UTF8.GetBytes(cells.ToString()));

    /// <summary>Adds a cell; a missing one is left out, so that an empty text differs from none.</summary>
    public static void Cell(StringBuilder text, string name, Chunk chunk, int column, int row, ColumnType type)
    {
        if (chunk.IsNull(column, row))
        {
            return;
        }

        text.Append(name).Append('=');
        _ = type switch
        {
            ColumnType.Double or ColumnType.Decimal => text.Append(chunk.Doubles(column)[row].ToString("R", CultureInfo.InvariantCulture)),
            ColumnType.Text or ColumnType.Category or ColumnType.Nested => text.Append(chunk.Codes(column)[row] is var code and >= 0 ? chunk.Dictionary(column)[code] : string.Empty),
            _ => text.Append(chunk.Integers(column)[row].ToString(CultureInfo.InvariantCulture)),
        };
        text.Append('\u001f');
    }

    public static string Rows(IEnumerable<byte[]> rows)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows.OrderBy(r => Convert.ToHexString(r), StringComparer.Ordinal))
        {
            all.AppendData(row);
        }

        return Hex(all.GetHashAndReset());
    }

    public static string Lineage(string? parent, string recipe, string rows) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"{parent ?? "none"}\n{recipe}\n{rows}")));

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
