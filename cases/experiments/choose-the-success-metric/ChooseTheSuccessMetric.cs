using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Metrics;

namespace Gnomon.Cases.Experiments;

/// <summary>Nobody agrees what success is, and clicks move most.</summary>
public sealed class ChooseTheSuccessMetric : Case
{
    private const string Line =
        "metrics past_tests.csv --test test --variant variant --unit user_id --metric clicked,minutes,returned_14d --goal retained_90d --primary clicked --window '14 days from assignment' --owner 'Growth analytics'";

    // Effects of ten past tests in points of percent, at 20,000 users a test.
    private static readonly double[] Retained = [2.9, -2.1, 1.9, -1.3, 2.5, -2.7, 0.9, -0.6, 1.6, -1.8];
    private static readonly double[] Returned = [5.2, -2.0, 1.4, -2.6, 2.6, -4.4, 2.7, 0.9, 3.2, -1.5];
    private static readonly double[] Opposed = [-4.5, -3.8, 5.2, -3.0, 6.0, 4.2, -3.6, 3.1, 4.0, -4.4];
    private static readonly double[] Aligned = [6.3, -3.4, 2.9, -3.4, 4.2, -6.0, 2.5, -1.5, 3.7, -2.7];

    public override CaseCard Card { get; } = new(
        "experiments/choose-the-success-metric", CaseLevel.Advanced,
        "Clicks, time, coming back: which metric is success?",
        "A team wants to decide its tests on clicks, because clicks move in every test. Ten past tests have clicks, minutes, use within 14 days and, by now, retention after 90 days.",
        "A metric must be quick to move and true to what is wanted. Past tests show both: clicks moved most and went against retention in four tests of ten, coming back within 14 days went with it in nine.")
    {
        Verbs = ["metrics", "ab", "design"],
        Keywords = ["success metric", "north star", "OEC", "surrogate index", "proxy metric", "sensitivity", "guardrail", "metric definition", "gaming", "A/A test"],
        Gaps =
        [
            "A retention day, a quantile or a funnel step is judged only as a column that holds it per user.",
            "Switching metrics, hurt guardrails and many comparisons are looked for in the tests that follow, by gnomon ab.",
            "Past tests of several treated arms count as tests of their own, although they share a control.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Ten past tests of 20,000 users: clicks move most and against retention in four tests, coming back within 14 days goes with it in nine; a few users hold most minutes.", DecisionAction.Answer, Line)
        {
            Fires = ["heavy-tailed-mean", "unvalidated-surrogate"],
            Files = d => [new CaseFile("past_tests.csv", Users(d, Opposed, heavy: true))],
            InCode = InCode.Of(() => new MetricsOptions
            {
                Data = "past_tests.csv",
                Test = "test",
                Variant = "variant",
                Unit = "user_id",
                Metric = ["clicked", "minutes", "returned_14d"],
                Goal = "retained_90d",
                Primary = "clicked",
                Window = "14 days from assignment",
                Owner = "Growth analytics",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The same tests where clicks went with retention in all ten, and minutes are spread evenly.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("past_tests.csv", Users(d, Aligned, heavy: false))],
    };

    private static IEnumerable<string> Users(Draw d, double[] clicks, bool heavy)
    {
        yield return "test,user_id,variant,clicked,minutes,returned_14d,retained_90d";

        // Fewer users with larger effects: the same t.
        var (units, scale) = (d.Of(10_000, 2_000), d.Of(0.01, 0.01 * Math.Sqrt(5)));
        var id = 0;
        for (var test = 0; test < Retained.Length; test++)
        {
            foreach (var (arm, sign) in new[] { ("control", 0), ("treatment", 1) })
            {
                var rng = d.Stream($"test {test} {arm}");
                var jitter = sign * 0.1 * scale;
                double Rate(double rate, double[] effects) => rate + sign * scale * effects[test] + jitter * (2 * rng.NextDouble() - 1);
                double[] liking = [.. Enumerable.Range(0, units).Select(_ => rng.NextNormal())];
                var (clicked, returned, retained) = (Top(rng, liking, 0.3, Rate(0.30, clicks)), Top(rng, liking, 0.8, Rate(0.40, Returned)), Top(rng, liking, 0.8, Rate(0.25, Retained)));
                for (var u = 0; u < units; u++)
                {
                    var minutes = heavy ? Math.Exp(2 + 1.9 * rng.NextNormal()) : 15 * rng.NextGamma(2);
                    yield return $"test_{test + 1},u{++id},{arm},{Plant.Bit(clicked[u])},{minutes:0.00},{Plant.Bit(returned[u])},{Plant.Bit(retained[u])}";
                }
            }
        }
    }

    // An exact share of the units, those who like the product more likely than others.
    private static bool[] Top(Rng rng, double[] liking, double weight, double share)
    {
        double[] score = [.. liking.Select(l => weight * l + rng.NextNormal())];
        int[] order = [.. Enumerable.Range(0, score.Length)];
        Array.Sort(score, order);
        var chosen = new bool[order.Length];
        foreach (var u in order.Skip(order.Length - (int)Math.Round(share * order.Length)))
        {
            chosen[u] = true;
        }

        return chosen;
    }
}
