using System.Text;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Csv;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Expansion;

/// <summary>The columns that keys become: a name that no other column has, and a type that holds all values counted.</summary>
/// <param name="Keys">In the order in which they were met.</param>
/// <param name="NullColumn">The column that names the explicit nulls of a row; null when there are none.</param>
internal sealed record ExpandedColumns(IReadOnlyList<ExpandedKey> Keys, string? NullColumn)
{
    /// <summary>Types in the order of the columns.</summary>
    public IReadOnlyList<TypeId> Types { get; } = [.. Keys.Select(k => TypeOf(k.NativeType)), .. NullColumn is null ? [] : new[] { TypeId.Varchar }];

    /// <summary>Names and types, as a table is made with them.</summary>
    public string Definition => string.Join(", ", Keys.Select(k => $"{SqlText.Identifier(k.Column)} {k.NativeType}").Concat(NullColumn is { } name ? [$"{SqlText.Identifier(name)} VARCHAR"] : []));

    /// <summary>Numbers the nodes as the columns are.</summary>
    /// <param name="nodes">The keys that were met with a value or with null.</param>
    /// <param name="column">The column of objects.</param>
    /// <param name="others">Columns beside it.</param>
    public static ExpandedColumns Of(IReadOnlyList<KeyNode> nodes, string column, IReadOnlyList<string> others)
    {
        var anyNull = nodes.Any(n => n[ValueKind.Null] > 0);
        List<string> wanted = [.. others, .. nodes.Select(n => n.Path), .. anyNull ? [$"{column}_null_keys"] : Array.Empty<string>()];
        var names = ColumnNames.Make(string.Empty, wanted.Count, wanted, []);
        var keys = new List<ExpandedKey>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            nodes[i].Column = i;
            var (type, why, mixed) = nodes[i].Type();
            keys.Add(new ExpandedKey(wanted[others.Count + i], names[others.Count + i], type, nodes[i].Present, nodes[i][ValueKind.Null], why, mixed));
        }

        return new ExpandedColumns(keys, anyNull ? names[^1] : null);
    }

    /// <summary>Names, types and order are the same, whatever was counted.</summary>
    public bool AreThoseOf(ExpandedColumns other) =>
        NullColumn == other.NullColumn && Keys.Select(k => (k.Path, k.Column, k.NativeType)).SequenceEqual(other.Keys.Select(k => (k.Path, k.Column, k.NativeType)));

    public WideWriter Writer(CellAppender output) => new(output, [.. Types], [.. Keys.Select(k => Encoding.UTF8.GetBytes(k.Path))], NullColumn is null ? -1 : Keys.Count);

    private static TypeId TypeOf(string native) => native switch
    {
        "BIGINT" => TypeId.BigInt,
        "DOUBLE" => TypeId.Double,
        "BOOLEAN" => TypeId.Boolean,
        _ => TypeId.Varchar,
    };
}
