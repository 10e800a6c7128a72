using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Survival;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>The next day on which a unit (and product) occurs, as a label that is blank where its horizon has not passed.</summary>
internal sealed class NextEvent : Recipe
{
    public override string Name => "next-event";

    public override string Asks(SqlRecipeOptions options) => $"When does each {Pair(options)} come next, and is it within {options.Days} days?";

    public override string Pitfall => "A missing next event is not never: the data end. The next date lies in the future of its row, so it is a label and never a feature. Repeats on one day make gaps of zero.";

    protected override IReadOnlyList<string> Needs => ["unit", "time"];

    public override RecipeQuery Write(RecipeInput i)
    {
        var pair = i.Options.Event is { } e ? $"{i.Unit}, {i.Column(e, "--event")}" : i.Unit;
        var kept = i.Kept() + (i.Options.Event is { } item ? $" AND {i.Column(item, "--event")} IS NOT NULL" : string.Empty);
        string Rows(string distinct) => $"WITH event_days AS (\n  SELECT {distinct}{pair}, {i.Day} AS day_no\n  FROM {i.Table}\n  WHERE {kept}\n),\n"
            + $"next_days AS (\n  SELECT {pair}, day_no, {i.D.Lead("day_no", $"PARTITION BY {pair} ORDER BY day_no")} AS next_no\n  FROM event_days\n),\n"
            + $"data_reach AS (\n  SELECT MAX({i.Day}) AS last_day FROM {i.Table} WHERE {i.Time.Column} IS NOT NULL\n)\n"
            + $"SELECT {pair}, {i.D.DateOf("day_no")} AS day, {i.D.DateOf("next_no")} AS next_day, next_no - day_no AS gap_days,\n"
            + $"  CASE WHEN next_no IS NULL THEN 1 ELSE 0 END AS is_censored,\n"
            + $"  CASE WHEN day_no + {i.Options.Days} <= last_day THEN CASE WHEN next_no - day_no <= {i.Options.Days} THEN 1 ELSE 0 END END AS within_{i.Options.Days}\n"
            + "FROM next_days CROSS JOIN data_reach";
        var columns = $"{pair}, day, gap_days";
        return new RecipeQuery
        {
            Sql = $"{Rows("DISTINCT ")}\nORDER BY {pair}, day",
            Entities = $"days of a {Pair(i.Options)}",
            Rules =
            [
                "Several rows on one day are one event.",
                $"within_{i.Options.Days} is NULL where {i.Options.Days} days have not passed by the end of the data, also where the next event has come already: taking those alone would make the label too good.",
                "next_day, gap_days and the label are known only later: join features to the rows by their day, and leave these columns out of them.",
            ],
            Usual = [new("LEAD over the raw rows", Flaw.Tie, $"SELECT {columns} FROM ({Rows(string.Empty)}) AS usual", $"SELECT {columns} FROM {Answer}")],
            Probes = [i.LeftOut(), .. i.Repeats(), .. i.DayBoundary(), Rolling.SelfJoin(i, kept, "one LEAD over sorted rows")],
            Conclude = read =>
            {
                var last = Cells.Whole(read($"SELECT MAX({i.Day}) AS last_day FROM {i.Table} WHERE {i.Time.Column} IS NOT NULL"), "last_day");
                return WithWaiting(Conclude(read, i.Options.Days, i.OfAnswer.D.Median("gap_days")), read(
                    $"SELECT waited, CAST(SUM(came) AS BIGINT) AS came, CAST(SUM(1 - came) AS BIGINT) AS open FROM (SELECT CASE WHEN is_censored = 1 THEN {Dialects.SqlDialect.Number(last)} - {i.OfAnswer.D.DayNumber("day")} ELSE gap_days END AS waited, 1 - is_censored AS came FROM {Answer}) AS waits GROUP BY waited ORDER BY waited"));
            },
        };
    }

    // Kaplan and Meier: rows without a next event yet count for as long as they have waited.
    private static Conclusion WithWaiting(Conclusion said, Table waits)
    {
        if (waits.Rows == 0 || Enumerable.Range(0, waits.Rows).Sum(r => Cells.Whole(waits, "came", r) + Cells.Whole(waits, "open", r)) > int.MaxValue)
        {
            return said;
        }

        int[] Counts(string column) => [.. Enumerable.Range(0, waits.Rows).Select(r => (int)Cells.Whole(waits, column, r))];
        var curve = KaplanMeier.FitCounts([.. Enumerable.Range(0, waits.Rows).Select(r => Cells.Real(waits, "waited", r))], Counts("came"), Counts("open"));
        if (curve.Median is not { } median)
        {
            return said with { Limitations = [.. said.Limitations, "Less than half have come again in the time they were watched (Kaplan-Meier), so there is no median time to the next event."] };
        }

        return curve.MedianLimits is not ({ } low, { } high) ? said : said with
        {
            Estimates =
            [
                .. said.Estimates,
                new Estimate { Name = "median-gap", Metric = "days to the next", Value = median, Low = low, High = high, Level = 0.95, Unit = "days", N = curve.Count, Method = "Kaplan-Meier, those without a next event counted for as long as they waited", Role = "secondary" },
            ],
        };
    }

    private static Conclusion Conclude(Func<string, Table> read, int days, string median)
    {
        var t = read($"SELECT COUNT(*) AS n, COUNT(within_{days}) AS mature, CAST(COALESCE(SUM(within_{days}), 0) AS BIGINT) AS yes, CAST(COALESCE(SUM(is_censored), 0) AS BIGINT) AS censored, COUNT(CASE WHEN gap_days <= {days} THEN 1 END) AS yes_all, {median} AS middle FROM {Answer}");
        var (n, mature, yes) = (Cells.Whole(t, "n"), Cells.Whole(t, "mature"), Cells.Whole(t, "yes"));
        if (mature == 0)
        {
            return new Conclusion($"No row has had {days} days yet.");
        }

        var (share, wilson) = ((double)yes / mature, OneProportion.Wilson(yes, mature));
        return new Conclusion($"{Figures.Percent(share)} of {Figures.Count(mature)} rows that have had {Figures.Count(days, "day")} come again within them; {Figures.Count(Cells.Whole(t, "censored"))} of {Figures.Count(n)} have no next event yet.")
        {
            Estimates =
            [
                new Estimate
                {
                    Name = "returns", Metric = $"within {days} days", Value = share, Low = wilson.Low, High = wilson.High, Level = 0.95, Unit = "proportion", N = mature, Method = "proportion of rows with the whole horizon, Wilson", Role = "primary",
                },
            ],
            Limitations = ["The interval takes rows as independent; rows of one unit are not quite."],
            Evidence =
            [
                new FollowUp
                {
                    Metric = $"within {days} days", WindowDays = days, Units = n, Immature = n - mature, IsLeftOut = true,
                    DifferenceAll = (double)Cells.Whole(t, "yes_all") / n, DifferenceMature = share, StandardError = Math.Sqrt(share * (1 - share) / mature),
                },
            ],
        };
    }

    private static string Pair(SqlRecipeOptions options) => options.Event is null ? options.Unit! : $"{options.Unit} and {options.Event}";
}
