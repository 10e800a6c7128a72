using System.Text;
using System.Text.Json;

namespace Gnomon.Data.Files.Conversion;

/// <summary>Parts the lines of a file of JSON objects into those that are objects and those that are not.</summary>
internal static class JsonSieve
{
    private const int MostDepth = 512;

    /// <summary>Writes the good lines to <paramref name="target"/>, the others to <paramref name="rejects"/>; blank lines are nothing.</summary>
    public static void Sift(SourceFile file, string target, RejectFile rejects, CancellationToken cancellation)
    {
        using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 18);
        using var lines = new Utf8Lines(File.OpenRead(file.Path));
        var row = 0L;
        while (lines.Read())
        {
            if ((lines.Number & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var line = lines.Current;
            if (line.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            row++;
            if (Fault(line) is { } reason)
            {
                rejects.Add(file.Shown, row, lines.Number, reason, line, isKept: false);
                continue;
            }

            output.Write(line);
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>What keeps a line from being one object; null when nothing does.</summary>
    public static string? Fault(ReadOnlySpan<byte> line)
    {
        if (!System.Text.Unicode.Utf8.IsValid(line))
        {
            return "not UTF-8";
        }

        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MostDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return "not an object";
            }

            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"broken at byte {(e.BytePositionInLine ?? 0) + 1}";
        }
    }
}

/// <summary>Lines of a file as bytes, without their line feeds.</summary>
internal sealed class Utf8Lines(Stream stream) : IDisposable
{
    private byte[] _buffer = new byte[1 << 18];
    private int _next;
    private int _end;
    private int _start;
    private int _length;
    private bool _isEof;

    /// <summary>The number of the current line, from 1.</summary>
    public long Number { get; private set; }

    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_start, _length);

    public bool Read()
    {
        while (true)
        {
            var feed = _buffer.AsSpan(_next, _end - _next).IndexOf((byte)'\n');
            if (feed >= 0 || (_isEof && _next < _end))
            {
                (_start, _length) = (_next, feed >= 0 ? feed : _end - _next);
                _next = Math.Min(_end, _next + _length + 1);
                if (Number++ == 0 && Current.StartsWith(Encoding.UTF8.Preamble))
                {
                    (_start, _length) = (_start + 3, _length - 3);
                }

                return true;
            }

            if (_isEof)
            {
                return false;
            }

            Refill();
        }
    }

    public void Dispose() => stream.Dispose();

    private void Refill()
    {
        var kept = _end - _next;
        if (kept == _buffer.Length)
        {
            Array.Resize(ref _buffer, kept * 2);
        }
        else
        {
            _buffer.AsSpan(_next, kept).CopyTo(_buffer);
        }

        (_next, _end) = (0, kept);
        var read = stream.Read(_buffer.AsSpan(kept));
        _isEof = read == 0;
        _end += read;
    }
}
