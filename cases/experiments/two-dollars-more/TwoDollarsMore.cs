using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A price test read before anybody could leave.</summary>
public sealed class TwoDollarsMore : Case
{
    private const int Days = 28;
    private const string Roles = "ab prices.csv --unit visitor_id --variant variant --metric revenue --secondary revenue/subscribed --time day --window 60";

    public override CaseCard Card { get; } = new(
        "experiments/two-dollars-more", CaseLevel.Advanced,
        "Two dollars more: fewer subscriptions, more revenue each, not one renewal seen",
        "A subscription costs two dollars more in one arm. After four weeks there are 1.1 % fewer subscriptions and each brings 5.8 % more; the chief executive multiplies and wants to ship.",
        "Per visitor, revenue rose, and that is the right denominator. But the people who will leave over the price do so at a renewal, and nobody has reached one.")
    {
        Verbs = ["ab"],
        Keywords = ["price", "subscription", "churn", "renewal", "ratio metric", "denominator", "maturity", "revenue per visitor"],
        Gaps =
        [
            "Survival of subscriptions by arm, the churn at which the gain is gone, and the value of a customer are not computed yet.",
            "1.1 % fewer subscriptions among 100,000 visitors an arm cannot be told from chance, so ratio-denominator-shift runs and stays silent.",
            "The check unvalidated-surrogate does not exist yet.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "100,000 visitors an arm, 6,000 and 5,934 subscribers at 34.50 and 36.50 on average; the outcome needs two renewals, 60 days.", DecisionAction.KeepRunning, Roles)
        {
            Fires = ["incomplete-follow-up"],
            Files = d => [Visitors(d, d.Of(100_000, 10_000), d.Of(6_000, 600), d.Of(5_934, 594))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "prices.csv",
                Unit = "visitor_id",
                Variant = "variant",
                Metric = ["revenue"],
                Secondary = ["revenue/subscribed"],
                Time = "day",
                Window = 60,
            }),
        },
        new("sign-ups", "The same visitors, with a promise that sign-ups do not fall by more than 2 %.", DecisionAction.KeepRunning, $"{Roles} --guardrail 'subscribed>=-2%'")
        {
            SmallCommand = $"{Roles} --guardrail 'subscribed>=-10%'",
            Fires = ["guardrail-metric-regression", "incomplete-follow-up"],
            Files = d => [Visitors(d, d.Of(100_000, 10_000), d.Of(6_000, 600), d.Of(5_934, 594))],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "400,000 visitors an arm with as many subscribers in both, read 90 days after the last of them.", DecisionAction.Ship,
        $"{Roles} --guardrail 'subscribed>=-2%' --as-of {Plant.Date(Days + 90)}")
    {
        SmallCommand = $"{Roles} --guardrail 'subscribed>=-10%' --as-of {Plant.Date(Days + 90)}",
        Files = d => [Visitors(d, d.Of(400_000, 40_000), d.Of(24_000, 2_400), d.Of(24_000, 2_400))],
    };

    // Two plans, equally common; the dearer arm adds the same amount to both.
    private static CaseFile Visitors(Draw d, int units, int control, int treatment)
    {
        var rows = new List<LogRow>();
        Add("control", control, 0);
        Add("plus_two", treatment, d.Of(2, 5));
        return new CaseFile("prices.csv", Plant.Log(d.Stream("order"), "visitor_id", "day", "variant,subscribed,revenue", rows));

        void Add(string arm, int subscribers, int added)
        {
            var next = 0;
            rows.AddRange(Plant.Ones(d.Stream(arm), units, subscribers).Select((s, i) => new LogRow(
                Plant.Day(i, units, Days), s ? $"{arm},1,{(next++ % 2 == 0 ? 29 : 40) + added}" : $"{arm},0,0")));
        }
    }
}
