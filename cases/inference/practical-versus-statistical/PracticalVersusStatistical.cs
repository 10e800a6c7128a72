using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>Significant, and too small to pay for itself.</summary>
public sealed class PracticalVersusStatistical : Case
{
    public override CaseCard Card { get; } = new(
        "inference/practical-versus-statistical", CaseLevel.Basic,
        "Half a million buyers each, p = 0.02: significant, and a loss",
        "A new checkout costs money to run: it pays from a quarter of a point more buyers. Half a million visitors saw each version, 4.00 % against 4.09 % bought, p = 0.02.",
        "With enough visitors any difference is significant. What decides is where the interval lies against the gain that pays: here it ends below it.")
    {
        Verbs = ["compare"],
        Keywords = ["practical significance", "break-even", "equivalence", "smallest worthwhile effect", "large sample", "TOST"],
        Gaps = ["Money per year and the cost of each error are not computed: the break-even is turned into --margin by hand."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "20,000 and 20,450 buyers of 500,000 visitors; a quarter of a point would pay.", DecisionAction.Answer,
            "compare --counts old=20000/500000,new=20450/500000 --randomized --margin 0.0025")
        {
            Fires = ["borderline-significance", "significance-without-importance", "winners-curse"],
            InCode = InCode.Of(() => new CompareOptions
            {
                Counts = ["old=20000/500000", "new=20450/500000"],
                Randomized = true,
                Margin = "0.0025",
            }),
        },
        new("too-few", "The same question with 60,000 visitors each: 2,400 and 2,526 buyers.", DecisionAction.Inconclusive,
            "compare --counts old=2400/60000,new=2526/60000 --randomized --margin 0.0025")
        {
            Fires = ["underpowered-test"],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "8,000 and 8,800 buyers of 200,000 visitors: even the near end of the interval pays.", DecisionAction.Answer,
        "compare --counts old=8000/200000,new=8800/200000 --randomized --margin 0.0025");
}
