using System.Text.Json.Nodes;

namespace Gnomon.Studies.Sql.Review;

/// <summary>The joins of a FROM clause.</summary>
internal static class FromTree
{
    /// <summary>Tables and subqueries, from left to right.</summary>
    public static IEnumerable<JsonObject> Leaves(JsonNode? from) => from is not JsonObject o ? []
        : QueryTree.Is(o, "type", "JOIN") ? Leaves(o["left"]).Concat(Leaves(o["right"])) : [o];

    /// <summary>Joins, the innermost first.</summary>
    public static IEnumerable<JsonObject> Joins(JsonNode? from) => from is JsonObject o && QueryTree.Is(o, "type", "JOIN")
        ? Joins(o["left"]).Concat(Joins(o["right"])).Append(o) : [];

    /// <summary>What a leaf is called in the query.</summary>
    public static string Alias(JsonNode leaf) => QueryTree.Text(leaf, "alias") is { Length: > 0 } alias ? alias : QueryTree.Text(leaf, "table_name");

    /// <summary>What a leaf is called in a sentence: the table, or the name of a subquery.</summary>
    public static string Word(JsonNode leaf) => QueryTree.Text(leaf, "table_name") is { Length: > 0 } table ? table : QueryTree.Text(leaf, "alias") is { Length: > 0 } alias ? alias : "a subquery";

    /// <summary>Conditions of a join; columns of USING are apart.</summary>
    public static IEnumerable<JsonObject> Conditions(JsonObject join) => QueryTree.Conjuncts(join["condition"]);

    public static IReadOnlyList<string> Using(JsonObject join) => [.. (join["using_columns"] as JsonArray ?? []).Select(c => c!.GetValue<string>())];

    /// <summary>A SELECT of count(*) over a FROM, as a node.</summary>
    public static JsonObject Over(JsonObject select, JsonNode from)
    {
        var copy = (JsonObject)select.DeepClone();
        copy["from_table"] = from.DeepClone();
        copy["where_clause"] = null;
        return copy;
    }

    /// <summary>A column of a leaf, qualified with its alias.</summary>
    public static JsonObject Column(string alias, string name) => new()
    {
        ["class"] = "COLUMN_REF", ["type"] = "COLUMN_REF", ["alias"] = string.Empty, ["query_location"] = 0, ["column_names"] = new JsonArray(alias, name),
    };

    /// <summary>A whole number as an expression.</summary>
    public static JsonObject One() => new()
    {
        ["class"] = "CONSTANT", ["type"] = "VALUE_CONSTANT", ["alias"] = string.Empty, ["query_location"] = 0,
        ["value"] = new JsonObject { ["type"] = new JsonObject { ["id"] = "INTEGER", ["type_info"] = null }, ["is_null"] = false, ["value"] = 1 },
    };
}
