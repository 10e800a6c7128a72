using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;

namespace Gnomon.Cases.Data;

/// <summary>Many rows, few events.</summary>
public sealed class EnoughAndRepresentative : Case
{
    private const int Questions = 40;
    private const double Rural = 0.21;
    private const string Line = "profile survey.csv --target moved_out";
    private const string LineBeside = $"{Line} --reference margins.csv";

    public override CaseCard Card { get; } = new(
        "data/enough-and-representative", CaseLevel.Intermediate,
        "Eight thousand survey rows, forty questions, ninety events: enough for a model?",
        "A housing company wants to predict who moves out from a survey with forty questions. Eight thousand tenants answered; ninety of them have moved out since.",
        "Rows do not count, events do: ninety cases for forty candidate questions are two each. Collect, pool, or ask a smaller question.")
    {
        Verbs = ["profile", "design"],
        Keywords = ["sample size", "events per variable", "Riley", "rare outcome", "survey", "representative", "raking", "weights", "population margins"],
        Gaps =
        [
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
        new("rural", "1,200 tenants who moved out, and the shares of the population beside the file: 4 % of the answers are rural, 21 % of the tenants; they move less.", DecisionAction.Investigate, LineBeside)
        {
            Fires = ["unrepresentative-sample"],
            Files = d => [new CaseFile("survey.csv", Answers(d, 1_200, movesLess: true)), Margins()],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "A proportional survey, rural tenants 21 % as in the population, with 1,200 tenants who moved out.", DecisionAction.Answer, LineBeside)
    {
        Files = d => [new CaseFile("survey.csv", Answers(d, 1_200, rural: Rural)), Margins()],
    };

    private static CaseFile Margins() => new("margins.csv", ["variable,value,share", $"area,rural,{Rural}", $"area,town,{1 - Rural:0.00}"]);

    private static IEnumerable<string> Answers(Draw d, int events, double rural = 0.04, bool movesLess = false)
    {
        var rows = d.Of(8_000, 4_000);
        var moved = Plant.Ones(d.Stream("events"), rows, events);
        var rng = d.Stream("answers");
        var share = (double)events / rows;
        yield return $"{string.Join(',', Enumerable.Range(1, Questions).Select(q => $"q{q:00}"))},area,moved_out";
        for (var i = 0; i < rows; i++)
        {
            var answers = string.Join(',', Enumerable.Range(0, Questions).Select(_ => $"{50 + 15 * rng.NextNormal():0.0}"));

            // Of those who moved, a fifth as many live in the country where rural tenants move less; of those who stayed, so many more that the share of all answers holds.
            var isRural = rng.NextDouble() < (!movesLess ? rural : moved[i] ? rural / 5 : rural * (1 - share / 5) / (1 - share));
            yield return $"{answers},{(isRural ? "rural" : "town")},{(moved[i] ? "yes" : "no")}";
        }
    }
}
