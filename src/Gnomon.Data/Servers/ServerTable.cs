using Gnomon.Core.Tables;

namespace Gnomon.Data.Servers;

/// <summary>Collects the blocks of a server's answer into a table.</summary>
internal sealed class ServerTable(IReadOnlyList<Field> fields)
{
    private readonly List<long>[] _whole = [.. fields.Select(_ => new List<long>())];
    private readonly List<double>[] _real = [.. fields.Select(_ => new List<double>())];
    private readonly List<int>[] _codes = [.. fields.Select(_ => new List<int>())];
    private readonly List<bool>[] _nulls = [.. fields.Select(_ => new List<bool>())];
    private readonly IReadOnlyList<string>[] _texts = [.. fields.Select(_ => (IReadOnlyList<string>)[])];

    public bool Add(Chunk block)
    {
        for (var c = 0; c < fields.Count; c++)
        {
            if (ServerTypes.TravelsAsWhole(fields[c].Type))
            {
                _whole[c].AddRange(block.Integers(c));
            }
            else if (ServerTypes.TravelsAsReal(fields[c].Type))
            {
                _real[c].AddRange(block.Doubles(c));
            }
            else
            {
                _codes[c].AddRange(block.Codes(c));
                _texts[c] = block.Dictionary(c);
            }

            for (var row = 0; row < block.Rows; row++)
            {
                _nulls[c].Add(block.IsNull(c, row));
            }
        }

        return true;
    }

    public Table Build() => new([.. fields.Select((f, c) => Build(f, c, _nulls[c].Contains(true) ? [.. _nulls[c]] : null))]);

    private Column Build(Field field, int c, bool[]? nulls) =>
        ServerTypes.TravelsAsWhole(field.Type) ? new IntegerColumn(field.Name, field.Type, [.. _whole[c]], nulls)
        : ServerTypes.TravelsAsReal(field.Type) ? new DoubleColumn(field.Name, [.. _real[c]], nulls, field.Type)
        : new TextColumn(field.Name, [.. _codes[c]], _texts[c], field.Type);
}
