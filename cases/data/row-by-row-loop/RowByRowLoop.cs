using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Data;

/// <summary>A loop over rows with ordered rules, missing values and a value that is carried forward, to become columns.</summary>
public sealed class RowByRowLoop : Case
{
    private const string Ask = "sql orders.csv --derive rules.txt --against loop.csv --key order_id";

    public override CaseCard Card { get; } = new(
        "data/row-by-row-loop", CaseLevel.Basic,
        "A loop over two million rows takes 45 minutes",
        "A script walks orders one by one: bands by amount with overlapping conditions, a ratio with a guard against zero, the change since the customer's previous order, and a plan that is carried forward. It shall be quick, and not one cell may change.",
        "Write the rules down in their order, run them as columns, and compare every cell with the loop's own output before the loop is dropped; tests for missing values, overlapping conditions and earlier rows are where rewrites differ.")
    {
        Verbs = ["sql"],
        Keywords = ["vectorise", "iterrows", "apply", "numpy.select", "CASE", "first match wins", "forward fill", "lag", "NULL", "NaN"],
        Gaps = ["The data are a fortieth of the situation's two million rows; --loop-cost, which sets the loop's time beside the columns', is left out because times differ from run to run."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("nightly-loop", "Six amounts in a hundred are missing, two conditions overlap, the previous order and the plan are the customer's own, and the rows lie in the order in which they came in.", DecisionAction.Answer, Ask)
        {
            Fires = ["null-semantics", "order-dependent-result", "window-frame-mismatch"],
            Files = d => [new CaseFile("orders.csv", Orders(d, flawed: true)), new CaseFile("rules.txt", Rules(flawed: true)), new CaseFile("loop.csv", Loop(d, naive: false))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "orders.csv",
                Derive = "rules.txt",
                Against = "loop.csv",
                Key = ["order_id"],
            }),
        },
        new("quick-rewrite", "The same orders beside a rewrite that assigns the bands one after the other, never meets a missing amount, and looks at the row above.", DecisionAction.Investigate, Ask)
        {
            Fires = ["null-semantics", "order-dependent-result", "row-count-changed", "window-frame-mismatch"],
            Files = d => [new CaseFile("orders.csv", Orders(d, flawed: true)), new CaseFile("rules.txt", Rules(flawed: true)), new CaseFile("loop.csv", Loop(d, naive: true))],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Every amount is there, the conditions exclude one another, and no rule looks at another row.", DecisionAction.Answer, "sql orders.csv --derive rules.txt")
    {
        Files = d => [new CaseFile("orders.csv", Orders(d, flawed: false)), new CaseFile("rules.txt", Rules(flawed: false))],
    };

    private static IEnumerable<string> Rules(bool flawed) => flawed
        ?
        [
            "# what the nightly loop does to an order", "per customer_id by day, order_id", "column band", "  amount IS NULL => 'unknown'", "  amount <= 0 => 'refund'", "  amount >= 100 => 'large'", "  amount >= 20 => 'medium'", "  else => 'small'",
            "column ratio", "  clicks IS NULL OR clicks = 0 => NULL", "  else => amount / clicks", "column change = amount - previous(amount)", "column plan_now = carry(plan)",
        ]
        : ["column band", "  amount >= 100 => 'large'", "  amount >= 20 AND amount < 100 => 'medium'", "  else => 'small'", "column cents = amount * 100"];

    private sealed record Order(int Id, int Customer, string Day, double? Amount, int? Clicks, string? Plan);

    private static List<Order> Draw(Draw d, bool flawed)
    {
        var rng = d.Stream("orders");
        double[] amounts = flawed ? [0, -5, 10, 20, 20.5, 99.75, 100, 250] : [10, 15.5, 20, 35, 99.75, 100, 250];
        string?[] plans = ["free", "pro", "Zürich"];
        return [.. Enumerable.Range(1, d.Of(50_000, 4_000)).Select(id => new Order(
            id, 1 + rng.NextInt(d.Of(1_200, 100)), string.Create(CultureInfo.InvariantCulture, $"2026-{1 + rng.NextInt(6):00}-{1 + rng.NextInt(28):00}"),
            flawed && rng.NextDouble() < 0.06 ? null : amounts[rng.NextInt(amounts.Length)], flawed && rng.NextDouble() < 0.06 ? null : rng.NextInt(5), rng.NextDouble() < 0.4 ? null : plans[rng.NextInt(3)]))];
    }

    private static IEnumerable<string> Orders(Draw d, bool flawed) =>
        Draw(d, flawed).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Id},{o.Customer},{o.Day},{o.Amount},{o.Clicks},{o.Plan}")).Prepend("order_id,customer_id,day,amount,clicks,plan");

    // The loop itself, row by row; the naive one is its quick rewrite, which also loses the last orders.
    private static IEnumerable<string> Loop(Draw d, bool naive)
    {
        var orders = Draw(d, flawed: true);
        var (previous, plan) = (new Dictionary<int, double?>(), new Dictionary<int, string?>());
        var made = new Dictionary<int, string>();
        foreach (var o in naive ? orders.AsEnumerable() : orders.OrderBy(o => o.Customer).ThenBy(o => o.Day, StringComparer.Ordinal).ThenBy(o => o.Id))
        {
            var whose = naive ? 0 : o.Customer;
            var band = naive
                ? (o.Amount <= 0 ? "refund" : o.Amount >= 20 ? "medium" : "small")
                : o.Amount is null ? "unknown" : o.Amount <= 0 ? "refund" : o.Amount >= 100 ? "large" : o.Amount >= 20 ? "medium" : "small";
            var ratio = o.Clicks is null or 0 ? null : o.Amount / o.Clicks;
            var change = o.Amount - previous.GetValueOrDefault(whose);
            previous[whose] = o.Amount;
            plan[whose] = o.Plan ?? plan.GetValueOrDefault(whose);
            made[o.Id] = string.Create(CultureInfo.InvariantCulture, $"{o.Id},{band},{ratio:R},{change:R},{plan[whose]}");
        }

        return orders.SkipLast(naive ? orders.Count / 50 : 0).Select(o => made[o.Id]).Prepend("order_id,band,ratio,change,plan_now");
    }
}
