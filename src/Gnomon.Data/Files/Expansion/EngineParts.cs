using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files.Expansion;

/// <summary>The cells as the engine has them. Rows of a table have numbers by which it can be cut; a view is read in one piece.</summary>
internal sealed class EngineParts : ICellParts
{
    private const long FewestPerPart = 50_000;

    private readonly EngineSession _session;
    private readonly string _table;
    private readonly string _cells;
    private readonly List<string> _parts;
    private readonly CancellationToken _cancellation;

    public EngineParts(EngineSession session, ExpansionOrder order, Field column, CancellationToken cancellation)
    {
        (_session, _table, _cancellation) = (session, SqlText.Identifier(order.Table), cancellation);
        _cells = column.Type is ColumnType.Text or ColumnType.Category || column.NativeType == "JSON"
            ? $"CAST({SqlText.Identifier(column.Name)} AS VARCHAR)"
            : $"CAST(to_json({SqlText.Identifier(column.Name)}) AS VARCHAR)";
        var isTable = ((IntegerColumn)session.Read(new SqlStatement("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = $1", [order.Table]), cancellation)["n"]).Values[0] == 1;
        var rows = isTable ? ((IntegerColumn)session.Read($"SELECT count(*) AS n FROM {_table}", cancellation)["n"]).Values[0] : 0;
        var parts = (int)Math.Clamp(rows / FewestPerPart, 1, Math.Max(1, order.Threads));
        _parts = parts == 1 ? [string.Empty] : [.. Enumerable.Range(0, parts).Select(k => FormattableString.Invariant($" WHERE rowid >= {rows * k / parts} AND rowid < {rows * (k + 1) / parts}"))];
    }

    public int Count => _parts.Count;

    public void Scan(int part, TakeCell take) => _session.Scan(
        new SqlStatement($"SELECT {_cells} AS cell FROM {_table}{_parts[part]}", []),
        (_, chunk) =>
        {
            for (var i = 0; i < chunk.Rows; i++)
            {
                var isNull = chunk.IsNull(0, i);
                if (!take(isNull ? [] : chunk.Utf8(0, i), isNull))
                {
                    return false;
                }
            }

            return true;
        },
        _cancellation,
        progress: null);

    public string Others(IReadOnlyList<string> columns) => _table;
}
