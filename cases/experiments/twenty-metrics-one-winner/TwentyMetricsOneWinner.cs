using Gnomon.Core.Findings;
using Gnomon.Numerics;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Twenty metrics, and two of them below 0.05.</summary>
public sealed class TwentyMetricsOneWinner : Case
{
    private const string Metrics =
        "sessions,minutes,pages,searches,shares,likes,comments,follows,saves,invites,messages,alerts_opened,profiles_seen,videos_started,videos_finished,playlists,downloads,returns_week_1,returns_week_4,upgrades_seen";

    private const string Line = $"ab activity.csv --unit user_id --variant variant --metric {Metrics}";

    public override CaseCard Card { get; } = new(
        "experiments/twenty-metrics-one-winner", CaseLevel.Basic,
        "One experiment read on twenty metrics, two of them significant",
        "A feed change was read on twenty metrics. Returning in week four went up with p = 0.011 and finished videos with p = 0.041; both are on the slide, the other eighteen are not.",
        "With twenty independent metrics and nothing going on, two experiments in three show at least one such win. Name one metric beforehand; the others are hypotheses for the next test.")
    {
        Verbs = ["ab"],
        Keywords = ["multiple testing", "Holm", "Benjamini-Hochberg", "many metrics", "forking paths", "family-wise error"],
        Gaps = ["The correction that uses the correlation between metrics (--family maxt) takes the estimates as jointly normal; units are not relabelled for it.", "Segment wins are held to an interaction and a held-out half where --effects-by asks; --segment only looks for reversals."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Twenty correlated metrics of 20,000 users an arm, none of them changed; two have p below 0.05.", DecisionAction.Inconclusive, Line)
        {
            Fires = ["multiple-comparisons"],
            Files = d => [Users(d, name => name switch { "returns_week_4" => 2.545, "videos_finished" => 2.045, _ => null })],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "activity.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric =
                [
                    "sessions", "minutes", "pages", "searches", "shares", "likes", "comments", "follows", "saves", "invites",
                    "messages", "alerts_opened", "profiles_seen", "videos_started", "videos_finished", "playlists", "downloads",
                    "returns_week_1", "returns_week_4", "upgrades_seen",
                ],
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "One true effect of six standard errors on the first metric; the others are as before.", DecisionAction.Ship, Line)
    {
        Files = d => [Users(d, name => name == "sessions" ? 6.0 : null)],
    };

    // Metrics share a common factor (correlation 0.3). Each is then moved in the treated arm so that its z is exactly the wanted one;
    // where none is wanted the z are spread from -1.5 to 1.5.
    private static CaseFile Users(Draw d, Func<string, double?> wantedZ)
    {
        var names = Metrics.Split(',');
        var units = d.Of(20_000, 2_000);
        var control = Arm(d, "control", units, names.Length);
        var treatment = Arm(d, "new_feed", units, names.Length);
        for (var m = 0; m < names.Length; m++)
        {
            var before = Moments.Of(control[m]);
            var after = Moments.Of(treatment[m]);
            var quiet = -1.5 + 3.0 * ((m * 7) % names.Length) / (names.Length - 1);
            var shift = (wantedZ(names[m]) ?? quiet) * Math.Sqrt(before.VarianceOfMean + after.VarianceOfMean) - (after.Mean - before.Mean);
            treatment[m] = [.. treatment[m].Select(v => v + shift)];
        }

        return new CaseFile("activity.csv", Lines(names, control, treatment));
    }

    private static double[][] Arm(Draw d, string arm, int units, int metrics)
    {
        var rng = d.Stream(arm);
        double[][] values = [.. Enumerable.Range(0, metrics).Select(_ => new double[units])];
        for (var u = 0; u < units; u++)
        {
            var common = Math.Sqrt(0.3) * rng.NextNormal();
            foreach (var metric in values)
            {
                metric[u] = 20 + 4 * (common + Math.Sqrt(0.7) * rng.NextNormal());
            }
        }

        return values;
    }

    private static IEnumerable<string> Lines(string[] names, double[][] control, double[][] treatment)
    {
        yield return $"user_id,variant,{string.Join(',', names)}";
        for (var u = 0; u < control[0].Length; u++)
        {
            yield return $"u{2 * u},control,{string.Join(',', control.Select(m => $"{m[u]:0.00000}"))}";
            yield return $"u{2 * u + 1},new_feed,{string.Join(',', treatment.Select(m => $"{m[u]:0.00000}"))}";
        }
    }
}
