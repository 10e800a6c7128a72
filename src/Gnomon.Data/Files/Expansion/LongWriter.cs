using System.Text;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Expansion;

/// <summary>The second pass where keys are too many for columns: a row for each row and key, with the kind of the value and its text.</summary>
internal sealed class LongWriter : ICellSink
{
    private static readonly byte[][] Kinds = [.. Enum.GetValues<ValueKind>().Select(k => Encoding.UTF8.GetBytes(Word(k)))];

    private readonly CellAppender _out;
    private readonly CellReader _reader;
    private readonly List<(byte[] Path, ValueKind Kind, byte[]? Text)> _values = [];

    public LongWriter(CellAppender output)
    {
        _out = output;
        _reader = new CellReader(this);
    }

    public void Add(long row, ReadOnlySpan<byte> cell)
    {
        _values.Clear();
        if (_reader.Read(cell, new KeyNode(null, [])) is not null)
        {
            return;
        }

        foreach (var (path, kind, text) in _values)
        {
            _out.Set(0, row);
            _out.Set(1, path);
            _out.Set(2, Kinds[(int)kind]);
            if (text is not null)
            {
                _out.Set(3, text);
            }

            _out.NextRow();
        }
    }

    public KeyNode? Node(KeyNode parent, ReadOnlySpan<byte> key) => parent.Find(key) ?? parent.Add(key);

    public void Value(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text)
    {
        var path = Encoding.UTF8.GetBytes(node.Path);
        _values.Add((path, kind, kind == ValueKind.Null ? null : text.ToArray()));
    }

    private static string Word(ValueKind kind) => kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => "boolean",
        ValueKind.Integer or ValueKind.Big => "integer",
        ValueKind.Real or ValueKind.LongReal => "number",
        ValueKind.Array => "array",
        ValueKind.EmptyObject => "object",
        _ => "text",
    };
}
