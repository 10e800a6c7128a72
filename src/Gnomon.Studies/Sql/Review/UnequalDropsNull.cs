using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary><c>WHERE status &lt;&gt; 'x'</c>: rows without a status are dropped too. Said only where the data have such rows.</summary>
internal sealed class UnequalDropsNull : IReviewRule
{
    public string Id => "unequal-drops-null";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects)
        {
            var tests = QueryTree.Conjuncts(select["where_clause"]).Where(c => QueryTree.Is(c, "type", "COMPARE_NOTEQUAL") && (QueryTree.Is(c["left"], "class", "CONSTANT") || QueryTree.Is(c["right"], "class", "CONSTANT")));
            foreach (var test in tests)
            {
                var column = QueryTree.Is(test["left"], "class", "CONSTANT") ? test["right"] : test["left"];
                var nulls = QueryTree.ColumnName(column).Length > 0 && probe.Rows(select, [column], withWhere: false) is { } sql ? probe.Count($"SELECT COUNT(*) - COUNT(c0) AS n FROM ({sql}) AS cells") : null;
                if (nulls is not > 0 || FromTree.Joins(select["from_table"]).Any(j => QueryTree.Is(j, "join_type", "LEFT")))
                {
                    continue;
                }

                var says = $"<> also drops {Figures.Count(nulls.Value, "row")} in which {QueryTree.ColumnName(column)} is NULL";
                yield return tree.Remark(Id, test, says, "Write IS DISTINCT FROM if rows without a value are to stay, or say in a comment that they are not.") with
                {
                    Evidence = [new NullHandling { Form = $"{QueryTree.ColumnName(column)} <> a value", Entities = "rows", Right = nulls.Value, Missed = nulls.Value, Wrong = 0, IsAnswer = true, Says = says }],
                };
            }
        }
    }
}
