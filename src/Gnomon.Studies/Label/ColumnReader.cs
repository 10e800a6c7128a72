using Gnomon.Core.Tables;

namespace Gnomon.Studies.Label;

/// <summary>A query that names each column once, and how to read it from a block.</summary>
internal sealed class ColumnReader
{
    private readonly List<Projection> _select = [];

    public Query Query => new() { Select = _select };

    /// <summary>Where the column stands; read with <see cref="Chunk.Doubles"/>.</summary>
    public int Number(Field field) => Add(field.Name, Scalar.Column(field.Name));

    /// <summary>Where the column's text stands; read with <see cref="Chunk.Codes"/>.</summary>
    public int Text(Field field) => field.Type is ColumnType.Text ? Add(field.Name, Scalar.Column(field.Name)) : Add($"{field.Name} as text", Scalar.Column(field.Name).ToText());

    private int Add(string name, Scalar value)
    {
        var at = _select.FindIndex(p => p.Name == name);
        if (at < 0)
        {
            at = _select.Count;
            _select.Add(new Projection(name, value));
        }

        return at;
    }
}

/// <summary>Texts of a column as numbers of their own, the same in every scan.</summary>
internal sealed class TextCodes(Dictionary<string, int> known, bool grows)
{
    private readonly List<int> _map = [];

    /// <summary>The number of a code of a block; -1 for a missing value, and for a text that is not known where none is added.</summary>
    public int Of(Chunk chunk, int column, int code)
    {
        if (code < 0)
        {
            return -1;
        }

        var dictionary = chunk.Dictionary(column);
        for (var i = _map.Count; i <= code; i++)
        {
            if (!known.TryGetValue(dictionary[i], out var number))
            {
                number = -1;
                if (grows)
                {
                    known[dictionary[i]] = number = known.Count;
                }
            }

            _map.Add(number);
        }

        return _map[code];
    }
}
