using System.Text;
using System.Text.Json.Nodes;

namespace Gnomon.Studies.Sql.Review;

/// <summary>A query as the engine's syntax tree, with the way back from a node to its place in the text.</summary>
internal sealed class QueryTree
{
    private readonly byte[] _text;

    private QueryTree(JsonObject statement, string sql)
    {
        Root = statement;
        _text = Encoding.UTF8.GetBytes(sql);
        Selects = [.. Descendants(Root).Where(n => Is(n, "type", "SELECT_NODE"))];
    }

    /// <summary>The outermost node.</summary>
    public JsonObject Root { get; }

    /// <summary>Every SELECT, the outermost first.</summary>
    public IReadOnlyList<JsonObject> Selects { get; }

    /// <summary>True when the outermost query says in which order its rows come.</summary>
    public bool IsOrdered => Modifier(Root, "ORDER_MODIFIER") is not null;

    /// <summary>Null when there is no tree, or more than one statement.</summary>
    public static QueryTree? Of(string? json, string sql)
    {
        if (json is null)
        {
            return null;
        }

        var statements = JsonNode.Parse(json, null, new System.Text.Json.JsonDocumentOptions { MaxDepth = 4096 })?["statements"]?.AsArray();
        return statements?.Count == 1 && statements[0]?["node"] is JsonObject node ? new QueryTree(node, sql) : null;
    }

    /// <summary>Queries that a WITH names, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Named => Descendants(Root).Select(n => n["cte_map"]?["map"]).OfType<JsonArray>().SelectMany(m => m).OfType<JsonObject>()
        .Where(e => e["value"]?["query"]?["node"] is JsonObject).GroupBy(e => Text(e, "key")).ToDictionary(g => g.Key, g => (JsonObject)g.First()["value"]!["query"]!["node"]!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Line and column, from 1, of the node or of the first node below it that knows its place.</summary>
    public (int Line, int Column) Place(JsonNode node)
    {
        var at = Descendants(node).Select(Location).FirstOrDefault(l => l >= 0, 0);
        var before = Encoding.UTF8.GetString(_text, 0, Math.Min(at, _text.Length));
        var line = before.LastIndexOf('\n');
        return (before.Count(c => c == '\n') + 1, before.Length - line);
    }

    public Remark Remark(string rule, JsonNode node, string says, string instead)
    {
        var (line, column) = Place(node);
        return new Remark(rule, line, column, says, instead);
    }

    public static JsonObject? Modifier(JsonObject select, string type) => (select["modifiers"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(m => Is(m, "type", type));

    public static bool Is(JsonNode? node, string property, string value) => node is JsonObject && Text(node, property) == value;

    public static string Text(JsonNode? node, string property) => node is JsonObject o && o[property] is JsonValue v && v.TryGetValue<string>(out var text) ? text : string.Empty;

    /// <summary>The node itself and everything below it, in the order of the tree.</summary>
    public static IEnumerable<JsonObject> Descendants(JsonNode? node)
    {
        if (node is JsonObject here)
        {
            yield return here;
            foreach (var below in here.SelectMany(p => Descendants(p.Value)))
            {
                yield return below;
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var below in items.SelectMany(Descendants))
            {
                yield return below;
            }
        }
    }

    /// <summary>Below this node, without the insides of other queries.</summary>
    public static IEnumerable<JsonObject> Within(JsonNode? node)
    {
        if (node is JsonObject here)
        {
            yield return here;
            foreach (var below in here.Where(p => p.Key != "cte_map" && !(p.Key is "subquery" or "query")).SelectMany(p => Within(p.Value)))
            {
                yield return below;
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var below in items.SelectMany(Within))
            {
                yield return below;
            }
        }
    }

    /// <summary>Conditions that all must hold.</summary>
    public static IEnumerable<JsonObject> Conjuncts(JsonNode? condition) => condition is not JsonObject o ? []
        : Is(o, "type", "CONJUNCTION_AND") ? (o["children"] as JsonArray ?? []).SelectMany(Conjuncts) : [o];

    /// <summary>The last part of a column's name; empty for anything else.</summary>
    public static string ColumnName(JsonNode? node) => Is(node, "class", "COLUMN_REF") && node!["column_names"] is JsonArray { Count: > 0 } parts ? parts[^1]!.GetValue<string>() : string.Empty;

    /// <summary>What a column's name is qualified with; empty when it is not.</summary>
    public static string Qualifier(JsonNode? node) => Is(node, "class", "COLUMN_REF") && node!["column_names"] is JsonArray { Count: > 1 } parts ? parts[^2]!.GetValue<string>() : string.Empty;

    public static bool IsFunction(JsonNode? node, params ReadOnlySpan<string> names) => Is(node, "class", "FUNCTION") && names.Contains(Text(node, "function_name"));

    private static int Location(JsonObject node) => node["query_location"] is JsonValue v && v.TryGetValue<long>(out var at) && at is >= 0 and < int.MaxValue ? (int)at : -1;
}
