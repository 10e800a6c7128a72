using Gnomon.Core.Findings;
using Gnomon.Studies.Programme;

namespace Gnomon.Cases.Experiments;

/// <summary>Thirty tests, twelve of them winners.</summary>
public sealed class ThirtyTestsTwelveWinners : Case
{
    private const int Tests = 30;
    private const int Users = 20_000;
    private const double Rate = 0.04;
    private const string Line = "programme tests.csv --correction bh";

    // Five real gains, and seven that were stopped on the day they crossed 0.05.
    private static readonly double[] Real = [5.2, 4.8, 4.6, 4.3, 4.1];
    private static readonly double[] Stopped = [2.4, 2.3, 2.2, 2.15, 2.1, 2.05, 2.0];

    public override CaseCard Card { get; } = new(
        "experiments/thirty-tests-twelve-winners", CaseLevel.Intermediate,
        "Thirty tests together, twelve declared winners",
        "A site runs thirty tests at a time and reads them every day. Twelve have been declared winners at p < 0.05. The technology chief wonders how so many can win.",
        "Luck alone gives one and a half, so it is not the whole story; neither is it nothing. A test that is read on fourteen days and stopped when it crosses wins without an effect in 22 % of cases. Count each test at the best of its looks, keep what survives, shrink it, and audit the platform with A/A tests.")
    {
        Verbs = ["programme", "ab", "ledger"],
        Keywords = ["multiple testing", "Benjamini-Hochberg", "Storey", "peeking", "A/A test", "false discovery rate", "empirical Bayes"],
        Gaps = ["Interactions of the thirty need unit-level data; see the case of the twelve winners."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Five true gains among thirty, every test read daily for a fortnight, seven stopped on the day they crossed.", DecisionAction.Ship, Line)
        {
            Fires = ["multiple-comparisons", "optional-stopping", "winners-curse"],
            Files = d => [List(d, looks: 14, lost: 0, Stopped)],
            InCode = InCode.Of(() => new ProgrammeOptions { Data = "tests.csv", Correction = "bh" }),
        },
        new("broken-platform", "The same, with one test that lost users in logging and a platform whose A/A tests win in one of nine.", DecisionAction.FixDataFirst, $"{Line} --aa 45/400")
        {
            Fires = ["aa-false-positive-rate", "optional-stopping", "sample-ratio-mismatch"],
            Files = d => [List(d, looks: 14, lost: 0.06, Stopped)],
        },
        new("winners-only", "Only the twelve winners are shown.", DecisionAction.Investigate, $"{Line} --started 30")
        {
            Fires = ["optional-stopping", "selective-reporting"],
            Files = d => [ExperimentList.Of(d, "tests.csv", [.. Rows(d, 14, 0, Stopped).Take(Real.Length + Stopped.Length)], Users, Rate)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The same five gains, every test read once; A/A tests win as often as they should.", DecisionAction.Ship, $"{Line} --aa 20/400")
    {
        Files = d => [List(d, looks: 1, lost: 0, [])],
    };

    private static CaseFile List(Draw d, int looks, double lost, double[] stopped) => ExperimentList.Of(d, "tests.csv", Rows(d, looks, lost, stopped), Users, Rate);

    private static List<ListedTest> Rows(Draw d, int looks, double lost, double[] stopped)
    {
        double[] z = [.. Real, .. stopped, .. ExperimentList.Quiet(d, Tests - Real.Length - stopped.Length)];
        return [.. z.Select((value, i) => new ListedTest($"test_{i + 1:00}", value, looks, i == 3 ? lost : 0))];
    }
}
