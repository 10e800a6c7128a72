using System.Text.Json.Nodes;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Dialects;

namespace Gnomon.Studies.Sql.Review;

/// <summary>Asks the data about parts of a query. A part that cannot stand alone (it refers to a query around it) has no answer, and the remark stays without numbers.</summary>
internal sealed class DataProbe(IDatabase? database, QueryTree tree, CancellationToken cancellation)
{
    private static readonly SqlDialect Engine = SqlDialect.Named("duckdb");

    public bool HasData => database is not null;

    /// <summary>A SELECT node as SQL, with the WITH of the whole query in reach; null when it cannot be written.</summary>
    public string? Sql(JsonObject select)
    {
        var copy = (JsonObject)select.DeepClone();
        if (copy["cte_map"]?["map"] is not JsonArray { Count: > 0 } && tree.Root["cte_map"] is { } named)
        {
            copy["cte_map"] = named.DeepClone();
        }

        var statement = new JsonObject { ["error"] = false, ["statements"] = new JsonArray(new JsonObject { ["node"] = copy, ["named_param_map"] = new JsonArray() }) };
        return Try(db => (string?)db.Ask($"SELECT json_deserialize_sql(CAST({Engine.Text(statement.ToJsonString())} AS JSON)) AS sql", cancellation)["sql"].Cell(0));
    }

    /// <summary>The same FROM and WHERE with other columns, and nothing grouped, ordered or limited.</summary>
    public string? Rows(JsonObject select, IEnumerable<JsonNode?> columns, bool withWhere = true)
    {
        var copy = (JsonObject)select.DeepClone();
        copy["select_list"] = new JsonArray([.. columns.OfType<JsonObject>().Select((c, k) => (JsonNode)Named(c, $"c{k}"))]);
        copy["modifiers"] = new JsonArray();
        copy["group_expressions"] = new JsonArray();
        copy["group_sets"] = new JsonArray();
        copy["having"] = null;
        copy["qualify"] = null;
        if (!withWhere)
        {
            copy["where_clause"] = null;
        }

        return Sql(copy);
    }

    /// <summary>A whole number; null when the question has no answer.</summary>
    public long? Count(string? sql) => sql is null ? null : Try(db => db.Ask(sql, cancellation)) is { Rows: 1 } t && !t.Columns[0].IsNull(0) ? Cells.Whole(t, t.Columns[0].Name) : null;

    public double? Number(string? sql) => sql is null ? null : Try(db => db.Ask(sql, cancellation)) is { Rows: 1 } t && !t.Columns[0].IsNull(0) ? Cells.Real(t, t.Columns[0].Name) : null;

    /// <summary>Types of what a query returns.</summary>
    public IReadOnlyList<Field>? Types(string? sql) => sql is null ? null : Try(db => db.Describe(sql, cancellation));

    private static JsonObject Named(JsonObject column, string alias)
    {
        var copy = (JsonObject)column.DeepClone();
        copy["alias"] = alias;
        return copy;
    }

    private T? Try<T>(Func<IDatabase, T?> ask)
        where T : class
    {
        try
        {
            return database is null ? null : ask(database);
        }
        catch (GnomonError)
        {
            return null;
        }
    }
}
