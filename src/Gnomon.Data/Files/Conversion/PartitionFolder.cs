using System.Globalization;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Conversion;

/// <summary>Data sets in folders whose names hold values: <c>clicks/day=2026-01-01/part.parquet</c>.</summary>
internal static class PartitionFolder
{
    /// <summary>What stands for no value in a folder's name.</summary>
    public const string NoValue = "__HIVE_DEFAULT_PARTITION__";

    private const string Ending = ".parquet";

    /// <summary>The files of a partitioned folder in name order; null when it is an ordinary folder.</summary>
    public static IReadOnlyList<string>? Files(string folder)
    {
        var parted = Directory.EnumerateDirectories(folder).Any(d => Path.GetFileName(d).Contains('=', StringComparison.Ordinal));
        return parted
            ? [.. Directory.EnumerateFiles(folder, "*" + Ending, SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)]
            : null;
    }

    /// <summary>Options of the engine's reader: columns that are only in the names of folders get a type that holds for all of them; those that the files hold themselves are read there.</summary>
    public static string ReaderOptions(IReadOnlyList<string> paths, IReadOnlyCollection<string> columns)
    {
        var values = paths.Select(Values).ToList();
        var keys = values[0].Keys.Where(k => values.TrueForAll(v => v.ContainsKey(k))).ToList();
        if (keys.TrueForAll(columns.Contains))
        {
            return "hive_partitioning = false";
        }

        var types = keys.Select(k => $"{SqlText.Identifier(k)}: {Type([.. values.Select(v => v[k]).Where(v => v != NoValue)])}");
        return $"hive_partitioning = true, hive_types_autocast = false, hive_types = {{{string.Join(", ", types)}}}";
    }

    private static Dictionary<string, string> Values(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (Path.GetDirectoryName(path) ?? string.Empty).Split('/', Path.DirectorySeparatorChar))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[Uri.UnescapeDataString(part[..equals])] = Uri.UnescapeDataString(part[(equals + 1)..]);
            }
        }

        return values;
    }

    // A value that does not come back as it was written stays text: 007 is not 7.
    private static string Type(IReadOnlyList<string> values) =>
        values.Count == 0 ? "VARCHAR"
        : values.All(v => long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n.ToString(CultureInfo.InvariantCulture) == v) ? "BIGINT"
        : values.All(v => DateOnly.TryParseExact(v, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) ? "DATE"
        : "VARCHAR";
}
