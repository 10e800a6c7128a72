using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary><c>NOT IN (SELECT ...)</c>: one NULL in the list and nothing is returned.</summary>
internal sealed class NotInNull : IReviewRule
{
    public string Id => "not-in-null";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var not in QueryTree.Descendants(tree.Root).Where(n => QueryTree.Is(n, "type", "OPERATOR_NOT")))
        {
            if (not["children"]?[0] is not JsonObject inner || !QueryTree.Is(inner, "subquery_type", "ANY") || inner["subquery"]?["node"] is not JsonObject list)
            {
                continue;
            }

            var text = probe.Sql(list);
            var nulls = text is null ? null : probe.Count($"SELECT COUNT(*) - COUNT(v) AS n FROM ({text}) AS listed(v)");
            if (nulls is 0)
            {
                continue;
            }

            var says = nulls is { } n ? $"NOT IN over a list with {Figures.Count(n, "NULL")} keeps no row at all" : "NOT IN over a subquery keeps no row at all if one value of the list is NULL";
            yield return tree.Remark(Id, not, says, "Write NOT EXISTS, which NULL cannot empty, or add IS NOT NULL to the list.") with
            {
                Evidence = nulls is { } found ? [new NullHandling { Form = "NOT IN over a list with NULL", Entities = "rows", Right = 1, Missed = found, Wrong = 0, IsAnswer = true, Says = says }] : [],
            };
        }
    }
}
