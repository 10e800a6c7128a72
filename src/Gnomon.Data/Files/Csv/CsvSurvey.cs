using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>One pass over the records: what each column holds, and every row that is not like the others.</summary>
internal sealed class CsvSurvey
{
    /// <summary>Above this share of rows with too many cells the file is refused: the delimiter is probably another one.</summary>
    private const double TooManyLongRows = 0.05;

    private readonly Tally _short = new();
    private readonly Tally _long = new();
    private readonly Tally _stray = new();
    private readonly Tally _foreign = new();
    private readonly Tally _zero = new();

    public required IReadOnlyList<ColumnEvidence> Columns { get; init; }

    public required string File { get; init; }

    /// <summary>All rows were seen.</summary>
    public bool IsComplete { get; private set; }

    public long Rows { get; private set; }

    public int LongestRecord { get; private set; }

    /// <summary>The engine's strict reader would refuse the file or read it otherwise.</summary>
    public bool NeedsRewrite { get; private set; }

    /// <param name="stream">UTF-8 without a byte order mark.</param>
    /// <param name="isWhole">False for the head of a longer file.</param>
    /// <exception cref="GnomonError">A quote is never closed, or too many rows have too many cells.</exception>
    public static CsvSurvey Of(string file, Stream stream, bool isWhole, CsvLayout layout, SourceOptions options, CancellationToken cancellation)
    {
        var survey = new CsvSurvey
        {
            File = file,
            Columns = [.. Enumerable.Range(0, layout.Width).Select(_ => new ColumnEvidence())],
            IsComplete = isWhole,
        };
        using var reader = new CsvRecords(stream, layout.Format, dropsIncomplete: !isWhole);
        survey.Run(reader, layout, new CellClassifier(options.Decimal, options.NullText), cancellation);
        return survey;
    }

    public IEnumerable<ReadIssue> Issues(int width)
    {
        if (_short.Count > 0)
        {
            yield return new("ragged-row", _short.Count, $"{File}: {RowText(_short.Count)} with fewer than {width} cells, first row {_short.Row} (line {_short.Line}); the missing cells are read as no value.");
        }

        if (_long.Count > 0)
        {
            yield return new("ragged-row", _long.Count, $"{File}: {RowText(_long.Count)} with more than {width} cells set aside, first after row {_long.Row} (line {_long.Line}); their cells cannot be given to columns.");
        }

        if (_stray.Count > 0)
        {
            yield return new("stray-quote", _stray.Count, $"{File}: {RowText(_stray.Count)} with text behind a closing quote, first row {_stray.Row} (line {_stray.Line}); the text was kept.");
        }

        if (_foreign.Count > 0)
        {
            yield return new("bad-encoding", _foreign.Count, $"{File}: {RowText(_foreign.Count)} not in UTF-8, first row {_foreign.Row} (line {_foreign.Line}); those cells were read as Windows-1252.");
        }

        if (_zero.Count > 0)
        {
            yield return new("zero-byte", _zero.Count, $"{File}: {RowText(_zero.Count)} with 0x00 bytes, first row {_zero.Row} (line {_zero.Line}); the bytes were taken out.");
        }
    }

    private static string RowText(long n) => n == 1 ? "1 row" : FormattableString.Invariant($"{n} rows");

    private void Run(CsvRecords reader, CsvLayout layout, CellClassifier classifier, CancellationToken cancellation)
    {
        var cleaner = new CellCleaner();
        var skip = layout.Skip;
        var blanks = 0;
        while (reader.Read())
        {
            LongestRecord = Math.Max(LongestRecord, reader.Bytes);
            if (reader.HasOpenQuote)
            {
                throw new GnomonError("open-quote", $"{File} line {reader.Line}: a quote is opened there and never closed.", $"{File} line {reader.Line}", "Close the quote, or take it out.");
            }

            if (skip > 0)
            {
                skip -= reader.IsBlank ? 0 : 1;
                continue;
            }

            if (reader.IsBlank)
            {
                blanks++;
                continue;
            }

            blanks = Blanks(blanks, layout.Width, classifier, reader.Line);
            if ((Rows & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            Add(reader, layout.Width, classifier, cleaner);
        }

        NeedsRewrite |= blanks > 0 && layout.Width == 1;
        if (_long.Count > Math.Max(1, TooManyLongRows * Rows))
        {
            throw new GnomonError(
                "ragged-rows",
                $"{File}: {RowText(_long.Count)} have more than the {layout.Width} cells of the others, first on line {_long.Line}.",
                $"{File} line {_long.Line}",
                "Name the separator with --delimiter, or quote the cells that contain it.");
        }
    }

    /// <summary>In a file with one column an empty line between rows is a row without a value; elsewhere it is nothing.</summary>
    private int Blanks(int blanks, int width, CellClassifier classifier, long line)
    {
        if (blanks > 0 && width == 1)
        {
            NeedsRewrite = true;
            for (var i = 0; i < blanks; i++)
            {
                Columns[0].Add([], classifier, ++Rows, line - blanks + i);
            }
        }

        return 0;
    }

    private void Add(CsvRecords reader, int width, CellClassifier classifier, CellCleaner cleaner)
    {
        var count = reader.Count;
        if (count > width)
        {
            NeedsRewrite = true;
            if (!IsEmptyFrom(reader, width))
            {
                _long.Add(Rows, reader.Line);
                return;
            }

            count = width;
        }

        Rows++;
        if (count < width)
        {
            NeedsRewrite = true;
            _short.Add(Rows, reader.Line);
        }

        if (reader.HasStrayQuote)
        {
            NeedsRewrite = true;
            _stray.Add(Rows, reader.Line);
        }

        var isClean = CellCleaner.IsClean(reader.Raw);
        if (!isClean)
        {
            NeedsRewrite = true;
            CountDirt(reader, count, cleaner);
        }

        for (var i = 0; i < width; i++)
        {
            ReadOnlySpan<byte> cell = i >= count ? [] : isClean ? reader[i] : cleaner.Clean(reader[i]);
            Columns[i].Add(cell, classifier, Rows, reader.Line);
        }
    }

    private void CountDirt(CsvRecords reader, int count, CellCleaner cleaner)
    {
        var (foreign, zero) = (false, false);
        for (var i = 0; i < count; i++)
        {
            _ = cleaner.Clean(reader[i]);
            foreign |= cleaner.WasForeign;
            zero |= cleaner.HadZero;
        }

        if (foreign)
        {
            _foreign.Add(Rows, reader.Line);
        }

        if (zero)
        {
            _zero.Add(Rows, reader.Line);
        }
    }

    internal static bool IsEmptyFrom(CsvRecords reader, int index)
    {
        for (var i = index; i < reader.Count; i++)
        {
            if (!reader[i].IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Tally
    {
        public long Count { get; private set; }

        public long Row { get; private set; }

        public long Line { get; private set; }

        public void Add(long row, long line)
        {
            if (Count++ == 0)
            {
                (Row, Line) = (row, line);
            }
        }
    }
}
