using Gnomon.Core.Findings;
using Gnomon.Studies.Regress;

namespace Gnomon.Cases.Inference;

/// <summary>Twenty rows a person, counted as twenty people.</summary>
public sealed class FifteenFeaturesAllBelow0001 : Case
{
    private const int Features = 15;
    private const string Line = "regress sessions.csv --target bought --on f01,f02,f03,f04,f05,f06,f07,f08,f09,f10,f11,f12,f13,f14,f15 --cluster person --errors classical";

    public override CaseCard Card { get; } = new(
        "inference/fifteen-features-all-below-0001", CaseLevel.Intermediate,
        "A logistic regression in which nearly every feature has p < 0.001",
        "An analyst explains purchases by fifteen features of the shopper. The table has one row per session, twenty for each person, and nearly every feature has p below 0.0001.",
        "The rows are sessions, the evidence is people. With errors by person most of the stars go out; what is left is worth a look at its size.")
    {
        Verbs = ["regress"],
        Keywords = ["p-value", "clustered errors", "repeated rows", "design effect", "logistic regression"],
        Gaps = ["Drop-one changes of a held-out score and a null distribution by shuffled labels are not computed yet."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("sessions", "1,000 people with 20 sessions each, features of the person, 3 that matter and 12 that do not, read with errors by session.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [new CaseFile("sessions.csv", Sessions(d, d.Of(1_000, 300), 20, 1.3))],
            InCode = InCode.Of(() => new RegressOptions
            {
                Data = "sessions.csv",
                Target = "bought",
                On = ["f01", "f02", "f03", "f04", "f05", "f06", "f07", "f08", "f09", "f10", "f11", "f12", "f13", "f14", "f15"],
                Cluster = ["person"],
                Errors = "classical",
            }),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "4,000 people with one session each.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("sessions.csv", Sessions(d, 4_000, 1, 0))],
    };

    private static IEnumerable<string> Sessions(Draw d, int people, int each, double likeness)
    {
        var rng = d.Stream("people");
        yield return $"person,{string.Join(',', Enumerable.Range(1, Features).Select(f => $"f{f:00}"))},bought";
        for (var person = 0; person < people; person++)
        {
            double[] features = [.. Enumerable.Range(0, Features).Select(_ => rng.NextNormal())];
            var level = likeness * rng.NextNormal() + 0.4 * (features[0] + features[1] + features[2]);
            for (var session = 0; session < each; session++)
            {
                yield return $"p{person},{string.Join(',', features.Select(f => $"{f:0.000}"))},{Plant.Bit(rng.NextDouble() < 1 / (1 + Math.Exp(1 - level)))}";
            }
        }
    }
}
