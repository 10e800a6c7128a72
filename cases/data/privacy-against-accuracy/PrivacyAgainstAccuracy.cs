using Gnomon.Core.Findings;
using Gnomon.Studies.Privacy;

namespace Gnomon.Cases.Data;

/// <summary>Legal wants privacy, the model wants detail.</summary>
public sealed class PrivacyAgainstAccuracy : Case
{
    private const string Known = "age,district,job,sex,married,children,tenure,channel";
    private const string Line = $"privacy customers.csv --quasi {Known} --target fraud --unit customer_id --bounds age=20:80,children=0:2,amount=0:500,night_share=0:1 --epsilon 1";
    private const string TwinLine = "privacy coarse.csv --quasi age_band,region,sex --target fraud --bounds amount=0:500,night_share=0:1 --epsilon 1";
    private const double Fraud = 0.01;
    private static readonly string[] Jobs = ["clerk", "teacher", "nurse", "driver", "engineer", "cook", "farmer", "lawyer", "painter", "retired"];

    public override CaseCard Card { get; } = new(
        "data/privacy-against-accuracy", CaseLevel.Advanced,
        "Legal wants strict privacy, the model wants detail",
        "A bank wants to hand thirty thousand customers with 1 % fraud to a partner. Names are dropped, and the file is called anonymous. Legal asks for proof; the model's owner fears for accuracy.",
        "Dropping names is not anonymity: a few ordinary columns single people out. Coarser values and noise have a price that can be measured, so both sides choose from a curve.")
    {
        Verbs = ["privacy"],
        Keywords = ["anonymisation", "k-anonymity", "l-diversity", "differential privacy", "epsilon", "budget", "pseudonym", "re-identification", "GDPR", "membership inference", "fraud"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "30,000 customers, eight columns that an outsider may know, 12 % alone by age, district and job; fraud 1 %.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["sensitive-data-exposed"],
            Files = d => [new CaseFile("customers.csv", Customers(d))],
            InCode = InCode.Of(() => new PrivacyOptions
            {
                Data = "customers.csv",
                Quasi = ["age", "district", "job", "sex", "married", "children", "tenure", "channel"],
                Target = "fraud",
                Unit = "customer_id",
                Bounds = ["age=20:80", "children=0:2", "amount=0:500", "night_share=0:1"],
                Epsilon = "1",
            }),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same customers in a coarse table: every combination of age band, region and sex stands in twenty rows and more.", DecisionAction.Answer, TwinLine)
    {
        Files = d => [new CaseFile("coarse.csv", Coarse(d))],
    };

    private sealed record Person(int Id, int Age, int District, int Job, bool Woman, bool Married, int Children, int Tenure, int Channel, double Amount, double Night, bool Fraud);

    // Fraud follows the amount and the hour, a little the age.
    private static IEnumerable<Person> People(Draw d)
    {
        var rng = d.Stream("people");
        var rows = d.Of(30_000, 9_000);
        var (districts, ages) = d.Of((24, 60), (12, 36));
        for (var i = 0; i < rows; i++)
        {
            var (amount, night, age) = (Math.Exp(4 + (0.8 * rng.NextNormal())), rng.NextDouble(), 20 + rng.NextInt(ages));
            var logit = -8.1 + (1.3 * (Math.Log(amount) - 4)) + (6 * night) - (0.03 * (age - 20));
            yield return new Person(
                10_000_000 + i, age, rng.NextInt(districts), rng.NextInt(Jobs.Length), rng.NextDouble() < 0.5, rng.NextDouble() < 0.5, rng.NextInt(3), rng.NextInt(3), rng.NextInt(2), amount, night,
                rng.NextDouble() < 1 / (1 + Math.Exp(-logit)));
        }
    }

    // Exactly 1 % fraud: the share of draws is near it, and the first ones beyond or short of it are turned.
    private static List<Person> Planted(Draw d)
    {
        var people = People(d).ToList();
        var wanted = (int)(Fraud * people.Count);
        var excess = people.Count(p => p.Fraud) - wanted;
        for (var i = 0; i < people.Count && excess > 0; i++)
        {
            if (people[i].Fraud)
            {
                (people[i], excess) = (people[i] with { Fraud = false }, excess - 1);
            }
        }

        return people;
    }

    private static IEnumerable<string> Customers(Draw d) => Planted(d).Select(p => FormattableString.Invariant(
        $"C{p.Id},person{p.Id}@example.org,{p.Age},D{p.District:000},{Jobs[p.Job]},{(p.Woman ? "f" : "m")},{(p.Married ? "yes" : "no")},{p.Children},{(p.Tenure switch { 0 => "new", 1 => "known", _ => "old" })},{(p.Channel == 0 ? "web" : "branch")},{p.Amount:0.00},{p.Night:0.000},{(p.Fraud ? "yes" : "no")}"))
        .Prepend("customer_id,email,age,district,job,sex,married,children,tenure,channel,amount,night_share,fraud");

    private static IEnumerable<string> Coarse(Draw d) => Planted(d).Select(p => FormattableString.Invariant(
        $"{p.Age / 10 * 10}s,{(p.District % 4) switch { 0 => "north", 1 => "south", 2 => "east", _ => "west" }},{(p.Woman ? "f" : "m")},{p.Amount:0.00},{p.Night:0.000},{(p.Fraud ? "yes" : "no")}"))
        .Prepend("age_band,region,sex,amount,night_share,fraud");
}
