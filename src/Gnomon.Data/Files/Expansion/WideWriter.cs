using System.Buffers.Text;
using System.Runtime.InteropServices;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Expansion;

/// <summary>One row for each row, one typed column for each key.</summary>
/// <param name="output">The table: a column for each key, and one more for the keys that are explicitly null where there are any.</param>
/// <param name="types">Types of the columns.</param>
/// <param name="paths">Names of the keys in UTF-8, by column.</param>
/// <param name="nullKeys">The column that names explicit nulls; -1 when there are none.</param>
internal sealed class WideWriter(CellAppender output, TypeId[] types, byte[][] paths, int nullKeys)
{
    private readonly List<int> _set = [];
    private readonly List<byte> _nulls = [];
    private bool _isOdd;

    /// <summary>An object held what has no place in the columns; nothing is written any more.</summary>
    public bool IsMisled { get; private set; }

    /// <summary>A row without an object.</summary>
    public void AddEmpty()
    {
        if (!IsMisled)
        {
            output.NextRow();
        }
    }

    /// <summary>A value of the current row.</summary>
    public void Write(KeyNode node, ValueKind kind, ReadOnlySpan<byte> text)
    {
        var column = node.Column;
        if (column < 0 || IsMisled || !Holds(types[column], kind) || (kind == ValueKind.Null && nullKeys < 0))
        {
            _isOdd = true;
            return;
        }

        _set.Add(column);
        if (kind == ValueKind.Null)
        {
            output.Unset(column);
            if (_nulls.Count > 0)
            {
                _nulls.Add((byte)',');
            }

            _nulls.AddRange(paths[column]);
            return;
        }

        switch (types[column])
        {
            case TypeId.BigInt:
                _ = Utf8Parser.TryParse(text, out long whole, out _);
                output.Set(column, whole);
                break;
            case TypeId.Double:
                _ = Utf8Parser.TryParse(text, out double real, out _);
                output.Set(column, real);
                break;
            case TypeId.Boolean:
                output.Set(column, text.Length == 4);
                break;
            default:
                output.Set(column, text);
                break;
        }
    }

    /// <summary>The row is over; of a cell that turned out broken nothing stays.</summary>
    public void End(bool isBroken)
    {
        IsMisled |= _isOdd && !isBroken;
        if (!IsMisled)
        {
            if (isBroken)
            {
                _set.ForEach(output.Unset);
            }
            else if (_nulls.Count > 0)
            {
                output.Set(nullKeys, CollectionsMarshal.AsSpan(_nulls));
            }

            output.NextRow();
        }

        _set.Clear();
        _nulls.Clear();
        _isOdd = false;
    }

    private static bool Holds(TypeId type, ValueKind kind) => type switch
    {
        _ when kind == ValueKind.Null => true,
        TypeId.BigInt => kind == ValueKind.Integer,
        TypeId.Double => kind is ValueKind.Integer or ValueKind.Real,
        TypeId.Boolean => kind == ValueKind.Boolean,
        _ => true,
    };
}
