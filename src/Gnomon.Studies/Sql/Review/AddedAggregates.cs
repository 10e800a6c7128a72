using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql.Dialects;

namespace Gnomon.Studies.Sql.Review;

/// <summary>A sum or average of distinct counts, medians, averages or ratios that were computed per group.</summary>
internal sealed class AddedAggregates : IReviewRule
{
    private static readonly string[] Holistic = ["median", "quantile", "quantile_cont", "quantile_disc", "percentile_cont", "percentile_disc", "mode", "approx_count_distinct", "avg", "mean"];

    public string Id => "pieces-added-up";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        var named = tree.Named;
        foreach (var outer in tree.Selects)
        {
            foreach (var adding in QueryTree.Within(outer["select_list"]).Where(n => QueryTree.IsFunction(n, "sum", "avg", "mean")))
            {
                var column = QueryTree.ColumnName((adding["children"] as JsonArray ?? []).FirstOrDefault());
                var inner = FromTree.Leaves(outer["from_table"]).Select(l => Inner(l, named)).OfType<JsonObject>().FirstOrDefault(s => Item(s, column) is not null);
                if (column.Length == 0 || inner is null || inner["group_expressions"] is not JsonArray { Count: > 0 } || Item(inner, column) is not { } item || What(item) is not { } what)
                {
                    continue;
                }

                yield return Said(tree, probe, adding, inner, column, item, what);
            }
        }
    }

    private Remark Said(QueryTree tree, DataProbe probe, JsonObject adding, JsonObject inner, string column, JsonObject item, string what)
    {
        var function = QueryTree.Text(adding, "function_name").ToUpperInvariant();
        var pieces = probe.Sql(inner) is { } text ? text : null;
        var count = pieces is null ? null : probe.Count($"SELECT COUNT(*) AS n FROM ({pieces}) AS pieces");
        var added = pieces is null ? null : probe.Number($"SELECT {SqlDialect.Real($"{function}({SqlDialect.Named("duckdb").Name(column)})")} AS total FROM ({pieces}) AS pieces");
        var whole = probe.Number(Whole(probe, inner, item));
        var says = added is { } a && whole is { } w
            ? $"{function} over {Figures.Count(count ?? 0)} groups of {what} gives {Figures.Number(a)}; over all rows it is {Figures.Number(w)}"
            : $"{function} adds up {what} of groups, which cannot be added up";
        return tree.Remark(Id, adding, says, "Compute it over all rows at once, or carry numerator and denominator along.") with
        {
            Evidence = added is { } sum && count is { } n ? [new AddedPieces { Statistic = what, Pieces = "groups", Count = n, Added = sum, Whole = whole, IsAnswer = true }] : [],
        };
    }

    private static string? Whole(DataProbe probe, JsonObject inner, JsonObject item)
    {
        var copy = (JsonObject)inner.DeepClone();
        var alone = (JsonObject)item.DeepClone();
        alone["alias"] = "whole_value";
        copy["select_list"] = new JsonArray(alone);
        copy["group_expressions"] = new JsonArray();
        copy["group_sets"] = new JsonArray();
        copy["modifiers"] = new JsonArray();
        copy["having"] = null;
        return probe.Sql(copy) is { } sql ? $"SELECT {SqlDialect.Real("whole_value")} AS whole_value FROM ({sql}) AS whole_rows" : null;
    }

    private static JsonObject? Inner(JsonObject leaf, IReadOnlyDictionary<string, JsonObject> named) =>
        QueryTree.Is(leaf, "type", "SUBQUERY") ? leaf["subquery"]?["node"] as JsonObject : named.GetValueOrDefault(QueryTree.Text(leaf, "table_name"));

    private static JsonObject? Item(JsonObject select, string column) => (select["select_list"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(i => string.Equals(QueryTree.Text(i, "alias"), column, StringComparison.OrdinalIgnoreCase));

    private static string? What(JsonObject item)
    {
        foreach (var node in QueryTree.Within(item))
        {
            if (QueryTree.IsFunction(node, "count") && node["distinct"]?.GetValue<bool>() == true)
            {
                return "distinct counts";
            }

            if (QueryTree.IsFunction(node, Holistic))
            {
                return QueryTree.Text(node, "function_name") is "avg" or "mean" ? "averages" : "medians or quantiles";
            }

            if (QueryTree.IsFunction(node, "/"))
            {
                return "ratios";
            }
        }

        return null;
    }
}
