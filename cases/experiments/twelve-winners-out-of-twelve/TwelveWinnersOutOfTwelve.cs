using Gnomon.Core.Findings;
using Gnomon.Studies.Programme;

namespace Gnomon.Cases.Experiments;

/// <summary>Twelve tests on one user base, and all of them won.</summary>
public sealed class TwelveWinnersOutOfTwelve : Case
{
    private const int Tests = 12;
    private static readonly string[] Names =
        ["sticky_header", "bigger_button", "fewer_fields", "trust_badge", "live_chat", "new_hero", "quick_view", "size_guide", "saved_cart", "late_coupon", "short_copy", "photo_zoom"];

    // As they came: three real ones, and nine that were read on the best of fourteen days.
    private static readonly double[] ShownZ = [3.54, 3.1, 2.9, 2.35, 2.3, 2.25, 2.2, 2.15, 2.1, 2.06, 2.02, 1.97];

    public override CaseCard Card { get; } = new(
        "experiments/twelve-winners-out-of-twelve", CaseLevel.Advanced,
        "Twelve tests, twelve winners",
        "Twelve interface tests ran on one user base, and all twelve show p < 0.05, from 0.0004 to 0.049. The manager wants to ship all twelve and add up the lifts.",
        "Twelve of twelve by luck has a chance of 2e-16, so multiplicity is not the first question: what else makes every test win? Results that are not shown, reading until it crosses, a logging fault, a shared control. Ship what stands, after the bundle was tested against control; lifts do not add up.")
    {
        Verbs = ["programme", "ab", "ledger"],
        Keywords = ["multiple testing", "selection", "peeking", "interaction", "overlapping experiments", "holdout", "bundle"],
        Gaps = ["Independence of assignments and interactions need unit-level data: they are read in a scene of their own."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Forty tests were run and each read daily for a fortnight; the best twelve are shown, and one of them lost 4 % of its users in logging.", DecisionAction.FixDataFirst, "programme shown.csv --started 40")
        {
            Fires = ["multiple-comparisons", "optional-stopping", "sample-ratio-mismatch", "selective-reporting", "winners-curse"],
            Files = d => [ExperimentList.Of(d, "shown.csv", [.. Names.Select((n, i) => new ListedTest(n, ShownZ[i], Looks: 14, Lost: i == 4 ? 0.05 : 0))], 40_000, 0.05)],
            InCode = InCode.Of(() => new ProgrammeOptions { Data = "shown.csv", Started = 40 }),
        },
        new("shared-users", "The twelve on the same users: the first two each help alone and cancel each other.", DecisionAction.Investigate, $"programme users.csv --tests {string.Join(',', Names)} --metric minutes")
        {
            Fires = ["interaction-ignored"],
            Files = d => [new CaseFile("users.csv", Users(d))],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Twelve tests were run and twelve are shown: true gains of 6 %, read once, on users of their own.", DecisionAction.Ship, "programme shown.csv --started 12")
    {
        Files = d => [ExperimentList.Of(d, "shown.csv", [.. Names.Select((n, i) => new ListedTest(n, 4.2 + 0.15 * i))], 100_000, 0.05)],
    };

    // Half an hour with a spread of six minutes; the first two give two minutes each where the other is off, and next to nothing together.
    private static IEnumerable<string> Users(Draw d)
    {
        yield return $"user_id,minutes,{string.Join(',', Names)}";
        var rng = d.Stream("users");
        var users = d.Of(40_000, 8_000);
        var on = new bool[Tests];
        for (var u = 0; u < users; u++)
        {
            for (var t = 0; t < Tests; t++)
            {
                on[t] = rng.NextDouble() < 0.5;
            }

            var minutes = 30 + (on[0] ? 2 : 0) + (on[1] ? 2 : 0) - (on[0] && on[1] ? 2.6 : 0) + 6 * rng.NextNormal();
            yield return $"u{u},{minutes:0.000},{string.Join(',', on.Select(x => x ? "new" : "old"))}";
        }
    }
}
