using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A sign-off that asks five questions, and four data sets that each fail one of them.</summary>
public sealed class CheckoutFortnightFiveChecks : Case
{
    private const int Days = 14;
    private const string Roles = "ab checkout.csv --unit user_id --variant variant --metric converted --time day --guardrail 'revenue>=-2%'";
    private const string OrderValue = "ab checkout.csv --unit user_id --variant variant --metric converted --time day --guardrail 'revenue/converted>=-2%'";
    private const string Asked = "--mde 0.0025 --claim 'p=0.03, difference=0.003'";
    private const string SmallAsked = "--mde 0.008 --claim 'p=0.03, difference=0.0098'";

    public override CaseCard Card { get; } = new(
        "experiments/checkout-fortnight-five-checks", CaseLevel.Intermediate,
        "4.8 % against 4.5 % after a fortnight: sign it off?",
        "A redesigned checkout ran for two weeks with 50,000 users an arm: 2,250 against 2,400 orders, p = 0.03 says the report. Product asks for a signature.",
        "Before the effect come the split, the unit, the length, the guardrails and the trend; each of them alone can turn the same headline into another decision.")
    {
        Verbs = ["ab"],
        Keywords = ["checkout", "sign-off", "sample ratio", "guardrail", "novelty", "unit of analysis", "winner's curse", "reported p-value"],
        Gaps = ["An A/A comparison of the pre-period needs a pre-period column; these data have none."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("as-reported", "2,250 and 2,400 orders of 50,000 users an arm, as the report says; the p-value it prints does not belong to these counts.", DecisionAction.Ship, $"{Roles} {Asked}")
        {
            SmallCommand = $"{Roles} {SmallAsked}",
            Fires = ["reported-result-inconsistent", "underpowered-test", "winners-curse"],
            Files = d => [Users(d, Size(d), Size(d), Flat(d))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "checkout.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "day",
                Guardrail = ["revenue>=-2%"],
                Mde = "0.0025",
                Claim = "p=0.03, difference=0.003",
            }),
        },
        new("a-arms", "1,300 users of the new checkout never reached the log.", DecisionAction.FixDataFirst, $"{Roles} {Asked}")
        {
            SmallCommand = $"{Roles} {SmallAsked}",
            Fires = ["sample-ratio-mismatch"],
            Files = d => [Users(d, Size(d), d.Of(48_700, 4_600), Flat(d))],
        },
        new("b-order-value", "More orders, each worth 3 % less; the guardrail is the value of an order.", DecisionAction.DoNotShip, $"{OrderValue} {Asked}")
        {
            SmallCommand = $"{OrderValue} {SmallAsked}",
            Fires = ["guardrail-metric-regression"],
            Files = d => [Users(d, Size(d), Size(d), Flat(d), orderValue: 0.97)],
        },
        new("c-novelty", "The gain is two points on the first day and gone after a week.", DecisionAction.Ship, $"{Roles} {Asked}")
        {
            SmallCommand = $"{Roles} {SmallAsked}",
            Fires = ["novelty-effect"],
            Files = d => [Users(d, Size(d), Size(d), day => d.Of(0.02, 0.063) * Math.Pow(0.5, day / 2.0))],
        },
        new("d-sessions", "The export holds 1.6 sessions a user, and each is counted.", DecisionAction.FixDataFirst, "ab checkout.csv --variant variant --metric converted --time day")
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [Users(d, Size(d), Size(d), Flat(d), sessions: true)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "120,000 users an arm as planned, the same rates every day, the same order value.", DecisionAction.Ship,
        $"{Roles} --plan plan.json --claim 'p=0.0005, difference=0.003'")
    {
        SmallCommand = $"{Roles} --plan plan.json --claim 'p=0.0007, difference=0.0095'",
        Files = d =>
        [
            Users(d, d.Of(120_000, 12_000), d.Of(120_000, 12_000), _ => d.Of(0.003, 0.0095)),
            Plant.Plan("checkout redesign", "Fewer fields let more visitors finish their order.", "user_id", "converted", d.Of("0.0025", "0.008"), d.Of(120_000, 12_000), Days),
        ],
    };

    private static int Size(Draw d) => d.Of(50_000, 5_000);

    private static Func<int, double> Flat(Draw d) => _ => d.Of(0.003, 0.0098);

    // Orders are planted day by day at the rounded expectation: 4.5 % in control, more by the day's lift in treatment.
    private static CaseFile Users(Draw d, int controlUnits, int treatmentUnits, Func<int, double> lift, double orderValue = 1, bool sessions = false)
    {
        var rows = new List<LogRow>();
        Add("control", controlUnits, _ => 0.045, 1);
        Add("redesign", treatmentUnits, day => 0.045 + lift(day), orderValue);
        return new CaseFile("checkout.csv", sessions ? Sessions(d, rows) : Plant.Log(d.Stream("order"), "user_id", "day", "variant,converted,revenue", rows));

        void Add(string arm, int units, Func<int, double> rate, double value)
        {
            var start = 0;
            var expected = 0.0;
            var planted = 0;
            for (var day = 0; day < Days; day++)
            {
                var end = (int)((long)units * (day + 1) / Days);
                expected += (end - start) * rate(day);
                var orders = (int)Math.Round(expected) - planted;
                var worth = Plant.Lognormal(d.Stream(arm, day), orders, Math.Log(40 * value), d.Of(0.10, 0.03));
                var next = 0;
                rows.AddRange(Plant.Ones(d.Stream(arm, -day - 1), end - start, orders).Select(o => new LogRow(day, o ? $"{arm},1,{worth[next++]:0.00}" : $"{arm},0,0")));
                planted += orders;
                start = end;
            }
        }
    }

    // Every session row repeats the user's outcome, as a join of sessions with orders does.
    private static IEnumerable<string> Sessions(Draw d, List<LogRow> users)
    {
        var rng = d.Stream("sessions");
        yield return "session_id,user_id,day,variant,converted,revenue";
        var session = 0;
        foreach (var row in Plant.Log(d.Stream("order"), "user_id", "day", "variant,converted,revenue", users).Skip(1))
        {
            for (var i = rng.NextDouble() < 0.6 ? 2 : 1; i > 0; i--)
            {
                yield return $"s{++session},{row}";
            }
        }
    }
}
