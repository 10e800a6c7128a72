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
    private static readonly string Line = $"{Plain} --as-of {Plant.Date(Days + Window)}";

    public override CaseCard Card { get; } = new(
        "experiments/tutorial-and-push-factorial", CaseLevel.Intermediate,
        "A tutorial and push messages, in one experiment",
        "A tutorial and a push strategy may each, or together, change who is still there after 30 days. Users were assigned by chance to neither, one, or both; the team wants to know which to launch.",
        "The interaction is read first. The four cells are 20, 22, 22 and 26 %: both together give two points more than the sum of the parts, so they are launched as one. That takes 13,650 users per cell; main effects take a quarter of it.")
    {
        Verbs = ["ab"],
        Keywords = ["factorial", "interaction", "2x2", "effect coding", "simple effects", "retention", "synergy"],
        Gaps = ["Sizes of a factorial plan are named in the finding; design has no kind of its own for them."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "20 % with neither, 22 % with one, 26 % with both: two points beside the sum.", DecisionAction.Ship, Line)
        {
            Fires = ["interaction-ignored"],
            Files = d => [Cells(d, 1, 1, 3)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "retention.csv",
                Unit = "user_id",
                Factors = ["tutorial", "push"],
                Metric = ["retained"],
                Time = "day",
                Window = 30,
                AsOf = "2026-04-15",
            }),
        },
        new("push-alone-hurts", "Push messages without the tutorial lose users, 20 to 18 %; with it they keep more, 22 to 26 %.", DecisionAction.Ship, Line)
        {
            Fires = ["interaction-ignored"],
            Files = d => [Cells(d, -1, 1, 3)],
        },
        new("too-early", "The same users as in the trap, read on the day after the last one joined.", DecisionAction.KeepRunning, Plain)
        {
            Fires = ["incomplete-follow-up", "interaction-ignored"],
            Files = d => [Cells(d, 1, 1, 3)],
        },
        new("too-small", "The parts add up, with as many users as main effects take: about a quarter of what the interaction would.", DecisionAction.Ship, $"{Line} --mde 0.02")
        {
            Fires = ["underpowered-test"],
            SmallCommand = $"{Line} --mde 0.04",
            Files = d => [Cells(d, 1, 1, 2, perCell: d.Of(3_400, 850))],
        },
        new("push-loses-units", "One in twelve users of one cell never reached the log.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["sample-ratio-mismatch"],
            Files = d => [Cells(d, 1, 1, 2, lost: 12)],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "20, 22, 22 and 24 %: the parts add up, and no interaction is claimed.", DecisionAction.Ship, Line)
    {
        Files = d => [Cells(d, 1, 1, 2)],
    };

    // Exact shares in every cell, in steps of two points from 20 % (four where there are fewer users); days and order by chance.
    private static CaseFile Cells(Draw d, int push, int tutorial, int both, int lost = 0, int? perCell = null)
    {
        var units = perCell ?? d.Of(13_650, 4_000);
        var step = d.Of(0.02, 0.04);
        var rng = d.Stream("cells");
        var rows = new List<string>();
        foreach (var (a, b, steps) in new[] { ("no", "no", 0), ("no", "yes", push), ("yes", "no", tutorial), ("yes", "yes", both) })
        {
            var stayed = Plant.Ones(rng, units, (int)Math.Round((Base + steps * step) * units));
            for (var i = 0; i < units; i++)
            {
                if (lost == 0 || a == "no" || b == "no" || i % lost != 0)
                {
                    rows.Add($"{Plant.Date(i % Days)},{a},{b},{Plant.Bit(stayed[i])}");
                }
            }
        }

        string[] shuffled = [.. rows];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = (int)(rng.NextDouble() * (i + 1));
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return new CaseFile("retention.csv", shuffled.Select((r, i) => $"{i + 1},{r}").Prepend("user_id,day,tutorial,push,retained"));
    }
}
