using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>A seven-day rolling retention grid with retries, a clock that is not the business's, and cohorts that are not over.</summary>
public sealed class RollingRetentionOnHalfABillionEvents : Case
{
    private const string Ask = "sql events.csv --recipe rolling-retention --unit user_id --time at --id event_id --days 20";

    private static readonly DateTime From = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "sql/rolling-retention-on-half-a-billion-events", CaseLevel.Advanced,
        "A seven-day rolling retention grid times out",
        "A grid of seven-day rolling retention joins events to events and times out. Daily active users are added up, and the last cells of every cohort look like a drop.",
        "Fold events to one row per user and day; let each day open the seven values that it serves; leave cells blank that are not over.")
    {
        Verbs = ["sql"],
        Keywords = ["rolling retention", "cohort", "self-join", "distinct users", "immature cohorts", "time zone", "SQL"],
        Gaps = ["A user-day table that is kept and merged day by day is not kept yet: every run reads all events.", "The data are a small part of the situation's events."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("retries-and-young-cohorts", "Users who start over three months, four events in a hundred sent twice, a business in Los Angeles, and cohorts that began last week.", DecisionAction.Answer, Ask + " --zone America/Los_Angeles")
        {
            Fires = ["duplicate-records", "incomplete-follow-up", "non-additive-aggregate", "timezone-mismatch", "wasteful-query-plan"],
            Files = d => [new CaseFile("events.csv", Events(d))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "events.csv",
                Recipe = "rolling-retention",
                Unit = "user_id",
                Time = "at",
                Id = "event_id",
                Days = 20,
                Zone = "America/Los_Angeles",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Everybody started long ago, comes back once, and nothing is sent twice.", DecisionAction.Answer, Ask)
    {
        Files = d => [new CaseFile("events.csv", Calm(d))],
    };

    private static IEnumerable<string> Events(Draw d)
    {
        var rng = d.Stream("events");
        yield return "event_id,user_id,at";
        var id = 0;
        for (var user = 1; user <= d.Of(2_500, 500); user++)
        {
            var start = rng.NextInt(90);
            for (var day = start; day < 90; day++)
            {
                if (day > start && rng.NextDouble() > 0.22)
                {
                    continue;
                }

                for (var k = 0; k < 1 + rng.NextPoisson(2); k++)
                {
                    var text = $"{++id},{user},{From.AddDays(day).AddMinutes(rng.NextInt(1440)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
                    yield return text;
                    if (rng.NextDouble() < 0.04)
                    {
                        yield return text;
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Calm(Draw d)
    {
        var rng = d.Stream("events");
        yield return "event_id,user_id,at";
        var id = 0;
        for (var user = 1; user <= d.Of(10_000, 2_000); user++)
        {
            var start = rng.NextInt(40);
            yield return $"{++id},{user},{From.AddDays(start):yyyy-MM-dd} 12:00:00";
            if (rng.NextDouble() < 0.4)
            {
                yield return $"{++id},{user},{From.AddDays(start + 1 + rng.NextInt(30)):yyyy-MM-dd} 12:00:00";
            }
        }

        // One old user on the last day: the data reach far beyond every cohort.
        yield return $"{++id},1,{From.AddDays(200):yyyy-MM-dd} 12:00:00";
    }
}
