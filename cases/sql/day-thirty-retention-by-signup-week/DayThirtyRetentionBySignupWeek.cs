using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Day-30 retention of weekly cohorts whose youngest members have not had thirty days.</summary>
public sealed class DayThirtyRetentionBySignupWeek : Case
{
    private const string Ask = "--recipe retention --unit user_id --time at --event type --start signup --return visit --days 30 --grain week";
    private static readonly DateTime From = new(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "sql/day-thirty-retention-by-signup-week", CaseLevel.Intermediate,
        "Day-30 retention seems to collapse in the last weeks",
        "Weekly sign-up cohorts need their day-30 retention from a log of events. The chart drops sharply in the last four weeks, and somebody asks what broke.",
        "A cohort that is younger than the window has not failed, it has not been watched: leave it blank, start from the sign-ups, and cut days in the zone of the business.")
    {
        Verbs = ["sql"],
        Keywords = ["retention", "cohort", "right-censoring", "time zone", "denominator", "Wilson interval", "SQL"],
        Gaps =
        [
            "The data have a tenth of the situation's sign-ups.",
            "A trend over cohorts is not tested, and the time to the first return is not estimated with censoring.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("young-cohorts", "26 weekly cohorts, 18 % back on day 30 in each of them; the log ends 20 days after the last cohort and is kept in UTC, seven hours ahead of the business.", DecisionAction.Answer, $"sql user_events.csv {Ask} --zone America/Phoenix")
        {
            Fires = ["incomplete-follow-up", "timezone-mismatch"],
            Files = d => [new CaseFile("user_events.csv", Log(d, follow: 20, hours: 24))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "user_events.csv",
                Recipe = "retention",
                Unit = "user_id",
                Time = "at",
                Event = "type",
                Start = ["signup"],
                Return = ["visit"],
                Days = 30,
                Grain = "week",
                Zone = "America/Phoenix",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The log goes on for 60 days after the last cohort, and nothing happens near midnight.", DecisionAction.Answer, $"sql user_events.csv {Ask} --zone America/Phoenix")
    {
        Files = d => [new CaseFile("user_events.csv", Log(d, follow: 60, hours: 10))],
    };

    // Times are UTC; hours 10 to 20 fall on the same day seven hours earlier.
    private static IEnumerable<string> Log(Draw d, int follow, int hours)
    {
        var rng = d.Stream("log");
        yield return "user_id,type,at";
        var user = 0;
        var last = 26 * 7 + follow;
        string Line(int who, string type, int day) => $"{who},{type},{From.AddDays(day):yyyy-MM-dd} {(hours == 24 ? rng.NextInt(24) : 10 + rng.NextInt(hours)):00}:{rng.NextInt(60):00}:00";
        for (var week = 0; week < 26; week++)
        {
            for (var k = 0; k < d.Of(800, 120); k++)
            {
                var start = 7 * week + rng.NextInt(7);
                yield return Line(++user, "signup", start);
                foreach (var day in new[] { 1 + rng.NextInt(10), 12 + rng.NextInt(15) }.Concat(rng.NextDouble() < 0.18 ? [30] : []).Where(n => start + n < last))
                {
                    yield return Line(user, "visit", start + day);
                }
            }
        }

        // Old users keep coming, so that the log reaches its end.
        for (var k = 0; k < 20; k++)
        {
            yield return Line(1 + rng.NextInt(50), "visit", last);
        }
    }
}
