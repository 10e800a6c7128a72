using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Sql;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>
/// Seven-day rolling retention: who is active on any of the days N to N + 6 after the start, for every N. Each active day opens the seven values of N that it serves, less those that the
/// day before it served already: no self-join and no distinct count.
/// </summary>
internal sealed class RollingRetention : Recipe
{
    private const int Width = 7;

    public override string Name => "rolling-retention";

    public override string Asks(SqlRecipeOptions options) => $"What share of each cohort of {Naming.Many(options.Unit!)} is active within seven days of day 1 to {options.Days}?";

    public override string Pitfall => "Joining events to events on a range of dates pairs all of a unit's events; adding daily active users counts a user once per day; unfinished cells look like drops.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options) => base.Validate(options).Concat(Starters.Validate(options));

    public override RecipeQuery Write(RecipeInput i)
    {
        var days = i.Options.Days;
        var grain = Starters.Grain(i.Options);
        var before = i.D.Lag("d.day_no", 1, "PARTITION BY b.unit ORDER BY d.day_no");
        var sizes = "sizes AS (\n  SELECT cohort, COUNT(*) AS size, MAX(start_day) AS youngest FROM cohort_begun GROUP BY cohort\n)";
        return new RecipeQuery
        {
            Sql = Starters.Steps(i, grain) + $",\n{sizes},\n"
                + $"ages AS (\n  SELECT b.cohort, d.day_no - b.start_day AS age,\n    {before} - b.start_day AS age_before\n  FROM cohort_begun AS b\n  JOIN cohort_days AS d ON d.unit = b.unit AND d.day_no > b.start_day\n),\n"
                + $"served AS (\n  SELECT a.cohort, a.age - g.k AS day_n, COUNT(*) AS active\n  FROM ages AS a CROSS JOIN {i.D.Numbers(0, Width - 1, "g")}\n"
                + $"  WHERE a.age - g.k >= 1 AND a.age - g.k <= {days} AND a.age - g.k > COALESCE(a.age_before, 0)\n  GROUP BY a.cohort, a.age - g.k\n)\n"
                + $"SELECT {i.D.StartOf("s.cohort", grain)} AS cohort, g.k AS day_n, s.size,\n  CASE WHEN s.youngest + g.k + {Width - 1} <= data_reach.last_day THEN COALESCE(v.active, 0) END AS active,\n"
                + $"  COALESCE(v.active, 0) AS seen_so_far\n"
                + $"FROM sizes AS s\nCROSS JOIN {i.D.Numbers(1, days, "g")}\nCROSS JOIN data_reach\nLEFT JOIN served AS v ON v.cohort = s.cohort AND v.day_n = g.k\nORDER BY cohort, day_n",
            Entities = "cells",
            Rules = [.. Starters.Rules(i.Options), $"Active at N is active on at least one of the days N to N + {Width - 1} after the start.", "seen_so_far is what a query without blanks would show for unfinished cells: do not divide it."],
            Probes =
            [
                i.LeftOut(), .. i.Repeats(), .. i.DayBoundary(), Rolling.SelfJoin(i, i.Kept(withValue: false), "one row per unit and day, each opening the days it serves"),
                new Probe(
                    Starters.Steps(i, grain) + $"\nSELECT COUNT(*) AS added, COUNT(DISTINCT d.unit) AS whole FROM cohort_begun AS b JOIN cohort_days AS d ON d.unit = b.unit AND d.day_no BETWEEN b.start_day + 1 AND b.start_day + {Width}",
                    t => [new AddedPieces { Statistic = "active users of days 1 to 7", Pieces = "days", Count = Width, Added = Cells.Whole(t, "added"), Whole = Cells.Whole(t, "whole"), IsAnswer = false }]),
            ],
            Conclude = read =>
            {
                var at = Math.Min(days, 7);
                return Starters.Say($"within seven days of day {at}", read(
                    $"SELECT {at + Width - 1} AS days, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS size_all, CAST(COALESCE(SUM(CASE WHEN active IS NOT NULL THEN size END), 0) AS BIGINT) AS size_mature, CAST(COALESCE(SUM(active), 0) AS BIGINT) AS back_mature, CAST(COALESCE(SUM(seen_so_far), 0) AS BIGINT) AS back_all FROM {Answer} WHERE day_n = {at}"),
                    "proportion of matured cohorts, Wilson");
            },
        };
    }
}
