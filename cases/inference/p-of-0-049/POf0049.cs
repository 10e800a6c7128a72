using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>Just below the line.</summary>
public sealed class POf0049 : Case
{
    public override CaseCard Card { get; } = new(
        "inference/p-of-0-049", CaseLevel.Basic,
        "p = 0.049: on the right side of the line, and what that is worth",
        "A test of two landing pages ended with 800 and 879 sign-ups of 20,000 visitors each. p = 0.049 is below 0.05; half a point more would pay for the new page.",
        "A p-value just below the line moves the odds by at most 2.5 to 1, an identical rerun would miss the line half the time, and the estimate is too large on average.")
    {
        Verbs = ["compare"],
        Keywords = ["borderline p-value", "replication", "Bayes factor bound", "type M error", "exaggeration", "winner's curse"],
        Gaps = ["Expected losses of launching and of waiting are not computed.", "How often the data were read is known only to gnomon ab, which keeps a ledger of looks."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "800 and 879 sign-ups of 20,000 visitors; half a point would pay.", DecisionAction.Answer,
            "compare --counts old=800/20000,new=879/20000 --randomized --margin 0.005 --claim p=0.049")
        {
            Fires = ["borderline-significance", "significance-without-importance", "underpowered-test", "winners-curse"],
            InCode = InCode.Of(() => new CompareOptions
            {
                Counts = ["old=800/20000", "new=879/20000"],
                Randomized = true,
                Margin = "0.005",
                Claim = "p=0.049",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The same rates with four times the visitors.", DecisionAction.Answer, "compare --counts old=3200/80000,new=3516/80000 --randomized");
}
