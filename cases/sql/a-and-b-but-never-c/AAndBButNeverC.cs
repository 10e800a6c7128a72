using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Who bought A and B and never C, from lines of purchases.</summary>
public sealed class AAndBButNeverC : Case
{
    private const string Ask = "--recipe anti-join --unit customer_id --event category --has A,B --never C --id line_id";

    public override CaseCard Card { get; } = new(
        "sql/a-and-b-but-never-c", CaseLevel.Basic,
        "Customers who bought from A and B, but never from C",
        "A list of customers is wanted for a mailing: those who bought from categories A and B, and never from C. The table has one line per purchase, some lines have no customer, some were loaded twice.",
        "A condition on rows is not a condition on customers: collect one flag per customer and category in one pass, then filter customers.")
    {
        Verbs = ["sql"],
        Keywords = ["relational division", "anti-join", "NOT IN", "NULL", "never bought", "segment", "SQL"],
        Gaps = ["The data are a fiftieth of the situation's ten million rows."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("lines", "Three in ten buyers of A and B also bought C; two lines in a thousand have no customer, six in a thousand were loaded twice.", DecisionAction.Answer, $"sql purchases.csv {Ask}")
        {
            Fires = ["duplicate-records", "null-semantics", "query-scope-mismatch"],
            Files = d => [new CaseFile("purchases.csv", Lines(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "purchases.csv",
                Recipe = "anti-join",
                Unit = "customer_id",
                Event = "category",
                Has = ["A", "B"],
                Never = ["C"],
                Id = "line_id",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Nobody who bought A and B bought C, every line has a customer and stands once: every form agrees.", DecisionAction.Answer, $"sql purchases.csv {Ask}")
    {
        Files = d => [new CaseFile("purchases.csv", Lines(d, flawed: false))],
    };

    private static IEnumerable<string> Lines(Draw d, bool flawed)
    {
        var rng = d.Stream("purchases");
        yield return "line_id,customer_id,category,amount";
        var line = 0;
        for (var customer = 1; customer <= d.Of(20_000, 2_000); customer++)
        {
            var isBuyer = rng.NextDouble() < 0.2;
            var bought = Enumerable.Range(0, 6 + rng.NextInt(8)).Select(_ => $"{(char)('D' + rng.NextInt(20))}").ToList();
            bought.AddRange(isBuyer ? ["A", "B"] : rng.NextInt(3) switch { 0 => ["A"], 1 => ["B"], _ => [] });
            if (isBuyer ? flawed && rng.NextDouble() < 0.3 : rng.NextDouble() < 0.3)
            {
                bought.Add("C");
            }

            foreach (var category in bought)
            {
                var text = $"{++line},{(flawed && rng.NextDouble() < d.Of(0.002, 0.01) ? string.Empty : $"{customer}")},{category},{1 + rng.NextInt(90)}";
                yield return text;
                if (flawed && rng.NextDouble() < 0.006)
                {
                    yield return text;
                }
            }
        }
    }
}
