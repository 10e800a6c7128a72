using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Cookies were randomised, people were not.</summary>
public sealed class UsersSawBothVariants : Case
{
    private const int Days = 14;
    private const string Line = "ab sessions.csv --unit user_id --variant variant --metric converted --time started_at";

    public override CaseCard Card { get; } = new(
        "experiments/users-saw-both-variants", CaseLevel.Intermediate,
        "Many users met both variants of a checkout test",
        "A checkout test assigned cookies. People with a phone and a laptop carry two, often in different arms. The report counts sessions as if each were another person.",
        "Dropping the mixed users makes it worse: they are the active ones. Assign people, analyse by the arm a person saw first, and let the error respect the person.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["contamination", "crossover", "cookie", "device", "sessions", "clustered errors", "intention to treat"],
        Gaps = ["Which device or login caused the mixture is not traced."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "60,000 users with 3.1 sessions each; about 18 % of them were seen in both arms. The variants do not differ.", DecisionAction.FixDataFirst, $"{Line} --mde 10%")
        {
            SmallCommand = $"{Line} --mde 35%",
            Fires = ["variant-contamination"],
            Files = d => [Sessions(d, twoCookies: 0.28)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "sessions.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["converted"],
                Time = "started_at",
                Mde = "10%",
            }),
        },
        new("by-session", "The same sessions, each counted as a person.", DecisionAction.FixDataFirst, "ab sessions.csv --variant variant --metric converted --time started_at")
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [Sessions(d, twoCookies: 0)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "People are assigned, not cookies, and the analysis is by person; still no effect.", DecisionAction.DoNotShip, $"{Line} --mde 10%")
    {
        SmallCommand = $"{Line} --mde 35%",
        Files = d => [Sessions(d, twoCookies: 0)],
    };

    private static CaseFile Sessions(Draw d, double twoCookies) => new("sessions.csv", Lines(d, twoCookies));

    // A user's own rate is Beta(0.3, 2.7): mean 0.1, intra-class correlation 1 / (1 + 3) = 0.25.
    private static IEnumerable<string> Lines(Draw d, double twoCookies)
    {
        var rng = d.Stream("users");
        yield return "session_id,user_id,cookie_id,started_at,variant,converted";
        var session = 0;
        for (var user = 0; user < d.Of(60_000, 3_000); user++)
        {
            var rate = Beta(rng, 0.3, 2.7);
            var arm = rng.NextDouble() < 0.5;
            var mixed = rng.NextDouble() < twoCookies;
            var first = rng.NextInt(Days);
            for (var i = 1 + rng.NextPoisson(2.1); i > 0; i--)
            {
                var second = mixed && rng.NextDouble() < 0.5;
                var day = Math.Min(Days - 1, first + rng.NextInt(4));
                yield return $"s{++session},u{user},c{2 * user + (second ? 1 : 0)},{Plant.Date(day)} {Clock(rng)},{(arm ^ second ? "one_page" : "control")},{Plant.Bit(rng.NextDouble() < rate)}";
            }
        }
    }

    // To the second, so that it is known which arm a person saw first.
    private static string Clock(Rng rng)
    {
        var second = rng.NextInt(86_400);
        return $"{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}";
    }

    private static double Beta(Rng rng, double a, double b)
    {
        var x = rng.NextGamma(a);
        var y = rng.NextGamma(b);
        return x / (x + y);
    }
}
