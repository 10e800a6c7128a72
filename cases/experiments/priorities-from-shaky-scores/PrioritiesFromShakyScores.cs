using Gnomon.Core.Findings;
using Gnomon.Studies.Design;

namespace Gnomon.Cases.Experiments;

/// <summary>A backlog ranked by RICE scores to the third decimal.</summary>
public sealed class PrioritiesFromShakyScores : Case
{
    private const string Line = "design backlog.csv --kind priorities --capacity 30";

    private static readonly string[] Names =
        ["faster_search", "saved_filters", "team_inbox", "dark_mode", "bulk_edit", "audit_log", "csv_export", "mobile_push", "guest_links", "templates", "shortcuts", "status_page"];

    private static readonly double[] Reach = [9_000, 8_700, 5_000, 6_500, 3_000, 1_200, 2_500, 4_000, 1_800, 2_200, 1_500, 900];
    private static readonly double[] Effort = [4, 4, 5, 3, 4, 6, 2, 6, 3, 4, 3, 2];
    private static readonly double[] Impact = [2, 2, 1.5, 0.5, 1, 1, 0.5, 1, 0.8, 0.7, 0.5, 0.5];

    public override CaseCard Card { get; } = new(
        "experiments/priorities-from-shaky-scores", CaseLevel.Basic,
        "Which feature first, when every input is a guess?",
        "Twelve features are ranked by reach, impact, confidence and effort. The first has 3,375 points, the second 3,262, and the meeting defends the difference. The inputs were guessed in ten minutes.",
        "Give each guess its range. The first two cannot be told apart, and one number decides between them: measure that one, and leave the rest of the order as it is. What must be done is in the plan whatever its score.")
    {
        Verbs = ["design"],
        Keywords = ["RICE", "MoSCoW", "prioritisation", "backlog", "value of information", "knapsack", "Monte Carlo", "sensitivity"],
        Gaps = ["Inputs are taken as independent; the checks relative-effect-without-absolute and plan-incomplete do not read a backlog."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Twelve items with wide ranges; the first two overlap, and past items had their impact stated three times too high.", DecisionAction.Investigate, Line)
        {
            Fires = ["rank-instability"],
            Files = d => [new CaseFile("backlog.csv", Items(d, 0.5, past: true))],
            InCode = InCode.Of(() => new DesignOptions { Data = "backlog.csv", Kind = "priorities", Capacity = 30 }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The same items with measured inputs, known to within a hundredth.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("backlog.csv", Items(d, 0.01, past: false))],
    };

    private static IEnumerable<string> Items(Draw d, double width, bool past)
    {
        yield return "item,reach_low,reach,reach_high,impact_low,impact,impact_high,confidence_low,confidence,confidence_high,effort_low,effort,effort_high,must,realised";
        var rng = d.Stream("backlog");
        for (var i = 0; i < Names.Length; i++)
        {
            yield return $"{Names[i]},{Range(Reach[i], 0)},{Range(Impact[i], 2, 0.6)},{Range(0.75, 3, 0.3)},{Range(Effort[i], 2, 0.6)},{(Names[i] == "audit_log" ? "yes" : "no")},";
        }

        for (var i = 0; past && i < 8; i++)
        {
            var stated = 1 + 0.25 * i;
            yield return $"past_{i + 1},2000,2000,2000,{stated:0.00},{stated:0.00},{stated:0.00},0.8,0.8,0.8,3,3,3,no,{stated / 3 * Math.Exp(0.2 * rng.NextNormal()):0.000}";
        }

        // Ranges jitter a little from seed to seed; the likeliest value does not.
        string Range(double likely, int decimals, double share = 1)
        {
            var reach = width * share * (0.9 + 0.2 * rng.NextDouble());
            var format = $"F{decimals + 2}";
            return $"{(likely * (1 - reach)).ToString(format, System.Globalization.CultureInfo.InvariantCulture)},{likely.ToString(format, System.Globalization.CultureInfo.InvariantCulture)},{(likely * (1 + reach)).ToString(format, System.Globalization.CultureInfo.InvariantCulture)}";
        }
    }
}
