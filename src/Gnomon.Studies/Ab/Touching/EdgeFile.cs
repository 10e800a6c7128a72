using System.IO.Compression;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Reads links between units: two columns of ids, separated by comma, tab, semicolon or space; a header is passed over; .gz is read too.</summary>
internal static class EdgeFile
{
    private const int BufferBytes = 1 << 20;
    private const int MostHeaderLines = 1;

    public static EdgeList Read(string path, IReadOnlyDictionary<string, int> units)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var text = new StreamReader(bytes, bufferSize: BufferBytes);
            return Read(text, path, units);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new GnomonError("edges-not-read", $"The edges could not be read from {path}: {wrong.Message}", "--edges", "Name a text file with two columns of unit ids.", wrong);
        }
    }

    private static EdgeList Read(StreamReader text, string path, IReadOnlyDictionary<string, int> units)
    {
        var lookup = ((Dictionary<string, int>)units).GetAlternateLookup<ReadOnlySpan<char>>();
        var (from, to) = (new List<int>(), new List<int>());
        long lines = 0, strangers = 0;
        while (text.ReadLine() is { } line)
        {
            lines++;
            var rest = line.AsSpan().Trim();
            if (rest.IsEmpty || rest[0] == '#')
            {
                continue;
            }

            var cut = rest.IndexOfAny(",;\t ");
            if (cut <= 0)
            {
                throw new GnomonError("bad-edge", $"{path} line {Figures.Count(lines)}: '{line}' does not hold two ids.", "--edges", "Write one link per line: id,id.");
            }

            var first = Bare(rest[..cut]);
            var second = rest[(cut + 1)..].TrimStart(",;\t ");
            var end = second.IndexOfAny(",;\t ");
            second = Bare(end < 0 ? second : second[..end]);
            if (lookup.TryGetValue(first, out var a) && lookup.TryGetValue(second, out var b))
            {
                // A unit linked to itself has no neighbour by it.
                if (a != b)
                {
                    from.Add(a);
                    to.Add(b);
                }
            }
            else if (lines > MostHeaderLines)
            {
                strangers++;
            }
        }

        return from.Count > 0
            ? new EdgeList([.. from], [.. to], strangers)
            : throw new GnomonError("edges-not-linked", $"{path}: none of its {Figures.Count(lines, "line")} links two different units of the data.", "--edges", "Its two columns must hold ids of the --unit column.");
    }

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> id) => id.Trim().Trim('"');
}

/// <summary>Links between units, by their number.</summary>
/// <param name="From">One end.</param>
/// <param name="To">The other end.</param>
/// <param name="Strangers">Lines with an id that the data do not have.</param>
internal sealed record EdgeList(int[] From, int[] To, long Strangers);
