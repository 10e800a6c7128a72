using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Two banners, ten thousand visitors each.</summary>
public sealed class BannerClickThrough : Case
{
    private const int Days = 14;
    private const string Line = "ab banner.csv --unit user_id --variant variant --metric converted --time day --mde 0.005";

    public override CaseCard Card { get; } = new(
        "experiments/banner-click-through", CaseLevel.Basic,
        "Two banners, 200 against 245 visitors who clicked",
        "A new banner was shown to 10,000 visitors at random, the old one to 10,000 others. 245 visitors clicked the new one, 200 the old one. Is it better?",
        "Count visitors who clicked, not clicks. Here p = 0.03 is weak evidence for a gain smaller than was wanted: fine for what is cheap to undo, not for a budget.")
    {
        Verbs = ["ab"],
        Keywords = ["click-through", "banner", "proportions", "borderline", "page views", "sample ratio"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "200 and 245 clickers of 10,000 visitors; half a point would be worth having.", DecisionAction.Ship, Line)
        {
            Fires = ["borderline-significance", "significance-without-importance", "underpowered-test", "winners-curse"],
            Files = d => [Plant.Counts(d, "banner.csv", Days, new("control", 10_000, 200), new("animated", 10_000, 245))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "banner.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "day",
                Mde = "0.005",
            }),
        },
        new("a-split", "The same click rates, but 9,700 visitors in one arm and 10,300 in the other.", DecisionAction.FixDataFirst, Line)
        {
            Fires = ["sample-ratio-mismatch"],
            Files = d => [Plant.Counts(d, "banner.csv", Days, new("control", 9_700, 194), new("animated", 10_300, 252))],
        },
        new("b-views", "A row per page view: a visitor who clicked is counted on each of them.", DecisionAction.FixDataFirst, "ab banner.csv --variant variant --metric converted --time day")
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [Views(d)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "200 and 203 clickers: half a point is excluded.", DecisionAction.DoNotShip, Line)
    {
        Files = d => [Plant.Counts(d, "banner.csv", Days, new("control", 10_000, 200), new("animated", 10_000, 203))],
    };

    private static CaseFile Views(Draw d)
    {
        var visitors = Plant.Counts(d, "banner.csv", Days, new("control", 10_000, 200), new("animated", 10_000, 245));
        return visitors with { Lines = Repeat(d, visitors.Lines) };
    }

    private static IEnumerable<string> Repeat(Draw d, IEnumerable<string> lines)
    {
        var rng = d.Stream("views");
        foreach (var (line, isHeader) in lines.Select((l, i) => (l, i == 0)))
        {
            for (var views = isHeader ? 1 : 1 + rng.NextPoisson(0.8); views > 0; views--)
            {
                yield return line;
            }
        }
    }
}
