using Microsoft.Win32.SafeHandles;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>What came of asking for the next block.</summary>
internal enum BlockOutcome
{
    Block,

    /// <summary>The file is read to its end.</summary>
    End,

    /// <summary>A row is longer than a block may be, or the file became shorter.</summary>
    Surprise,
}

/// <summary>Cuts a file into blocks that end where a row ends. Several threads may ask; blocks are numbered in file order.</summary>
internal sealed class BlockSource : IDisposable
{
    /// <summary>Half of the second-level cache of common processors: a block is still there when its cells are read.</summary>
    public const int UsualBytes = 1 << 20;

    private const int LongestRow = 1 << 20;

    private readonly Lock _gate = new();
    private readonly StreamShape _shape;
    private readonly int _blockBytes;
    private readonly SafeFileHandle _file;
    private long _at;

    public BlockSource(StreamShape shape, int blockBytes = UsualBytes)
    {
        (_shape, _blockBytes, _at) = (shape, blockBytes, shape.Start);
        _file = File.OpenHandle(shape.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
    }

    /// <summary>Blocks handed out so far.</summary>
    public long Count { get; private set; }

    public BlockOutcome Next(RawBlock block)
    {
        lock (_gate)
        {
            if (_at >= _shape.Length)
            {
                return BlockOutcome.End;
            }

            block.Index = Count++;
            var size = _blockBytes;
            while (!TryRead(block, size, out var isShort))
            {
                if (isShort || size >= LongestRow)
                {
                    _at = _shape.Length;
                    return BlockOutcome.Surprise;
                }

                size *= 2;
            }

            _at += block.Length;
            block.Share = (double)_at / _shape.Length;
            EndLastRow(block);
            return BlockOutcome.Block;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>False when no row ends within so many bytes.</summary>
    private bool TryRead(RawBlock block, int size, out bool isShort)
    {
        var length = (int)Math.Min(size, _shape.Length - _at);
        var text = block.Prepare(length);
        isShort = !TryFill(text);
        if (isShort)
        {
            return false;
        }

        if (_at + length < _shape.Length)
        {
            block.Length = RowEnd(text);
        }

        return block.Length > 0;
    }

    private bool TryFill(Span<byte> text)
    {
        var filled = 0;
        while (filled < text.Length)
        {
            var read = RandomAccess.Read(_file, text[filled..], _at + filled);
            if (read == 0)
            {
                return false;
            }

            filled += read;
        }

        return true;
    }

    /// <summary>Behind the last line feed that stands outside quotes: an even number of quotes precedes it.</summary>
    private static int RowEnd(ReadOnlySpan<byte> text)
    {
        var end = text.LastIndexOf((byte)'\n');
        var quotes = end < 0 ? 0 : text[..end].Count(CsvFormat.Quote);
        while (end >= 0 && (quotes & 1) != 0)
        {
            var before = text[..end].LastIndexOf((byte)'\n');
            quotes -= before < 0 ? quotes : text[before..end].Count(CsvFormat.Quote);
            end = before;
        }

        return end + 1;
    }

    /// <summary>The last row of a file may lack its line end.</summary>
    private void EndLastRow(RawBlock block)
    {
        if (_at < _shape.Length || block.Text[^1] == (byte)'\n')
        {
            return;
        }

        ReadOnlySpan<byte> lineEnd = _shape.EndsInCrLf ? "\r\n"u8 : "\n"u8;
        var length = block.Length;
        block.Length = length + lineEnd.Length;
        lineEnd.CopyTo(block.Text[length..]);
    }
}
