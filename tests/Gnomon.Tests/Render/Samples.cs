using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;

namespace Gnomon.Tests.Render;

/// <summary>Findings made by hand, one per situation a renderer must be good at. The numbers are examples, not results.</summary>
internal static class Samples
{
    internal const string Hostile = "<script>alert(1)</script> \"q\" 'a' & [red]x[/] `code` | pipe \u202Eevil\u202C \u001B[31m";

    internal static IReadOnlyDictionary<string, Finding> Golden { get; } = new Dictionary<string, Finding>(StringComparer.Ordinal)
    {
        ["ship"] = Ship(),
        ["split-broken"] = SplitBroken(),
        ["inconclusive-many"] = InconclusiveMany(),
        ["profile-wide"] = ProfileWide(),
        ["hostile"] = HostileNames(),
    };

    internal static Finding Ship() => new()
    {
        Question = "ab",
        Title = "Does arm B change converted?",
        Decision = new Decision(
            DecisionAction.Ship,
            "Ship B. 4.81 % of visitors converted against 4.50 % in A: 0.31 percentage points more (95 % interval 0.05 to 0.57), and the cost per order did not rise beyond its margin.",
            []),
        Estimates =
        [
            Effect("converted", 0.0031, 0.00052, 0.00568, "proportion", 0.0186, "primary", "two-proportion, unpooled z"),
            Effect("refund_rate", -0.0004, -0.0019, 0.0011, "proportion", 0.601, "guardrail", "two-proportion, unpooled z"),
            Effect("visit_again", 0.0012, -0.0011, 0.0035, "proportion", 0.307, "secondary", "two-proportion, unpooled z"),
            Effect("converted", 0.0689, 0.0112, 0.1266, "relative", 0.0186, "primary", "delta method", "lift", "B / A - 1"),
            Effect("order_value", 0.84, -0.41, 2.09, "EUR", 0.188, "secondary", "Welch t, winsorised at 99.9 %"),
        ],
        Checks =
        [
            Check("sample-ratio-mismatch", CheckStatus.Pass, 0.41, 0.001, 0.522, "observed 50,120 / 49,880, planned 50 / 50"),
            Check("peeking", CheckStatus.Pass, 1, null, null, "first look at these data"),
            Check("unit-of-analysis", CheckStatus.Pass, null, null, null, "one row per user_id"),
            Check("extreme-values", CheckStatus.Warn, 0.112, 0.05, null, "the 50 largest orders carry 11.2 % of order_value", "Read order_value with and without a cap before acting on it."),
            Check("pre-period-imbalance", CheckStatus.Skipped, null, null, null, "no pre-period column was named"),
        ],
        Limitations = ["Two weeks of traffic: effects that need longer to show, such as loyalty, are not in these data."],
        Next = ["Roll out to all visitors.", "Look at order_value again after 30 days; it needs about 61,000 more orders to see 1.00 EUR."],
        Plots =
        [
            new Plot("by-day", "Conversion per day", LinePlot.Build(Days(), "converted", new PlotUnit("proportion"))),
            new Plot("order-value", "Order value", HistogramPlot.Build(Bins(), "order value", new PlotUnit("EUR"))),
        ],
        Tables =
        [
            Arms(("A", 50_120, 2_255, 0.04499), ("B", 49_880, 2_399, 0.04810)),
            ReferenceLines.Table([new ReferenceLine("margin", -0.002, "proportion", "refund_rate"), new ReferenceLine("planned effect", 0.004, "proportion", "converted")]),
        ],
        Provenance = Origin("ab", "visits.csv", 100_000, 6),
    };

    internal static Finding SplitBroken() => new()
    {
        Question = "ab",
        Title = "Does arm B change converted?",
        Decision = new Decision(
            DecisionAction.DoNotShip,
            "The split is broken: 52.1 % / 47.9 % where 50/50 was planned. No effect can be read from these data.",
            ["sample-ratio-mismatch"]),
        Estimates = [Effect("converted", 0.0031, 0.0002, 0.0060, "proportion", 0.034, "primary", "two-proportion, unpooled z")],
        Checks =
        [
            Check("peeking", CheckStatus.Warn, 4, 1, null, "fourth look at this experiment; no plan names interim looks", "Plan the looks before the data, or wait for the planned end."),
            Check("sample-ratio-mismatch", CheckStatus.Fail, 176.4, 0.001, 3.0e-40, "observed 52,100 / 47,900, planned 50 / 50", "Find where units are lost before analysing; do not reweight.", "Fabijan et al. 2019"),
            Check("unit-of-analysis", CheckStatus.Pass, null, null, null, "one row per user_id"),
        ],
        Limitations = ["The estimate is shown for completeness; the arms are not comparable while units are being lost."],
        Next = ["Compare the arms by browser, country and day: the share of B jumps where units are lost.", "Run again after the mend; nothing of these data can be kept."],
        Tables = [Arms(("A", 52_100, 2_345, 0.04501), ("B", 47_900, 2_304, 0.04810))],
        Provenance = Origin("ab", "visits.csv", 100_000, 6),
    };

