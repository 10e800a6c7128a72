using System.Runtime.CompilerServices;
using System.Text;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>One output column of one block: its cells, read.</summary>
internal sealed class Lane(LanePlan plan)
{
    private int[] _remap = [];
    private BlockTexts? _texts;

    public LanePlan Plan => plan;

    public ValidityBits Validity { get; } = new();

    public long[] Whole { get; private set; } = [];

    public double[] Real { get; private set; } = [];

    /// <summary>Codes into <see cref="Texts"/>; only where text is asked for.</summary>
    public int[] Codes { get; private set; } = [];

    public ulong[] Hashes { get; private set; } = [];

    public BlockTexts Texts => _texts ??= new();

    /// <summary>From this block's codes to the scan's; -1 where the text has not been met by the reader of the scan.</summary>
    public int[] Remap => _remap;

    /// <returns>False when a cell is not of the column's type.</returns>
    public bool TryRead(ColumnCells cells)
    {
        Validity.Reset(cells.Rows);
        return plan.Kind switch
        {
            LaneKind.Real => TryReal(cells),
            LaneKind.Text => TryText(cells),
            LaneKind.Hash => TryHash(cells),
            LaneKind.IsNull => IsNull(cells),
            LaneKind.IsText => TryIsText(cells),
            LaneKind.Length => TryLength(cells),
            LaneKind.Raw => true,
            _ => TryWhole(cells) && Convert(cells.Rows),
        };
    }

    private bool TryWhole(ColumnCells cells) => plan.As switch
    {
        ReadAs.Integer => TryIntegers(cells),
        ReadAs.Date => TryDays(cells),
        ReadAs.LocalTimestamp => TryMoments(cells),
        _ => TryBooleans(cells),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryIntegers(ColumnCells cells)
    {
        var target = Whole = Grown(Whole, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            var (start, end) = (cells.Start(row), cells.End(row));
            if (start == end)
            {
                target[row] = 0;
                Validity.Clear(row);
            }
            else if (!WholeNumbers.TryParse(ref cells.Text, start, end, out target[row]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryDays(ColumnCells cells)
    {
        var target = Whole = Grown(Whole, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            var (start, end) = (cells.Start(row), cells.End(row));
            if (start == end)
            {
                target[row] = 0;
                Validity.Clear(row);
            }
            else if (!Moments.TryDay(ref cells.Text, start, end, out target[row]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryMoments(ColumnCells cells)
    {
        var target = Whole = Grown(Whole, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            var (start, end) = (cells.Start(row), cells.End(row));
            if (start == end)
            {
                target[row] = 0;
                Validity.Clear(row);
            }
            else if (!Moments.TryMicroseconds(ref cells.Text, start, end, out target[row]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryBooleans(ColumnCells cells)
    {
        var target = Whole = Grown(Whole, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            var cell = cells.Cell(cells.Start(row), cells.End(row));
            target[row] = cell.Length == 4 ? 1 : 0;
            if (cell.IsEmpty)
            {
                Validity.Clear(row);
            }
            else if (!CellClassifier.IsBoolean(cell))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReal(ColumnCells cells)
    {
        var target = Real = Grown(Real, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            var (start, end) = (cells.Start(row), cells.End(row));
            if (start == end)
            {
                target[row] = 0;
                Validity.Clear(row);
            }
            else if (!RealNumbers.TryParse(ref cells.Text, start, end, out target[row]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryText(ColumnCells cells)
    {
        var target = Codes = Grown(Codes, cells.Rows);
        var texts = Texts;
        texts.Clear();
        WriteBooleans(cells);
        for (var row = 0; row < cells.Rows; row++)
        {
            var (start, end) = (cells.Start(row), cells.End(row));
            if (start == end)
            {
                target[row] = -1;
                Validity.Clear(row);
            }
            else
            {
                target[row] = texts.CodeOf(ref cells.Text, start, end - start);
            }
        }

        _remap = Grown(_remap, Texts.Count);
        _remap.AsSpan(0, Texts.Count).Fill(-1);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryHash(ColumnCells cells)
    {
        var target = Hashes = Grown(Hashes, cells.Rows);
        var isText = plan.As == ReadAs.Text;
        for (var row = 0; row < cells.Rows; row++)
        {
            var (start, end) = (cells.Start(row), cells.End(row));
            if (start == end)
            {
                target[row] = CellHash.OfNull;
            }
            else if (isText)
            {
                target[row] = CellHash.Of(ref cells.Text, start, end - start);
            }
            else if (WholeNumbers.TryParse(ref cells.Text, start, end, out var value))
            {
                target[row] = CellHash.Of(value);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsNull(ColumnCells cells)
    {
        var target = Whole = Grown(Whole, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            target[row] = cells.Start(row) == cells.End(row) ? 1 : 0;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryIsText(ColumnCells cells)
    {
        var target = Real = Grown(Real, cells.Rows);
        WriteBooleans(cells);
        ReadOnlySpan<byte> constant = plan.Constant;
        for (var row = 0; row < cells.Rows; row++)
        {
            var cell = cells.Cell(cells.Start(row), cells.End(row));
            target[row] = cell.SequenceEqual(constant) && !cell.IsEmpty ? 1 : 0;
            if (cell.IsEmpty)
            {
                Validity.Clear(row);
            }
        }

        return true;
    }

    private bool TryLength(ColumnCells cells)
    {
        var target = Whole = Grown(Whole, cells.Rows);
        for (var row = 0; row < cells.Rows; row++)
        {
            var cell = cells.Cell(cells.Start(row), cells.End(row));
            target[row] = Ascii.IsValid(cell) ? cell.Length : Characters(cell);
            if (cell.IsEmpty)
            {
                Validity.Clear(row);
            }
        }

        return true;
    }

    /// <summary>Bytes that do not continue a character.</summary>
    private static int Characters(ReadOnlySpan<byte> cell)
    {
        var count = 0;
        foreach (var b in cell)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    /// <summary>Booleans stand in small letters before their text is compared.</summary>
    private void WriteBooleans(ColumnCells cells)
    {
        for (var row = 0; plan.As == ReadAs.Boolean && row < cells.Rows; row++)
        {
            foreach (ref var letter in cells.Cell(cells.Start(row), cells.End(row)))
            {
                letter |= 0x20;
            }
        }
    }

    private bool Convert(int rows)
    {
        var cells = Whole.AsSpan(0, rows);
        if (plan.Kind == LaneKind.DayOfMoment)
        {
            foreach (ref var cell in cells)
            {
                cell = Moments.DayOf(cell);
            }
        }
        else if (plan.Kind == LaneKind.MomentOfDay)
        {
            foreach (ref var cell in cells)
            {
                cell *= Moments.MicrosecondsPerDay;
            }
        }

        return true;
    }

    private static T[] Grown<T>(T[] buffer, int rows) => buffer.Length >= rows ? buffer : new T[Math.Max(rows, buffer.Length * 2)];
}
