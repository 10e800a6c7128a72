using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>A segment that the treatment made, and a log of exposure that only one arm wrote in full.</summary>
public sealed class HeavyUsersLovedIt : Case
{
    private const int Days = 14;
    private const string Roles = "ab feed.csv --unit user_id --variant variant --metric subscribed --time day --split 50/50";

    public override CaseCard Card { get; } = new(
        "experiments/heavy-users-loved-it", CaseLevel.Intermediate,
        "The new feed did nothing overall, but heavy users loved it",
        "A new feed leaves subscriptions where they were. The team cuts users by the number of visits during the test and finds a group in which the new arm wins, then by who was seen to open the feed. It asks for a launch to those users.",
        "Visits during the test are an outcome: the feed moved users from one group to the next, so the groups hold other people in each arm. Segments are made of what was known before assignment, found in one half of the units and confirmed in the other.")
    {
        Verbs = ["ab"],
        Keywords = ["segment", "subgroup", "heterogeneous effect", "post-treatment", "uplift", "targeting", "triggered analysis", "exposure"],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("trap", "20,000 users an arm, 10 % of each subscribe; the feed adds visits, and who subscribes is drawn regardless.", DecisionAction.Inconclusive, $"{Roles} --effects-by plan,age,visits")
        {
            Fires = ["post-treatment-segment"],
            Files = d => [Users(d, extraVisits: true, logged: 0.4)],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "feed.csv",
                Unit = "user_id",
                Variant = "variant",
                Metric = ["subscribed"],
                Time = "day",
                Split = "50/50",
                EffectsBy = ["plan", "age", "visits"],
            }),
        },
        new("exposed", "The same users; the new feed also logs users whom it only loaded for.", DecisionAction.FixDataFirst, $"{Roles} --exposed opened")
        {
            Fires = ["exposure-imbalance"],
            Files = d => [Users(d, extraVisits: false, logged: 0.5)],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Plan and age as they were on the day before, and opening logged alike in both arms.", DecisionAction.Inconclusive, $"{Roles} --effects-by plan,age --exposed opened")
    {
        Files = d => [Users(d, extraVisits: false, logged: 0.4)],
    };

    private static CaseFile Users(Draw d, bool extraVisits, double logged)
    {
        var rows = new List<LogRow>();
        Add("control", 0, 0.4);
        Add("new_feed", extraVisits ? 1 : 0, logged);
        return new CaseFile("feed.csv", Plant.Log(d.Stream("order"), "user_id", "day", "variant,plan,age,visits,opened,subscribed", rows));

        void Add(string arm, int more, double opened)
        {
            var n = d.Of(20_000, 4_000);
            var rng = d.Stream($"{arm} users");
            var seen = Plant.Ones(rng, n, (int)(opened * n));
            rows.AddRange(Plant.Ones(rng, n, n / 10).Select((s, i) => new LogRow(
                Plant.Day(i, n, Days), $"{arm},{Of(rng)},{18 + rng.NextInt(50)},{rng.NextPoisson(4) + more},{Plant.Bit(seen[i])},{Plant.Bit(s)}")));
        }
    }

    private static string Of(Rng rng) => rng.NextInt(4) switch { 0 => "family", 1 => "student", _ => "single" };
}
