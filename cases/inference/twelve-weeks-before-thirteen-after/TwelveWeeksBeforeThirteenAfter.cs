using System.Globalization;
using Gnomon.Core.Findings;
using CompareOptions = Gnomon.Studies.Compare.CompareOptions;

namespace Gnomon.Cases.Inference;

/// <summary>Weekly rates before and after a campaign.</summary>
public sealed class TwelveWeeksBeforeThirteenAfter : Case
{
    private const string Line = "compare weeks.csv --metric rate --time week --change-at 2024-04-01 --claim lift=8%";
    private const string WithControl = "compare weeks.csv --metric rate --time week --change-at 2024-04-01 --trials trials --untouched rate_elsewhere";
    private const string Daily = "compare days.csv --metric rate --time day --change-at 2024-04-01";
    private const int Weeks = 25;
    private const int Before = 12;

    public override CaseCard Card { get; } = new(
        "inference/twelve-weeks-before-thirteen-after", CaseLevel.Intermediate,
        "Was a rise of 8 % after the campaign real?",
        "Trial-to-paid conversion is known for 12 weeks before a campaign and 13 after, as rates only. Somebody runs a t-test on the 25 rates, as though weeks were independent, equally sized and free of trend.",
        "Draw a line through before and after, let each week remember the one before, and read the change of level beside the trend. A plain t-test on weeks that keep 0.6 of the week before calls a change three times in ten when nothing changed.")
    {
        Verbs = ["compare"],
        Keywords = ["interrupted time series", "before and after", "autocorrelation", "segmented regression", "trend", "campaign"],
        Gaps = ["A season longer than the series cannot be told from the change; calendars and known events are listed by the reader, not by the data."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("weekly-rates-only", "25 weeks around 10 % that drift up by 0.05 points a week and keep 0.6 of the week before; nothing happened at the campaign.", DecisionAction.Investigate, Line)
        {
            Fires = ["no-concurrent-control", "relative-effect-without-absolute"],
            Files = d => [new CaseFile("weeks.csv", Series(d, "week", 7, Before, Weeks))],
            InCode = InCode.Of(() => new CompareOptions
            {
                Data = "weeks.csv",
                Metric = "rate",
                Time = "week",
                ChangeAt = "2024-04-01",
                Claim = "lift=8%",
            }),
        },
        new("days-instead-of-weeks", "The same months by day: more rows, each remembering 0.6 of the day before, and still nothing happened.", DecisionAction.Investigate, Daily)
        {
            Fires = ["no-concurrent-control", "autocorrelated-residuals"],
            Files = d => [new CaseFile("days.csv", Series(d, "day", 1, 7 * Before, 7 * Weeks))],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "25 independent weeks of 80,000 trials, a step of 0.8 points at the campaign, and the rate of a region without it.", DecisionAction.Answer, WithControl)
    {
        Files = d => [new CaseFile("weeks.csv", Counts(d))],
    };

    private static string Date(int days) => new DateTime(2024, 1, 8).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Drift and memory, nothing else; the drift is tuned so that the raw means rise by 8 %, as was claimed.
    private static IEnumerable<string> Series(Draw d, string name, int step, int before, int rows)
    {
        var rng = d.Stream(name);
        var values = new double[rows];
        var memory = rng.NextNormal() / 0.8;
        for (var t = 0; t < rows; t++)
        {
            values[t] = 0.10 + 0.003 * memory;
            memory = 0.6 * memory + rng.NextNormal();
        }

        // Means of the rows before and after lie rows / 2 apart on any line.
        double low = values.Take(before).Average(), high = values.Skip(before).Average(), middle = 0.5 * (before - 1);
        var drift = (1.08 * low - high) / (0.5 * rows);
        yield return $"{name},rate";
        for (var t = 0; t < rows; t++)
        {
            yield return $"{Date(step * t)},{values[t] + drift * (t - middle):0.000000}";
        }
    }

    private static IEnumerable<string> Counts(Draw d)
    {
        var rng = d.Stream("counts");
        yield return "week,rate,trials,rate_elsewhere";
        for (var t = 0; t < Weeks; t++)
        {
            var rate = 0.10 + (t >= Before ? 0.008 : 0);
            yield return $"{Date(7 * t)},{rng.NextBinomial(80_000, rate) / 80_000.0:0.000000},80000,{rng.NextBinomial(80_000, 0.10) / 80_000.0:0.000000}";
        }
    }
}
