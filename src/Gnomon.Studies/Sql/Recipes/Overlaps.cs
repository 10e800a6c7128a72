using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Who had two intervals at once: each start against the latest end of all earlier intervals.</summary>
internal sealed class Overlaps : Recipe
{
    private const string Open = "9223372036854775807";

    public override string Name => "overlaps";

    public override string Asks(SqlRecipeOptions options) => $"Which {Naming.Many(options.Unit!)} had two intervals from {options.Time} to {options.End} at once?";

    public override string Pitfall => "Comparing an interval with its neighbour alone misses a long one that swallows several: the latest end so far counts, not the last one.";

    protected override IReadOnlyList<string> Needs => ["unit", "time", "end"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var unit = i.Unit;
        var clean = Clean(i);
        var until = i.D.Name("until");
        var beforeIt = $"OVER (PARTITION BY {unit} ORDER BY start_at, record_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)";
        var (start, end) = (i.Time.Column, i.End.Column);
        return new RecipeQuery
        {
            Sql = clean + $",\nhorizon AS (\n  SELECT MAX(CASE WHEN end_at = {Open} THEN start_at ELSE end_at END) AS {until} FROM clean\n),\n"
                + $"marked AS (\n  SELECT {unit}, start_at, MAX(end_at) {beforeIt} AS open_until\n  FROM clean\n),\n"
                + $"people AS (\n  SELECT {unit}, COUNT(*) AS overlapping\n  FROM marked\n  WHERE start_at < open_until\n  GROUP BY {unit}\n),\n"
                + $"ours AS (\n  SELECT c.* FROM clean AS c JOIN people AS p ON p.{unit} = c.{unit}\n),\n"
                + $"pairs AS (\n  SELECT a.{unit}, COUNT(*) AS pairs,\n    SUM(LEAST(a.end_at, b.end_at, horizon.{until}) - b.start_at) AS micros\n"
                + $"  FROM ours AS a\n  JOIN ours AS b ON b.{unit} = a.{unit} AND b.start_at < a.end_at\n    AND (a.start_at < b.start_at OR (a.start_at = b.start_at AND a.record_id < b.record_id))\n  CROSS JOIN horizon\n  GROUP BY a.{unit}\n)\n"
                + $"SELECT p.{unit}, p.overlapping AS overlapping_intervals, pairs.pairs,\n  {Dialects.SqlDialect.Real("pairs.micros")} / 1000000 AS overlap_seconds\n"
                + $"FROM people AS p\nJOIN pairs ON pairs.{unit} = p.{unit}\nORDER BY p.{unit}",
            Entities = Naming.Many(i.Options.Unit!),
            Rules =
            [
                "Intervals are half-open: one that begins when another ends does not overlap it, and one of length zero overlaps nothing.",
                $"An interval without {i.Options.End} is still open; its overlap is counted up to the last moment in the data.",
                $"An interval that ends before it starts is set aside{(i.Id is null ? "." : $", and rows with the same {i.Options.Id} count once.")}",
            ],
            Usual =
            [
                new("comparing with the interval before (LAG)", Flaw.Scope,
                    clean + $",\nmarked AS (SELECT {unit}, start_at, {i.D.Lag("end_at", 1, $"PARTITION BY {unit} ORDER BY start_at, record_id")} AS last_end FROM clean) SELECT {unit}, COUNT(*) AS overlapping_intervals FROM marked WHERE start_at < last_end GROUP BY {unit}",
                    $"SELECT {unit}, overlapping_intervals FROM {Answer}"),
            ],
            Probes =
            [
                i.LeftOut(withId: true), .. i.Repeats(), Order(i, start, end),
                new Probe($"SELECT CAST(COALESCE(SUM(n * n), 0) AS BIGINT) AS pairs, CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n FROM (SELECT COUNT(*) AS n FROM {i.Table} WHERE {i.Kept()} GROUP BY {unit}) AS per_unit", t =>
                [
                    new PlanWork { Form = $"a self-join of all intervals of a {Naming.One(i.Options.Unit!)}", RowsIn = Cells.Whole(t, "n"), RowsBetween = Cells.Whole(t, "pairs"), RowsOut = Cells.Whole(t, "n"), Rewrite = "the running maximum of the ends" },
                ]),
            ],
            Conclude = read =>
            {
                var sums = read($"SELECT COUNT(*) AS n, CAST(COALESCE(SUM(pairs), 0) AS BIGINT) AS pairs, COALESCE(SUM(overlap_seconds), 0) AS seconds FROM {Answer}");
                var (n, pairs) = (Cells.Whole(sums, "n"), Cells.Whole(sums, "pairs"));
                return new Conclusion(n == 0
                    ? $"No {Naming.One(i.Options.Unit!)} had two intervals at once."
                    : $"{Figures.Count(n, Naming.One(i.Options.Unit!), Naming.Many(i.Options.Unit!))} had two intervals at once, in {Figures.Count(pairs, "pair")} and {Figures.Number(Math.Round(Cells.Real(sums, "seconds") / 3600, 1))} hours together.");
            },
        };
    }

    private static Probe Order(RecipeInput i, string start, string end) => new(
        $"SELECT COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN {end} IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS both_there, CAST(COALESCE(SUM(CASE WHEN {end} < {start} THEN 1 ELSE 0 END), 0) AS BIGINT) AS reversed FROM {i.Table} WHERE {start} IS NOT NULL",
        t =>
        [
            new EventOrder { Start = i.Options.Time!, End = i.Options.End!, Both = Cells.Whole(t, "both_there"), Reversed = Cells.Whole(t, "reversed"), Open = Cells.Whole(t, "n") - Cells.Whole(t, "both_there") },
        ]);

    private static string Clean(RecipeInput i)
    {
        var (startAt, endAt) = (i.At, i.D.Micros(i.End));
        var id = i.Id ?? $"ROW_NUMBER() OVER (PARTITION BY {i.Unit} ORDER BY {i.Time.Column}, {i.End.Column})";
        var copy = i.Id is null ? "1" : $"ROW_NUMBER() OVER (PARTITION BY {i.Id} ORDER BY {i.Time.Column}, {i.End.Column})";
        return $"WITH intervals AS (\n  SELECT {i.Unit}, {id} AS record_id, {startAt} AS start_at,\n    COALESCE({endAt}, {Open}) AS end_at,\n    {copy} AS copy_no\n  FROM {i.Table}\n  WHERE {i.Kept(withValue: false, withId: true)}\n),\n"
            + $"clean AS (\n  SELECT {i.Unit}, record_id, start_at, end_at\n  FROM intervals\n  WHERE copy_no = 1 AND start_at < end_at\n)";
    }
}
