using System.Text.Json;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files;

/// <summary>What a query reads, taken from the engine's own syntax tree.</summary>
/// <param name="Names">Tables and files as written; names that the query defines itself (WITH) are left out.</param>
/// <param name="HasFunctions">It calls table functions, which may read anything.</param>
internal sealed record QueryTables(IReadOnlyList<string> Names, bool HasFunctions)
{
    /// <summary>A text that is not a SELECT has no tables; running it will say what is wrong.</summary>
    public static QueryTables Of(EngineSession session, string sql, CancellationToken cancellation)
    {
        var answer = session.Read(new SqlStatement("SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR) AS tree", [sql]), cancellation);
        var walk = new Walk();
        using var tree = JsonDocument.Parse((string)answer["tree"].Cell(0)!, new JsonDocumentOptions { MaxDepth = 4096 });
        walk.Visit(tree.RootElement);
        return new QueryTables([.. walk.Tables.Except(walk.Defined)], walk.HasFunctions);
    }

    private sealed class Walk
    {
        public HashSet<string> Tables { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Defined { get; } = new(StringComparer.Ordinal);

        public bool HasFunctions { get; private set; }

        public void Visit(JsonElement node)
        {
            if (node.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in node.EnumerateArray())
                {
                    Visit(item);
                }
            }
            else if (node.ValueKind == JsonValueKind.Object)
            {
                Note(node);
                foreach (var property in node.EnumerateObject())
                {
                    Visit(property.Value);
                }
            }
        }

        private void Note(JsonElement node)
        {
            var type = Text(node, "type");
            if (type == "BASE_TABLE" && Text(node, "table_name") is { } table)
            {
                Tables.Add(table);
            }

            HasFunctions |= type == "TABLE_FUNCTION" && node.TryGetProperty("function", out var function) && MayRead(Text(function, "function_name"));
            if (node.TryGetProperty("cte_map", out var map) && map.TryGetProperty("map", out var entries))
            {
                Defined.UnionWith(entries.EnumerateArray().Select(e => Text(e, "key")).OfType<string>());
            }
        }

        private static bool MayRead(string? function) => function is not ("range" or "generate_series" or "unnest" or "repeat" or "repeat_row");

        private static string? Text(JsonElement node, string property) =>
            node.ValueKind == JsonValueKind.Object && node.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
