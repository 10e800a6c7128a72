using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>What adopters do differently is not what the change does.</summary>
public sealed class ChangeMeasuredNotCorrelated : Case
{
    private const int Bins = 10;
    private const string Roles = "ab members.csv --unit user_id --variant variant --metric retained --pre sessions_before";

    public override CaseCard Card { get; } = new(
        "experiments/change-measured-not-correlated", CaseLevel.Basic,
        "Adopters stay six points more often; what does the feature do?",
        "Members who switched the new home screen on stay six points more often than those who did not. A randomised test of 200,000 members was run as well, and it says something much smaller.",
        "Adopters were more active before they adopted. Only the random split makes the groups alike, and the finding shows whether it did before it shows any effect.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["correlation and causation", "self-selection", "adopters", "randomisation", "balance", "pre-period", "CUPED", "bot filter"],
        Gaps = ["The estimate from observational data with its assumptions belongs to a causal verb, which does not exist yet.", "An A/A replay of the assignment is not part of the finding."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("broken-split", "A bot filter ran in one arm only: 98,900 members against 101,100, and those missing are the idle ones.", DecisionAction.FixDataFirst, $"{Roles} --split 50/50 --mde 0.005")
        {
            SmallCommand = $"{Roles} --split 50/50 --mde 0.016",
            Fires = ["covariate-imbalance", "sample-ratio-mismatch"],
            Files = d => [Randomised(d, lostIdle: d.Of(1_100, 350))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "members.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["retained"],
                Pre = ["sessions_before"],
                Split = "50/50",
                Mde = "0.005",
            }),
        },
        new("adopters", "Nobody was assigned: those who switched it on against those who did not.", DecisionAction.FixDataFirst,
            "ab members.csv --unit user_id --variant adopted --control no --metric retained --pre sessions_before")
        {
            Fires = ["covariate-imbalance", "sample-ratio-mismatch"],
            Files = d => [OptIn(d)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "A split that works, 100,040 against 99,960, and a true gain of 0.6 points.", DecisionAction.Ship, $"{Roles} --split 50/50 --mde 0.005")
    {
        SmallCommand = $"{Roles} --split 50/50 --mde 0.016",
        Files = d => [Randomised(d, lostIdle: d.Of(-40, -4))],
    };

    // Members fall into ten classes of earlier activity; in each, retention is planted at its rounded expectation.
    private static CaseFile Randomised(Draw d, int lostIdle)
    {
        var perBin = d.Of(10_000, 1_000);
        var rows = new List<string>();
        for (var bin = 0; bin < Bins; bin++)
        {
            var moved = bin == 0 ? lostIdle : 0;
            Add(d, rows, "control", bin, perBin - moved, 0);
            Add(d, rows, "home_screen", bin, perBin + moved, d.Of(0.006, 0.019));
        }

        return new CaseFile("members.csv", Lines(d, "variant", rows));
    }

    private static CaseFile OptIn(Draw d)
    {
        var perBin = d.Of(4_000, 800);
        var rows = new List<string>();
        for (var bin = 0; bin < Bins; bin++)
        {
            var adopters = (int)Math.Round(perBin * (0.03 + 0.06 * bin));
            Add(d, rows, "yes", bin, adopters, d.Of(0.006, 0.019));
            Add(d, rows, "no", bin, perBin - adopters, 0);
        }

        return new CaseFile("members.csv", Lines(d, "adopted", rows));
    }

    private static void Add(Draw d, List<string> rows, string arm, int bin, int units, double effect)
    {
        var retained = (int)Math.Round(units * (0.08 + 0.025 * bin + effect));
        rows.AddRange(Plant.Ones(d.Stream(arm, bin), units, retained).Select(r => $"{arm},{bin},{Plant.Bit(r)}"));
    }

    private static IEnumerable<string> Lines(Draw d, string armColumn, List<string> rows)
    {
        var mixed = rows.ToArray();
        d.Stream("order").Shuffle<string>(mixed);
        return mixed.Select((r, i) => $"u{100_000 + i},{r}").Prepend($"user_id,{armColumn},sessions_before,retained");
    }
}
