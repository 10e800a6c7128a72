using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary>A window function that numbers or picks rows by an order on which rows tie, or by none.</summary>
internal sealed class AmbiguousRowNumber : IReviewRule
{
    private static readonly string[] Picks = ["row_number", "first", "first_value", "last", "last_value", "nth_value", "lag", "lead", "ntile"];

    public string Id => "ambiguous-row-number";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects)
        {
            foreach (var window in QueryTree.Within(select["select_list"]).Concat(QueryTree.Within(select["qualify"])).Where(n => QueryTree.Is(n, "class", "WINDOW") && Picks.Contains(QueryTree.Text(n, "function_name"))))
            {
                var name = QueryTree.Text(window, "function_name").ToUpperInvariant();
                var orders = (window["orders"] as JsonArray ?? []).Select(o => o?["expression"]).ToList();
                if (orders.Count == 0)
                {
                    yield return tree.Remark(Id, window, $"{name} has no ORDER BY, so it picks any row", "Add an ORDER BY that no two rows tie on.") with
                    {
                        Evidence = probe.HasData ? [new TieHandling { Form = $"{name} without ORDER BY", Entities = "rows", Right = 1, Missed = 0, Wrong = 1, IsAnswer = true, Says = $"{name} has no ORDER BY: the result depends on the order of 1 file" }] : [],
                    };
                    continue;
                }

                var by = (window["partitions"] as JsonArray ?? []).Concat(orders).ToList();
                var keys = probe.Rows(select, by);
                var names = string.Join(", ", Enumerable.Range(0, by.Count).Select(k => $"c{k}"));
                var ties = keys is null ? null : probe.Count($"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ({keys}) AS keys GROUP BY {names} HAVING COUNT(*) > 1) AS tied");
                if (ties is not > 0)
                {
                    continue;
                }

                var says = $"{name} is ordered by something on which rows tie {Figures.Count(ties.Value, "time")}";
                yield return tree.Remark(Id, window, says, "Add a column to the ORDER BY that tells the rows apart, or use RANK or DENSE_RANK if ties are meant to share a place.") with
                {
                    Evidence = [new TieHandling { Form = $"{name} over ties", Entities = "rows", Right = 1, Missed = 0, Wrong = ties.Value, IsAnswer = true, Says = says }],
                };
            }
        }
    }
}
