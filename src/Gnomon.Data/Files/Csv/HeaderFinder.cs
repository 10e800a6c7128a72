using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>Finds where the rows begin and what the columns are called.</summary>
internal sealed class HeaderFinder(string file, CsvFormat format, List<HeadRecord> records)
{
    private readonly int _width = CsvSniffer.CommonWidth(records);

    /// <exception cref="GnomonError">The file holds no record at all.</exception>
    public CsvLayout Find()
    {
        if (records.Count == 0)
        {
            throw new GnomonError("empty-file", $"{file} is empty.", file, "Give a file with a header line and rows.");
        }

        var preamble = Preamble();
        if (preamble == 1 && records[0].Width == _width - 1 && LooksLikeNames(records[0]))
        {
            return OneNameShort(records[0].Cells);
        }

        var hasHeader = IsHeader(preamble);
        return Layout(preamble, hasHeader, hasHeader ? records[preamble].Cells : [], []);
    }

    /// <summary>Records before the first of common width.</summary>
    private int Preamble()
    {
        for (var i = 0; i < Math.Min(records.Count, HeadRecord.WithText); i++)
        {
            if (records[i].Width == _width)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>One name fewer than cells: a delimiter at the end of every row, or row names as R writes them.</summary>
    private CsvLayout OneNameShort(IReadOnlyList<string> names)
    {
        for (var i = 1; i < records.Count; i++)
        {
            if (records[i].Width == _width && records[i].Kinds[^1] != CellKind.Empty)
            {
                var issue = new ReadIssue("unnamed-column", 1, $"{file}: the header has {names.Count} names for {_width} cells; the first column is taken for row names and called column1.");
                return Layout(0, hasHeader: true, ["", .. names], [issue]);
            }
        }

        return Layout(0, hasHeader: true, names, []);
    }

    private CsvLayout Layout(int preamble, bool hasHeader, IReadOnlyList<string> raw, List<ReadIssue> issues)
    {
        if (preamble > 0)
        {
            var lines = preamble == 1 ? "line" : FormattableString.Invariant($"{preamble} lines");
            issues.Add(new("preamble", preamble, $"{file}: the first {lines} (line 1: '{string.Join(' ', records[0].Cells).Trim()}') did not have the {_width} cells of the other rows and were set aside."));
        }

        if (!hasHeader)
        {
            issues.Add(new("no-header", 1, $"{file}: the first row looks like data, not like names; the columns are called column1 to column{_width}."));
        }
        else if (records[preamble].IsForeign)
        {
            issues.Add(new("bad-encoding", 1, $"{file}: the column names are not in UTF-8; they were read as Windows-1252."));
        }

        var names = ColumnNames.Make(file, _width, raw, issues);
        var skip = preamble + (hasHeader ? 1 : 0);
        var dataLine = skip < records.Count ? records[skip].Line : skip == 0 ? 1 : records[skip - 1].Line + 1;

        // Empty lines or line ends inside cells before the data: counting lines would not find the first row.
        var isOdd = dataLine - 1 != skip;
        return new CsvLayout(format, _width, names, preamble, hasHeader, dataLine, isOdd, issues);
    }

    private static bool LooksLikeNames(HeadRecord record)
    {
        foreach (var kind in record.Kinds)
        {
            if (IsTyped(kind) && kind != CellKind.Boolean)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// A first row of words over typed columns is a header; a first row that itself reads like the typed columns below is not, unless it
    /// counts up (years, weeks as column names). Words over words are taken for a header, as everywhere.
    /// </summary>
    private bool IsHeader(int at)
    {
        var (typed, speaksFor) = (0, 0);
        for (var i = 0; i < _width; i++)
        {
            var kind = records[at].Kinds[i];
            typed += IsTyped(kind) ? 1 : 0;
            speaksFor += kind == CellKind.Text && IsTypedBelow(at, i) ? 1 : 0;
        }

        return typed == 0 || CountsUp(records[at], typed) || speaksFor > typed;
    }

    private bool IsTypedBelow(int at, int column)
    {
        var seen = false;
        for (var r = at + 1; r < records.Count; r++)
        {
            if (records[r].Width != _width)
            {
                continue;
            }

            var kind = records[r].Kinds[column];
            seen |= IsTyped(kind);
            if (!IsTyped(kind) && kind != CellKind.Empty)
            {
                return false;
            }
        }

        return seen;
    }

    /// <summary>Words and at least two whole numbers, each one more than the number before.</summary>
    private static bool CountsUp(HeadRecord record, int typed)
    {
        long? last = null;
        var numbers = 0;
        for (var i = 0; i < record.Width; i++)
        {
            if (record.Kinds[i] != CellKind.Integer || !long.TryParse(record.Cells[i].Trim(), out var number) || (last is { } before && number != before + 1))
            {
                if (IsTyped(record.Kinds[i]))
                {
                    return false;
                }

                continue;
            }

            last = number;
            numbers++;
        }

        return numbers >= 2 && numbers == typed && numbers < record.Width;
    }

    private static bool IsTyped(CellKind kind) => kind is not (CellKind.Text or CellKind.Empty or CellKind.MissingWord);
}
