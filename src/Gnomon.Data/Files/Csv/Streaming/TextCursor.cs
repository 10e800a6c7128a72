using System.Runtime.CompilerServices;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Hands the rows of one block after another to the engine, a chunk at a time.</summary>
/// <param name="block">Reused for every block.</param>
/// <param name="laneOf">The lane of each column of the chunk; -1 for a column that is not filled.</param>
/// <param name="next">Reads the next block; false behind the last.</param>
internal sealed class TextCursor(ParsedBlock block, IReadOnlyList<int> laneOf, Func<ParsedBlock, bool> next) : IRowCursor
{
    private bool _isStarted;
    private bool _isOver;
    private int _at;

    public int Fill(FeedChunk chunk)
    {
        while (!_isOver && (!_isStarted || _at == block.Rows))
        {
            (_isStarted, _at) = (true, 0);
            _isOver = !next(block);
        }

        if (_isOver)
        {
            return 0;
        }

        var rows = Math.Min(FeedChunk.Capacity, block.Rows - _at);
        for (var column = 0; column < laneOf.Count; column++)
        {
            if (laneOf[column] >= 0)
            {
                Write(chunk, column, block.Lanes[laneOf[column]], rows);
            }
        }

        _at += rows;
        return rows;
    }

    private void Write(FeedChunk chunk, int column, Lane lane, int rows)
    {
        switch (lane.Plan.As)
        {
            case ReadAs.Text:
                WriteTexts(chunk, column, block.Cells(lane.Plan.Column), rows);
                return;
            case ReadAs.Double:
                lane.Real.AsSpan(_at, rows).CopyTo(chunk.Cells<double>(column, rows));
                break;
            case ReadAs.Boolean:
                Narrow(lane.Whole.AsSpan(_at, rows), chunk.Cells<byte>(column, rows));
                break;
            case ReadAs.Date:
                Narrow(lane.Whole.AsSpan(_at, rows), chunk.Cells<int>(column, rows));
                break;
            default:
                lane.Whole.AsSpan(_at, rows).CopyTo(chunk.Cells<long>(column, rows));
                break;
        }

        if (lane.Validity.Nulls > 0)
        {
            var words = chunk.Validity(column, rows);
            for (var i = 0; i < words.Length; i++)
            {
                words[i] = lane.Validity.Word(_at + (i << 6));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteTexts(FeedChunk chunk, int column, ColumnCells cells, int rows)
    {
        var texts = chunk.Texts(column);
        Span<ulong> validity = [];
        for (var row = 0; row < rows; row++)
        {
            var (start, end) = (cells.Start(_at + row), cells.End(_at + row));
            if (start == end)
            {
                if (validity.IsEmpty)
                {
                    validity = chunk.Validity(column, rows);
                }

                validity[row >> 6] &= ~(1UL << (row & 63));
            }
            else
            {
                texts.Set(row, ref Unsafe.Add(ref cells.Text, start), end - start);
            }
        }
    }

    private static void Narrow<T>(ReadOnlySpan<long> source, Span<T> target)
        where T : unmanaged
    {
        for (var i = 0; i < source.Length; i++)
        {
            var value = source[i];
            target[i] = Unsafe.As<long, T>(ref value);
        }
    }
}
