using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary>A frame of rows over a column of dates that has gaps: seven rows are not seven days.</summary>
internal sealed class RowsFrame : IReviewRule
{
    public string Id => "rows-frame-over-dates";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects)
        {
            foreach (var window in QueryTree.Within(select["select_list"]).Where(n => QueryTree.Is(n, "class", "WINDOW") && QueryTree.Text(n, "start") == "EXPR_PRECEDING_ROWS" && n["orders"] is JsonArray { Count: 1 }))
            {
                var order = window["orders"]![0]!["expression"];
                var partitions = (window["partitions"] as JsonArray ?? []).ToList();
                var keys = IsGrouped(select) ? null : probe.Rows(select, partitions.Append(order));
                var last = $"c{partitions.Count}";
                if (probe.HasData && probe.Types(keys) is { } types && !types[^1].IsTemporal)
                {
                    continue;
                }

                var by = partitions.Count == 0 ? string.Empty : $"PARTITION BY {string.Join(", ", Enumerable.Range(0, partitions.Count).Select(k => $"c{k}"))} ";
                var gaps = keys is null ? null : probe.Count($"SELECT COUNT(*) AS n FROM (SELECT CAST({last} AS DATE) - LAG(CAST({last} AS DATE)) OVER ({by}ORDER BY {last}) AS step FROM ({keys}) AS keys) AS steps WHERE step > 1");
                if (gaps is 0 || (!probe.HasData && !LooksLikeTime(order)))
                {
                    continue;
                }

                var says = gaps is { } n ? $"a frame of rows over dates with {Figures.Count(n, "gap")}: so many rows are not so many days" : "a frame of rows over dates: where a day is missing, so many rows are not so many days";
                yield return tree.Remark(Id, window, says, "Use RANGE BETWEEN INTERVAL ... PRECEDING, over one row per day.") with
                {
                    Evidence = gaps is { } found ? [new WindowFrame { Form = "a frame of rows over dates", Entities = "rows", Right = 1, Missed = 0, Wrong = found, IsAnswer = true, Says = says }] : [],
                };
            }
        }
    }

    private static bool IsGrouped(JsonObject select) => select["group_expressions"] is JsonArray { Count: > 0 };

    private static bool LooksLikeTime(JsonNode? order) =>
        QueryTree.ColumnName(order).ToLowerInvariant() is var name && (name is "ts" or "at" || name.EndsWith("_at", StringComparison.Ordinal) || name.Contains("date", StringComparison.Ordinal) || name.Contains("time", StringComparison.Ordinal) || name.Contains("day", StringComparison.Ordinal));
}
