using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>Retention on day N by cohort of start, in its three definitions, blank where a cohort is too young.</summary>
internal sealed class Retention : Recipe
{
    private const int WindowDays = 7;
    private const int MostBars = 40;
    private const int FewestCohorts = 3;

    public override string Name => "retention";

    public override string Asks(SqlRecipeOptions options) => $"What share of each cohort of {Naming.Many(options.Unit!)} comes back on day {options.Days}?";

    public override string Pitfall => "Cohorts younger than the window look like a drop; counting only those who came back makes everybody look loyal; days cut in another zone move starts and returns.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options) => base.Validate(options).Concat(Starters.Validate(options));

    public override RecipeQuery Write(RecipeInput i)
    {
        var n = i.Options.Days;
        var grain = Starters.Grain(i.Options);
        var last = n + WindowDays - 1;
        return new RecipeQuery
        {
            Sql = Starters.Steps(i, grain) + ",\n"
                + $"people AS (\n  SELECT b.unit, b.cohort, b.start_day,\n    MAX(CASE WHEN d.day_no = b.start_day + {n} THEN 1 ELSE 0 END) AS on_day,\n"
                + $"    MAX(CASE WHEN d.day_no <= b.start_day + {last} THEN 1 ELSE 0 END) AS in_week,\n    MAX(CASE WHEN d.day_no >= b.start_day + {n} THEN 1 ELSE 0 END) AS or_later\n"
                + $"  FROM cohort_begun AS b\n  LEFT JOIN cohort_days AS d ON d.unit = b.unit AND d.day_no >= b.start_day + {n}\n  GROUP BY b.unit, b.cohort, b.start_day\n)\n"
                + $"SELECT {i.D.StartOf("cohort", grain)} AS cohort, COUNT(*) AS size,\n"
                + $"  CAST(CASE WHEN MAX(start_day) + {n} <= last_day THEN SUM(on_day) END AS BIGINT) AS on_day_{n},\n"
                + $"  CAST(CASE WHEN MAX(start_day) + {last} <= last_day THEN SUM(in_week) END AS BIGINT) AS on_days_{n}_to_{last},\n"
                + $"  CAST(CASE WHEN MAX(start_day) + {n} <= last_day THEN SUM(or_later) END AS BIGINT) AS on_day_{n}_or_later,\n"
                + $"  CAST(SUM(on_day) AS BIGINT) AS seen_so_far\n"
                + "FROM people CROSS JOIN data_reach\nGROUP BY cohort, last_day\nORDER BY cohort",
            Entities = "cohorts",
            Rules =
            [
                .. Starters.Rules(i.Options),
                $"on_day_{n} is day {n} exactly, on_days_{n}_to_{last} any of those days, on_day_{n}_or_later any day from {n} on: older cohorts have had longer for the last one.",
                "seen_so_far is what a query without blanks would show for cohorts that are too young: do not divide it.",
            ],
            Probes = [i.LeftOut(), .. i.Repeats(), .. i.DayBoundary()],
            Conclude = read => Conclude(read, n, last),
        };
    }

    // Cochran and Armitage over the cohorts that had the time, in their order.
    private static Conclusion WithTrend(Conclusion said, List<IReadOnlyList<object?>> rows, int n)
    {
        var mature = rows.Where(r => r[2] is long).ToList();
        if (mature.Count < FewestCohorts)
        {
            return said;
        }

        try
        {
            var trend = TrendInProportions.CochranArmitage([.. mature.Select(r => (long)r[2]!)], [.. mature.Select(r => (long)r[1]!)]);
            return said with
            {
                Estimates =
                [
                    .. said.Estimates,
                    new Estimate { Name = "trend", Metric = $"on day {n} from cohort to cohort", Value = trend.Value, Low = trend.Low, High = trend.High, P = trend.PValue, Level = 0.95, Unit = "proportion", N = mature.Sum(r => (long)r[1]!), Method = trend.Method, Role = "secondary" },
                ],
            };
        }
        catch (NotEstimableException)
        {
            return said;
        }
    }

    private static Conclusion Conclude(Func<string, Table> read, int n, int last)
    {
        var counts = read($"SELECT {n} AS days, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS size_all, CAST(COALESCE(SUM(CASE WHEN on_day_{n} IS NOT NULL THEN size END), 0) AS BIGINT) AS size_mature, CAST(COALESCE(SUM(on_day_{n}), 0) AS BIGINT) AS back_mature, CAST(COALESCE(SUM(seen_so_far), 0) AS BIGINT) AS back_all FROM {Answer}");
        var cohorts = read($"SELECT CAST(cohort AS VARCHAR) AS cohort, size, on_day_{n} AS day, on_days_{n}_to_{last} AS week, on_day_{n}_or_later AS later FROM {Answer} ORDER BY cohort");
        var rows = Enumerable.Range(0, cohorts.Rows).Select(r =>
        {
            var size = Cells.Whole(cohorts, "size", r);
            long? day = cohorts["day"].IsNull(r) ? null : Cells.Whole(cohorts, "day", r);
            var wilson = day is { } back ? OneProportion.Wilson(back, size) : default;
            return (IReadOnlyList<object?>)
            [
                (string?)cohorts["cohort"].Cell(r), size, day, day / (double)size, day is null ? null : wilson.Low, day is null ? null : wilson.High,
                cohorts["week"].IsNull(r) ? null : Cells.Whole(cohorts, "week", r) / (double)size, cohorts["later"].IsNull(r) ? null : Cells.Whole(cohorts, "later", r) / (double)size,
            ];
        }).ToList();
        var bars = rows.Where(r => r[3] is not null).TakeLast(MostBars).Select(r => new Bar((string)r[0]!, (double)r[3]!, (double)r[4]!, (double)r[5]!)).ToList();
        var blank = rows.Count(r => r[3] is null);
        var said = WithTrend(Starters.Say($"on day {n}", counts, "proportion of matured cohorts, Wilson"), rows, n);
        return said with
        {
            Says = $"{said.Says}{(blank > 0 ? $" {Figures.Count(blank, "cohort is", "cohorts are")} too young and blank." : string.Empty)}",
            ShowsRows = false,
            Tables = [new ResultTable("cohorts", $"Retention on day {n} by cohort", ["cohort", "size", "back", "share", "low share", "high share", $"days {n} to {last} share", "or later share"], rows)],
            Plots = bars.Count > 1 ? [new Plot("cohorts", $"Retention on day {n} by cohort", BarPlot.Build(bars, $"Share back on day {n}", new PlotUnit("proportion")))] : [],
        };
    }
}