    internal static Finding InconclusiveMany() => new()
    {
        Question = "ab",
        Title = "Does the new onboarding change any of 20 metrics?",
        Decision = new Decision(
            DecisionAction.Inconclusive,
            "The data allow from 0.9 points fewer to 1.4 points more activations. Too wide to decide: about 9 more days at the present rate would do.",
            []),
        Estimates = [.. Enumerable.Range(1, 20).Select(Metric)],
        Checks =
        [
            Check("sample-ratio-mismatch", CheckStatus.Pass, 0.2, 0.001, 0.655, "observed 4,020 / 3,980, planned 50 / 50"),
            Check("multiple-comparisons", CheckStatus.Warn, 20, 1, 0.041, "20 metrics tested, 1 below 0.05 before correction and none after", "Name one primary metric before the data; read the others as hints.", "Benjamini and Hochberg 1995"),
        ],
        Limitations = [],
        Next = ["Run 9 more days, or accept an effect of 1.9 points as the smallest one worth finding."],
        Provenance = Origin("ab", "onboarding.parquet", 8_000, 24),
    };

    internal static Finding ProfileWide() => new()
    {
        Question = "profile",
        Title = "What is in orders.csv, and can it be trusted?",
        Decision = new Decision(DecisionAction.Answer, "18 columns, 1,204,118 rows, one row per order_id. Two columns need attention before they are used: price and country.", []),
        Estimates =
        [
            Level("missing price", "price", 0.0412, 0.0409, 0.0416),
            Level("missing country", "country", 0.1873, 0.1866, 0.1880),
        ],
        Checks =
        [
            Check("duplicate-keys", CheckStatus.Pass, 0, 0, null, "order_id is unique in 1,204,118 rows"),
            Check("missing-not-at-random", CheckStatus.Warn, 0.31, 0.1, 1e-12, "country is missing in 44 % of rows before 2024-03 and in 3 % after", "Ask what changed in March 2024; split the analysis there."),
            Check("constant-column", CheckStatus.Warn, 1, 1, null, "currency holds the single value EUR", "Leave currency out of models."),
        ],
        Limitations = ["Row order was not used: drift inside the file is judged by created_at only."],
        Next = ["gnomon profile orders.csv --by country"],
        Plots = [new Plot("missing", "Missing values", BarPlot.Build([new Bar("country", 0.1873, 0.1866, 0.1880), new Bar("price", 0.0412, 0.0409, 0.0416), new Bar("a_column_with_a_rather_long_name_that_goes_on", 0.01)], "rows missing", new PlotUnit("proportion")))],
        Tables = [Columns()],
        Provenance = Origin("profile", "orders.csv", 1_204_118, 18),
    };

    internal static Finding HostileNames() => new()
    {
        Question = "compare",
        Title = Hostile,
        Decision = new Decision(DecisionAction.Investigate, $"Groups of {Hostile} differ, but {new string('x', 220)} is why. עברית and 日本語 stand here too.", ["odd"]),
        Estimates = [Effect(Hostile, 12345.678, 11000.1, 13691.2, "EUR", 0.00004, "primary", Hostile, contrast: "</table> - <b>")],
        Checks =
        [
            Check("odd", CheckStatus.Fail, 1e-9, 1e9, 0.05, Hostile, "Escape \\ everything: ]]> --> {{x}} $(rm)", "</script><!--"),
            Check("fine", CheckStatus.Pass, null, null, null, Hostile),
        ],
        Limitations = [Hostile],
        Next = ["- not a list", "1. not a number", "# not a heading", "multi\nline"],
        Plots = [new Plot("p\"><x>", Hostile, IntervalPlot.Build([new IntervalRow(Hostile, 1, 0, 2)], Hostile, new PlotUnit("EUR", Change: true)))],
        Tables = [new ResultTable("t", Hostile, [Hostile, "share", "2024", "flag", "nothing"], [[Hostile, 0.25, 2024L, true, null], ["a|b\\", 1e-7, -9_007_199_254_740_993L, false, null], [new string('w', 120), 1234567.891, 5.0, null, null]])],
        Provenance = Origin("compare", "/data/my files/<a> & \"b\".csv", 12, 3) with { Command = ["compare", "my file.csv", "--metric", "it's", Hostile] },
    };

