using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Review;

/// <summary>
/// An aggregate of a joined log without a bound in time: rows that lie after the moment of the base row are part of it. Where the result describes that moment (a feature), it knows the future.
/// Said only where the data have such rows.
/// </summary>
internal sealed class MissingAsOf : IReviewRule
{
    public string Id => "no-as-of-bound";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects.Where(s => QueryTree.Is(s["from_table"], "type", "JOIN")))
        {
            var leaves = FromTree.Leaves(select["from_table"]).ToList();
            if (leaves.Count != 2 || !QueryTree.Within(select["select_list"]).Any(n => QueryTree.IsFunction(n, "sum", "avg", "mean", "count", "count_star", "max", "min")))
            {
                continue;
            }

            var (left, right) = (TimeOf(probe, select, leaves[0]), TimeOf(probe, select, leaves[1]));
            if (left is null || right is null || IsBound(select, left, right))
            {
                continue;
            }

            var pairs = probe.Rows(select, [left, right]);
            var (all, later) = pairs is null ? (null, null) : (probe.Count($"SELECT COUNT(*) AS n FROM ({pairs}) AS p"), probe.Count($"SELECT COUNT(*) AS n FROM ({pairs}) AS p WHERE CAST(c1 AS TIMESTAMP) > CAST(c0 AS TIMESTAMP)"));
            if (later is not > 0 || all is not > 0)
            {
                continue;
            }

            yield return tree.Remark(
                Id, (JsonObject)select["from_table"]!, $"{Figures.Percent((double)later.Value / all.Value)} of the joined rows of {FromTree.Word(leaves[1])} are later than their row of {FromTree.Word(leaves[0])}: as a feature of that row, the result knows the future",
                $"Add {FromTree.Alias(leaves[1])}.{QueryTree.ColumnName(right)} <= {FromTree.Alias(leaves[0])}.{QueryTree.ColumnName(left)} to the join, or say that the future is meant.");
        }
    }

    // The only column of times that the table has.
    private static JsonObject? TimeOf(DataProbe probe, JsonObject select, JsonObject leaf)
    {
        var star = new JsonObject { ["class"] = "STAR", ["type"] = "STAR", ["alias"] = string.Empty, ["query_location"] = 0, ["relation_name"] = string.Empty, ["exclude_list"] = new JsonArray(), ["replace_list"] = new JsonArray(), ["columns"] = false, ["expr"] = null, ["qualified_exclude_list"] = new JsonArray(), ["rename_list"] = new JsonArray() };
        var copy = FromTree.Over(select, leaf);
        copy["select_list"] = new JsonArray(star);
        copy["modifiers"] = new JsonArray();
        copy["group_expressions"] = new JsonArray();
        copy["group_sets"] = new JsonArray();
        copy["having"] = null;
        var times = (probe.Types(probe.Sql(copy)) ?? []).Where(f => f.Type is ColumnType.Date or ColumnType.Timestamp or ColumnType.LocalTimestamp).ToList();
        return times.Count == 1 ? FromTree.Column(FromTree.Alias(leaf), times[0].Name) : null;
    }

    private static bool IsBound(JsonObject select, JsonObject left, JsonObject right)
    {
        var (a, b) = (QueryTree.ColumnName(left), QueryTree.ColumnName(right));
        return FromTree.Joins(select["from_table"]).SelectMany(FromTree.Conditions).Concat(QueryTree.Conjuncts(select["where_clause"]))
            .Any(c => QueryTree.Within(c).Select(QueryTree.ColumnName).Where(n => n.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase) is var names && names.Contains(b) && (a != b ? names.Contains(a) : QueryTree.Within(c).Count(n => QueryTree.ColumnName(n) == a) > 1));
    }
}
