using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>Finds the delimiter and the escape from the head of a file.</summary>
/// <remarks>Plain loops over values: this runs before anything else, when every generic query over values would have to be compiled first.</remarks>
internal sealed class CsvSniffer(SourceOptions options, ReadOnlyMemory<byte> head, bool isWhole)
{
    private const int SampleRecords = 200;
    private const double EnoughAlike = 0.6;

    private static ReadOnlySpan<byte> Separators => ",\t;|"u8;

    private readonly CellClassifier _classifier = new(options.Decimal, options.NullText);

    /// <summary>The format under which the records look most like a table.</summary>
    public CsvFormat Format()
    {
        if (options.Delimiter is { } given)
        {
            return Given(given);
        }

        var best = new CsvFormat(CsvFormat.SingleColumn);
        var bestScore = 0.0;
        foreach (var separator in Separators)
        {
            if (head.Span.IndexOf(separator) < 0 || (options.Decimal == ',' && separator == (byte)','))
            {
                continue;
            }

            var format = WithEscape([separator]);
            var score = Score(format);
            if (score > bestScore)
            {
                (best, bestScore) = (format, score);
            }
        }

        return best;
    }

    public List<HeadRecord> Records(CsvFormat format) => HeadRecord.Read(head, isWhole, format, _classifier, SampleRecords);

    /// <summary>The width of most records; of two equally common ones the larger.</summary>
    public static int CommonWidth(List<HeadRecord> records)
    {
        var (common, most) = (0, 0);
        foreach (var candidate in records)
        {
            var count = 0;
            foreach (var record in records)
            {
                count += record.Width == candidate.Width ? 1 : 0;
            }

            if (count > most || (count == most && candidate.Width > common))
            {
                (common, most) = (candidate.Width, count);
            }
        }

        return common;
    }

    private CsvFormat Given(string delimiter)
    {
        var bytes = Encoding.UTF8.GetBytes(delimiter == "\\t" ? "\t" : delimiter);
        if (bytes.Length is 0 or > 4 || bytes[0] is CsvFormat.Quote or (byte)'\n' or (byte)'\r')
        {
            throw new GnomonError("bad-delimiter", $"The delimiter '{delimiter}' cannot separate cells.", "--delimiter", "Give one to four bytes, for example --delimiter ';'.");
        }

        return WithEscape(bytes);
    }

    /// <summary>Backslashes protect quotes only where that leaves fewer flaws than doubling does.</summary>
    private CsvFormat WithEscape(byte[] delimiter)
    {
        var doubled = new CsvFormat(delimiter);
        if (head.Span.IndexOf("\\\""u8) < 0)
        {
            return doubled;
        }

        var slashed = new CsvFormat(delimiter, (byte)'\\');
        return Flaws(slashed) < Flaws(doubled) ? slashed : doubled;
    }

    private int Flaws(CsvFormat format)
    {
        var records = Records(format);
        var width = CommonWidth(records);
        var flaws = records.Count == 0 ? SampleRecords : 0;
        foreach (var record in records)
        {
            flaws += record.HasStrayQuote || record.Width != width ? 1 : 0;
        }

        return flaws;
    }

    /// <summary>Records alike in width, the first among them, and cells that read as numbers or dates speak for a delimiter.</summary>
    private double Score(CsvFormat format)
    {
        var records = Records(format);
        var width = CommonWidth(records);
        if (width < 2)
        {
            return 0;
        }

        var (alike, typed) = (0, 0);
        var isFirst = true;
        foreach (var record in records)
        {
            if (record.Width != width)
            {
                continue;
            }

            alike++;
            if (isFirst && records.Count > 1)
            {
                // Probably names.
                isFirst = false;
                continue;
            }

            foreach (var kind in record.Kinds)
            {
                typed += kind != CellKind.Text ? 1 : 0;
            }
        }

        var share = (double)alike / records.Count;
        var cells = Math.Max(1, (alike - (records.Count > 1 ? 1 : 0)) * width);
        return share < EnoughAlike ? 0 : (2 * share) + (records[0].Width == width ? 1 : 0) + ((double)typed / cells);
    }
}
