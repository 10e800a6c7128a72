using Gnomon.Core.Findings;
using Gnomon.Studies.Regress;

namespace Gnomon.Cases.Features;

/// <summary>Two columns that say the same.</summary>
public sealed class CollinearColumns : Case
{
    private const string Line = "regress homes.csv --target price --on area,rooms,age";

    public override CaseCard Card { get; } = new(
        "features/collinear-columns", CaseLevel.Basic,
        "More rooms, lower price? Two inputs that carry the same information",
        "A regression of sixty home prices gives a large positive coefficient for the area and a negative one for the number of rooms. Predictions look fine.",
        "Area and rooms rise together, so the data know their sum and not their parts. Read them jointly; a sign that flips in resamples is no finding. For prediction nothing needs to be mended.")
    {
        Verbs = ["regress"],
        Keywords = ["multicollinearity", "VIF", "wrong sign", "ridge", "condition index"],
        Gaps = ["Ridge and principal components are named as remedies and not computed yet."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "60 homes whose rooms follow their area closely.", DecisionAction.Answer, Line)
        {
            Fires = ["multicollinearity"],
            Files = d => [new CaseFile("homes.csv", Homes(d, isTwin: true))],
            InCode = InCode.Of(() => new RegressOptions
            {
                Data = "homes.csv",
                Target = "price",
                On = ["area", "rooms", "age"],
            }),
        },
    ];

    public override Scene Twin { get; } = new(Scene.TwinName, "60 homes whose rooms do not follow their area.", DecisionAction.Answer, Line)
    {
        Files = d => [new CaseFile("homes.csv", Homes(d, isTwin: false))],
    };

    private static IEnumerable<string> Homes(Draw d, bool isTwin)
    {
        var rng = d.Stream("homes");
        yield return "area,rooms,age,price";
        for (var i = 0; i < 60; i++)
        {
            var area = rng.NextNormal();
            var rooms = isTwin ? area + 0.2 * rng.NextNormal() : rng.NextNormal();
            var age = rng.NextNormal();
            yield return $"{area:0.0000},{rooms:0.0000},{age:0.0000},{20 + 3 * area + 3 * rooms + 3 * age + 4 * rng.NextNormal():0.000}";
        }
    }
}
