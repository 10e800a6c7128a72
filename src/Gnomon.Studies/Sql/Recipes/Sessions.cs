using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Sessions from events: a new one begins after so many minutes without an event.</summary>
internal sealed class Sessions : Recipe
{
    public override string Name => "sessions";

    public override string Asks(SqlRecipeOptions options) => $"Which sessions does each {Naming.One(options.Unit!)} have, with {options.Gap} quiet minutes between them?";

    public override string Pitfall => "Cutting time into fixed slots splits a session that crosses a slot's edge, and joins two that share a slot.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var gap = Dialects.SqlDialect.Number(i.Options.Gap * 60_000_000L);
        var events = i.Id is null
            ? $"SELECT {i.Unit}, {i.At} AS at_us\n  FROM {i.Table}\n  WHERE {i.Kept(withId: true)}"
            : $"SELECT {i.Unit}, MIN({i.At}) AS at_us\n  FROM {i.Table}\n  WHERE {i.Kept(withId: true)}\n  GROUP BY {i.Unit}, {i.Id}";
        return new RecipeQuery
        {
            Sql = $"WITH events AS (\n  {events}\n),\nmarked AS (\n  SELECT {i.Unit}, at_us,\n    CASE WHEN at_us - {i.D.Lag("at_us", 1, $"PARTITION BY {i.Unit} ORDER BY at_us")} <= {gap} THEN 0 ELSE 1 END AS begins\n  FROM events\n),\n"
                + $"numbered AS (\n  SELECT {i.Unit}, at_us,\n    SUM(begins) OVER (PARTITION BY {i.Unit} ORDER BY at_us RANGE UNBOUNDED PRECEDING) AS session_no\n  FROM marked\n)\n"
                + $"SELECT {i.Unit}, CAST(session_no AS BIGINT) AS session_no, {i.D.MomentOf("MIN(at_us)")} AS started_at,\n  {i.D.MomentOf("MAX(at_us)")} AS ended_at, COUNT(*) AS events\nFROM numbered\nGROUP BY {i.Unit}, session_no\nORDER BY {i.Unit}, session_no",
            Entities = "sessions",
            Rules = [$"Two events exactly {i.Options.Gap} minutes apart belong to one session.", i.Id is null ? "Every row is an event: name --id if rows can be retries of one another." : $"Rows with the same {i.Options.Id} count once."],
            Usual =
            [
                new($"cutting time into slots of {i.Options.Gap} minutes", Flaw.Window,
                    $"SELECT {i.Unit}, {i.D.MomentOf("MIN(at_us)")} AS started_at FROM ({events}) AS e GROUP BY {i.Unit}, {i.D.WholeDivide("at_us", gap)}", $"SELECT {i.Unit}, started_at FROM {Answer}"),
            ],
            Probes = [i.LeftOut(withId: true), .. i.Repeats()],
            Conclude = read =>
            {
                var counts = read($"SELECT COUNT(*) AS n, COUNT(DISTINCT {i.OfAnswer.Unit}) AS units, CAST(COALESCE(SUM(events), 0) AS BIGINT) AS events FROM {Answer}");
                var (n, units) = (Cells.Whole(counts, "n"), Cells.Whole(counts, "units"));
                return new Conclusion(units == 0 ? "No sessions." : $"{Figures.Count(n, "session")} of {Figures.Count(units)} {Naming.Many(i.Options.Unit!)}: {Figures.Number(Math.Round((double)n / units, 2))} each, {Figures.Number(Math.Round((double)Cells.Whole(counts, "events") / n, 2))} events in a session.");
            },
        };
    }
}
