using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>The next purchase of every customer and product, as a label that is blank where its horizon is open.</summary>
public sealed class NextPurchaseForEveryPair : Case
{
    private const string Ask = "sql orders.csv --recipe next-event --unit customer_id --event product_id --time ordered_on --days 30";

    private static readonly DateOnly From = new(2026, 1, 5);

    public override CaseCard Card { get; } = new(
        "sql/next-purchase-for-every-pair", CaseLevel.Advanced,
        "The next purchase of every customer and product",
        "A repurchase model needs the next order date of every customer and product. The query joins the orders to themselves and times out; where no next order is found, never is written.",
        "One LEAD over distinct days; a missing next order is open, not never, and the next date is a label and never a feature.")
    {
        Verbs = ["sql"],
        Keywords = ["next purchase", "LEAD", "self-join", "censoring", "label", "Kaplan-Meier", "repurchase", "SQL"],
        Gaps = ["The model itself, and the refusal of the next date as one of its inputs, belong to a verb that does not exist yet.", "The data are a small part of the situation's orders."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("open-at-the-end", "Gaps of about five weeks, four repeats in a hundred on the same day, and orders until the last day.", DecisionAction.Answer, Ask)
        {
            Fires = ["incomplete-follow-up", "order-dependent-result", "wasteful-query-plan"],
            Files = d => [new CaseFile("orders.csv", Orders(d))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "orders.csv",
                Recipe = "next-event",
                Unit = "customer_id",
                Event = "product_id",
                Time = "ordered_on",
                Days = 30,
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "One order a day at most, few per pair, and all but one of them long before the end of the data.", DecisionAction.Answer, Ask)
    {
        Files = d => [new CaseFile("orders.csv", Closed(d))],
    };

    // A customer orders often within a day's reach of other customers' orders: joined to themselves the orders of a customer are many pairs.
    private static IEnumerable<string> Orders(Draw d)
    {
        var rng = d.Stream("orders");
        yield return "order_id,customer_id,product_id,ordered_on";
        var id = 0;
        for (var customer = 1; customer <= d.Of(2_000, 300); customer++)
        {
            for (var product = 1; product <= 2; product++)
            {
                var day = rng.NextInt(20);
                while (day < 360)
                {
                    yield return $"{++id},{customer},{product},{From.AddDays(day):yyyy-MM-dd}";
                    if (rng.NextDouble() < 0.04)
                    {
                        yield return $"{++id},{customer},{product},{From.AddDays(day):yyyy-MM-dd}";
                    }

                    day += (int)Math.Ceiling(Math.Exp(Math.Log(12) + (0.6 * rng.NextNormal())));
                }
            }
        }
    }

    private static IEnumerable<string> Closed(Draw d)
    {
        var rng = d.Stream("orders");
        yield return "order_id,customer_id,product_id,ordered_on";
        var id = 0;
        for (var customer = 1; customer <= d.Of(5_000, 1_500); customer++)
        {
            var day = rng.NextInt(60);
            for (var k = 0; k < 3; k++)
            {
                yield return $"{++id},{customer},{1 + rng.NextInt(2)},{From.AddDays(day):yyyy-MM-dd}";
                day += 1 + rng.NextInt(40);
            }
        }

        yield return $"{++id},0,1,{From.AddDays(330):yyyy-MM-dd}";
    }
}
