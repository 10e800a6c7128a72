using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>Names that can be used: trimmed, not empty, no two alike when case is ignored.</summary>
internal static class ColumnNames
{
    public static IReadOnlyList<string> Make(string file, int width, IReadOnlyList<string> raw, List<ReadIssue> issues)
    {
        var names = new string[width];
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var renamed = new List<string>();
        for (var i = 0; i < width; i++)
        {
            var wanted = i < raw.Count ? raw[i].Trim() : "";
            if (wanted.Length == 0)
            {
                wanted = FormattableString.Invariant($"column{i + 1}");
            }

            var name = wanted;
            for (var n = 2; !used.Add(name); n++)
            {
                name = FormattableString.Invariant($"{wanted}_{n}");
            }

            if (name != wanted)
            {
                renamed.Add($"'{wanted}' to '{name}'");
            }

            names[i] = name;
        }

        if (renamed.Count > 0)
        {
            issues.Add(new("duplicate-column-name", renamed.Count, $"{file}: columns of the same name were renamed: {string.Join(", ", renamed.Take(5))}{(renamed.Count > 5 ? ", ..." : "")}."));
        }

        return names;
    }
}
