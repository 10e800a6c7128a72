using System.Text;

namespace Gnomon.Data.Files.Expansion;

/// <summary>What a JSON value is.</summary>
internal enum ValueKind
{
    Null, Boolean, Integer, Big, Real, LongReal, Text, PaddedDigits, Array, EmptyObject,
}

/// <summary>One key at one place in the objects, with what was counted of its values.</summary>
internal sealed class KeyNode(KeyNode? parent, byte[] name)
{
    private const long LargestExact = 9_007_199_254_740_992;

    private readonly List<KeyNode> _children = [];
    private Dictionary<string, KeyNode>? _byName;
    private int _hint;

    public KeyNode? Parent => parent;

    public IReadOnlyList<KeyNode> Children => _children;

    /// <summary>Values by kind, over all objects that could be read.</summary>
    public long[] Counts { get; } = new long[Enum.GetValues<ValueKind>().Length];

    /// <summary>A whole number too large for a double to tell it from its neighbours.</summary>
    public bool HasLargeInteger { get; set; }

    /// <summary>The object that named the key last; tells a key that is named twice.</summary>
    public long LastObject { get; set; } = -1;

    /// <summary>False while it is only expected: it was met in other rows.</summary>
    public bool IsMet { get; set; }

    /// <summary>The number of its column; -1 without one.</summary>
    public int Column { get; set; } = -1;

    public long this[ValueKind kind] => Counts[(int)kind];

    public long Present => Counts.Sum() - this[ValueKind.Null];

    /// <summary>It was met with a value or with null in an object that could be read: it needs a column.</summary>
    public bool IsValue => Counts.Sum() > 0;

    public string Path => parent is null or { Parent: null, IsRoot: true } ? Encoding.UTF8.GetString(name) : $"{parent.Path}.{Encoding.UTF8.GetString(name)}";

    public bool IsRoot => parent is null;

    /// <summary>The child of this name. Keys mostly come in the order in which they came before.</summary>
    public KeyNode? Find(ReadOnlySpan<byte> key)
    {
        for (var k = 0; k < 2 && _children.Count > 0; k++)
        {
            var at = _hint >= _children.Count ? 0 : _hint;
            _hint = at + 1;
            if (_children[at].Is(key))
            {
                return _children[at];
            }
        }

        if (_children.Count <= 16)
        {
            for (var i = 0; i < _children.Count; i++)
            {
                if (_children[i].Is(key))
                {
                    _hint = i + 1;
                    return _children[i];
                }
            }

            return null;
        }

        _byName ??= _children.ToDictionary(c => Encoding.UTF8.GetString(c.Name), StringComparer.Ordinal);
        return _byName.GetValueOrDefault(Encoding.UTF8.GetString(key));
    }

    public KeyNode Add(ReadOnlySpan<byte> key)
    {
        var child = new KeyNode(this, key.ToArray());
        _children.Add(child);
        _byName?.Add(Encoding.UTF8.GetString(key), child);
        return child;
    }

    /// <summary>Adds what another part of the rows holds.</summary>
    public void Merge(KeyNode other)
    {
        for (var i = 0; i < Counts.Length; i++)
        {
            Counts[i] += other.Counts[i];
        }

        HasLargeInteger |= other.HasLargeInteger;
        foreach (var theirs in other._children)
        {
            (Find(theirs.Name) ?? Add(theirs.Name)).Merge(theirs);
        }
    }

    /// <summary>The same keys and columns with nothing counted, to be met again.</summary>
    public KeyNode Expected()
    {
        var copy = new KeyNode(null, []);
        copy.Expect(this);
        return copy;
    }

    private void Expect(KeyNode other)
    {
        Column = other.Column;
        foreach (var theirs in other._children)
        {
            Add(theirs.Name).Expect(theirs);
        }
    }

    /// <summary>This node and those below it, outermost first.</summary>
    public IEnumerable<KeyNode> All() => _children.SelectMany(c => c.All().Prepend(c));

    /// <summary>The type that holds every value, and why it is text where one might expect another.</summary>
    public (string Type, string? Why, long Mixed) Type()
    {
        var (whole, real, text, other) = (this[ValueKind.Integer], this[ValueKind.Real], this[ValueKind.Text] + this[ValueKind.PaddedDigits], this[ValueKind.Array] + this[ValueKind.EmptyObject]);
        var (big, precise) = (this[ValueKind.Big], this[ValueKind.LongReal]);
        var truths = this[ValueKind.Boolean];
        if (Present == 0)
        {
            return ("VARCHAR", "it never has a value", 0);
        }

        var kinds = new[] { whole + real + big + precise, text, other, truths };
        if (kinds.Count(k => k > 0) > 1)
        {
            return ("VARCHAR", "values of several kinds", Present - kinds.Max());
        }

        if (text > 0)
        {
            return ("VARCHAR", this[ValueKind.PaddedDigits] > 0 ? "digits with leading zeros" : null, 0);
        }

        return truths > 0 ? ("BOOLEAN", null, 0)
            : other > 0 ? ("VARCHAR", "lists are kept as JSON", 0)
            : big > 0 ? ("VARCHAR", "whole numbers beyond 64 bits", 0)
            : precise > 0 ? ("VARCHAR", "more digits than a double holds", 0)
            : real == 0 ? ("BIGINT", null, 0)
            : HasLargeInteger ? ("VARCHAR", "whole numbers that a double cannot tell apart beside decimals", 0)
            : ("DOUBLE", null, 0);
    }

    public static bool IsLarge(long value) => value is > LargestExact or < -LargestExact;

    private byte[] Name => name;

    private bool Is(ReadOnlySpan<byte> key) => key.SequenceEqual(name);
}
