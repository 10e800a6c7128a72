using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Survival;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>How long the next step takes, by Kaplan and Meier: whoever has not taken it yet counts for as long as it was watched.</summary>
internal static class FunnelWaits
{
    private const double SecondsPerHour = 3600;

    /// <param name="chain">The named steps s1, s2, ... and data_reach of the funnel.</param>
    /// <param name="steps">How many steps there are.</param>
    /// <param name="window">Microseconds of the window.</param>
    public static string Question(string chain, int steps, string window) => chain + "\n" + string.Join("\nUNION ALL\n", Enumerable.Range(2, steps - 1).Select(k =>
        $"SELECT {k} AS step_no, waited, COUNT(came) AS came, COUNT(*) - COUNT(came) AS open\n"
        + $"FROM (\n  SELECT CAST(FLOOR((CASE WHEN n.at_us IS NULL THEN LEAST(p.first_at + {window}, data_reach.last_at) ELSE n.at_us END - p.at_us) / 1000000) AS BIGINT) AS waited, n.at_us AS came\n"
        + $"  FROM s{k - 1} AS p\n  LEFT JOIN s{k} AS n ON n.unit = p.unit\n  CROSS JOIN data_reach\n) AS w{k}\nGROUP BY waited")) + "\nORDER BY step_no, waited";

    public static Conclusion Add(Conclusion said, Table waits, SqlRecipeOptions options)
    {
        if (said.Tables.Count == 0)
        {
            return said;
        }

        var rows = new List<IReadOnlyList<object?>>();
        var medians = new List<Estimate>();
        for (var k = 2; k <= options.Steps.Count; k++)
        {
            List<int> own = [.. Enumerable.Range(0, waits.Rows).Where(r => Cells.Whole(waits, "step_no", r) == k)];
            if (own.Count == 0 || own.Sum(r => Cells.Whole(waits, "came", r) + Cells.Whole(waits, "open", r)) > int.MaxValue)
            {
                continue;
            }

            int[] Counts(string column) => [.. own.Select(r => (int)Cells.Whole(waits, column, r))];
            var curve = KaplanMeier.FitCounts([.. own.Select(r => Cells.Whole(waits, "waited", r) / SecondsPerHour)], Counts("came"), Counts("open"));
            var (low, high) = curve.MedianLimits;
            var step = $"{options.Steps[k - 2]} to {options.Steps[k - 1]}";
            rows.Add([step, (long)curve.Count, (long)curve.Events, curve.Median, low, high]);
            if (curve.Median is { } median && low is { } from && high is { } to)
            {
                medians.Add(new Estimate { Name = "median-wait", Metric = $"hours from {step}", Value = median, Low = from, High = to, Level = curve.Level, Unit = "hours", N = curve.Count, Method = "Kaplan-Meier, those without the step counted for as long as they were watched", Role = "secondary" });
            }
        }

        var unreached = rows.Where(r => r[3] is null).Select(r => (string)r[0]!).ToList();
        return said with
        {
            Estimates = [.. said.Estimates, .. medians],
            Tables = [.. said.Tables, new ResultTable("waits", "Hours until the next step, of all who reached the one before (Kaplan-Meier)", ["from and to", "watched", "took it", "median hours", "low", "high"], rows)],
            Limitations = unreached.Count == 0 ? said.Limitations : [.. said.Limitations, $"Fewer than half go from {string.Join(", or from ", unreached)} in the time they are watched, so there is no median wait there."],
        };
    }
}
