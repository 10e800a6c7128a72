using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary>A WHERE on the optional side of an outer join drops the rows without a partner: the join is an inner one again.</summary>
internal sealed class OuterJoinFilter : IReviewRule
{
    public string Id => "outer-join-filtered";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects)
        {
            foreach (var join in FromTree.Joins(select["from_table"]).Where(j => QueryTree.Is(j, "join_type", "LEFT")))
            {
                var optional = FromTree.Leaves(join["right"]).Select(FromTree.Alias).ToHashSet(StringComparer.OrdinalIgnoreCase);
                var test = QueryTree.Conjuncts(select["where_clause"]).FirstOrDefault(c => Rejects(c, optional));
                if (test is null)
                {
                    continue;
                }

                var lost = Lost(probe, select, test);
                if (lost is 0)
                {
                    continue;
                }

                var says = lost is { } n ? $"the condition in WHERE drops {Figures.Count(n, "row")} that the LEFT JOIN kept without a partner" : "a condition in WHERE on the optional table drops the rows that the LEFT JOIN kept without a partner";
                yield return tree.Remark(Id, test, says, "Move the condition into ON, or write JOIN if rows without a partner are not wanted.") with
                {
                    Evidence = lost is { } found ? [new NullHandling { Form = "a condition on the optional side of a LEFT JOIN", Entities = "rows", Right = found, Missed = found, Wrong = 0, IsAnswer = true, Says = says }] : [],
                };
            }
        }
    }

    // A comparison is unknown for NULL; IS NULL, COALESCE and the like are not.
    private static bool Rejects(JsonObject condition, HashSet<string> optional) =>
        QueryTree.Is(condition, "class", "COMPARISON") && !QueryTree.Is(condition, "type", "COMPARE_DISTINCT_FROM") && !QueryTree.Is(condition, "type", "COMPARE_NOT_DISTINCT_FROM")
        && new[] { condition["left"], condition["right"] }.Any(side => optional.Contains(QueryTree.Qualifier(side)));

    private static long? Lost(DataProbe probe, JsonObject select, JsonObject test)
    {
        var column = new[] { test["left"], test["right"] }.First(side => QueryTree.Qualifier(side).Length > 0);
        return probe.Rows(select, [column], withWhere: false) is { } sql ? probe.Count($"SELECT COUNT(*) - COUNT(c0) AS n FROM ({sql}) AS joined") : null;
    }
}
