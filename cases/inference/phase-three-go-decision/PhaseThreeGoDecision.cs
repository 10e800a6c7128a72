using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>Earlier evidence pooled at full weight with data that contradict it.</summary>
public sealed class PhaseThreeGoDecision : Case
{
    private const string Phase2 = "--prior trial:control=24/60,drug=36/60";
    private const string Money = "--gain 2000000/0.01 --cost 2000000 --more 300=500000";

    public override CaseCard Card { get; } = new(
        "inference/phase-three-go-decision", CaseLevel.Advanced,
        "Phase 2 was promising, Phase 3 is in: build the plant, stop, or run more?",
        "36 of 60 patients recovered on the drug in Phase 2, 24 of 60 on control. Phase 3 has 300 patients in each group. The board asks for a probability and an expected value, not for a p-value: each point of recovery is worth two million, and the plant costs two million before the first patient.",
        "A posterior pools what agrees. Where earlier evidence and new data disagree, a pooled probability describes neither: show both, discount the earlier one, and let more data decide.")
    {
        Verbs = ["compare", "design"],
        Keywords = ["prior-data conflict", "power prior", "robust mixture prior", "sceptical prior", "expected value of information", "go/no-go", "tipping point", "assurance", "posterior probability"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Phase 3 contradicts Phase 2: 132 of 300 recovered on the drug, 135 of 300 on control.", DecisionAction.KeepRunning,
            $"compare --counts control=135/300,drug=132/300 --randomized --margin 0.05 {Phase2} {Money}")
        {
            Fires = ["prior-sensitivity"],
            InCode = InCode.Of(() => new CompareOptions
            {
                Counts = ["control=135/300", "drug=132/300"],
                Randomized = true,
                Margin = "0.05",
                Prior = "trial:control=24/60,drug=36/60",
                Gain = "2000000/0.01",
                Cost = 2_000_000,
                More = "300=500000",
            }),
        },
        new("large-and-small", "A registry trial of 200,000 patients finds one point more where five would matter.", DecisionAction.Answer,
            "compare --counts control=45000/100000,drug=46000/100000 --randomized --margin 0.05 --prior flat")
        {
            Fires = ["significance-without-importance"],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Phase 3 agrees with Phase 2: 171 of 300 recovered on the drug, 135 of 300 on control.", DecisionAction.Ship,
        $"compare --counts control=135/300,drug=171/300 --randomized --margin 0.05 {Phase2} {Money}");
}
