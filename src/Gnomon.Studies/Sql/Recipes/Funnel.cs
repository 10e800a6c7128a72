using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>A funnel whose steps take days: each step's first occurrence after the step before, within a window, among those whose window has closed.</summary>
internal sealed class Funnel : Recipe
{
    private const int MostSteps = 12;

    public override string Name => "funnel";

    public override string Asks(SqlRecipeOptions options) => $"How many {Naming.Many(options.Unit!)} go from {string.Join(" to ", options.Steps)} within {options.Days} days?";

    public override string Pitfall => "Counting who ever had a step ignores its order; fresh starts in the denominator have not had the time; the median time of finishers alone is too short.";

    protected override IReadOnlyList<string> Needs => ["unit", "time", "event", "steps"];

    public override IEnumerable<GnomonError> Validate(SqlRecipeOptions options) => base.Validate(options).Concat(
        options.Steps.Count > MostSteps || options.Steps.Distinct(StringComparer.Ordinal).Count() != options.Steps.Count
            ? [new GnomonError("option-out-of-range", $"--steps takes 2 to {MostSteps} different events; got {string.Join(", ", options.Steps)}.", "--steps", "Name each step once, in order.")]
            : []);

    public override RecipeQuery Write(RecipeInput i)
    {
        var steps = i.Options.Steps;
        var window = Within.Micros(i.Options.Days);
        var (column, type) = i.EventColumn(steps);
        var sql = new StringBuilder($"WITH funnel_events AS (\n  SELECT {i.Unit} AS unit, {column} AS step, {i.At} AS at_us\n  FROM {i.Table}\n  WHERE {i.Kept(withValue: false)} AND {i.Is(steps)}\n),\ndata_reach AS (\n  SELECT MAX({i.At}) AS last_at FROM {i.Table} WHERE {i.Time.Column} IS NOT NULL\n)");
        sql.Append($",\ns1 AS (\n  SELECT unit, MIN(at_us) AS first_at, MIN(at_us) AS before_at, MIN(at_us) AS at_us\n  FROM funnel_events WHERE step = {i.D.Value(steps[0], type)}\n  GROUP BY unit\n)");
        for (var k = 1; k < steps.Count; k++)
        {
            sql.Append($",\ns{k + 1} AS (\n  SELECT p.unit, p.first_at, p.at_us AS before_at, MIN(e.at_us) AS at_us\n  FROM s{k} AS p\n  JOIN funnel_events AS e ON e.unit = p.unit AND e.step = {i.D.Value(steps[k], type)}\n    AND e.at_us >= p.at_us AND e.at_us <= p.first_at + {window}\n  GROUP BY p.unit, p.first_at, p.at_us\n)");
        }

        var chain = sql.ToString();
        sql.Append(string.Join("\nUNION ALL", steps.Select((s, k) =>
            $"\nSELECT {k + 1} AS step_no, {i.D.Text(s)} AS step, COUNT(*) AS reached,\n  COUNT(CASE WHEN first_at + {window} <= last_at THEN 1 END) AS matured,\n"
            + $"  {i.D.Median($"CASE WHEN first_at + {window} <= last_at THEN {Dialects.SqlDialect.Real("at_us - before_at")} / 3600000000 END")} AS median_hours\nFROM s{k + 1} CROSS JOIN data_reach")));
        var unordered = string.Join(" UNION ALL ", steps.Select((s, k) => $"SELECT {k + 1} AS step_no, COUNT(DISTINCT {i.Unit}) AS reached FROM {i.Table} WHERE {i.Kept(withValue: false)} AND {i.Is([s])}"));
        return new RecipeQuery
        {
            Sql = sql.Append("\nORDER BY step_no").ToString(),
            Entities = "steps",
            Rules =
            [
                $"A step counts when it comes at or after the step before it and within {i.Options.Days} days of the first step; its first such time is taken.",
                "matured counts those whose whole window lies before the end of the data; shares and median_hours (from the step before) are of them alone.",
                "median_hours is of those who took the step within the window; those who never did have no time.",
                "The median wait (Kaplan-Meier) is of all who reached the step before: those who have not taken the next one count for as long as they were watched, up to the end of their window or of the data.",
            ],
            Usual = [new("counting who ever had each step, in any order and at any time", Flaw.Scope, unordered, $"SELECT step_no, reached FROM {Answer}")],
            Probes = [i.LeftOut(), .. i.Repeats(), .. steps.Zip(steps.Skip(1)).Select(pair => Order(i, pair.First, pair.Second))],
            Conclude = read => FunnelWaits.Add(Conclude(read, i.Options), read(FunnelWaits.Question(chain, steps.Count, window)), i.Options),
        };
    }

