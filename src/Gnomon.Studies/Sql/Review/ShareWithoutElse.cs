using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary><c>AVG(CASE WHEN x THEN 1 END)</c>: without ELSE 0 everybody else is missing from the denominator, and the share is always 1.</summary>
internal sealed class ShareWithoutElse : IReviewRule
{
    public string Id => "share-without-else";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects)
        {
            foreach (var share in QueryTree.Within(select["select_list"]).Where(n => QueryTree.IsFunction(n, "avg", "mean") && n["children"]?[0] is JsonObject c && IsOpenCase(c)))
            {
                var missing = probe.Rows(select, [share["children"]![0]]) is { } sql ? probe.Count($"SELECT COUNT(*) - COUNT(c0) AS n FROM ({sql}) AS cases") : null;
                if (missing is 0)
                {
                    continue;
                }

                var says = missing is { } n ? $"the average of a CASE without ELSE leaves {Figures.Count(n, "row")} out of its denominator" : "the average of a CASE without ELSE leaves everybody else out of its denominator";
                yield return tree.Remark(Id, share, says, "Add ELSE 0, so that the share is of all rows.") with
                {
                    Evidence = missing is { } found ? [new NullHandling { Form = "AVG over a CASE without ELSE", Entities = "rows", Right = found, Missed = found, Wrong = 0, IsAnswer = true, Says = says }] : [],
                };
            }
        }
    }

    private static bool IsOpenCase(JsonObject node) =>
        QueryTree.Is(node, "class", "CASE") && node["else_expr"]?["value"]?["is_null"]?.GetValue<bool>() == true
        && (node["case_checks"] as JsonArray ?? []).All(c => c?["then_expr"] is JsonObject then && QueryTree.Is(then, "class", "CONSTANT"));
}
