using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>Finds delimiter, header and column names from the head of a file.</summary>
internal sealed class CsvSniffer(string file, SourceOptions options, ReadOnlyMemory<byte> head, bool isWhole)
{
    private const int SampleRecords = 200;
    private const double EnoughAlike = 0.6;

    private readonly CellClassifier _classifier = new(options.Decimal, options.NullText);

    private static readonly byte[] Separators = [(byte)',', (byte)'\t', (byte)';', (byte)'|'];

    /// <exception cref="GnomonError">The file holds no record at all.</exception>
    public CsvLayout Sniff()
    {
        var format = options.Delimiter is { } given ? Given(given) : Best();
        var records = Records(format, SampleRecords);
        if (records.Count == 0)
        {
            throw new GnomonError("empty-file", $"{file} is empty.", file, "Give a file with a header line and rows.");
        }

        var width = CommonWidth(records);
        var preamble = records.Take(HeadRecord.WithText - 1).TakeWhile(r => r.Width != width).Count();

        // R writes row names without a name for their column.
        if (preamble == 1 && records[0].Width == width - 1 && LooksLikeNames(records[0]))
        {
            return Layout(format, width, 0, hasHeader: true, records, [.. new[] { "" }.Concat(records[0].Cells)]);
        }

        preamble = preamble == records.Count || preamble == HeadRecord.WithText - 1 ? 0 : preamble;
        var hasHeader = IsHeader(records, preamble, width);
        return Layout(format, width, preamble, hasHeader, records, hasHeader ? records[preamble].Cells : []);
    }

    private CsvLayout Layout(CsvFormat format, int width, int preamble, bool hasHeader, List<HeadRecord> records, IReadOnlyList<string> raw)
    {
        var issues = new List<ReadIssue>();
        if (preamble > 0)
        {
            issues.Add(new("preamble", preamble, $"{file}: the first {Count(preamble, "line")} (line 1: '{string.Join(' ', records[0].Cells).Trim()}') did not have the {width} cells of the other rows and were set aside."));
        }

        if (!hasHeader)
        {
            issues.Add(new("no-header", 1, $"{file}: the first row looks like data, not like names; the columns are called column1 to column{width}."));
        }

        if (hasHeader && records[preamble].IsForeign)
        {
            issues.Add(new("bad-encoding", 1, $"{file}: the column names are not in UTF-8; they were read as Windows-1252."));
        }

        var names = ColumnNames.Make(file, width, raw, issues);
        var first = records.Skip(preamble + (hasHeader ? 1 : 0)).FirstOrDefault();
        var skipped = records.Take(preamble + (hasHeader ? 1 : 0)).ToList();
        var dataLine = first?.Line ?? (skipped.Count == 0 ? 1 : skipped[^1].Line + 1);
        var isOdd = skipped.Any(r => r.SpansLines) || dataLine - 1 != skipped.Count;
        return new CsvLayout(format, width, names, preamble, hasHeader, dataLine, isOdd, issues);
    }

    private static string Count(int n, string what) => n == 1 ? $"{what}" : FormattableString.Invariant($"{n} {what}s");

    private CsvFormat Given(string delimiter)
    {
        var bytes = Encoding.UTF8.GetBytes(delimiter == "\\t" ? "\t" : delimiter);
        if (bytes.Length is 0 or > 4 || bytes[0] is CsvFormat.Quote or (byte)'\n' or (byte)'\r')
        {
            throw new GnomonError("bad-delimiter", $"The delimiter '{delimiter}' cannot separate cells.", "--delimiter", "Give one to four bytes, for example --delimiter ';'.");
        }

        return WithEscape(bytes);
    }

    private CsvFormat Best()
    {
        var candidates = Separators
            .Where(s => head.Span.Contains(s) && !(options.Decimal == ',' && s == (byte)','))
            .Select(s => WithEscape([s]))
            .Select(f => (Format: f, Score: Score(f)))
            .OrderByDescending(c => c.Score)
            .ToList();
        return candidates.Count > 0 && candidates[0].Score > 0 ? candidates[0].Format : new CsvFormat(CsvFormat.SingleColumn);
    }

