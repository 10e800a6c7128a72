using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>A new table, and a model wanted by tonight.</summary>
public sealed class LookBeforeModelling : Case
{
    private const string Line = "profile customers.csv --target churned --key account_no";
    private static readonly string[] Regions = ["north", "south", "east", "west"];
    private static readonly string[] Plans = ["basic", "family", "premium"];

    public override CaseCard Card { get; } = new(
        "data/look-before-modelling", CaseLevel.Basic,
        "A new customer table, and a churn model wanted by tonight",
        "Twenty thousand customers with a churn column arrive from three systems. Averages look plausible, a few cells are empty, and somebody has already typed \"drop rows with missing values\".",
        "Missing values, codes, repeats and columns written after the outcome do not show in averages. Each has a question for the owner of the data; ask before fitting anything.")
    {
        Verbs = ["profile"],
        Keywords = ["exploration", "missing values", "leakage", "duplicates", "identifier", "sentinel", "999", "data quality", "target"],
        Gaps =
        [
            "Whether the customers resemble those the model will meet needs a reference population; it is not asked for yet.",
            "Robust distances over several columns at once are not computed; outliers are judged by column.",
            "That income is missing because of income itself cannot be known from the data; what shows is its link with spending.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "Age is missing by region, income where it is high, a score of 999 means \"none\", 4 % of rows stand there twice, one column is written when a customer leaves, and account numbers follow the churn.",
            DecisionAction.FixDataFirst, Line)
        {
            Fires = ["duplicate-records", "identifier-as-feature", "informative-missingness", "sentinel-value", "target-leakage"],
            Files = d => [new CaseFile("customers.csv", Customers(d, flawed: true))],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "customers.csv",
                Target = "churned",
                Key = ["account_no"],
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The same customers once each; one cell in a hundred is empty by accident, and nothing is written after the outcome.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("customers.csv", Customers(d, flawed: false))],
    };

    private static IEnumerable<string> Customers(Draw d, bool flawed)
    {
        var rng = d.Stream("customers");
        var rows = d.Of(20_000, 4_000);
        yield return "account_no,region,age,income,spend,score,tenure_months,tickets,plan,closing_fee,churned";
        for (var i = 0; i < rows; i++)
        {
            var row = Customer(rng, i, flawed ? 0.30 - 0.20 * i / rows : 0.20, flawed);
            yield return row;
            if (flawed && rng.NextDouble() < 0.04)
            {
                yield return row;
            }
        }
    }

    private static string Customer(Rng rng, int i, double churnRate, bool flawed)
    {
        var churned = rng.NextDouble() < churnRate;
        var region = Regions[rng.NextInt(Regions.Length)];
        var wealth = rng.NextNormal();
        var noAge = rng.NextDouble() < (flawed ? region == "west" ? 0.20 : 0.02 : 0.01);
        var noIncome = rng.NextDouble() < (flawed ? 0.25 / (1 + Math.Exp(-2.5 * (wealth - 0.5))) : 0.01);
        var age = Math.Clamp(Math.Round(45 + 14 * rng.NextNormal()), 18, 95);
        var income = 36_000 * Math.Exp(0.45 * wealth);
        var spend = 900 * Math.Exp(0.35 * (0.7 * wealth + 0.7 * rng.NextNormal()));
        var score = flawed && rng.NextDouble() < 0.03 ? 999 : Math.Round(Math.Clamp(550 + 90 * rng.NextNormal(), 200, 850));
        var fee = flawed ? churned ? $"{25 + 50 * rng.NextDouble():0.00}" : string.Empty : $"{25 + 50 * rng.NextDouble():0.00}";
        return $"{50_000 + i},{region},{(noAge ? string.Empty : age)},{(noIncome ? string.Empty : $"{income:0}")},{spend:0.00},{score},{1 + rng.NextPoisson(30)},{rng.NextPoisson(2)},{Plans[rng.NextInt(Plans.Length)]},{fee},{Plant.Bit(churned)}";
    }
}
