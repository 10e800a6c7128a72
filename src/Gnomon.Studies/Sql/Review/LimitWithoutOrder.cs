using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary><c>LIMIT</c> without <c>ORDER BY</c>: which rows come is left to chance.</summary>
internal sealed class LimitWithoutOrder : IReviewRule
{
    public string Id => "limit-without-order";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects.Where(s => QueryTree.Modifier(s, "LIMIT_MODIFIER") is not null && QueryTree.Modifier(s, "ORDER_MODIFIER") is null))
        {
            var limit = QueryTree.Modifier(select, "LIMIT_MODIFIER")!;
            var most = limit["limit"]?["value"]?["value"] is JsonValue v && v.TryGetValue<long>(out var n) ? n : (long?)null;
            var unlimited = (JsonObject)select.DeepClone();
            unlimited["modifiers"] = new JsonArray([.. (select["modifiers"] as JsonArray ?? []).Where(m => !QueryTree.Is(m, "type", "LIMIT_MODIFIER")).Select(m => m!.DeepClone())]);
            var all = probe.Sql(unlimited) is { } text ? probe.Count($"SELECT COUNT(*) AS n FROM ({text}) AS unlimited") : null;
            if (most is { } take && all <= take)
            {
                continue;
            }

            var says = all is { } rows && most is { } kept ? $"LIMIT {kept} without ORDER BY takes any {kept} of {Figures.Count(rows, "row")}" : "LIMIT without ORDER BY takes any rows";
            yield return tree.Remark(Id, limit, says, "Add an ORDER BY that no two rows tie on.") with
            {
                Evidence = all is { } found ? [new TieHandling { Form = "LIMIT without ORDER BY", Entities = "rows", Right = most ?? found, Missed = 0, Wrong = Math.Max(1, found - (most ?? 0)), IsAnswer = true, Says = says }] : [],
            };
        }
    }
}
