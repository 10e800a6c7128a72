using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Two changes in one experiment, read as two tests.</summary>
public sealed class TutorialAndPushFactorial : Case
{
    private const int Days = 14;
    private const int Window = 30;
    private const double Base = 0.20;
    private const string Plain = "ab retention.csv --unit user_id --factors tutorial,push --metric retained --time day --window 30";
    private static readonly string Late = $"{Plain} --as-of {Plant.Date(Days + Window)}";
    private static readonly string Line = $"{Late} --guardrail muted<=+15%";

    public override CaseCard Card { get; } = new(
        "experiments/tutorial-and-push-factorial", CaseLevel.Intermediate,
        "A tutorial and push messages, in one experiment",
        "A tutorial and a push strategy may each, or together, change who is still there after 30 days. Users were assigned by chance to neither, one, or both; the team wants to know which to launch, without more users who mute the app.",
        "The interaction is read first. The four cells are 20, 22, 22 and 26 %: both together give two points more than the sum of the parts, so they would be launched as one. That takes 13,650 users per cell; main effects take a quarter of it. What is promised not to be hurt is judged in the cell that would be launched: tutorial and push each leave muting alone, together they do not.")
    {
        Verbs = ["ab"],
        Keywords = ["factorial", "interaction", "2x2", "effect coding", "simple effects", "retention", "synergy"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "20 % stay with neither, 22 % with one, 26 % with both; but 26 % mute the app with both, where 20 % do elsewhere.", DecisionAction.DoNotShip, Line)
        {
            Fires = ["guardrail-metric-regression"],
            Files = d => [Cells(d, 1, 1, 3, muted: 0.26)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "retention.csv",
                Unit = "user_id",
                Factors = ["tutorial", "push"],
                Metric = ["retained"],
                Time = "day",
                Window = 30,
                AsOf = "2026-04-15",
                Guardrail = ["muted<=+15%"],
            }),
        },
        new("too-early", "The same users as in the twin, read on the day after the last one joined.", DecisionAction.KeepRunning, Plain)
        {
            Fires = ["incomplete-follow-up"],
            Files = d => [Cells(d, 1, 1, 3)],
        },
        new("too-small", "The parts add up, with as many users as main effects take: about a quarter of what the interaction would.", DecisionAction.Ship, $"{Late} --mde 0.02")
        {
            Fires = ["underpowered-test"],
            SmallCommand = $"{Late} --mde 0.04",
            Files = d => [Cells(d, 1, 1, 2, perCell: d.Of(3_400, 850))],
        },
        new("push-loses-units", "One in twelve users of one cell never reached the log.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["sample-ratio-mismatch"],
            Files = d => [Cells(d, 1, 1, 2, lost: 12)],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "20, 22, 22 and 26 %, and muting is the same everywhere: the two belong together, the finding says so, and nothing warns of it.", DecisionAction.Ship, Line)
    {
        Files = d => [Cells(d, 1, 1, 3)],
    };

    // Exact shares in every cell, in steps of two points from 20 % (four where there are fewer users); days and order by chance.
    private static CaseFile Cells(Draw d, int push, int tutorial, int both, int lost = 0, int? perCell = null, double muted = Base)
    {
        var units = perCell ?? d.Of(13_650, 4_000);
        var step = d.Of(0.02, 0.04);
        var rng = d.Stream("cells");
        var rows = new List<string>();
        foreach (var (a, b, steps) in new[] { ("no", "no", 0), ("no", "yes", push), ("yes", "no", tutorial), ("yes", "yes", both) })
        {
            var stayed = Plant.Ones(rng, units, (int)Math.Round((Base + steps * step) * units));
            var silent = Plant.Ones(rng, units, (int)Math.Round((a == "yes" && b == "yes" ? muted : Base) * units));
            for (var i = 0; i < units; i++)
            {
                if (lost == 0 || a == "no" || b == "no" || i % lost != 0)
                {
                    rows.Add($"{Plant.Date(i % Days)},{a},{b},{Plant.Bit(stayed[i])},{Plant.Bit(silent[i])}");
                }
            }
        }

        string[] shuffled = [.. rows];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = (int)(rng.NextDouble() * (i + 1));
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return new CaseFile("retention.csv", shuffled.Select((r, i) => $"{i + 1},{r}").Prepend("user_id,day,tutorial,push,retained,muted"));
    }
}
