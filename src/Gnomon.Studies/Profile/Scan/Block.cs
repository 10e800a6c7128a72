using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>A copy of one chunk, so that it can be tallied while the engine prepares the next.</summary>
internal sealed class Block
{
    private readonly Lane[] _lanes;

    public Block(int columns)
    {
        _lanes = new Lane[columns];
        for (var i = 0; i < columns; i++)
        {
            _lanes[i] = new Lane();
        }
    }

    public int Rows { get; private set; }

    /// <summary>Position of the first row in the data, from 0.</summary>
    public long FirstRow { get; private set; }

    public Lane this[int column] => _lanes[column];

    public void Fill(Chunk chunk, long firstRow, IReadOnlyList<ColumnPlan> plans)
    {
        Rows = chunk.Rows;
        FirstRow = firstRow;
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i].Fill(chunk, plans[i]);
        }
    }
}

/// <summary>The cells of one column in a block. Only what the column's reading needs is filled.</summary>
internal sealed class Lane
{
    private long[] _whole = [];
    private double[] _numbers = [];
    private int[] _codes = [];
    private ulong[] _hashes = [];
    private ulong[] _validity = [];
    private int _rows;
    private int _words;

    public ReadOnlySpan<long> Whole => _whole.AsSpan(0, _rows);

    public ReadOnlySpan<double> Numbers => _numbers.AsSpan(0, _rows);

    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, _rows);

    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, _rows);

    /// <summary>One bit per row; empty when no cell is null.</summary>
    public ReadOnlySpan<ulong> Validity => _validity.AsSpan(0, _words);

    public bool IsNull(int row) => _words > 0 && (_validity[row >> 6] & (1UL << (row & 63))) == 0;

    public void Fill(Chunk chunk, ColumnPlan plan)
    {
        _rows = chunk.Rows;
        var validity = ReadOnlySpan<ulong>.Empty;
        switch (plan.Reading)
        {
            case Reading.Whole:
                Copy(chunk.Integers(plan.Slot), ref _whole);
                validity = chunk.Validity(plan.Slot);
                break;
            case Reading.Number:
                Copy(chunk.Doubles(plan.Slot), ref _numbers);
                validity = chunk.Validity(plan.Slot);
                break;
            case Reading.WideNumber:
                Copy(chunk.Doubles(plan.Slot), ref _numbers);
                Copy(chunk.Hashes(plan.Slot + 1), ref _hashes);
                validity = chunk.Validity(plan.Slot);
                break;
            case Reading.HashedText:
                Copy(chunk.Hashes(plan.Slot), ref _hashes);
                Copy(chunk.Integers(plan.Slot + 1), ref _whole);
                validity = chunk.Validity(plan.Slot + 1);
                break;
            default:
                Copy(chunk.Codes(plan.Slot), ref _codes);
                break;
        }

        _words = validity.Length;
        Copy(validity, ref _validity);
    }

    private static void Copy<T>(ReadOnlySpan<T> from, ref T[] into)
    {
        if (into.Length < from.Length)
        {
            into = new T[from.Length];
        }

        from.CopyTo(into);
    }
}
