namespace Gnomon.Studies.Profile.Scan;

/// <summary>Every k-th row, kept in memory; k doubles whenever the sample is full, so that its size needs no row count beforehand.</summary>
internal sealed class RowSample
{
    private const int MostCells = 16_000_000;
    private readonly IReadOnlyList<ColumnPlan> _plans;
    private readonly double[]?[] _numbers;
    private readonly int[]?[] _codes;
    private readonly int _capacity;
    private int[] _rows = [];

    /// <param name="plans">The columns.</param>
    /// <param name="size">Most rows kept; fewer for very wide tables.</param>
    public RowSample(IReadOnlyList<ColumnPlan> plans, int size)
    {
        _plans = plans;
        _numbers = new double[]?[plans.Count];
        _codes = new int[]?[plans.Count];

        // The sample is full at twice the size wanted and then halves.
        _capacity = 2 * Math.Max(256, Math.Min(size, MostCells / Math.Max(1, plans.Count)));
    }

    /// <summary>Distance between kept rows; 1 when all are kept.</summary>
    public long Step { get; private set; } = 1;

    public int Count { get; private set; }

    /// <summary>Numbers of a column, NaN where null.</summary>
    public ReadOnlySpan<double> Numbers(int column) => _numbers[column].AsSpan(0, Count);

    /// <summary>Text codes of a column, -1 where null; hashed text has code 0.</summary>
    public ReadOnlySpan<int> Codes(int column) => _codes[column].AsSpan(0, Count);

    public bool IsMissing(int column, int row) => _plans[column].IsText ? _codes[column]![row] < 0 : double.IsNaN(_numbers[column]![row]);

    public void Add(Block block)
    {
        var at = 0;
        while (at < block.Rows)
        {
            at += Take(block, at);
            if (Count == _capacity)
            {
                Halve();
            }
        }
    }

    // Takes rows from one position on until the block ends or the sample is full; returns how many rows were passed.
    private int Take(Block block, int from)
    {
        var first = (Step - ((block.FirstRow + from) % Step)) % Step;
        if (from + first >= block.Rows)
        {
            return block.Rows - from;
        }

        var n = (int)Math.Min(_capacity - Count, ((block.Rows - from - first - 1) / Step) + 1);
        if (_rows.Length < n)
        {
            _rows = new int[n];
        }

        for (var i = 0; i < n; i++)
        {
            _rows[i] = (int)(from + first + (i * Step));
        }

        for (var c = 0; c < _plans.Count; c++)
        {
            Copy(block[c], c, _rows.AsSpan(0, n));
        }

        Count += n;
        return Count == _capacity ? _rows[n - 1] + 1 - from : block.Rows - from;
    }

    private void Copy(Lane lane, int column, ReadOnlySpan<int> rows)
    {
        if (_plans[column].IsText)
        {
            var into = Room(ref _codes[column], rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                into[i] = _plans[column].Reading == Reading.Text ? lane.Codes[rows[i]] : lane.IsNull(rows[i]) ? -1 : 0;
            }

            return;
        }

        var numbers = Room(ref _numbers[column], rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            numbers[i] = lane.IsNull(rows[i]) ? double.NaN : _plans[column].Reading == Reading.Whole ? lane.Whole[rows[i]] : lane.Numbers[rows[i]];
        }
    }

    private Span<T> Room<T>(ref T[]? column, int more)
    {
        var needed = Count + more;
        if (column is null || column.Length < needed)
        {
            Array.Resize(ref column, Math.Min(_capacity, Math.Max(needed, 2 * (column?.Length ?? 128))));
        }

        return column.AsSpan(Count, more);
    }

    private void Halve()
    {
        Step *= 2;
        Count = (Count + 1) / 2;
        for (var i = 0; i < Count; i++)
        {
            for (var c = 0; c < _plans.Count; c++)
            {
                if (_codes[c] is { } codes)
                {
                    codes[i] = codes[2 * i];
                }
                else if (_numbers[c] is { } numbers)
                {
                    numbers[i] = numbers[2 * i];
                }
            }
        }
    }
}
