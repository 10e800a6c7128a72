using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;

namespace Gnomon.Cases.Sql;

/// <summary>Users with two sessions at once, one of them long enough to swallow several.</summary>
public sealed class OverlappingSessions : Case
{
    private const string Ask = "--recipe overlaps --unit user_id --time started --end ended --id session_id";
    private static readonly DateTime From = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "sql/overlapping-sessions", CaseLevel.Intermediate,
        "Which users had two sessions running at once?",
        "A table of sessions (session, user, start, end) must yield every user who had two sessions at once, to find shared accounts. Some sessions are still open, some end before they start, some were logged twice.",
        "A neighbour is not enough: a long session can swallow several later ones, so each start must be compared with the latest end so far, and an open end is no end.")
    {
        Verbs = ["sql"],
        Keywords = ["overlap", "interval", "session", "LAG", "running maximum", "half-open", "SQL"],
        Gaps = ["The data are a twentieth of the situation's million sessions."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("swallowed", "Two users in a hundred overlap; for three in ten of them a long session swallows two later ones, and looking at the neighbour sees the first of the two only.", DecisionAction.Answer, $"sql sessions.csv {Ask}")
        {
            Fires = ["duplicate-records", "event-order-violation", "query-scope-mismatch"],
            Files = d => [new CaseFile("sessions.csv", Sessions(d, flawed: true))],
            InCode = InCode.Of(() => new SqlOptions
            {
                Data = "sessions.csv",
                Recipe = "overlaps",
                Unit = "user_id",
                Time = "started",
                End = "ended",
                Id = "session_id",
            }),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Sessions that touch, each beginning when the one before it ends: nobody overlaps.", DecisionAction.Answer, $"sql sessions.csv {Ask}")
    {
        Files = d => [new CaseFile("sessions.csv", Sessions(d, flawed: false))],
    };

    // Ten sessions a user on a line of time. In the trap a few users get one that is too long: into the next one, or over a short one that a third session follows.
    private static IEnumerable<string> Sessions(Draw d, bool flawed)
    {
        var rng = d.Stream("sessions");
        yield return "session_id,user_id,started,ended";
        var session = 0;
        for (var user = 1; user <= d.Of(5_000, 1_000); user++)
        {
            var minute = rng.NextInt(1_000);
            var kind = flawed && rng.NextDouble() < 0.02 ? rng.NextDouble() < 0.3 ? 2 : 1 : 0;
            for (var k = 0; k < 10; k++)
            {
                var length = 5 + rng.NextInt(40);
                var isLast = k == 9;

                // The one in the middle lies inside the long one; the one after it begins inside the long one too, but after the middle one's end.
                var end = (kind, k) switch { (1, 3) => minute + length + 60, (2, 3) => minute + 600, _ => minute + length };
                var isOpen = flawed && isLast && rng.NextDouble() < 0.1;
                var isReversed = flawed && kind == 0 && rng.NextDouble() < 0.001;
                var text = $"{++session},{user},{Text(minute)},{(isOpen ? string.Empty : Text(isReversed ? minute - 10 : end))}";
                yield return text;
                if (flawed && rng.NextDouble() < 0.003)
                {
                    yield return text;
                }

                minute += length + (kind == 1 && k == 3 ? 20 : rng.NextDouble() < 0.05 || !flawed ? 0 : 20 + rng.NextInt(300));
                if (kind == 2 && k == 3)
                {
                    minute = end - 400;
                }
            }
        }
    }

    private static string Text(int minute) => From.AddMinutes(minute).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