    internal static Finding Minimal(DecisionAction action) => new()
    {
        Question = "q",
        Title = "t",
        Decision = new Decision(action, "s", []),
        Provenance = new Provenance
        {
            Version = "0.1.0", Command = [], Seed = 0, Engine = "memory", Data = [], StartedAt = DateTimeOffset.UnixEpoch, Seconds = 0,
        },
    };

    internal static Estimate Effect(
        string metric, double value, double low, double high, string unit, double p, string role, string method, string name = "difference", string contrast = "B - A") => new()
    {
        Name = name, Metric = metric, Contrast = contrast, Value = value, Low = low, High = high, Level = 0.95, Unit = unit, P = p, N = 100_000, Method = method, Role = role,
    };

    private static Estimate Level(string name, string metric, double value, double low, double high) => new()
    {
        Name = name, Metric = metric, Value = value, Low = low, High = high, Level = 0.95, Unit = "proportion", N = 1_204_118, Method = "Wilson", Role = "descriptive",
    };

    private static Estimate Metric(int i)
    {
        var value = Math.Round(Math.Sin(i * 1.7) * 0.006, 5);
        var half = i == 7 ? 0.31 : 0.008 + (i % 5 * 0.002);
        return Effect($"metric_{i:00}{(i == 13 ? "_with_a_name_that_is_longer_than_anyone_would_like" : string.Empty)}", value, value - half, value + half, "proportion", 0.041 + (i * 0.04), i == 1 ? "primary" : "secondary", "two-proportion, unpooled z") with { N = 8_000 };
    }

    private static CheckReport Check(
        string id, CheckStatus status, double? statistic, double? threshold, double? p, string evidence, string remedy = "Look at the rows concerned.", string source = "Kohavi, Tang and Xu 2020") =>
        new(id, status, statistic, threshold, p, evidence, remedy, source);

    private static ResultTable Arms(params (string Arm, long Units, long Converted, double Rate)[] rows) =>
        new("arms", "Arms", ["arm", "units", "converted", "rate"], [.. rows.Select(r => (IReadOnlyList<object?>)[r.Arm, r.Units, r.Converted, r.Rate])]);

    private static ResultTable Columns() => new(
        "columns",
        "Columns",
        ["column", "type", "rows", "missing", "missing share", "distinct", "min", "median", "mean", "max", "most frequent", "note"],
        [.. Enumerable.Range(0, 18).Select(i => (IReadOnlyList<object?>)
        [
            i == 4 ? "a_column_with_a_rather_long_name_that_goes_on" : $"column_{i}",
            i % 3 == 0 ? "text" : "double",
            1_204_118L,
            (long)(i * i * 311),
            i * i * 311 / 1_204_118.0,
            (long)(17 + (i * 40_013)),
            i % 3 == 0 ? null : -1.5 * i,
            i % 3 == 0 ? null : 12.25 * i,
            i % 3 == 0 ? null : 13.718281828 * i,
            i % 3 == 0 ? null : 1234.5 * i * i,
            i % 3 == 0 ? "Germany" : null,
            i == 7 ? "99 % of values end in .00" : null,
        ])]);

    private static List<LinePoint> Days()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return [.. from day in Enumerable.Range(0, 14)
                   from arm in new[] { "A", "B" }
                   let centre = (arm == "A" ? 0.045 : 0.0481) + (0.002 * Math.Sin(day))
                   select new LinePoint(start.AddDays(day), centre, arm, centre - 0.004, centre + 0.004)];
    }

    private static List<HistogramBin> Bins() =>
        [.. from arm in new[] { "A", "B" }
            from i in Enumerable.Range(0, 20)
            select new HistogramBin(i * 10, (i + 1) * 10, (long)(900 * Math.Exp(-Math.Pow(i - (arm == "A" ? 6 : 7), 2) / 18)), arm)];

    private static Provenance Origin(string verb, string source, long rows, int columns) => new()
    {
        Version = "0.1.0",
        Command = [verb, source, "--unit", "user_id"],
        Seed = 1,
        Engine = "duckdb",
        Data = [new DataIdentity(source, rows, columns, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")],
        StartedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Seconds = 0.21,
    };
}
