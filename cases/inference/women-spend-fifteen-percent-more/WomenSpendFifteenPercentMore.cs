using Gnomon.Core.Findings;
using Gnomon.Studies.Compare;

namespace Gnomon.Cases.Inference;

/// <summary>A gap between averages that the goods make, not the buyers.</summary>
public sealed class WomenSpendFifteenPercentMore : Case
{
    private const string Command = "compare orders.csv --metric spend --by gender";

    public override CaseCard Card { get; } = new(
        "inference/women-spend-fifteen-percent-more", CaseLevel.Basic,
        "Women spend 15 % more, says the t-test; target them, says the manager",
        "The average order of women is some 15 % larger than that of men, and the t-test is significant. The manager wants campaigns by gender.",
        "The groups bought different things: among buyers of the same goods next to nothing is left. And 2,500 orders of 900 people are not 2,500 people.")
    {
        Verbs = ["compare"],
        Keywords = ["confounding", "mix of categories", "subgroup", "targeting", "orders per customer", "clustered rows", "skewed spending"],
        Gaps = ["How much the two distributions overlap, and the size of a test that would justify targeting, are not computed."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "2,500 customers with one order each; 45 % of the women and 25 % of the men bought furniture, which costs twice as much.", DecisionAction.Investigate, Command)
        {
            Fires = ["confounded-comparison"],
            Files = d => [Orders(d, 1_250, womenFurniture: 0.45, menFurniture: 0.25, gap: 1.005, sigma: 0.5)],
            InCode = InCode.Of(() => new CompareOptions
            {
                Data = "orders.csv",
                Metric = "spend",
                By = "gender",
            }),
        },
        new("orders-not-people", "2,500 orders of 900 customers: the orders of one person are alike.", DecisionAction.FixDataFirst, Command)
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [Repeated(d)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "16,000 customers with one order each, the same goods in both groups, and women spend 5 % more on each of them.", DecisionAction.Answer, Command)
    {
        Files = d => [Orders(d, d.Of(8_000, 4_000), womenFurniture: 0.35, menFurniture: 0.35, gap: d.Of(1.05, 1.07), sigma: 0.4)],
    };

    private static CaseFile Orders(Draw d, int each, double womenFurniture, double menFurniture, double gap, double sigma)
    {
        var rows = new List<string>();
        Add("women", "furniture", (int)(each * womenFurniture), Math.Log(120 * gap));
        Add("women", "textiles", each - (int)(each * womenFurniture), Math.Log(60 * gap));
        Add("men", "furniture", (int)(each * menFurniture), Math.Log(120));
        Add("men", "textiles", each - (int)(each * menFurniture), Math.Log(60));
        return File(d, rows);

        void Add(string gender, string line, int n, double logMean)
        {
            var devices = d.Stream($"device {gender} {line}");
            rows.AddRange(Plant.Lognormal(d.Stream($"{gender} {line}"), n, logMean, sigma).Select(v => Row(gender, line, devices.NextInt(3), v)));
        }
    }

    // Three orders for 700 customers and two for 200; a customer's own level moves all of their orders.
    private static CaseFile Repeated(Draw d)
    {
        var rng = d.Stream("repeated");
        var rows = new List<string>();
        for (var customer = 0; customer < 900; customer++)
        {
            var level = Math.Log(80) + 0.4 * rng.NextNormal();
            var device = rng.NextInt(3);
            for (var order = 0; order < (customer < 700 ? 3 : 2); order++)
            {
                rows.Add($"c{customer}," + Row(customer % 2 == 0 ? "women" : "men", rng.NextDouble() < 0.35 ? "furniture" : "textiles", device, Math.Exp(level + 0.2 * rng.NextNormal())));
            }
        }

        var mixed = rows.ToArray();
        d.Stream("order").Shuffle<string>(mixed);
        return new CaseFile("orders.csv", mixed.Prepend("customer_id,gender,line,device,spend"));
    }

    private static CaseFile File(Draw d, List<string> rows)
    {
        var mixed = rows.ToArray();
        d.Stream("order").Shuffle<string>(mixed);
        return new CaseFile("orders.csv", mixed.Select((r, i) => $"c{i},{r}").Prepend("customer_id,gender,line,device,spend"));
    }

    private static string Row(string gender, string line, int device, double spend) =>
        $"{gender},{line},{device switch { 0 => "phone", 1 => "tablet", _ => "desk" }},{spend.ToString("F2", System.Globalization.CultureInfo.InvariantCulture)}";
}
