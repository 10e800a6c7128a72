using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>A rolling average over thirty days with gaps between active days.</summary>
public sealed class ThirtyDayAverageBySelfJoin : Case
{
    private const string Ask = "--recipe rolling --unit user_id --time at --value revenue --id event_id --days 30";
    private static readonly DateTime From = new(2025, 11, 3, 0, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "sql/thirty-day-average-by-self-join", CaseLevel.Intermediate,
        "A thirty-day average by joining events to themselves",
        "A rolling thirty-day average of revenue per user joins the events to themselves and has run for ninety minutes. Somebody proposes ROWS BETWEEN 29 PRECEDING instead.",
        "Collapse to one row per user and day, then use a RANGE frame over days; thirty rows are not thirty days, and the average needs its denominator named.")
    {
        Verbs = ["sql"],
        Keywords = ["rolling average", "window frame", "self-join", "RANGE", "ROWS", "denominator", "time zone", "SQL"],
        Gaps = ["The data are a small part of the situation's two billion events; how the time grows with the rows is in the page of the verb."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("gappy", "Users with gaps of days and weeks, three events in a hundred near midnight in Los Angeles, one in a hundred loaded twice.", DecisionAction.Answer, $"sql events.csv {Ask} --zone America/Los_Angeles")
        {
            Fires = ["duplicate-records", "timezone-mismatch", "wasteful-query-plan", "window-frame-mismatch"],
            Files = d => [new CaseFile("events.csv", Gappy(d))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "events.csv",
                Recipe = "rolling",
                Unit = "user_id",
                Time = "at",
                Value = "revenue",
                Id = "event_id",
                Days = 30,
                Zone = "America/Los_Angeles",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Every user is active every day at noon, for ten days: rows and days are the same, and a self-join would be no burden.", DecisionAction.Answer, $"sql events.csv {Ask} --zone America/Los_Angeles")
    {
        Files = d => [new CaseFile("events.csv", Daily(d))],
    };

    private static IEnumerable<string> Gappy(Draw d)
    {
        var rng = d.Stream("events");
        yield return "event_id,user_id,at,revenue";
        var id = 0;
        for (var user = 1; user <= d.Of(2_000, 300); user++)
        {
            var day = rng.NextInt(30);
            while (day < 150)
            {
                var at = From.AddDays(day).AddMinutes(rng.NextDouble() < 0.03 ? rng.NextInt(480) : 600 + rng.NextInt(600));
                var text = $"{++id},{user},{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},{(1 + rng.NextInt(9_900)) / 100.0:0.00}";
                yield return text;
                if (rng.NextDouble() < 0.01)
                {
                    yield return text;
                }

                day += rng.NextDouble() < 0.3 ? 0 : 1 + rng.NextInt(6);
            }
        }
    }

    private static IEnumerable<string> Daily(Draw d)
    {
        var rng = d.Stream("events");
        yield return "event_id,user_id,at,revenue";
        var id = 0;
        for (var user = 1; user <= d.Of(2_000, 300); user++)
        {
            for (var day = 0; day < 10; day++)
            {
                yield return $"{++id},{user},{From.AddDays(day):yyyy-MM-dd} 20:00:00,{(1 + rng.NextInt(9_900)) / 100.0:0.00}";
            }
        }
    }
}
