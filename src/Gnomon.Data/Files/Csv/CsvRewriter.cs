using System.Buffers;
using Gnomon.Data.Files.Conversion;

namespace Gnomon.Data.Files.Csv;

/// <summary>Writes a file's rows again, plainly: UTF-8, commas, line feeds, one width, no header. The engine reads that without a second thought.</summary>
internal static class CsvRewriter
{
    private static readonly SearchValues<byte> NeedQuotes = SearchValues.Create([(byte)',', (byte)'"', (byte)'\n', (byte)'\r']);

    public static readonly CsvFormat Plain = new([(byte)',']);

    public static void Rewrite(Stream source, CsvLayout layout, string target, CancellationToken cancellation, string file = "", RejectFile? rejects = null)
    {
        using var reader = new CsvRecords(source, layout.Format);
        using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 18);
        var cleaner = new CellCleaner();
        var skip = layout.Skip;
        var blanks = 0;
        var rows = 0L;
        var records = 0L;
        while (reader.Read())
        {
            if (skip > 0)
            {
                skip -= reader.IsBlank ? 0 : 1;
                continue;
            }

            if (reader.IsBlank)
            {
                blanks += layout.Width == 1 ? 1 : 0;
                continue;
            }

            records++;
            if (reader.Count > layout.Width && !CsvSurvey.IsEmptyFrom(reader, layout.Width))
            {
                rejects?.Add(file, records, reader.Line, "too many cells", reader.Raw, isKept: false);
                continue;
            }

            if ((++rows & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (reader.Count < layout.Width)
            {
                rejects?.Add(file, records, reader.Line, "too few cells", reader.Raw, isKept: true);
            }

            for (; blanks > 0; blanks--)
            {
                output.Write("\"\"\n"u8);
            }

            Write(reader, layout.Width, cleaner, output);
        }
    }

    private static void Write(CsvRecords reader, int width, CellCleaner cleaner, FileStream output)
    {
        var isClean = CellCleaner.IsClean(reader.Raw);
        for (var i = 0; i < width; i++)
        {
            if (i > 0)
            {
                output.WriteByte((byte)',');
            }

            if (i < reader.Count)
            {
                WriteCell(isClean ? reader[i] : cleaner.Clean(reader[i]), width, output);
            }
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteCell(ReadOnlySpan<byte> cell, int width, FileStream output)
    {
        var isPlain = cell.IsEmpty ? width > 1 : cell[0] != (byte)' ' && !cell.ContainsAny(NeedQuotes);
        if (isPlain)
        {
            output.Write(cell);
            return;
        }

        output.WriteByte((byte)'"');
        while (cell.IndexOf((byte)'"') is var quote and >= 0)
        {
            output.Write(cell[..(quote + 1)]);
            output.WriteByte((byte)'"');
            cell = cell[(quote + 1)..];
        }

        output.Write(cell);
        output.WriteByte((byte)'"');
    }
}
