using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>A feeling, and the wish for data science on it.</summary>
public sealed class VagueAskToQuestionCard : Case
{
    private const string Line = "profile logins.csv --question question.json";
    private const int Days = 540;
    private const double CancelsPerDay = 0.0015;
    private static readonly DateOnly Start = new(2025, 1, 1);

    private static readonly string[] Complete =
    [
        "{", "  \"ask\": \"Which accounts cancel next, so that we can call them?\",", "  \"goal\": \"predict\",", "  \"unit\": \"account_id\",", "  \"population\": \"accounts that had not cancelled by the as-of date\",",
        "  \"outcome\": { \"column\": \"event\", \"value\": \"cancel\" },", "  \"asOf\": \"2026-04-01\",", "  \"horizonDays\": 60,", "  \"action\": \"call the account\",", "  \"costs\": { \"falseAlarm\": 10, \"missed\": 200 },",
        "  \"metric\": \"accounts kept for each call\",", "  \"smallestEffect\": 0.05", "}",
    ];

    public override CaseCard Card { get; } = new(
        "data/vague-ask-to-question-card", CaseLevel.Basic,
        "\"Churn feels high, can we do data science on it?\"",
        "A manager has a feeling and a table of logins. Who counts as gone, from when on, within which time, and what would be done about it is unsaid.",
        "Write the question down before the model: unit, outcome, date, horizon, action, cost. Two definitions of churn that both sound right name different customers.")
    {
        Verbs = ["profile", "design", "sql"],
        Keywords = ["question", "problem framing", "churn", "inactivity", "definition", "kappa", "stakeholder", "cost matrix", "horizon"],
        Gaps =
        [
            "Cards are checked against one table; a card whose outcome lies in another file needs a join first.",
            "The kind of answer is told from words such as why and predict where the card has no goal.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "18 months of logins and the bare ask: three definitions of churn at hand, and nine fields of the card empty.", DecisionAction.Investigate, Line)
        {
            Fires = ["label-noise", "plan-incomplete"],
            Files = d => [new CaseFile("logins.csv", Logins(d, explicitly: false)), new CaseFile("question.json", ["{ \"ask\": \"Churn feels high, can we do data science on it?\" }"])],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "logins.csv",
                Question = "question.json",
            }),
        },
        new("few-cases", "A complete card, and a product that hardly anybody cancels: the cases of the horizon can be counted on one hand.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["too-few-events"],
            Files = d => [new CaseFile("logins.csv", Logins(d, explicitly: true, d.Of(0.000_003, 0.000_006))), new CaseFile("question.json", Complete)],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "A complete card, and an event that says cancel: one definition, enough cases.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("logins.csv", Logins(d, explicitly: true)), new CaseFile("question.json", Complete)],
    };

    // Every account has its own rhythm, a lognormal gap between events; some stop. Where there is a way to cancel, who stops says so.
    private static IEnumerable<string> Logins(Draw d, bool explicitly, double cancels = CancelsPerDay)
    {
        var rng = d.Stream("logins");
        yield return "account_id,at,event,device";
        for (var i = 0; i < d.Of(20_000, 2_500); i++)
        {
            var pace = 2 + (0.5 * rng.NextNormal());
            var stop = rng.NextExponential() / (explicitly ? cancels : 0.000_15);
            for (var day = 300 * rng.NextDouble(); day < Days; day += Math.Exp(pace + (0.8 * rng.NextNormal())))
            {
                var gone = day > stop;
                if (!gone || explicitly)
                {
                    yield return $"A{100_000 + i},{Start.AddDays((int)day):yyyy-MM-dd},{(gone ? "cancel" : rng.NextDouble() < 0.7 ? "login" : "order")},{(rng.NextDouble() < 0.4 ? "phone" : "desktop")}";
                }

                if (gone)
                {
                    break;
                }
            }
        }
    }
}
