using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Data;

/// <summary>Customers joined to ten times as many transactions, with repeated customers and keys of two types.</summary>
public sealed class MergeFiveByFiftyMillion : Case
{
    private const string Ask = "--recipe lookup --key customer_id --value amount";

    public override CaseCard Card { get; } = new(
        "data/merge-five-by-fifty-million", CaseLevel.Intermediate,
        "Joining five million customers to fifty million transactions takes eight minutes",
        "Transactions are joined to customers in eight minutes. Somebody sorts the indexes; nobody looks whether a customer stands twice, or why a hundredth of the transactions find no customer.",
        "Look at the keys before the join: their type, spelling, repeats and match rates. Then build on the small side and keep one row per transaction.")
    {
        Verbs = ["sql"],
        Keywords = ["join", "merge", "many-to-one", "fan-out", "key type", "match rate", "hash join", "control total"],
        Gaps = ["The data are a thousandth of the situation's; time and memory of five by fifty million rows are measured by the benchmarks."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("repeated-customers", "Two customers in a thousand stand twice, their keys are text with zeros in front, and 1 % of the transactions belong to nobody.", DecisionAction.Answer, $"sql transactions.csv customers.csv {Ask}")
        {
            Fires = ["join-fanout", "unmatched-keys"],
            Files = d => [new CaseFile("transactions.csv", Transactions(d, flawed: true)), new CaseFile("customers.csv", Customers(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "transactions.csv",
                More = ["customers.csv"],
                Recipe = "lookup",
                Key = ["customer_id"],
                Value = "amount",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "One row per customer, keys are numbers on both sides, and every transaction finds its customer.", DecisionAction.Answer, $"sql transactions.csv customers.csv {Ask}")
    {
        Files = d => [new CaseFile("transactions.csv", Transactions(d, flawed: false)), new CaseFile("customers.csv", Customers(d, flawed: false))],
    };

    private static int Size(Draw d) => d.Of(10_000, 2_000);

    private static IEnumerable<string> Transactions(Draw d, bool flawed)
    {
        var rng = d.Stream("transactions");
        yield return "transaction_id,customer_id,amount";
        for (var i = 1; i <= 10 * Size(d); i++)
        {
            var customer = flawed && rng.NextDouble() < 0.01 ? Size(d) + 1 + rng.NextInt(100) : 1 + rng.NextInt(Size(d));
            yield return $"{i},{customer},{1 + rng.NextInt(200)}";
        }
    }

    private static IEnumerable<string> Customers(Draw d, bool flawed)
    {
        var rng = d.Stream("customers");
        yield return "customer_id,plan,country";
        for (var i = 1; i <= Size(d); i++)
        {
            var key = flawed ? $"{i:0000000}" : $"{i}";
            yield return $"{key},{(rng.NextInt(3) switch { 0 => "basic", 1 => "pro", _ => "team" })},{(rng.NextInt(2) == 0 ? "DE" : "FR")}";
            if (flawed && i % 500 == 7)
            {
                yield return $"{key},basic,AT";
            }
        }
    }
}
