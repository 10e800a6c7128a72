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
