using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Neither significant nor nothing, on a page that sets prices.</summary>
public sealed class PricingPageTenThousandEach : Case
{
    private const int Days = 14;
    private const string Roles = "ab pricing.csv --unit visitor_id --variant variant --metric converted --time day --guardrail 'revenue>=-5%'";

    public override CaseCard Card { get; } = new(
        "experiments/pricing-page-ten-thousand-each", CaseLevel.Basic,
        "A pricing page: 4.2 % against 4.5 %, ten thousand visitors each",
        "A new pricing page sold to 450 of 10,000 visitors, the old one to 420. Some read a failure, some read the higher number. Nobody asked what the orders were worth.",
        "The data allow anything from a small loss to a large gain: that is an answer, and it says how many visitors would settle it. On a pricing page revenue per visitor decides with it.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["pricing", "not significant", "power", "revenue per visitor", "sample size"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "420 and 450 buyers of 10,000 visitors; an order on the new page is worth 8 % less.", DecisionAction.Inconclusive, $"{Roles} --mde 0.003")
        {
            Fires = ["guardrail-metric-regression", "underpowered-test"],
            Files = d => [Visitors(d, 10_000, 420, 450, orderValue: 0.92)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "pricing.csv",
                Unit = "visitor_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "day",
                Guardrail = ["revenue>=-5%"],
                Mde = "0.003",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "200,000 visitors an arm as planned, the same rates, orders worth the same.", DecisionAction.Ship, $"{Roles} --plan plan.json")
    {
        Files = d =>
        [
            Visitors(d, d.Of(200_000, 20_000), d.Of(8_400, 840), d.Of(9_000, 1_030), orderValue: 1),
            Plant.Plan("pricing page", "Showing the yearly price first lets more visitors buy.", "visitor_id", "converted", d.Of("0.0025", "0.008"), d.Of(200_000, 20_000), Days),
        ],
    };

    private static CaseFile Visitors(Draw d, int units, int control, int treatment, double orderValue)
    {
        var rows = new List<LogRow>();
        Add("control", control, 1);
        Add("yearly_first", treatment, orderValue);
        return new CaseFile("pricing.csv", Plant.Log(d.Stream("order"), "visitor_id", "day", "variant,converted,revenue", rows));

        void Add(string arm, int ones, double value)
        {
            var worth = Plant.Lognormal(d.Stream($"{arm} worth"), ones, 3.4 + Math.Log(value), 0.4);
            var next = 0;
            rows.AddRange(Plant.Ones(d.Stream(arm), units, ones).Select((o, i) => new LogRow(Plant.Day(i, units, Days), o ? $"{arm},1,{worth[next++]:0.00}" : $"{arm},0,0")));
        }
    }
}
