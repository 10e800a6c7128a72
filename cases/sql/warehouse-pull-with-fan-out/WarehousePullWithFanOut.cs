using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Orders joined to items and payments, and the order's value added up.</summary>
public sealed class WarehousePullWithFanOut : Case
{
    private const string Total = "SELECT SUM(o.value) AS total_value FROM orders o LEFT JOIN items i ON i.order_id = o.order_id LEFT JOIN payments p ON p.order_id = o.order_id";

    public override CaseCard Card { get; } = new(
        "sql/warehouse-pull-with-fan-out", CaseLevel.Intermediate,
        "Order value three times too high after two joins",
        "Features are pulled with one query that joins orders to their items and to their payments and adds up the value of the orders. The total does not fit the ledger.",
        "A join to a table with several rows per key repeats the rows before it: aggregate items and payments to one row per order first, and hold the total against the base table.")
    {
        Verbs = ["sql"],
        Keywords = ["join", "fan-out", "control total", "cardinality", "NOT IN", "review", "feature pull", "SQL"],
        Gaps = ["The tables are files here; the same tables of a PostgreSQL server give the same numbers, and SQLite files are not read. The model that would be fed is not trained. The data are a twentieth of the situation's orders."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("three-tables", "About 2.5 items and 1.3 payments per order; two items in a hundred have lost their order's number.", DecisionAction.FixDataFirst, $"sql orders.csv items.csv payments.csv --review --query \"{Total}\"")
        {
            Fires = ["join-fanout"],
            Files = d => Tables(d, flawed: true),
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "orders.csv",
                More = ["items.csv", "payments.csv"],
                Review = true,
                Query = "SELECT SUM(o.value) AS total_value FROM orders o LEFT JOIN items i ON i.order_id = o.order_id LEFT JOIN payments p ON p.order_id = o.order_id",
            }),
        },
        new("not-in-null", "The same tables; orders without a refund are asked for with NOT IN over a column that has NULLs.", DecisionAction.Investigate, "sql orders.csv items.csv payments.csv --review --query \"SELECT COUNT(*) AS n FROM orders WHERE order_id NOT IN (SELECT order_id FROM items)\"")
        {
            Fires = ["null-semantics"],
            Files = d => Tables(d, flawed: true),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "One item and one payment per order: the same query reconciles.", DecisionAction.Answer, $"sql orders.csv items.csv payments.csv --review --query \"{Total}\"")
    {
        Files = d => Tables(d, flawed: false),
    };

    private static IReadOnlyList<CaseFile> Tables(Draw d, bool flawed)
    {
        var n = d.Of(5_000, 600);
        return
        [
            new CaseFile("orders.csv", Rows(d.Stream("orders"), "order_id,value", n, (rng, k) => [$"{k},{5 + rng.NextInt(200)}"])),
            new CaseFile("items.csv", Rows(d.Stream("items"), "order_id,sku", n, (rng, k) => [.. Enumerable.Range(0, flawed ? 1 + rng.NextInt(4) : 1).Select(_ => $"{(flawed && rng.NextDouble() < 0.02 ? string.Empty : $"{k}")},s{rng.NextInt(500)}")])),
            new CaseFile("payments.csv", Rows(d.Stream("payments"), "order_id,method", n, (rng, k) => [.. Enumerable.Range(0, flawed && rng.NextDouble() < 0.3 ? 2 : 1).Select(_ => $"{k},{(rng.NextInt(2) == 0 ? "card" : "cash")}")])),
        ];
    }

    private static IEnumerable<string> Rows(Numerics.Random.Rng rng, string header, int n, Func<Numerics.Random.Rng, int, string[]> rows)
    {
        yield return header;
        for (var k = 1; k <= n; k++)
        {
            foreach (var row in rows(rng, k))
            {
                yield return row;
            }
        }
    }
}
