using Gnomon.Core.Tables;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.ClickHouse;

/// <summary>Where rows come from: a table or a query in parentheses, its columns, a condition of the user's, and the order of rows that have none of their own.</summary>
internal sealed record ClickHouseRelation(string Shown, string From, IReadOnlyList<ClickHouseColumn> Columns, string? Where, string Order);

/// <summary>A typed query as ClickHouse SQL.</summary>
/// <remarks>
/// ClickHouse sees the aliases of a SELECT in its WHERE and GROUP BY, in place of columns of the same name, and takes numbers there for constants: so every output has an alias that no column
/// has, and positions are not used. Grouped results are ordered by their keys; rows of an ungrouped query come in the order of the relation.
/// </remarks>
internal sealed class ClickHouseQueryWriter
{
    private readonly ClickHouseRelation _relation;
    private readonly Schema _schema;
    private readonly ClickHouseCapabilities _can;
    private readonly string _prefix;

    private ClickHouseQueryWriter(ClickHouseRelation relation, Schema schema, ClickHouseCapabilities can)
    {
        (_relation, _schema, _can) = (relation, schema, can);
        _prefix = "q";
        while (relation.Columns.Any(c => c.Name.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            _prefix += "q";
        }
    }

    public static (string Sql, IReadOnlyList<ClickHouseOutput> Columns) Write(Query query, ClickHouseRelation relation, Schema schema, ClickHouseCapabilities can) =>
        new ClickHouseQueryWriter(relation, schema, can).Select(query, 0);

    private (string Sql, IReadOnlyList<ClickHouseOutput> Columns) Select(Query query, int depth)
    {
        var (source, scope, names) = Source(query, depth);
        var scalars = new ClickHouseScalarSql(scope, names, _can);
        var columns = query.Select.Select((p, i) => new ClickHouseOutput(p.Name, FormattableString.Invariant($"{_prefix}{depth}_{i}"), scalars.TypeOf(p.Value))).ToList();

        // NULL alone has no type.
        var values = query.Select.Select(p => p.Value is ValueScalar { Constant: null } ? "CAST(NULL AS Nullable(String))" : scalars.Write(p.Value)).ToList();
        var sql = $"SELECT {string.Join(", ", values.Select((v, i) => $"{v} AS {columns[i].Alias}"))} FROM {source}";
        var conditions = new[] { query.From is null && _relation.Where is { } kept ? $"({kept}\n)" : null, query.Where is null ? null : scalars.Condition(query.Where) }.OfType<string>().ToList();
        if (conditions.Count > 0)
        {
            sql += $" WHERE {string.Join(" AND ", conditions)}";
        }

        var keys = query.GroupBy.Select(g => Named(scalars.Write(g))).ToList();
        if (keys.Count > 0)
        {
            // Everything that follows from a column may be shown beside a group, so columns are named as the server holds them.
            sql += $" GROUP BY {string.Join(", ", query.GroupBy.Select((g, i) => g is ColumnScalar c ? names.Native(scope.Resolve(c.Name)) : keys[i]))}";
        }

        var order = query.OrderBy.Select(o => $"{Named(scalars.Write(o.Value))} {(o.Descending ? "DESC" : "ASC")} NULLS LAST").ToList();
        if (order.Count == 0 && depth == 0)
        {
            order = [.. keys.Select(k => $"{k} ASC NULLS LAST")];
        }

        // Rows of equal keys, and rows without any, keep the order of the relation.
        if (keys.Count == 0 && query.From is null && _relation.Order.Length > 0 && !query.Select.Any(p => Aggregates(p.Value)))
        {
            order.Add(_relation.Order);
        }

        sql += order.Count > 0 ? $" ORDER BY {string.Join(", ", order)}" : string.Empty;
        sql += query.Limit is { } limit ? FormattableString.Invariant($" LIMIT {limit}") : string.Empty;
        return (sql, columns);

        string Named(string expression) => values.IndexOf(expression) is var i and >= 0 ? columns[i].Alias : expression;
    }

    private (string Source, Scope Scope, ClickHouseNames Names) Source(Query query, int depth)
    {
        if (query.From is null)
        {
            return (_relation.From, new Scope(_schema), new ClickHouseNames(n => Column(n).Value, n => Column(n).AsText, n => Column(n).Quoted));
        }

        var inner = Select(query.From, depth + 1);
        var aliases = inner.Columns.DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.Alias, StringComparer.Ordinal);
        return ($"({inner.Sql})", new Scope([.. inner.Columns.Select(c => new TypedName(c.Name, c.Type))]), new ClickHouseNames(n => aliases[n], _ => null, n => aliases[n]));
    }

    private ClickHouseColumn Column(string name)
    {
        var column = _relation.Columns.First(c => c.Name == name);
        column.RefuseUnreadable(_relation.Shown);
        return column;
    }

    private static bool Aggregates(Scalar scalar) => scalar switch
    {
        AggregateScalar => true,
        CallScalar c => c.Arguments.Any(Aggregates),
        CaseScalar c => Aggregates(c.Otherwise) || c.Branches.Any(b => Aggregates(b.When) || Aggregates(b.Then)),
        _ => false,
    };
}
