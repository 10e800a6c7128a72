using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>More clicks, less of what the clicks were for.</summary>
public sealed class ThumbnailsOnCorrelatedMetrics : Case
{
    private const int Days = 14;
    private const string Roles = "ab thumbnails.csv --unit user_id --variant variant --time day";

    public override CaseCard Card { get; } = new(
        "experiments/thumbnails-on-correlated-metrics", CaseLevel.Advanced,
        "Bolder thumbnails: more clicks, less watching per click, fewer subscriptions",
        "An algorithm picks bolder thumbnails. Clicks rise by 6 %, minutes watched per click fall by 5 %, subscriptions fall by 0.3 points. The team that built it reports clicks.",
        "Clicks are what clickbait wins. Declare one criterion that means value before the test, put a margin under what must not be lost, and read the rest as explanation.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["clickbait", "overall evaluation criterion", "ratio metric", "delta method", "guardrail", "subscriptions", "metric switching"],
        Gaps = ["A long-run holdback is a matter of design and is not simulated here."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "100,000 users an arm, no criterion declared: clicks up 6 %, minutes per click down 5 %, subscriptions down 0.3 points.", DecisionAction.DoNotShip,
            $"{Roles} --metric clicks --ratio minutes/clicks --guardrail 'subscribed>=-0.0025'")
        {
            SmallCommand = $"{Roles} --metric clicks --ratio minutes/clicks --guardrail 'subscribed>=-0.0075'",
            Fires = ["guardrail-metric-regression", "metric-switching", "ratio-denominator-shift"],
            Files = d => [Users(d, clickbait: true)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "thumbnails.csv",
                Unit = "user_id",
                Variant = "variant",
                Time = "day",
                Metric = ["clicks"],
                Ratio = ["minutes/clicks"],
                Guardrail = ["subscribed>=-0.0025"],
            }),
        },
        new("switched", "The plan names minutes per user; the report reads clicks.", DecisionAction.Investigate, $"{Roles} --metric clicks --plan plan.json")
        {
            Fires = ["metric-switching"],
            Files = d => [Users(d, clickbait: true), Plant.Plan("bolder thumbnails", "Thumbnails that show the subject make people watch more.", "user_id", "minutes", "2%", Size(d), Days)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Both arms hold the same distribution of clicks, minutes and subscriptions.", DecisionAction.Inconclusive,
        $"{Roles} --metric clicks --ratio minutes/clicks --guardrail 'subscribed>=-0.0025'")
    {
        SmallCommand = $"{Roles} --metric clicks --ratio minutes/clicks --guardrail 'subscribed>=-0.0075'",
        Files = d => [Users(d, clickbait: false)],
    };

    private static int Size(Draw d) => d.Of(100_000, 10_000);

    // Clicks are Poisson around a person's own rate (gamma, shape 2, mean 4); a person's minutes per click vary too.
    private static CaseFile Users(Draw d, bool clickbait)
    {
        var rows = new List<LogRow>();
        Add("control", "people", 1, 1, d.Of(5_000, 500));
        Add("bold", clickbait ? "others" : "people", clickbait ? 1.06 : 1, clickbait ? 0.95 : 1, clickbait ? d.Of(4_700, 405) : d.Of(5_000, 500));
        return new CaseFile("thumbnails.csv", Plant.Log(d.Stream("order"), "user_id", "day", "variant,clicks,minutes,subscribed", rows));

        void Add(string arm, string stream, double clickFactor, double minuteFactor, int subscribers)
        {
            var rng = d.Stream(stream);
            var units = Size(d);
            var subscribed = Plant.Ones(d.Stream($"{arm} subscribed"), units, subscribers);
            rows.AddRange(Enumerable.Range(0, units).Select(u =>
            {
                var clicks = rng.NextPoisson(2 * rng.NextGamma(2) * clickFactor);
                var minutes = clicks * 3.2 * minuteFactor * Math.Exp(0.3 * rng.NextNormal());
                return new LogRow(Plant.Day(u, units, Days), $"{arm},{clicks},{minutes:0.00},{Plant.Bit(subscribed[u])}");
            }));
        }
    }
}
