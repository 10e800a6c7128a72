using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>The cohort triangle: who of each cohort was active in its first, second, ... week after the start; blank where the week is not over.</summary>
internal sealed class Cohort : Recipe
{
    private const int WeekDays = 7;

    public override string Name => "cohort";

    public override string Asks(SqlRecipeOptions options) => $"How many of each cohort of {Naming.Many(options.Unit!)} are active in each week after they started?";

    public override string Pitfall => "The last cell of every cohort is an unfinished week and looks like a drop; a missing cell is either nobody or not yet, and must say which.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options) => base.Validate(options).Concat(Starters.Validate(options));

    public override RecipeQuery Write(RecipeInput i)
    {
        var grain = Starters.Grain(i.Options);
        var weeks = i.Options.Count ?? 12;
        var week = i.D.WholeDivide("(d.day_no - b.start_day)", "7");
        return new RecipeQuery
        {
            Sql = Starters.Steps(i, grain) + ",\n"
                + $"sizes AS (\n  SELECT cohort, COUNT(*) AS size, MAX(start_day) AS youngest FROM cohort_begun GROUP BY cohort\n),\n"
                + $"active AS (\n  SELECT b.cohort, {week} AS week_no, COUNT(DISTINCT b.unit) AS active\n  FROM cohort_begun AS b\n  JOIN cohort_days AS d ON d.unit = b.unit AND d.day_no >= b.start_day\n  GROUP BY b.cohort, {week}\n)\n"
                + $"SELECT {i.D.StartOf("s.cohort", grain)} AS cohort, g.k AS week_no, s.size,\n"
                + $"  CASE WHEN s.youngest + g.k * {WeekDays} + {WeekDays - 1} <= data_reach.last_day THEN COALESCE(a.active, 0) END AS active\n"
                + $"FROM sizes AS s\nCROSS JOIN {i.D.Numbers(0, weeks - 1, "g")}\nCROSS JOIN data_reach\nLEFT JOIN active AS a ON a.cohort = s.cohort AND a.week_no = g.k\nORDER BY cohort, week_no",
            Entities = "cells",
            Rules = [.. Starters.Rules(i.Options), "Week 0 is the day of the start and the six after it; weeks are each unit's own."],
            Usual =
            [
                new("showing the weeks that are not over", Flaw.Window,
                    Starters.Steps(i, grain) + $",\nactive AS (SELECT b.cohort, {week} AS week_no, COUNT(DISTINCT b.unit) AS active FROM cohort_begun AS b JOIN cohort_days AS d ON d.unit = b.unit AND d.day_no >= b.start_day GROUP BY b.cohort, {week})\nSELECT {i.D.StartOf("cohort", grain)} AS cohort, week_no, active FROM active WHERE week_no < {weeks}",
                    $"SELECT cohort, week_no, active FROM {Answer} WHERE active > 0"),
            ],
            Probes = [i.LeftOut(), .. i.Repeats(), .. i.DayBoundary()],
            Conclude = read =>
            {
                var counts = read($"SELECT COUNT(*) AS n, COUNT(active) AS filled, COUNT(DISTINCT cohort) AS cohorts FROM {Answer}");
                return new Conclusion($"{Figures.Count(Cells.Whole(counts, "cohorts"), "cohort")} over {Figures.Count(weeks, "week")}: {Figures.Count(Cells.Whole(counts, "filled"))} of {Figures.Count(Cells.Whole(counts, "n"), "cell")} are over and filled, the others are blank.");
            },
        };
    }
}
