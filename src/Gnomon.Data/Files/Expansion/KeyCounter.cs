namespace Gnomon.Data.Files.Expansion;

/// <summary>
/// The first pass: which keys there are and what their values are. A cell that turns out broken adds nothing. Where the first rows have told what to expect, the values are written
/// on the way; as long as all is as expected, there is no second pass.
/// </summary>
internal sealed class KeyCounter : ICellSink
{
    /// <summary>Whole numbers of fewer digits are told apart by a double.</summary>
    private const int FewestLargeDigits = 16;

    private readonly CellReader _reader;
    private readonly int _most;
    private readonly List<(KeyNode Node, ValueKind Kind, bool IsLarge)> _seen = [];
    private long _object;
    private bool _repeats;
    private int _nodes;

    private readonly WideWriter? _writer;

    /// <param name="most">With more keys than this no new ones are taken up.</param>
    /// <param name="expected">Keys with their columns, as the first rows have them; null when nothing is expected.</param>
    /// <param name="writer">Takes the values.</param>
    public KeyCounter(int most, KeyNode? expected = null, WideWriter? writer = null)
    {
        _reader = new CellReader(this);
        (_most, _writer) = (most, writer);
        Root = expected?.Expected() ?? new KeyNode(null, []);
    }

    public KeyNode Root { get; }

    /// <summary>There are more keys than can be columns.</summary>
    public bool IsFull { get; private set; }

    public long Rows { get; private set; }

    public long Empty { get; private set; }

    public long Malformed { get; private set; }

    public long Repeated { get; private set; }

    public void AddEmpty()
    {
        (Rows, Empty) = (Rows + 1, Empty + 1);
        _writer?.AddEmpty();
    }

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
            _writer?.End(isBroken: true);
            return fault;
        }

        foreach (var (node, kind, isLarge) in _seen)
        {
            node.Counts[(int)kind]++;
            node.HasLargeInteger |= isLarge;
        }

        _writer?.End(isBroken: false);
        Repeated += _repeats ? 1 : 0;
        return null;
    }

    public KeyNode? Node(KeyNode parent, ReadOnlySpan<byte> key)
    {
        var node = parent.Find(key);
        if (node is not { IsMet: true })
        {
            if (_nodes > _most)
            {
                IsFull = true;
                return null;
            }

            _nodes++;
            node ??= parent.Add(key);
            node.IsMet = true;
        }

        _repeats |= node.LastObject == _object;
        node.LastObject = _object;
        return node;
    }

    public void Value(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text)
    {
        _seen.Add((node, kind, kind == ValueKind.Integer && text.Length >= FewestLargeDigits && System.Buffers.Text.Utf8Parser.TryParse(text, out long value, out _) && KeyNode.IsLarge(value)));
        _writer?.Write(node, kind, text);
    }
}
