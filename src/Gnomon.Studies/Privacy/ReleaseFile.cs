using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Privacy;

/// <summary>Writes the rows that may leave.</summary>
internal static class ReleaseFile
{
    /// <summary>Asked before anything is spent.</summary>
    /// <exception cref="GnomonError"><c>file-exists</c>.</exception>
    public static void RequireFree(PrivacyOptions options)
    {
        if (options.Release is { } path && File.Exists(path))
        {
            throw new GnomonError("file-exists", $"{path} exists; a release is not written over another.", "--release", "Name another file.");
        }
    }

    /// <returns>Rows and columns written.</returns>
    /// <exception cref="GnomonError"><c>file-not-written</c>.</exception>
    public static (int Rows, IReadOnlyList<string> Columns) Write(PrivacyOptions options, PrivacyScan scan, Generalisation made, Pseudonyms? pseudonyms)
    {
        var path = options.Release!;
        var unit = options.Unit is null || pseudonyms is null ? null : scan.Table.Find(options.Unit, "--unit");
        var aside = scan.Direct.Select(d => d.Column).ToHashSet(StringComparer.Ordinal);
        List<(string Name, Func<int, string> Cell)> columns = [];
        foreach (var column in scan.Table.Columns)
        {
            var quasi = made.Ladders.ToList().FindIndex(l => l.Column.Name == column.Name);
            if (unit is not null && column.Name == unit.Name)
            {
                var names = column.Values.Select(v => v.Length == 0 ? v : pseudonyms!.Of(column.Name, v)).ToArray();
                columns.Add((column.Name, row => names[column.Codes[row]]));
            }
            else if (quasi >= 0)
            {
                var rung = made[quasi];
                if (rung.Loss < 1)
                {
                    columns.Add((column.Name, row => rung.Labels[rung.Codes[row]]));
                }
            }
            else if (!aside.Contains(column.Name))
            {
                columns.Add((column.Name, row => column.Values[column.Codes[row]]));
            }
        }

        var rows = Enumerable.Range(0, scan.Table.Rows).Where(i => !made.Suppressed.Contains(i)).ToList();
        CsvFile.Write(path, "--release", "The release", writer =>
        {
            writer.WriteLine(string.Join(',', columns.Select(c => CsvFile.Cell(c.Name))));
            foreach (var row in rows)
            {
                writer.WriteLine(string.Join(',', columns.Select(c => CsvFile.Cell(c.Cell(row)))));
            }
        });
        return (rows.Count, [.. columns.Select(c => c.Name)]);
    }
}
