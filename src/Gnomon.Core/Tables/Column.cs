namespace Gnomon.Core.Tables;

/// <summary>One immutable column in memory. Null cells hold the type's zero and are marked in <see cref="Nulls"/>.</summary>
public abstract class Column
{
    private protected Column(string name, ColumnType type, int length, bool[]? nulls)
    {
        Name = name;
        Type = type;
        Length = length;
        Nulls = nulls;
    }

    public string Name { get; }

    public ColumnType Type { get; }

    public int Length { get; }

    /// <summary>True where the cell is null; null when no cell is.</summary>
    protected IReadOnlyList<bool>? Nulls { get; }

    public bool IsNull(int row) => Nulls is not null && Nulls[row];

    public int NullCount => Nulls?.Count(n => n) ?? 0;

    /// <summary>The cell for display and tests; null when null.</summary>
    public abstract object? Cell(int row);
}

/// <summary>Booleans (0/1), integers, dates (days since 1970), times and timestamps (microseconds).</summary>
public sealed class IntegerColumn : Column
{
    private readonly long[] _values;

    public IntegerColumn(string name, ColumnType type, long[] values, bool[]? nulls = null)
        : base(name, type, values.Length, nulls) => _values = values;

    public ReadOnlySpan<long> Values => _values;

    public override object? Cell(int row) => IsNull(row) ? null : Type switch
    {
        ColumnType.Boolean => _values[row] != 0,
        ColumnType.Date => DateOnly.FromDayNumber((int)_values[row] + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber),
        ColumnType.Timestamp or ColumnType.LocalTimestamp => DateTimeOffset.UnixEpoch.AddTicks(_values[row] * TimeSpan.TicksPerMicrosecond),
        ColumnType.Time => new TimeOnly(_values[row] * TimeSpan.TicksPerMicrosecond),
        _ => _values[row],
    };
}

/// <summary>Doubles; null cells are marked, never NaN.</summary>
public sealed class DoubleColumn : Column
{
    private readonly double[] _values;

    public DoubleColumn(string name, double[] values, bool[]? nulls = null, ColumnType type = ColumnType.Double)
        : base(name, type, values.Length, nulls) => _values = values;

    public ReadOnlySpan<double> Values => _values;

    public override object? Cell(int row) => IsNull(row) ? null : _values[row];
}

/// <summary>Text as codes into a dictionary; -1 is null.</summary>
public sealed class TextColumn : Column
{
    private readonly int[] _codes;

    public TextColumn(string name, int[] codes, IReadOnlyList<string> dictionary, ColumnType type = ColumnType.Text)
        : base(name, type, codes.Length, Array.Exists(codes, c => c < 0) ? Array.ConvertAll(codes, c => c < 0) : null)
    {
        _codes = codes;
        Dictionary = dictionary;
    }

    public ReadOnlySpan<int> Codes => _codes;

    public IReadOnlyList<string> Dictionary { get; }

    public override object? Cell(int row) => _codes[row] < 0 ? null : Dictionary[_codes[row]];
}
