using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>A five-step funnel with days between steps.</summary>
public sealed class SignupFunnelThatTakesDays : Case
{
    private const string Ask = "--recipe funnel --unit user_id --time at --event step --steps signup,setup,invite,report,subscribe --days 30";
    private static readonly DateTime From = new(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Names = ["signup", "setup", "invite", "report", "subscribe"];
    private static readonly double[] Rates = [1, 0.80, 0.70, 0.60, 0.25];
    private static readonly double[] MedianDays = [0, 0.1, 1, 2, 5];

    public override CaseCard Card { get; } = new(
        "sql/signup-funnel-that-takes-days", CaseLevel.Intermediate,
        "A funnel from sign-up to subscription that takes days",
        "Five steps lead from sign-up to subscription, with days between them. The conversion of each step and its median time are wanted, from a log in which steps repeat and come out of order.",
        "Count a step only after the step before it, and only for those whose window has closed: fresh sign-ups are not lost, they are not finished.")
    {
        Verbs = ["sql"],
        Keywords = ["funnel", "conversion", "censoring", "event order", "median time", "Wilson interval", "SQL"],
        Gaps =
        [
            "The data have a fifth of the situation's sign-ups.",
            "Median times are of those who took the step within the window; a Kaplan-Meier median is not given.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("fresh-signups", "Ninety days of sign-ups, the last of them yesterday; in four of a hundred a later step was logged first.", DecisionAction.Answer, $"sql funnel_events.csv {Ask}")
        {
            Fires = ["event-order-violation", "incomplete-follow-up"],
            Files = d => [new CaseFile("funnel_events.csv", Log(d, follow: 0, early: 0.04))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "funnel_events.csv",
                Recipe = "funnel",
                Unit = "user_id",
                Time = "at",
                Event = "step",
                Steps = ["signup", "setup", "invite", "report", "subscribe"],
                Days = 30,
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "All sign-ups are at least a hundred days old, all steps in order and done within the window.", DecisionAction.Answer, $"sql funnel_events.csv {Ask}")
    {
        Files = d => [new CaseFile("funnel_events.csv", Log(d, follow: 120, early: 0))],
    };

    private static IEnumerable<string> Log(Draw d, int follow, double early)
    {
        var rng = d.Stream("log");
        yield return "user_id,step,at";
        var end = From.AddDays(90 + follow);
        for (var user = 1; user <= d.Of(20_000, 3_000); user++)
        {
            var start = From.AddMinutes(rng.NextInt(90 * 1440));
            var at = start;
            for (var k = 0; k < 5 && (k == 0 || rng.NextDouble() < Rates[k]); k++)
            {
                // Lognormal delays, cut so that a clean funnel ends within its window.
                at = k == 0 ? at : at.AddMinutes(1 + Math.Min(7 * 1440, 1440 * MedianDays[k] * Math.Exp(0.7 * rng.NextNormal())));
                if (at >= end)
                {
                    break;
                }

                yield return Line(user, Names[k], at);
                if (k is > 0 and < 4 && rng.NextDouble() < early)
                {
                    yield return Line(user, Names[k + 1], start.AddSeconds(30));
                }
            }
        }

        yield return Line(0, "visit", end);
    }

    private static string Line(int user, string step, DateTime at) => $"{user},{step},{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
}
