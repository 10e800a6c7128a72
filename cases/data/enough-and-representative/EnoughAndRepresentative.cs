using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>Many rows, few events.</summary>
public sealed class EnoughAndRepresentative : Case
{
    private const int Questions = 40;
    private const string Line = "profile survey.csv --target moved_out";

    public override CaseCard Card { get; } = new(
        "data/enough-and-representative", CaseLevel.Intermediate,
        "Eight thousand survey rows, forty questions, ninety events: enough for a model?",
        "A housing company wants to predict who moves out from a survey with forty questions. Eight thousand tenants answered; ninety of them have moved out since.",
        "Rows do not count, events do: ninety cases for forty candidate questions are two each. Collect, pool, or ask a smaller question.")
    {
        Verbs = ["profile", "design"],
        Keywords = ["sample size", "events per variable", "Riley", "rare outcome", "survey", "representative"],
        Gaps =
        [
            "Whether the sample resembles the population (here rural tenants are 4 % of the rows) needs the population's margins, which no verb takes yet; reweighting and its effective sample size neither.",
            "A learning curve that says what twice the data would bring is not computed yet.",
        ],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "8,000 rows, 40 questions, 90 tenants who moved out.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["too-few-events"],
            Files = d => [new CaseFile("survey.csv", Answers(d, 90))],
            InCode = InCode.Of(() => new ProfileOptions
            {
                Data = "survey.csv",
                Target = "moved_out",
            }),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "The same survey with 1,200 tenants who moved out.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("survey.csv", Answers(d, 1_200))],
    };

    private static IEnumerable<string> Answers(Draw d, int events)
    {
        var rows = d.Of(8_000, 4_000);
        var moved = Plant.Ones(d.Stream("events"), rows, events);
        var rng = d.Stream("answers");
        yield return $"{string.Join(',', Enumerable.Range(1, Questions).Select(q => $"q{q:00}"))},area,moved_out";
        for (var i = 0; i < rows; i++)
        {
            yield return $"{string.Join(',', Enumerable.Range(0, Questions).Select(_ => $"{50 + 15 * rng.NextNormal():0.0}"))},{(rng.NextDouble() < 0.04 ? "rural" : "town")},{(moved[i] ? "yes" : "no")}";
        }
    }
}
