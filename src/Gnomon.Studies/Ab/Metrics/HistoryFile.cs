using System.Globalization;
using System.IO.Compression;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Reads number columns of a CSV or TSV file with a header; .gz is read too. Rows with a gap in one of them are left out and counted.</summary>
internal sealed record HistoryFile(IReadOnlyList<double[]> Columns, long LeftOut)
{
    private const int BufferBytes = 1 << 20;

    /// <exception cref="GnomonError">The file cannot be read, lacks a column, or holds no number where one is expected.</exception>
    public static HistoryFile Read(string path, IReadOnlyList<string> names)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var text = new StreamReader(bytes, bufferSize: BufferBytes);
            return Read(text, path, names);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new GnomonError("history-not-read", $"The history could not be read from {path}: {wrong.Message}", "--history", "Name a CSV file that holds the surrogates and the long-term outcome of past units.", wrong);
        }
    }

    private static HistoryFile Read(StreamReader text, string path, IReadOnlyList<string> names)
    {
        var head = text.ReadLine() ?? throw new GnomonError("no-rows", $"{path} is empty.", "--history", "Check the file.");
        var mark = head.Contains('\t', StringComparison.Ordinal) ? '\t' : head.Contains(';', StringComparison.Ordinal) && !head.Contains(',', StringComparison.Ordinal) ? ';' : ',';
        var header = Cells(head, mark).ConvertAll(c => c.Trim());
        var places = names.Select(n => header.FindIndex(h => string.Equals(h, n, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at
            ? at
            : throw new GnomonError("column-not-found", $"{path} has no column '{n}'. Columns: {string.Join(", ", header.Take(30))}.", "--history", NearestName.To(n, header) is { } near ? $"Did you mean '{near}'?" : null)).ToArray();
        var columns = names.Select(_ => new List<double>()).ToArray();
        var row = new double[places.Length];
        long line = 1, leftOut = 0;
        while (text.ReadLine() is { } next)
        {
            line++;
            if (next.Length == 0)
            {
                continue;
            }

            var cells = Cells(next, mark);
            var gaps = 0;
            for (var i = 0; i < places.Length; i++)
            {
                var cell = places[i] < cells.Count ? cells[places[i]].Trim() : string.Empty;
                if (cell.Length == 0)
                {
                    gaps++;
                    continue;
                }

                row[i] = Number(cell) ?? throw new GnomonError("bad-number", $"{path} line {Figures.Count(line)}, column '{names[i]}': '{cell}' is not a number.", "--history", "Give numbers with '.' as decimal mark, true/false, or leave the cell empty.");
            }

            leftOut += gaps > 0 ? 1 : 0;
            for (var i = 0; i < places.Length && gaps == 0; i++)
            {
                columns[i].Add(row[i]);
            }
        }

        return new HistoryFile([.. columns.Select(c => c.ToArray())], leftOut);
    }

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : string.Equals(cell, "true", StringComparison.OrdinalIgnoreCase) ? 1
        : string.Equals(cell, "false", StringComparison.OrdinalIgnoreCase) ? 0 : null;

    private static List<string> Cells(string line, char mark)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"')
            {
                if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                    continue;
                }

                quoted = !quoted;
            }
            else if (c == mark && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
