using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>A rolling sum and average over calendar days: one row per unit and day, then a RANGE frame over the day's number.</summary>
internal sealed class Rolling : Recipe
{
    public override string Name => "rolling";

    public override string Asks(SqlRecipeOptions options) => $"What is the {options.Days}-day rolling average of {options.Value} per {Naming.One(options.Unit!)}?";

    public override string Pitfall => "A frame of 30 rows is 30 active days, not 30 days; joining events to events pairs every event with all others; and the average depends on what it is divided by.";

    protected override IReadOnlyList<string> Needs => ["unit", "time", "value"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var days = i.Options.Days;
        var kept = $"{i.Kept(withValue: false)} AND {i.Column(i.Options.Value!, "--value")} IS NOT NULL";
        var daily = $"WITH daily AS (\n  SELECT {i.Unit}, {i.Day} AS day_no, SUM({i.Exact}) AS total\n  FROM {i.Table}\n  WHERE {kept}\n  GROUP BY {i.Unit}, {i.Day}\n)";
        string Rows(string frame) => $"{daily}\nSELECT {i.Unit}, {i.D.DateOf("day_no")} AS day, total,\n  SUM(total) OVER w AS rolling_sum, COUNT(*) OVER w AS active_days,\n"
            + $"  {Dialects.SqlDialect.Real("SUM(total) OVER w")} / {days} AS per_calendar_day,\n  {Dialects.SqlDialect.Real("SUM(total) OVER w")} / COUNT(*) OVER w AS per_active_day\n"
            + $"FROM daily\nWINDOW w AS (PARTITION BY {i.Unit} ORDER BY day_no {frame} BETWEEN {days - 1} PRECEDING AND CURRENT ROW)";
        return new RecipeQuery
        {
            Sql = Rows("RANGE") + $"\nORDER BY {i.Unit}, day",
            Entities = $"days of a {Naming.One(i.Options.Unit!)}",
            Rules =
            [
                $"per_calendar_day divides by {days}, whether the {Naming.One(i.Options.Unit!)} was active or not, also before its first day; per_active_day divides by the days with a row.",
                "Amounts are added in fixed point with four decimals, so the sums are exact and do not depend on their order.",
            ],
            Usual = [new($"a frame of {days} rows", Flaw.Window, $"SELECT {i.Unit}, day, rolling_sum FROM ({Rows("ROWS")}) AS usual", $"SELECT {i.Unit}, day, rolling_sum FROM {Answer}")],
            Probes =
            [
                i.LeftOut(), .. i.Repeats(), .. i.DayBoundary(),
                SelfJoin(i, kept, "one row per unit and day with a RANGE frame"),
            ],
        };
    }

    /// <summary>Rows that a join of events to events on the unit would hold before its dates are compared.</summary>
    internal static Probe SelfJoin(RecipeInput i, string kept, string rewrite) => new(
        $"SELECT CAST(COALESCE(SUM(n * n), 0) AS BIGINT) AS pairs, CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n FROM (SELECT COUNT(*) AS n FROM {i.Table} WHERE {kept} GROUP BY {i.Unit}) AS per_unit",
        t =>
        [
            new PlanWork { Form = $"a self-join of events on {i.Options.Unit}", RowsIn = Cells.Whole(t, "n"), RowsBetween = Cells.Whole(t, "pairs"), RowsOut = Cells.Whole(t, "n"), Rewrite = rewrite },
        ]);
}
