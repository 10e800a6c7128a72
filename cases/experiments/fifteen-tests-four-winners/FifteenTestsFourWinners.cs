using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Programme;

namespace Gnomon.Cases.Experiments;

/// <summary>Fifteen tests, four of them below 0.05.</summary>
public sealed class FifteenTestsFourWinners : Case
{
    private const string Line = "programme tests.csv";
    private static readonly string[] Names =
    [
        "shorter_signup", "pinned_search", "dark_mode", "one_tap_pay", "streak_badge", "new_icons", "reorder_home", "voice_search",
        "gift_cards", "late_reminder", "profile_photo", "wide_cards", "haptic_taps", "price_first", "story_bar",
    ];

    private static readonly double[] WinningP = [0.0008, 0.011, 0.031, 0.046];

    public override CaseCard Card { get; } = new(
        "experiments/fifteen-tests-four-winners", CaseLevel.Intermediate,
        "Fifteen app tests at once, four of them winners",
        "An app team ran fifteen tests at the same time, 20,000 users an arm. Four are positive at p < 0.05: 0.0008, 0.011, 0.031 and 0.046. The team would launch all four.",
        "Fifteen tests of nothing show at least one significant result in more than half of programmes. Luck rarely gives four, but it cannot say which four; a correction can. Launch what stands, and test the rest again at the size their shrunken effects ask for.")
    {
        Verbs = ["programme", "ab", "ledger"],
        Keywords = ["multiple testing", "Holm", "Benjamini-Hochberg", "family-wise error", "false discovery rate", "winner's curse", "replication"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Fifteen tests on 20,000 users an arm; one is real, three crossed 0.05 by luck.", DecisionAction.Ship, Line)
        {
            Fires = ["multiple-comparisons", "winners-curse"],
            Files = d => [ExperimentList.Of(d, "tests.csv", All(d, WinningP.Select(Z)), 20_000, 0.08)],
            InCode = InCode.Of(() => new ProgrammeOptions { Data = "tests.csv" }),
        },
        new("winners-only", "The same programme, with only the four winners on the slide.", DecisionAction.Investigate, $"{Line} --started 15")
        {
            Fires = ["multiple-comparisons", "selective-reporting", "winners-curse"],
            Files = d => [ExperimentList.Of(d, "tests.csv", [.. All(d, WinningP.Select(Z)).Take(WinningP.Length)], 20_000, 0.08)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Fifteen tests of which four have a true effect of 15 %; all four stand.", DecisionAction.Ship, Line)
    {
        Files = d => [ExperimentList.Of(d, "tests.csv", All(d, [4.2, 4.4, 4.6, 4.5]), 20_000, 0.08)],
    };

    private static double Z(double p) => Normal.UpperQuantile(p / 2);

    private static List<ListedTest> All(Draw d, IEnumerable<double> winners)
    {
        double[] z = [.. winners, .. ExperimentList.Quiet(d, Names.Length - WinningP.Length)];
        return [.. Names.Zip(z, (name, value) => new ListedTest(name, value))];
    }
}
