using System.Text.Json.Nodes;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Review;

/// <summary>A table joined to itself on a range: a rolling window in disguise, whose work grows with the square of a unit's rows.</summary>
internal sealed class SelfJoinRange : IReviewRule
{
    private static readonly string[] Ranges = ["COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO", "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO", "COMPARE_BETWEEN"];

    public string Id => "self-join-range";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects)
        {
            foreach (var join in FromTree.Joins(select["from_table"]).Where(IsSelfJoin))
            {
                var conditions = FromTree.Conditions(join).Concat(QueryTree.Conjuncts(select["where_clause"])).ToList();
                if (!conditions.Exists(c => Ranges.Contains(QueryTree.Text(c, "type")) || QueryTree.Is(c, "class", "BETWEEN")))
                {
                    continue;
                }

                var left = FromTree.Leaves(join["left"]).First();
                var keys = FromTree.Using(join).Select(u => (JsonNode)FromTree.Column(FromTree.Alias(left), u))
                    .Concat(conditions.Where(c => QueryTree.Is(c, "type", "COMPARE_EQUAL")).SelectMany(c => new[] { c["left"], c["right"] }).OfType<JsonNode>().Where(c => QueryTree.Qualifier(c) == FromTree.Alias(left))).ToList();
                var sql = keys.Count == 0 ? null : probe.Rows(FromTree.Over(select, left), keys);
                var groups = sql is null ? null : $"SELECT COUNT(*) AS n FROM ({sql}) AS k GROUP BY {string.Join(", ", keys.Select((_, n) => $"c{n}"))}";
                var pairs = groups is null ? null : probe.Count($"SELECT CAST(SUM(n * n) AS BIGINT) AS pairs FROM ({groups}) AS g");
                var rows = groups is null ? null : probe.Count($"SELECT CAST(SUM(n) AS BIGINT) AS n FROM ({groups}) AS g");
                var says = pairs is { } p && rows is { } r ? $"the table is joined to itself on a range: {Figures.Count(p)} pairs from {Figures.Count(r, "row")}" : "the table is joined to itself on a range, which pairs every row with all others of its key";
                yield return tree.Remark(Id, join, says, "Use a window with a RANGE frame over one row per unit and day.") with
                {
                    Evidence = pairs is { } between && rows is { } read ? [new PlanWork { Form = "a self-join on a range", RowsIn = read, RowsBetween = between, RowsOut = read, Rewrite = "a window with a RANGE frame" }] : [],
                };
            }
        }
    }

    private static bool IsSelfJoin(JsonObject join)
    {
        var left = FromTree.Leaves(join["left"]).Select(l => QueryTree.Text(l, "table_name")).Where(n => n.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return FromTree.Leaves(join["right"]).Any(r => left.Contains(QueryTree.Text(r, "table_name")));
    }
}
