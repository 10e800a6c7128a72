using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.DuckDb;

/// <summary>Collects chunks into an immutable table.</summary>
internal sealed class TableBuilder
{
    private readonly ColumnCollector[] _columns;

    public TableBuilder(IReadOnlyList<ColumnLayout> layouts) => _columns = [.. layouts.Select(ColumnCollector.For)];

    public void Add(VectorChunk chunk)
    {
        for (var c = 0; c < _columns.Length; c++)
        {
            _columns[c].Add(chunk, c);
        }
    }

    public Table Build() => new([.. _columns.Select(c => c.Build())]);
}

/// <summary>Collects one column.</summary>
internal abstract class ColumnCollector(ColumnLayout layout)
{
    private readonly List<bool> _nulls = [];
    private bool _hasNulls;

    protected ColumnLayout Layout => layout;

    protected bool[]? Nulls => _hasNulls ? [.. _nulls] : null;

    public static ColumnCollector For(ColumnLayout layout) => layout.Id switch
    {
        TypeId.HugeInt or TypeId.UHugeInt or TypeId.UBigInt => new WholeNumberCollector(layout),
        _ => layout.Type switch
        {
            ColumnType.Double or ColumnType.Decimal => new DoubleCollector(layout),
            ColumnType.Text or ColumnType.Category or ColumnType.Nested => new TextCollector(layout),
            _ => new IntegerCollector(layout),
        },
    };

    public abstract void Add(VectorChunk chunk, int column);

    public abstract Column Build();

    protected void AddNulls(VectorChunk chunk, int column)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            var isNull = chunk.IsNull(column, row);
            _hasNulls |= isNull;
            _nulls.Add(isNull);
        }
    }
}

internal sealed class IntegerCollector(ColumnLayout layout) : ColumnCollector(layout)
{
    private readonly List<long> _values = [];

    public override void Add(VectorChunk chunk, int column)
    {
        _values.AddRange(chunk.Integers(column));
        AddNulls(chunk, column);
    }

    public override Column Build() => new IntegerColumn(Layout.Name, Layout.Type, [.. _values], Nulls);
}

internal sealed class DoubleCollector(ColumnLayout layout) : ColumnCollector(layout)
{
    private readonly List<double> _values = [];

    public override void Add(VectorChunk chunk, int column)
    {
        _values.AddRange(chunk.Doubles(column));
        AddNulls(chunk, column);
    }

    public override Column Build() => new DoubleColumn(Layout.Name, [.. _values], Nulls, Layout.Type);
}

internal sealed class TextCollector(ColumnLayout layout) : ColumnCollector(layout)
{
    private readonly List<int> _codes = [];
    private IReadOnlyList<string> _dictionary = [];

    public override void Add(VectorChunk chunk, int column)
    {
        _codes.AddRange(chunk.Codes(column));
        _dictionary = chunk.Dictionary(column);
    }

    public override Column Build() => new TextColumn(Layout.Name, [.. _codes], _dictionary, Layout.Type);
}

/// <summary>Sums and counts come as 128-bit numbers; they stay whole when all of them fit in 64 bits.</summary>
internal sealed class WholeNumberCollector(ColumnLayout layout) : ColumnCollector(layout)
{
    private readonly List<long> _whole = [];
    private readonly List<double> _values = [];
    private bool _fits = true;

    public override void Add(VectorChunk chunk, int column)
    {
        _values.AddRange(chunk.Doubles(column));
        AddNulls(chunk, column);
        if (_fits)
        {
            var block = new long[chunk.Rows];
            _fits = chunk.TryNarrow(column, block);
            _whole.AddRange(block);
        }
    }

    public override Column Build() => _fits
        ? new IntegerColumn(Layout.Name, ColumnType.Integer, [.. _whole], Nulls)
        : new DoubleColumn(Layout.Name, [.. _values], Nulls, ColumnType.Decimal);
}
