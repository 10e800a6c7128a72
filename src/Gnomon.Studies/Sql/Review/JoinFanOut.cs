using System.Text.Json.Nodes;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql.Dialects;

namespace Gnomon.Studies.Sql.Review;

/// <summary>
/// A sum, average or count of a column after a join that repeats its rows. Measured with every row of the first table kept, so that rows which the join drops do not hide those which it repeats.
/// COUNT(*) counts pairs, and a grouping by another table's columns puts the repeats into groups of their own: both are left alone.
/// </summary>
internal sealed class JoinFanOut : IReviewRule
{
    private static readonly string[] Adding = ["sum", "avg", "mean", "count"];

    public string Id => "join-fan-out";

    public IEnumerable<Remark> Look(QueryTree tree, DataProbe probe)
    {
        foreach (var select in tree.Selects.Where(s => QueryTree.Is(s["from_table"], "type", "JOIN")))
        {
            var from = (JsonObject)select["from_table"]!;
            var leaves = FromTree.Leaves(from).ToList();
            var aggregates = QueryTree.Within(select["select_list"]).Where(n => QueryTree.IsFunction(n, Adding) && n["distinct"]?.GetValue<bool>() != true).ToList();
            if (aggregates.Count == 0 || leaves.Select(FromTree.Alias).Distinct(StringComparer.OrdinalIgnoreCase).Count() < leaves.Count)
            {
                continue;
            }

            if (!probe.HasData)
            {
                yield return tree.Remark(Id, aggregates[0], $"{QueryTree.Text(aggregates[0], "function_name").ToUpperInvariant()} after a join counts a row once for every partner it has", "Aggregate the joined table to one row per key first, or check that its key is unique.");
                continue;
            }

            foreach (var remark in Measured(tree, probe, select, leaves, aggregates))
            {
                yield return remark;
            }
        }
    }

