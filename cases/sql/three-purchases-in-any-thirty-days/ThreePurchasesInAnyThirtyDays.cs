using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Three purchases inside any thirty days, across the ends of months.</summary>
public sealed class ThreePurchasesInAnyThirtyDays : Case
{
    private const string Ask = "--recipe within --unit user_id --time bought_at --id order_id --days 30 --count 3";
    private static readonly DateTime From = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "sql/three-purchases-in-any-thirty-days", CaseLevel.Intermediate,
        "At least three purchases inside any thirty days",
        "Users with three purchases inside any window of thirty days get an offer. The table holds one row per purchase, with retries of the payment among them.",
        "Compare each purchase with the second one before it; a calendar month is another window, and a retry is not a purchase.")
    {
        Verbs = ["sql"],
        Keywords = ["rolling window", "calendar month", "LAG", "retries", "inclusive boundary", "SQL"],
        Gaps = ["The index that a PostgreSQL table would need is not proposed; the answer comes from files."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("month-edge", "One user in forty qualifies only across the end of a month, some by exactly thirty days and some by a second more, three rows in a hundred are retries.", DecisionAction.Answer, $"sql purchases.csv {Ask}")
        {
            Fires = ["duplicate-records", "window-frame-mismatch"],
            Files = d => [new CaseFile("purchases.csv", Purchases(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "purchases.csv",
                Recipe = "within",
                Unit = "user_id",
                Time = "bought_at",
                Id = "order_id",
                Days = 30,
                Count = 3,
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Nobody buys three times in thirty days, in a calendar month or otherwise, and no row is repeated.", DecisionAction.Answer, $"sql purchases.csv {Ask}")
    {
        Files = d => [new CaseFile("purchases.csv", Purchases(d, flawed: false))],
    };

    private static IEnumerable<string> Purchases(Draw d, bool flawed)
    {
        var rng = d.Stream("purchases");
        yield return "order_id,user_id,bought_at";
        var order = 0;
        for (var user = 1; user <= d.Of(20_000, 2_000); user++)
        {
            // Slow buyers: twenty to thirty days from one purchase to the next.
            var at = From.AddDays(rng.NextInt(20));
            var times = new List<DateTime>();
            for (var k = 0; k < 3 + rng.NextInt(3); k++)
            {
                times.Add(at);
                at = at.AddDays(20 + rng.NextInt(10)).AddMinutes(rng.NextInt(600));
            }

            if (flawed && rng.NextDouble() < 0.03)
            {
                // From 20 January, so that the window crosses into February.
                var first = new DateTime(2027, 1, 20, 10, 0, 0, DateTimeKind.Utc);
                var last = rng.NextInt(6) switch { 0 => first.AddDays(30), 1 => first.AddDays(30).AddSeconds(1), _ => first.AddDays(20 + rng.NextInt(9)) };
                times.AddRange([first, first.AddDays(13), last]);
            }

            foreach (var time in times)
            {
                var text = $"{++order},{user},{time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
                yield return text;
                if (flawed && rng.NextDouble() < 0.03)
                {
                    yield return text;
                }
            }
        }
    }
}
