using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>One row per key, the latest one, with ties broken by all other columns.</summary>
internal sealed class Dedupe : Recipe
{
    public override string Name => "dedupe";

    public override string Asks(SqlRecipeOptions options) => $"What is the one row of each {string.Join(" and ", options.Key)}?";

    public override string Pitfall => "DISTINCT removes identical rows only, so a key whose rows differ in any column stays repeated; the latest row is ambiguous when two share the latest time.";

    protected override IReadOnlyList<string> Needs => ["key"];

    public override bool NeedsSchema => true;

    public override RecipeQuery Write(RecipeInput i)
    {
        var keys = i.Options.Key.Select(k => i.Field(k, "--key").Name).ToList();
        var key = string.Join(", ", keys.Select(i.D.Name));
        var others = i.Tables[0].Schema.Select(f => f.Name).Except(keys).Except(i.Options.Time is { } t ? [i.Field(t, "--time").Name] : []).Select(i.D.Name).ToList();
        var columns = string.Join(", ", i.Tables[0].Schema.Select(f => i.D.Name(f.Name)));
        var latest = i.Options.Time is null ? string.Empty : $"{i.Time.Column} DESC NULLS LAST";
        var known = string.Join(" AND ", keys.Select(k => $"{i.D.Name(k)} IS NOT NULL"));
        string Rows(IEnumerable<string> tie) => $"SELECT {columns}\nFROM (\n  SELECT {columns},\n    ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {string.Join(", ", (latest.Length > 0 ? new[] { latest } : []).Concat(tie).DefaultIfEmpty(key))}) AS copy_no\n  FROM {i.Table}\n  WHERE {known}\n) AS copies\nWHERE copy_no = 1";
        return new RecipeQuery
        {
            Sql = $"{Rows(others.Select(o => $"{o} NULLS LAST"))}\nORDER BY {key}",
            Entities = "rows",
            Rules =
            [
                i.Options.Time is null ? "Of several rows of a key the first in the order of all other columns is kept: name --time to keep the latest." : $"Of several rows of a key the one with the latest {i.Options.Time} is kept; among equals the first in the order of all other columns.",
                "Rows whose key is NULL name nobody and are set aside.",
            ],
            Usual = [new("leaving open which of several rows is kept", Flaw.Tie, Rows(others.Select(o => $"{o} DESC NULLS FIRST")), $"SELECT {columns} FROM {Answer}")],
            Probes =
            [
                new Probe(
                    $"SELECT COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN {known} THEN 0 ELSE 1 END), 0) AS BIGINT) AS no_key, (SELECT COUNT(*) FROM (SELECT DISTINCT {key} FROM {i.Table} WHERE {known}) AS k) AS keys, (SELECT COUNT(*) FROM (SELECT DISTINCT {columns} FROM {i.Table} WHERE {known}) AS d) AS distinct_rows FROM {i.Table}",
                    t =>
                    [
                        new RecordRepeats { On = string.Join(", ", keys), IsKey = true, Rows = Cells.Whole(t, "n"), RowsSeen = Cells.Whole(t, "n") - Cells.Whole(t, "no_key"), Repeats = Cells.Whole(t, "n") - Cells.Whole(t, "no_key") - Cells.Whole(t, "keys"), ExpectedByChance = 0 },
                        new RowContract { Step = $"DISTINCT rows as one row per {string.Join(" and ", keys)}", Promised = Cells.Whole(t, "keys"), Found = Cells.Whole(t, "distinct_rows"), IsAnswer = false },
                        new RowsLeftOut(Cells.Whole(t, "n"), Cells.Whole(t, "no_key"), 0, 0, string.Join(" or ", keys), null, null),
                    ]),
            ],
            Conclude = read =>
            {
                var (n, kept) = (Cells.Whole(read($"SELECT COUNT(*) AS n FROM {i.Table}"), "n"), Cells.Whole(read($"SELECT COUNT(*) AS kept FROM {Answer}"), "kept"));
                return new Conclusion($"{Figures.Count(kept)} of {Figures.Count(n, "row")} are kept, one per {string.Join(" and ", keys)}; {Figures.Count(n - kept, "row goes", "rows go")}.");
            },
        };
    }
}
