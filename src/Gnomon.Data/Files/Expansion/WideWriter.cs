using System.Buffers.Text;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Expansion;

/// <summary>The second pass: one row for each row, one typed column for each key.</summary>
internal sealed class WideWriter : ICellSink
{
    private readonly CellAppender _out;
    private readonly TypeId[] _types;
    private readonly CellReader _reader;
    private readonly KeyNode _root;
    private readonly int _nullKeys;
    private readonly List<int> _set = [];
    private readonly List<byte> _nulls = [];
    private readonly byte[][] _paths;

    /// <param name="output">The table: a column for each key, and one more for the keys that are explicitly null where there are any.</param>
    /// <param name="root">The keys, with the numbers of their columns.</param>
    /// <param name="types">Types of the columns.</param>
    /// <param name="paths">Names of the keys in UTF-8, by column.</param>
    /// <param name="nullKeys">The column that names explicit nulls; -1 when there are none.</param>
    public WideWriter(CellAppender output, KeyNode root, TypeId[] types, byte[][] paths, int nullKeys)
    {
        (_out, _root, _types, _paths, _nullKeys) = (output, root, types, paths, nullKeys);
        _reader = new CellReader(this);
    }

    public void AddEmpty() => _out.NextRow();

    public void Add(ReadOnlySpan<byte> cell)
    {
        _set.Clear();
        _nulls.Clear();
        if (_reader.Read(cell, _root) is not null)
        {
            _set.ForEach(_out.Unset);
        }
        else if (_nulls.Count > 0)
        {
            _out.Set(_nullKeys, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nulls));
        }

        _out.NextRow();
    }

    public KeyNode? Node(KeyNode parent, ReadOnlySpan<byte> key) => parent.Find(key);

    public void Value(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text)
    {
        // A key that was only met in broken cells has no column.
        var column = node.Column;
        if (column < 0)
        {
            return;
        }

        _set.Add(column);
        if (kind == ValueKind.Null)
        {
            _out.Unset(column);
            if (_nulls.Count > 0)
            {
                _nulls.Add((byte)',');
            }

            _nulls.AddRange(_paths[column]);
            return;
        }

        switch (_types[column])
        {
            case TypeId.BigInt:
                _ = Utf8Parser.TryParse(text, out long whole, out _);
                _out.Set(column, whole);
                break;
            case TypeId.Double:
                _ = Utf8Parser.TryParse(text, out double real, out _);
                _out.Set(column, real);
                break;
            case TypeId.Boolean:
                _out.Set(column, text.Length == 4);
                break;
            default:
                _out.Set(column, text);
                break;
        }
    }
}