    private IEnumerable<Remark> Measured(QueryTree tree, DataProbe probe, JsonObject select, List<JsonObject> leaves, List<JsonObject> aggregates)
    {
        var kept = Outer(select["from_table"]!);
        var said = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var aggregate in aggregates)
        {
            var argument = (aggregate["children"] as JsonArray ?? []).FirstOrDefault();
            var leaf = Owner(probe, select, leaves, argument);
            if (leaf is null || Groups(select).Any(g => Owner(probe, select, leaves, g) != leaf))
            {
                continue;
            }

            var from = leaf == leaves[0] ? kept : select["from_table"]!;
            if (Rows(probe, select, from) is not { } rowsAfter || Rows(probe, select, leaf) is not { } rowsBefore || rowsAfter <= rowsBefore || !said.Add(FromTree.Alias(leaf) + argument?.ToJsonString()))
            {
                continue;
            }

            var name = QueryTree.ColumnName(argument);
            var isSum = QueryTree.IsFunction(aggregate, "sum") && name.Length > 0;
            var (before, total) = isSum ? (Total(probe, select, leaf, argument!), Total(probe, select, from, argument!)) : (null, null);
            var join = string.Join(", ", leaves.Select(FromTree.Alias));
            var evidence = new JoinCardinality
            {
                Join = join, RowsBefore = rowsBefore, RowsAfter = rowsAfter, RepeatedKeys = Repeated(probe, select, leaves, leaf), Measure = isSum ? name : null, TotalBefore = before, TotalAfter = total, IsAnswer = true,
            };
            var says = before is { } b && total is { } t && b != 0
                ? $"the join repeats rows of {FromTree.Alias(leaf)}: {name} adds up to {Figures.Number(t)} instead of {Figures.Number(b)} ({Figures.Number(Math.Round(t / b, 2))} times)"
                : $"the join repeats rows of {FromTree.Alias(leaf)}: {Figures.Count(rowsBefore)} become {Figures.Count(rowsAfter)}";
            yield return tree.Remark(Id, aggregate, says, $"Aggregate the other tables to one row per key of {FromTree.Alias(leaf)} before the join.") with
            {
                Evidence = [evidence, .. Partners(probe, select)],
            };
        }
    }

    // The same joins with no row of the first table lost.
    private static JsonNode Outer(JsonNode from)
    {
        var copy = from.DeepClone();
        foreach (var join in QueryTree.Within(copy).Where(n => QueryTree.Is(n, "type", "JOIN") && QueryTree.Is(n, "join_type", "INNER")))
        {
            join["join_type"] = "LEFT";
        }

        return copy;
    }

    // Expressions that are grouped by; a number stands for an item of the select list.
    private static IEnumerable<JsonNode?> Groups(JsonObject select) => (select["group_expressions"] as JsonArray ?? []).Select(g =>
        g?["value"]?["value"] is JsonValue v && v.TryGetValue<int>(out var at) && select["select_list"] is JsonArray items && at >= 1 && at <= items.Count ? items[at - 1] : g);

    // Which table a column belongs to; the leftmost one where there is no column.
    private static JsonObject? Owner(DataProbe probe, JsonObject select, List<JsonObject> leaves, JsonNode? argument)
    {
        if (QueryTree.Within(argument).FirstOrDefault(n => QueryTree.Is(n, "class", "COLUMN_REF")) is not { } column)
        {
            return leaves[0];
        }

        return QueryTree.Qualifier(column) is { Length: > 0 } qualifier
            ? leaves.Find(l => FromTree.Alias(l).Equals(qualifier, StringComparison.OrdinalIgnoreCase))
            : leaves.Find(l => probe.Types(probe.Rows(FromTree.Over(select, l), [column])) is not null);
    }

    private static long? Rows(DataProbe probe, JsonObject select, JsonNode from) =>
        probe.Rows(FromTree.Over(select, from), [FromTree.One()]) is { } sql ? probe.Count($"SELECT COUNT(*) AS n FROM ({sql}) AS counted") : null;

    private static double? Total(DataProbe probe, JsonObject select, JsonNode from, JsonNode measure) =>
        probe.Rows(FromTree.Over(select, from), [measure]) is { } sql ? probe.Number($"SELECT {SqlDialect.Real("SUM(c0)")} AS total FROM ({sql}) AS added") : null;

    // Keys that another table holds more than once, by the columns that its own join names.
    private static long Repeated(DataProbe probe, JsonObject select, List<JsonObject> leaves, JsonObject owner)
    {
        var repeated = 0L;
        foreach (var other in leaves.Where(l => l != owner))
        {
            var alias = FromTree.Alias(other);
            var keys = FromTree.Joins(select["from_table"]).SelectMany(j => FromTree.Using(j).Select(u => (JsonNode)FromTree.Column(alias, u))
                .Concat(FromTree.Conditions(j).Where(c => QueryTree.Is(c, "type", "COMPARE_EQUAL")).SelectMany(c => new[] { c["left"], c["right"] }).OfType<JsonNode>().Where(c => QueryTree.Qualifier(c).Equals(alias, StringComparison.OrdinalIgnoreCase)))).ToList();
            if (keys.Count > 0 && probe.Rows(FromTree.Over(select, other), keys) is { } sql)
            {
                repeated += probe.Count($"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ({sql}) AS k GROUP BY {string.Join(", ", keys.Select((_, n) => $"c{n}"))} HAVING COUNT(*) > 1) AS twice") ?? 0;
            }
        }

        return repeated;
    }

    // For each join on one equality of columns: rows of its first table that find no partner in its second.
    private static IEnumerable<IEvidence> Partners(DataProbe probe, JsonObject select)
    {
        foreach (var equal in FromTree.Joins(select["from_table"]).SelectMany(FromTree.Conditions).Where(c => QueryTree.Is(c, "type", "COMPARE_EQUAL")))
        {
            var sides = FromTree.Leaves(select["from_table"]).Where(l => QueryTree.Qualifier(equal["left"]).Equals(FromTree.Alias(l), StringComparison.OrdinalIgnoreCase) || QueryTree.Qualifier(equal["right"]).Equals(FromTree.Alias(l), StringComparison.OrdinalIgnoreCase)).ToList();
            if (sides.Count != 2)
            {
                continue;
            }

            JsonNode Key(JsonObject side) => QueryTree.Qualifier(equal["left"]).Equals(FromTree.Alias(side), StringComparison.OrdinalIgnoreCase) ? equal["left"]! : equal["right"]!;
            if (probe.Rows(FromTree.Over(select, sides[0]), [Key(sides[0])]) is not { } left || probe.Rows(FromTree.Over(select, sides[1]), [Key(sides[1])]) is not { } right)
            {
                continue;
            }

            var engine = SqlDialect.Named("duckdb");
            string Lost(string key) => $"SELECT COUNT(*) AS n FROM ({left}) AS l WHERE NOT EXISTS (SELECT 1 FROM ({right}) AS r WHERE {key.Replace("?", "r.c0", StringComparison.Ordinal)} = {key.Replace("?", "l.c0", StringComparison.Ordinal)})";
            if (probe.Count($"SELECT COUNT(*) AS n FROM ({left}) AS l") is { } rows && probe.Count($"SELECT COUNT(*) - COUNT(c0) AS n FROM ({left}) AS l") is { } nulls
                && probe.Count(Lost(engine.AsText("?"))) is { } lost && probe.Count(Lost(engine.NormalKey("?"))) is { } lostAlike)
            {
                yield return new KeyMatch { Join = $"{FromTree.Alias(sides[0])} to {FromTree.Alias(sides[1])}", Rows = rows, NullKeys = nulls, Unmatched = lost, UnmatchedNormalised = lostAlike };
            }
        }
    }
}
