using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Assignment that was not random for everyone.</summary>
public sealed class RoutingBugTiltsTheArms : Case
{
    private const int Days = 42;
    private const int BugFrom = 14;
    private const string Roles = "ab loans.csv --unit application_id --variant variant --metric approved --time day --segment income --pre high_income --split 50/50";

    public override CaseCard Card { get; } = new(
        "experiments/routing-bug-tilts-the-arms", CaseLevel.Advanced,
        "A routing bug sent more high earners into one arm of a loan test",
        "A six-week test of a loan form reports p = 0.048. In week three a router was changed, and from then on the new form received 15 % more applicants with a high income.",
        "Nine tenths of the difference are the mixture of incomes. Take the weeks before the bug, call the rest observational, and run again; controlling for what you happen to know is not enough.")
    {
        Verbs = ["ab", "cause"],
        Keywords = ["sample ratio mismatch", "imbalance", "routing", "Simpson's paradox", "ramp-up", "mixture", "confounding"],
        Gaps =
        [
            "Dating the bug by day and income, weighting by the routing rule, and a bound for what else was misrouted belong to a causal verb, which does not exist yet.",
            "Defaults, the guardrail of a loan test, take months to show; they are not in these data.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Control 15,000 applicants, 4,500 of high income; treatment 15,675 and 5,175, the surplus all after week two. The form itself adds 0.2 points.", DecisionAction.FixDataFirst,
            $"{Roles} --claim 'p=0.048, difference=0.011'")
        {
            Fires = ["covariate-imbalance", "sample-ratio-mismatch"],
            Files = d => [Loans(d, extraHigh: 675, treatedHigh: 4_151)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "loans.csv",
                Unit = "application_id",
                Variant = "variant",
                Metric = ["approved"],
                Time = "day",
                Segment = ["income"],
                Pre = ["high_income"],
                Split = "50/50",
                Claim = "p=0.048, difference=0.011",
            }),
        },
        new("ramp", "A ramp: 1 % treated on the first day, half on the second, and the second day converts worse. Better on both days, worse in total.", DecisionAction.Investigate,
            "ab ramp.csv --unit user_id --variant variant --metric converted --time day --split control=149,treatment=51")
        {
            Fires = ["partial-week-cycle", "simpsons-paradox"],
            Files = d => [Ramp(d)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "No bug: 15,000 applicants an arm with the same incomes; 0.2 points are too little for this sample to settle.", DecisionAction.Inconclusive,
        $"{Roles} --claim 'p=0.72, difference=0.002'")
    {
        Files = d => [Loans(d, extraHigh: 0, treatedHigh: 3_609)],
    };

    private static CaseFile Loans(Draw d, int extraHigh, int treatedHigh)
    {
        const int high = 4_500;
        const int low = 10_500;
        var rows = new List<LogRow>();
        Add("control", "high", high, 3_600, 0);
        Add("control", "low", low, 5_250, 0);
        Add("new_form", "high", high + extraHigh, treatedHigh, extraHigh);
        Add("new_form", "low", low, 5_271, 0);
        return new CaseFile("loans.csv", Plant.Log(d.Stream("order"), "application_id", "day", "variant,income,high_income,approved", rows));

        void Add(string arm, string income, int units, int approved, int misrouted) => rows.AddRange(
            Plant.Ones(d.Stream($"{arm} {income}"), units, approved).Select((a, i) => new LogRow(
                i < units - misrouted ? Plant.Day(i, units - misrouted, Days) : BugFrom + Plant.Day(i - units + misrouted, misrouted, Days - BugFrom),
                $"{arm},{income},{(income == "high" ? 1 : 0)},{Plant.Bit(a)}")));
    }

    private static CaseFile Ramp(Draw d)
    {
        var rows = new List<LogRow>();
        Add("control", 0, d.Of(99_000, 9_900), 0.0202);
        Add("treatment", 0, d.Of(1_000, 100), 0.0230);
        Add("control", 1, d.Of(50_000, 5_000), 0.0100);
        Add("treatment", 1, d.Of(50_000, 5_000), 0.0120);
        return new CaseFile("ramp.csv", Plant.Log(d.Stream("order"), "user_id", "day", "variant,converted", rows));

        void Add(string arm, int day, int units, double rate) => rows.AddRange(
            Plant.Ones(d.Stream(arm, day), units, (int)Math.Round(units * rate * d.Of(1, 8))).Select(c => new LogRow(day, $"{arm},{Plant.Bit(c)}")));
    }
}
