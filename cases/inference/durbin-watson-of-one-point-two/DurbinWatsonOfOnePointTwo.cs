using Gnomon.Core.Findings;
using Gnomon.Studies.Regress;

namespace Gnomon.Cases.Inference;

/// <summary>Residuals that remember yesterday.</summary>
public sealed class DurbinWatsonOfOnePointTwo : Case
{
    private const string Naive = "regress sales.csv --target sales --on temperature --time day --errors classical";
    private const string Line = "regress sales.csv --target sales --on temperature --time day";

    public override CaseCard Card { get; } = new(
        "inference/durbin-watson-of-one-point-two", CaseLevel.Basic,
        "The residuals of a daily regression give a Durbin-Watson of 1.2: what now?",
        "A kiosk regresses daily sales on temperature. The slope is significant, and somebody notices that the Durbin-Watson statistic is 1.2.",
        "The slope is not biased, its error is: days that resemble their neighbours are worth less than so many independent days. Mend trend, season or lag first; else use errors that respect the order.")
    {
        Verbs = ["regress"],
        Keywords = ["Durbin-Watson", "autocorrelation", "Newey-West", "time series", "residuals"],
        Gaps = ["Generalised least squares with an autoregressive error (Prais-Winsten) is not offered beside the robust errors yet."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("usual-errors", "400 days, errors that keep 0.4 of the day before, read with the usual errors.", DecisionAction.Investigate, Naive)
        {
            Fires = ["autocorrelated-residuals"],
            Files = d => [new CaseFile("sales.csv", Days(d, 0.4))],
            InCode = InCode.Of(() => new RegressOptions
            {
                Data = "sales.csv",
                Target = "sales",
                On = ["temperature"],
                Time = "day",
                Errors = "classical",
            }),
        },
        new("errors-by-order", "The same days, the errors chosen by the data.", DecisionAction.Answer, Line)
        {
            Fires = ["autocorrelated-residuals"],
            Files = d => [new CaseFile("sales.csv", Days(d, 0.4))],
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "400 days whose errors are independent.", DecisionAction.Answer, Naive)
    {
        Files = d => [new CaseFile("sales.csv", Days(d, 0))],
    };

    private static IEnumerable<string> Days(Draw d, double memory)
    {
        var rng = d.Stream("days");
        double warmth = 0, error = 0;
        yield return "day,temperature,sales";
        for (var day = 0; day < 400; day++)
        {
            warmth = 0.7 * warmth + rng.NextNormal();
            error = memory * error + rng.NextNormal();
            yield return $"{Plant.Date(day)},{18 + 4 * warmth:0.00},{400 + 20 * warmth + 40 * error:0.0}";
        }
    }
}