    // Units whose first later step lies before their first earlier one.
    private static Probe Order(RecipeInput i, string earlier, string later) => new(
        $"SELECT COUNT(*) AS n, COUNT(b) AS both_there, COUNT(CASE WHEN b < a THEN 1 END) AS reversed FROM (SELECT {i.Unit} AS unit, MIN(CASE WHEN {i.Is([earlier])} THEN {i.At} END) AS a, MIN(CASE WHEN {i.Is([later])} THEN {i.At} END) AS b FROM {i.Table} WHERE {i.Kept(withValue: false)} GROUP BY {i.Unit}) AS firsts WHERE a IS NOT NULL",
        t => [new EventOrder { Start = earlier, End = later, Both = Cells.Whole(t, "both_there"), Reversed = Cells.Whole(t, "reversed"), Open = Cells.Whole(t, "n") - Cells.Whole(t, "both_there") }]);

    private static Conclusion Conclude(Func<string, Table> read, SqlRecipeOptions options)
    {
        var t = read($"SELECT step_no, step, reached, matured, median_hours FROM {Answer} ORDER BY step_no");
        long Matured(int r) => Cells.Whole(t, "matured", r);
        var first = Matured(0);
        var last = t.Rows - 1;
        if (first == 0)
        {
            return new Conclusion($"Nobody who began has had {options.Days} days yet.");
        }

        var rows = new List<IReadOnlyList<object?>>();
        var estimates = new List<Estimate>();
        for (var r = 0; r < t.Rows; r++)
        {
            var overall = OneProportion.Wilson(Matured(r), first);
            var from = r == 0 ? first : Matured(r - 1);
            rows.Add([(string?)t["step"].Cell(r), Cells.Whole(t, "reached", r), Matured(r), from == 0 ? null : (double)Matured(r) / from, (double)Matured(r) / first, overall.Low, overall.High, t["median_hours"].Cell(r)]);
            if (r > 0 && from > 0)
            {
                estimates.Add(Share($"{options.Steps[r - 1]} to {options.Steps[r]}", Matured(r), from, "secondary"));
            }
        }

        estimates.Insert(0, Share($"{options.Steps[0]} to {options.Steps[^1]}", Matured(last), first, "primary"));
        var loss = Enumerable.Range(1, last).OrderByDescending(r => Matured(r - 1) - Matured(r)).First();
        var all = Cells.Whole(t, "reached");
        var (rate, rateAll) = ((double)Matured(last) / first, (double)Cells.Whole(t, "reached", last) / all);
        return new Conclusion($"{Figures.Percent(rate)} of {Figures.Count(first)} whose {Figures.Count(options.Days, "day")} are over went from {options.Steps[0]} to {options.Steps[^1]}; most are lost before {options.Steps[loss]} ({Figures.Count(Matured(loss - 1) - Matured(loss))}).")
        {
            Estimates = estimates,
            ShowsRows = false,
            Tables = [new ResultTable("funnel", "Steps of those whose window is over", ["step", "reached at all", "matured", "from the step before rate", "overall rate", "low rate", "high rate", "median hours"], rows)],
            Plots = [new Plot("funnel", "Share that reaches each step", BarPlot.Build([.. rows.Select(r => new Bar((string)r[0]!, (double)r[4]!, (double)r[5]!, (double)r[6]!))], "Share of those who began", new PlotUnit("proportion")))],
            Evidence = [new FollowUp { Metric = options.Steps[^1], WindowDays = options.Days, Units = all, Immature = all - first, IsLeftOut = true, DifferenceAll = rateAll, DifferenceMature = rate, StandardError = Math.Sqrt(rate * (1 - rate) / first) }],
        };
    }

    private static Estimate Share(string metric, long reached, long from, string role)
    {
        var wilson = OneProportion.Wilson(reached, from);
        return new Estimate
        {
            Name = "conversion", Metric = metric, Value = (double)reached / from, Low = wilson.Low, High = wilson.High, Level = 0.95, Unit = "proportion", N = from, Method = "proportion, Wilson", Role = role,
        };
    }
}
