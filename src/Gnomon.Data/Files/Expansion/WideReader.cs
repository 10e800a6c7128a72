namespace Gnomon.Data.Files.Expansion;

/// <summary>The second pass, where the first rows had promised too much: the values of each object go to columns that are known to hold them.</summary>
internal sealed class WideReader : ICellSink
{
    private readonly CellReader _reader;
    private readonly KeyNode _root;
    private readonly WideWriter _writer;

    /// <param name="root">The keys, with the numbers of their columns.</param>
    /// <param name="writer">Takes the values.</param>
    public WideReader(KeyNode root, WideWriter writer)
    {
        (_root, _writer) = (root, writer);
        _reader = new CellReader(this);
    }

    public void AddEmpty() => _writer.AddEmpty();

    public void Add(ReadOnlySpan<byte> cell) => _writer.End(_reader.Read(cell, _root) is not null);

    public KeyNode? Node(KeyNode parent, ReadOnlySpan<byte> key) => parent.Find(key);

    public void Value(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text)
    {
        // A key that was only met in broken cells has no column.
        if (node.Column >= 0)
        {
            _writer.Write(node, kind, text);
        }
    }
}
