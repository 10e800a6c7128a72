namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Places where a file can be cut in about equal parts of whole rows.</summary>
internal static class FileCuts
{
    private const int BufferBytes = 1 << 20;

    /// <returns>The beginning of each part and the end of the last, in order; fewer parts where rows are too long for so many.</returns>
    public static IReadOnlyList<long> Of(StreamShape shape, int parts)
    {
        using var file = File.OpenHandle(shape.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var cuts = new List<long> { shape.Start };
        var buffer = new byte[BufferBytes];
        for (var k = 1; k < parts; k++)
        {
            var near = shape.Start + ((shape.Length - shape.Start) / parts * k);
            if (near > cuts[^1] && RowBehind(cuts[^1], near) is var cut && cut < shape.Length)
            {
                cuts.Add(cut);
            }
        }

        return [.. cuts, shape.Length];

        // A row begins behind a line feed that an even number of quotes precedes.
        long RowBehind(long from, long near)
        {
            var quotes = 0;
            for (var at = from; at < shape.Length;)
            {
                var wanted = at < near ? Math.Min(near - at, buffer.Length) : Math.Min(shape.Length - at, buffer.Length);
                var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)wanted), at);
                if (read == 0)
                {
                    break;
                }

                if (at < near)
                {
                    quotes += buffer.AsSpan(0, read).Count(CsvFormat.Quote);
                }
                else if (RowEnd(buffer.AsSpan(0, read), ref quotes) is var end && end >= 0)
                {
                    return at + end + 1;
                }

                at += read;
            }

            return shape.Length;
        }
    }

    private static int RowEnd(ReadOnlySpan<byte> text, ref int quotes)
    {
        for (var i = 0; i < text.Length; i++)
        {
            quotes += text[i] == CsvFormat.Quote ? 1 : 0;
            if (text[i] == (byte)'\n' && (quotes & 1) == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
