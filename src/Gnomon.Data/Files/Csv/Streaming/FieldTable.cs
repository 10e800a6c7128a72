using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Where the cells of a block lie. Ends are kept; a cell begins behind the end of the one before it unless quotes were taken off.</summary>
internal sealed class FieldTable
{
    // The entry before the first cell's end is -1, the "end" before the first cell.
    private int[] _ends = [-1, 0];
    private int[] _starts = [];
    private int _width;
    private bool _isUnquoted;
    private bool _endsInCrLf;

    public int Rows { get; private set; }

    /// <summary>Room for more ends; grown by the one who fills it.</summary>
    public int[] Ends => _ends;

    public int[] Grow() => _ends = Resized(_ends);

    /// <summary>Takes the ends that were filled in; false unless each row has the same number of cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TrySettle(RawBlock block, int cells, int lines, int quotes, StreamShape shape)
    {
        _width = shape.Width;
        _endsInCrLf = shape.EndsInCrLf;
        _isUnquoted = quotes > 0;
        Rows = cells / _width;
        if (cells != Rows * _width || lines != Rows)
        {
            return false;
        }

        var text = block.Text;
        for (var row = 1; row <= Rows; row++)
        {
            if (text[_ends[row * _width]] != (byte)'\n')
            {
                return false;
            }
        }

        return quotes == 0 || TryUnquote(text, cells, quotes);
    }

    public ColumnCells Column(RawBlock block, int column)
    {
        var isLast = column == _width - 1;
        return _isUnquoted
            ? new ColumnCells(ref block.First, ref _starts[column], ref _ends[column + 1], _width, 0, 0, Rows)
            : new ColumnCells(ref block.First, ref _ends[column], ref _ends[column + 1], _width, 1, isLast && _endsInCrLf ? 1 : 0, Rows);
    }

    /// <summary>Takes quotes off in place; false when a quote stands where the rules of RFC 4180 have none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryUnquote(Span<byte> text, int cells, int quotes)
    {
        if (_starts.Length < cells)
        {
            _starts = new int[_ends.Length];
        }

        var seen = 0;
        var previous = -1;
        for (var f = 0; f < cells; f++)
        {
            var start = previous + 1;
            var end = previous = _ends[f + 1];
            if (_endsInCrLf && (f + 1) % _width == 0)
            {
                end--;
            }

            if (start < end && text[start] == CsvFormat.Quote)
            {
                start++;
                if (--end < start || text[end] != CsvFormat.Quote || !TryUndouble(text[start..end], out var length, out var inner))
                {
                    return false;
                }

                seen += inner + 2;
                end = start + length;
            }

            (_starts[f], _ends[f + 1]) = (start, end);
        }

        return seen == quotes;
    }

    private static bool TryUndouble(Span<byte> cell, out int length, out int quotes)
    {
        quotes = 0;
        length = cell.IndexOf(CsvFormat.Quote);
        if (length < 0)
        {
            length = cell.Length;
            return true;
        }

        for (var i = length; i < cell.Length; i++)
        {
            if (cell[i] == CsvFormat.Quote)
            {
                if (++i >= cell.Length || cell[i] != CsvFormat.Quote)
                {
                    return false;
                }

                quotes += 2;
            }

            cell[length++] = cell[i];
        }

        return true;
    }

    private static int[] Resized(int[] old)
    {
        var larger = new int[Math.Max(1 << 14, old.Length * 2)];
        old.CopyTo(larger, 0);
        return larger;
    }
}

/// <summary>The cells of one column of a block, read by a running index.</summary>
internal readonly ref struct ColumnCells
{
    private readonly ref byte _text;
    private readonly ref int _starts;
    private readonly ref int _ends;
    private readonly int _stride;
    private readonly int _bias;
    private readonly int _trim;

    public ColumnCells(ref byte text, ref int starts, ref int ends, int stride, int bias, int trim, int rows)
    {
        _text = ref text;
        _starts = ref starts;
        _ends = ref ends;
        (_stride, _bias, _trim, Rows) = (stride, bias, trim, rows);
    }

    public int Rows { get; }

    /// <summary>The first byte of the block.</summary>
    public ref byte Text => ref _text;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Start(int row) => Unsafe.Add(ref _starts, (nint)row * _stride) + _bias;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int End(int row) => Unsafe.Add(ref _ends, (nint)row * _stride) - _trim;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Cell(int start, int end) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _text, start), end - start);
}
