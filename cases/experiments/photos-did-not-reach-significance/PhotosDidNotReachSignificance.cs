using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>No significant effect is taken for no effect.</summary>
public sealed class PhotosDidNotReachSignificance : Case
{
    private const int Days = 14;
    private const string Roles = "ab photos.csv --unit user_id --variant variant --metric ordered --time day --guardrail 'load_ms<=+50'";

    public override CaseCard Card { get; } = new(
        "experiments/photos-did-not-reach-significance", CaseLevel.Basic,
        "Photos in the restaurant search did not reach significance; drop them?",
        "Photos were shown in the search of a food delivery app for two weeks. Orders went from 12.00 % to 12.27 %, p = 0.41. The product manager wants to drop the idea; nobody looked at how long the page now takes.",
        "Read the interval, not the p-value: it still holds a gain worth having, and it holds a loss. And what slowed the page was measured in the same test.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["not significant", "absence of evidence", "equivalence", "power", "guardrail", "latency", "small sample", "exact test"],
        Gaps = ["Whether the photos were seen at all is asked with --exposed, for which these data have no column.", "Variance reduction needs a pre-period column, which these data do not have."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "12.00 % against 12.27 % of 20,000 users an arm; the photos add a quarter of a second to the page.", DecisionAction.DoNotShip, $"{Roles} --mde 3%")
        {
            SmallCommand = $"{Roles} --mde 10%",
            Fires = ["guardrail-metric-regression", "underpowered-test"],
            Files = d => [Users(d, d.Of(20_000, 8_000), d.Of(2_400, 960), d.Of(2_454, 994), addedMilliseconds: 250)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "photos.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["ordered"],
                Time = "day",
                Guardrail = ["load_ms<=+50"],
                Mde = "3%",
            }),
        },
        new("counts", "The same orders typed in from a slide: nothing but four numbers.", DecisionAction.Inconclusive, "ab --counts control=2400/20000,photos=2454/20000 --mde 3%")
        {
            Fires = ["underpowered-test"],
        },
        new("pilot", "A pilot in twenty restaurants an arm: none against three.", DecisionAction.Inconclusive, "ab --counts control=0/20,photos=3/20 --mde 0.05")
        {
            Fires = ["underpowered-test"],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "400,000 users an arm and truly nothing: an effect worth having is excluded, and the page is as fast as before.", DecisionAction.DoNotShip, $"{Roles} --mde 3%")
    {
        SmallCommand = $"{Roles} --mde 10%",
        Files = d => [Users(d, d.Of(400_000, 20_000), d.Of(48_000, 2_400), d.Of(48_040, 2_405), addedMilliseconds: 0)],
    };

    private static CaseFile Users(Draw d, int units, int control, int treatment, double addedMilliseconds)
    {
        var rows = new List<LogRow>();
        Add("control", control, 0);
        Add("photos", treatment, addedMilliseconds);
        return new CaseFile("photos.csv", Plant.Log(d.Stream("order"), "user_id", "day", "variant,ordered,load_ms", rows));

        void Add(string arm, int ones, double added)
        {
            var rng = d.Stream(arm);
            rows.AddRange(Plant.Ones(rng, units, ones).Select((o, i) => new LogRow(Plant.Day(i, units, Days), $"{arm},{Plant.Bit(o)},{LoadTime(rng, added)}")));
        }
    }

    private static int LoadTime(Rng rng, double added) => (int)Math.Round(Math.Max(120, 820 + added + 180 * rng.NextNormal()));
}
