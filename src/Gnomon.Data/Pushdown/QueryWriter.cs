using Gnomon.Core.Tables;

namespace Gnomon.Data.Pushdown;

/// <summary>
/// A typed query as SQL of one dialect. Grouped results without an order of their own are ordered by their keys, so that threads cannot change
/// the order of rows; rows of an ungrouped query come in the order of the source.
/// </summary>
internal sealed class QueryWriter
{
    private readonly SqlParameters _parameters = new();

    private readonly Func<SqlParameters, Scope, ScalarSql> _dialect;

    private QueryWriter(Func<SqlParameters, Scope, ScalarSql> dialect) => _dialect = dialect;

    /// <param name="query">The question.</param>
    /// <param name="relation">The quoted name of the data set.</param>
    /// <param name="schema">The data set's columns: names are resolved against them and types choose the SQL.</param>
    /// <param name="dialect">How the engine writes expressions; DuckDB's way where left out.</param>
    public static SqlStatement Write(Query query, string relation, Schema schema, Func<SqlParameters, Scope, ScalarSql>? dialect = null)
    {
        var writer = new QueryWriter(dialect ?? ((parameters, scope) => new DuckDbScalarSql(parameters, scope)));
        var text = writer.Select(query, relation, schema, isOutermost: true).Sql;
        return new SqlStatement(text, writer._parameters.Values);
    }

    private Selection Select(Query query, string relation, Schema schema, bool isOutermost)
    {
        string source;
        Scope scope;
        if (query.From is null)
        {
            (source, scope) = (relation, new Scope(schema));
        }
        else
        {
            var inner = Select(query.From, relation, schema, isOutermost: false);
            (source, scope) = ($"({inner.Sql}) AS inner_rows", inner.Scope);
        }

        var scalars = _dialect(_parameters, scope);
        var isRows = isOutermost && query.GroupBy.Count == 0;
        var columns = query.Select.Select(p => isRows ? scalars.Delivered(p.Value) : scalars.Write(p.Value)).ToList();
        var sql = "SELECT " + string.Join(", ", query.Select.Select((p, i) => $"{columns[i]} AS {SqlText.Identifier(p.Name)}")) + " FROM " + source;
        if (query.Where is not null)
        {
            sql += " WHERE " + scalars.Write(query.Where);
        }

        var keys = query.GroupBy.Select(g => Position(scalars.Write(g))).ToList();
        if (keys.Count > 0)
        {
            sql += " GROUP BY " + string.Join(", ", keys);
        }

        var order = query.OrderBy.Select(o => $"{Position(scalars.Write(o.Value), scalars.Sorted(o.Value))} {(o.Descending ? "DESC" : "ASC")} NULLS LAST").ToList();
        if (order.Count == 0 && isOutermost)
        {
            order = [.. query.GroupBy.Select(g => Position(scalars.Write(g), scalars.Sorted(g)) + " ASC NULLS LAST")];
        }

        if (order.Count > 0)
        {
            sql += " ORDER BY " + string.Join(", ", order);
        }

        if (query.Limit is { } limit)
        {
            sql += FormattableString.Invariant($" LIMIT {limit}");
        }

        return new Selection(sql, new Scope([.. query.Select.Select(p => new TypedName(p.Name, scalars.TypeOf(p.Value)))]));

        // An expression that is also an output column is named by its position: parameters need not be matched by the engine's binder.
        string Position(string expression, string? sorted = null)
        {
            if (sorted is not null && sorted != expression)
            {
                return sorted;
            }

            var index = columns.IndexOf(expression);
            return index < 0 ? expression : FormattableString.Invariant($"{index + 1}");
        }
    }
}

/// <summary>A statement's text and what can be named from outside it.</summary>
internal sealed record Selection(string Sql, Scope Scope);

/// <summary>An output column and its type, where it follows from its parts.</summary>
internal sealed record TypedName(string Name, ColumnType? Type);

/// <summary>The columns an expression may name, with their types where known.</summary>
internal sealed class Scope
{
    private readonly Schema? _schema;
    private readonly IReadOnlyList<TypedName>? _columns;

    public Scope(Schema schema) => _schema = schema;

    public Scope(IReadOnlyList<TypedName> columns) => _columns = columns;

    public string Resolve(string name) => _schema is null ? name : _schema.Require(name).Name;

    public ColumnType? TypeOf(string name) => _schema is null ? _columns!.FirstOrDefault(c => c.Name == name)?.Type : _schema.Find(name)?.Type;
}
