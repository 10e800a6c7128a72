using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Joins a small table to a large one: one row per key, keys compared in one spelling, no row lost and none multiplied.</summary>
internal sealed class Lookup : Recipe
{
    public override string Name => "lookup";

    public override string Asks(SqlRecipeOptions options) => $"What does the second table say about each row of the first, by {string.Join(", ", options.Key)}?";

    public override string Pitfall => "A repeated key in the lookup multiplies rows and totals; keys of two types or spellings find no partner; an inner join drops what it cannot match.";

    protected override IReadOnlyList<string> Needs => ["key"];

    public override bool NeedsSchema => true;

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options)
    {
        foreach (var error in base.Validate(options))
        {
            yield return error;
        }

        if (options.Key.Count > 1)
        {
            yield return new GnomonError("option-out-of-range", $"A lookup has one key; got {string.Join(", ", options.Key)}.", "--key", "Write --key KEY or --key LEFT=RIGHT.");
        }

        if (options.Query is not null || options is SqlOptions { File: not null })
        {
            yield return new GnomonError("options-conflict", "A lookup joins two tables; the rows of a query are one.", "--query, --file", "Leave it out and name two files.");
        }

        if (options is SqlOptions { Data: not null } own && own.More.Count != 1)
        {
            yield return new GnomonError("tables-missing", $"A lookup joins two tables; got {own.More.Count + 1}.", "DATA", "Name the large table first and the lookup second.");
        }
    }

    public override RecipeQuery Write(RecipeInput i)
    {
        var parts = i.Options.Key[0].Split('=', 2);
        var (left, right) = (i.Field(parts[0], "--key"), i.Field(parts[^1], "--key", 1));
        var (b, o) = (i.Table, i.From(1));
        var (bk, ok) = (i.D.Name(left.Name), i.D.Name(right.Name));
        var others = i.Tables[1].Schema.Where(f => f.Name != right.Name).Select(f => i.D.Name(f.Name)).ToList();
        var taken = i.Tables[0].Schema.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var shown = i.Tables[1].Schema.Where(f => f.Name != right.Name).Select(f => $"m.{i.D.Name(f.Name)}{(taken.Contains(f.Name) ? $" AS {i.D.Name($"{i.Tables[1].Name}_{f.Name}")}" : string.Empty)}").ToList();
        var columns = string.Join(", ", i.Tables[0].Schema.Select(f => $"b.{i.D.Name(f.Name)}"));
        var value = i.Options.Value is { } amount ? i.Column(amount, "--value") : null;
        var join = $"{i.Tables[0].Name} to {i.Tables[1].Name} on {i.Options.Key[0]}";
        string T(string key) => i.D.AsText(key);
        var perKey = $"WITH b AS (SELECT {T(bk)} AS raw, {i.D.NormalKey(bk)} AS normal, COUNT(*) AS n{(value is null ? string.Empty : $", SUM({Dialects.SqlDialect.Real(value)}) AS total")} FROM {b} GROUP BY {bk}),\n"
            + $"o AS (SELECT {T(ok)} AS raw, COUNT(*) AS n FROM {o} WHERE {ok} IS NOT NULL GROUP BY {ok}),\nc AS (SELECT {i.D.NormalKey(ok)} AS normal, COUNT(*) AS n FROM {o} WHERE {ok} IS NOT NULL GROUP BY {i.D.NormalKey(ok)})\n";
        var matching = perKey + "SELECT CAST(COALESCE(SUM(CASE WHEN c.n IS NOT NULL THEN b.n END), 0) AS BIGINT) AS matched, CAST(COALESCE(SUM(CASE WHEN c.n IS NULL AND b.raw IS NOT NULL THEN b.n END), 0) AS BIGINT) AS unmatched,\n"
            + "  CAST(COALESCE(SUM(CASE WHEN b.raw IS NULL THEN b.n END), 0) AS BIGINT) AS no_key, CAST(COALESCE(SUM(CASE WHEN c.n > 1 THEN b.n END), 0) AS BIGINT) AS multiplied, CAST(COALESCE(SUM(b.n * (c.n - 1)), 0) AS BIGINT) AS added,\n"
            + "  (SELECT COUNT(*) FROM c) AS lookup_keys, (SELECT COUNT(*) FROM c WHERE normal NOT IN (SELECT normal FROM b WHERE normal IS NOT NULL)) AS unused\nFROM b LEFT JOIN c ON c.normal = b.normal";
        return new RecipeQuery
        {
            Sql = $"WITH lookup_ranked AS (\n  SELECT {string.Concat(others.Select(c => c + ", "))}{i.D.NormalKey(ok)} AS normal_key,\n    ROW_NUMBER() OVER (PARTITION BY {i.D.NormalKey(ok)} ORDER BY {string.Join(", ", others.Append(ok).Select(c => $"{c} NULLS LAST"))}) AS copy_no\n  FROM {o}\n  WHERE {ok} IS NOT NULL\n),\n"
                + $"key_spellings AS (\n  SELECT raw_key, {i.D.NormalKey("raw_key")} AS normal_key\n  FROM (SELECT DISTINCT {bk} AS raw_key FROM {b} WHERE {bk} IS NOT NULL) AS seen\n),\n"
                + $"key_matched AS (\n  SELECT s.raw_key, l.*\n  FROM key_spellings AS s\n  JOIN lookup_ranked AS l ON l.normal_key = s.normal_key AND l.copy_no = 1\n)\n"
                + $"SELECT {columns}{string.Concat(shown.Select(c => $", {c}"))}\nFROM {i.From(0, "b")}\nLEFT JOIN key_matched AS m ON m.raw_key = b.{bk}",
            Entities = "rows",
            Rules =
            [
                "Keys are compared as trimmed lower-case text without leading zeros or a decimal .0; the spelling is settled once per key, not per row.",
                $"Of several rows of {i.Tables[1].Name} with one key, the first in the order of its other columns is joined.",
                "Rows without a partner are kept, with NULL in the joined columns.",
                $"A cluster should send the {i.Tables[1].Name} to every worker instead of moving {i.Tables[0].Name}; in Spark: SELECT /*+ BROADCAST(m) */ ...",
            ],
            Probes =
            [
                new Probe(
                    perKey + $"SELECT CAST(SUM(b.n) AS BIGINT) AS n, CAST(SUM(CASE WHEN b.raw IS NULL THEN b.n ELSE 0 END) AS BIGINT) AS no_key, CAST(SUM(b.n * COALESCE(o.n, 1)) AS BIGINT) AS after_raw, CAST(SUM(b.n * COALESCE(c.n, 1)) AS BIGINT) AS after_normal,\n"
                    + "CAST(SUM(CASE WHEN o.n IS NULL THEN b.n ELSE 0 END) AS BIGINT) AS lost_raw, CAST(SUM(CASE WHEN c.n IS NULL THEN b.n ELSE 0 END) AS BIGINT) AS lost_normal, (SELECT COUNT(*) FROM c WHERE n > 1) AS repeated"
                    + (value is null ? string.Empty : ", SUM(b.total) AS total_before, SUM(b.total * COALESCE(c.n, 1)) AS total_after") + "\nFROM b LEFT JOIN o ON o.raw = b.raw LEFT JOIN c ON c.normal = b.normal",
                    t => Evidence(t, join, value is null ? null : i.Options.Value)),
            ],
            Conclude = read =>
            {
                var t = read($"SELECT COUNT(*) AS n FROM {Answer}");
                var before = read($"SELECT COUNT(*) AS n FROM {b}");
                var (n, base0) = (Cells.Whole(t, "n"), Cells.Whole(before, "n"));
                return new Conclusion($"{Figures.Count(n, "row")}, as many as {i.Tables[0].Name} has.")
                {
                    Tables = [Match(read(matching), i)],
                    Evidence = [new RowContract { Step = $"the join of {join}", Promised = base0, Found = n, IsAnswer = true }],
                };
            },
        };
    }

    private static ResultTable Match(Table t, RecipeInput i) => new(
        "match", "What finds its partner", ["", "count"],
        [
            [$"rows of {i.Tables[0].Name} with a partner", Cells.Whole(t, "matched")], [$"rows of {i.Tables[0].Name} without one", Cells.Whole(t, "unmatched")], [$"rows of {i.Tables[0].Name} whose key is NULL", Cells.Whole(t, "no_key")],
            [$"keys of {i.Tables[1].Name}", Cells.Whole(t, "lookup_keys")], [$"keys of {i.Tables[1].Name} that no row uses", Cells.Whole(t, "unused")],
            [$"rows of {i.Tables[0].Name} that a plain join would repeat", Cells.Whole(t, "multiplied")], ["rows that a plain join would add", Cells.Whole(t, "added")],
        ]);

    private static IEnumerable<Core.Checks.IEvidence> Evidence(Table t, string join, string? measure)
    {
        if (Cells.Whole(t, "n") is var n && n == 0)
        {
            yield break;
        }

        yield return new JoinCardinality
        {
            Join = join, RowsBefore = n, RowsAfter = Cells.Whole(t, "after_normal"), RepeatedKeys = Cells.Whole(t, "repeated"), Measure = measure,
            TotalBefore = measure is null ? null : Cells.Real(t, "total_before"), TotalAfter = measure is null ? null : Cells.Real(t, "total_after"), IsAnswer = false,
        };
        yield return new KeyMatch { Join = join, Rows = n, NullKeys = Cells.Whole(t, "no_key"), Unmatched = Cells.Whole(t, "lost_raw"), UnmatchedNormalised = Cells.Whole(t, "lost_normal") };
    }
}