    /// <summary>Backslashes protect quotes only where that leaves fewer stray quotes than doubling does.</summary>
    private CsvFormat WithEscape(byte[] delimiter)
    {
        var doubled = new CsvFormat(delimiter);
        if (head.Span.IndexOf("\\\""u8) < 0)
        {
            return doubled;
        }

        var slashed = new CsvFormat(delimiter, (byte)'\\');
        return Flaws(slashed) < Flaws(doubled) ? slashed : doubled;

        int Flaws(CsvFormat format)
        {
            var records = Records(format, SampleRecords);
            var width = records.Count == 0 ? 0 : CommonWidth(records);
            return records.Count(r => r.HasStrayQuote || r.Width != width) + (records.Count == 0 ? SampleRecords : 0);
        }
    }

    /// <summary>Records alike in width, the first among them, and cells that read as numbers or dates speak for a delimiter.</summary>
    private double Score(CsvFormat format)
    {
        var records = Records(format, SampleRecords);
        var width = records.Count == 0 ? 0 : CommonWidth(records);
        if (width < 2)
        {
            return 0;
        }

        var alike = records.Where(r => r.Width == width).ToList();
        var share = (double)alike.Count / records.Count;
        if (share < EnoughAlike)
        {
            return 0;
        }

        var body = alike.Skip(alike.Count > 1 ? 1 : 0).SelectMany(r => r.Kinds).ToList();
        var typed = body.Count(k => k != CellKind.Text) / (double)body.Count;
        return (2 * share) + (records[0].Width == width ? 1 : 0) + typed;
    }

    private List<HeadRecord> Records(CsvFormat format, int limit) => HeadRecord.Read(head, isWhole, format, _classifier, limit);

    /// <summary>The width of most records; of two equally common ones the larger.</summary>
    private static int CommonWidth(List<HeadRecord> records) =>
        records.GroupBy(r => r.Width).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).First().Key;

    private static bool LooksLikeNames(HeadRecord record) => record.Kinds.All(k => k is CellKind.Text or CellKind.Boolean or CellKind.MissingWord);

    /// <summary>
    /// A first row of words over typed columns is a header; a first row that itself reads like the typed columns below is not, unless it
    /// counts up (years, weeks as column names). Words over words are taken for a header, as everywhere.
    /// </summary>
    private static bool IsHeader(List<HeadRecord> records, int at, int width)
    {
        var first = records[at];
        var typedInFirst = Enumerable.Range(0, width).Count(i => IsTyped(first.Kinds[i]));
        if (typedInFirst == 0)
        {
            return true;
        }

        if (CountsUp(first) && first.Kinds.Any(k => k == CellKind.Text))
        {
            return true;
        }

        var body = records.Skip(at + 1).Where(r => r.Width == width).ToList();
        var against = Enumerable.Range(0, width).Count(i => IsTyped(first.Kinds[i]));
        var speaksFor = Enumerable.Range(0, width).Count(i => first.Kinds[i] == CellKind.Text && body.Count > 0 && body.All(r => IsTyped(r.Kinds[i]) || r.Kinds[i] == CellKind.Empty));
        return speaksFor > against;
    }

    private static bool CountsUp(HeadRecord record)
    {
        var numbers = record.Cells.Zip(record.Kinds).Where(c => c.Second == CellKind.Integer && c.First.Trim().Length < 10).Select(c => int.Parse(c.First.Trim())).ToList();
        return numbers.Count >= 2
            && record.Kinds.Count(IsTyped) == numbers.Count
            && numbers.Zip(numbers.Skip(1)).All(p => p.Second == p.First + 1);
    }

    private static bool IsTyped(CellKind kind) => kind is not (CellKind.Text or CellKind.Empty or CellKind.MissingWord);
}
