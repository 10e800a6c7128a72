namespace Gnomon.Data.Files.Expansion;

/// <summary>The first pass: which keys there are and what their values are. A cell that turns out broken adds nothing.</summary>
internal sealed class KeyCounter : ICellSink
{
    private readonly CellReader _reader;
    private readonly int _most;
    private readonly List<(KeyNode Node, ValueKind Kind, bool IsLarge)> _seen = [];
    private long _object;
    private bool _repeats;
    private int _nodes;

    /// <param name="most">With more keys than this no new ones are taken up.</param>
    public KeyCounter(int most)
    {
        _reader = new CellReader(this);
        _most = most;
    }

    public KeyNode Root { get; } = new(null, []);

    /// <summary>There are more keys than can be columns.</summary>
    public bool IsFull { get; private set; }

    public long Rows { get; private set; }

    public long Empty { get; private set; }

    public long Malformed { get; private set; }

    public long Repeated { get; private set; }

    public void AddEmpty() => (Rows, Empty) = (Rows + 1, Empty + 1);

    /// <returns>What is wrong with the cell; null when nothing is.</returns>
    public string? Add(ReadOnlySpan<byte> cell)
    {
        Rows++;
        _object++;
        _repeats = false;
        _seen.Clear();
        if (_reader.Read(cell, Root) is { } fault)
        {
            Malformed++;
            return fault;
        }

        foreach (var (node, kind, isLarge) in _seen)
        {
            node.Counts[(int)kind]++;
            node.HasLargeInteger |= isLarge;
        }

        Repeated += _repeats ? 1 : 0;
        return null;
    }

    public KeyNode? Node(KeyNode parent, ReadOnlySpan<byte> key)
    {
        var node = parent.Find(key);
        if (node is null)
        {
            if (_nodes > _most)
            {
                IsFull = true;
                return null;
            }

            _nodes++;
            node = parent.Add(key);
        }

        _repeats |= node.LastObject == _object;
        node.LastObject = _object;
        return node;
    }

    public void Value(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text) =>
        _seen.Add((node, kind, kind == ValueKind.Integer && System.Buffers.Text.Utf8Parser.TryParse(text, out long value, out _) && KeyNode.IsLarge(value)));
}
