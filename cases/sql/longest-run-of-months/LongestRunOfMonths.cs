using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Runs of months with an order, over New Year and with ties.</summary>
public sealed class LongestRunOfMonths : Case
{
    private const string Ask = "--recipe streak --unit user_id --time ordered_at --grain month --count 3";

    public override CaseCard Card { get; } = new(
        "sql/longest-run-of-months", CaseLevel.Intermediate,
        "Three months in a row, and when the longest run began",
        "A loyalty programme rewards users whose orders run through at least three months in a row, from the first month of their longest run. The table has one row per order, several in a month for many.",
        "Give months one number that counts on over New Year, keep each once per user, and say which of two longest runs is meant.")
    {
        Verbs = ["sql"],
        Keywords = ["streak", "gaps and islands", "consecutive months", "New Year", "ties", "time zone", "SQL"],
        Gaps = ["The data are a fiftieth of the situation's five million orders."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("New-Year", "Three years of orders stored in UTC for a business in Los Angeles: runs cross New Year, one user in five orders several times a month, many have two runs of one length.", DecisionAction.Answer, $"sql orders.csv {Ask} --zone America/Los_Angeles")
        {
            Fires = ["order-dependent-result", "timezone-mismatch", "window-frame-mismatch"],
            Files = d => [new CaseFile("orders.csv", Orders(d))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "orders.csv",
                Recipe = "streak",
                Unit = "user_id",
                Time = "ordered_at",
                Grain = "month",
                Count = 3,
                Zone = "America/Los_Angeles",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "One year, one order a month at noon, one longest run each: every form agrees.", DecisionAction.Answer, $"sql orders.csv {Ask} --zone America/Los_Angeles")
    {
        Files = d => [new CaseFile("orders.csv", OneYear(d))],
    };

    private static IEnumerable<string> Orders(Draw d)
    {
        var rng = d.Stream("orders");
        yield return "order_id,user_id,ordered_at";
        var order = 0;
        for (var user = 1; user <= d.Of(8_000, 800); user++)
        {
            var (keen, often) = (0.2 + 0.6 * rng.NextDouble(), rng.NextDouble() < 0.2);
            for (var month = 0; month < 36; month++)
            {
                for (var k = rng.NextDouble() < keen ? 1 + (often ? rng.NextInt(3) : 0) : 0; k > 0; k--)
                {
                    yield return $"{++order},{user},{2023 + month / 12}-{month % 12 + 1:00}-{1 + rng.NextInt(28):00} {rng.NextInt(24):00}:{rng.NextInt(60):00}:00";
                }
            }
        }
    }

    // A longest run in the first half, a shorter one in the second.
    private static IEnumerable<string> OneYear(Draw d)
    {
        var rng = d.Stream("orders");
        yield return "order_id,user_id,ordered_at";
        var order = 0;
        for (var user = 1; user <= d.Of(8_000, 800); user++)
        {
            var length = 3 + rng.NextInt(3);
            foreach (var month in Enumerable.Range(1, length).Concat(Enumerable.Range(8, rng.NextInt(3))))
            {
                yield return $"{++order},{user},2024-{month:00}-{2 + rng.NextInt(26):00} 20:00:00";
            }
        }
    }
}
