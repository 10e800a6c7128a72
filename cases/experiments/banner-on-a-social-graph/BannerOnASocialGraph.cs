using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>What a banner does to a person's friends.</summary>
public sealed class BannerOnASocialGraph : Case
{
    private const int FriendsDrawn = 5;
    private const string Line = "ab users.csv --unit user --cluster community --variant arm --control none --metric sought_help --edges friends.csv";

    public override CaseCard Card { get; } = new(
        "experiments/banner-on-a-social-graph", CaseLevel.Advanced,
        "A mental-health banner that friends talk about",
        "A banner points to a help line. Who sees it seeks help more often, and so do the friends, so that a test by user shows half of what a launch would do. Some users opt out of messages altogether.",
        "Assign communities, read the edges, and report the total effect beside the direct one. A guardrail on opt-outs decides before any gain does.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["social network", "graph cluster randomisation", "exposure mapping", "spill-over", "guardrail", "opt-out", "total effect"],
        Gaps = ["An ethics stop rule is not offered; the guardrail is read at the end."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("opt-outs", "100,000 users in 400 communities, 15 % of friendships between them; +3 points for who sees the banner, +4 more when all friends do, and +0.5 points of opt-outs.", DecisionAction.DoNotShip,
            $"{Line} --guardrail opted_out<=+0.002")
        {
            SmallCommand = $"{Line} --guardrail opted_out<=+0.01",
            Fires = ["guardrail-metric-regression"],
            Files = d => Files(d, 1, d.Of(0.005, 0.04), spread: 0.01),
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "users.csv",
                Unit = "user",
                Cluster = "community",
                Variant = "arm",
                Control = "none",
                Metric = ["sought_help"],
                Edges = "friends.csv",
                Guardrail = ["opted_out<=+0.002"],
            }),
        },
        new("by-user", "Communities were assigned and differ in how often help is sought; the report counts users.", DecisionAction.FixDataFirst, "ab users.csv --variant arm --control none --metric sought_help")
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => Files(d, 2, 0, spread: d.Of(0.05, 0.12)),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "The banner makes nobody opt out.", DecisionAction.Ship, $"{Line} --guardrail opted_out<=+0.005")
    {
        SmallCommand = $"{Line} --guardrail opted_out<=+0.03",
        Files = d => Files(d, 3, 0, spread: 0.01),
    };

    private static IReadOnlyList<CaseFile> Files(Draw d, int stream, double optOuts, double spread)
    {
        var rng = d.Stream("users", stream);
        var (communities, size) = d.Of((400, 250), (60, 100));
        var n = communities * size;
        var on = Plant.Ones(rng, communities, communities / 2);
        var level = Plant.Normal(rng, communities, 0.2, spread);
        var (a, b) = (new List<int>(), new List<int>());
        var (friends, treated) = (new int[n], new int[n]);
        for (var e = 0; e < n * FriendsDrawn; e++)
        {
            var one = e / FriendsDrawn;
            var other = rng.NextDouble() < 0.15 ? rng.NextInt(n) : one / size * size + rng.NextInt(size);
            if (one == other)
            {
                continue;
            }

            a.Add(one);
            b.Add(other);
            (friends[one], friends[other]) = (friends[one] + 1, friends[other] + 1);
            (treated[one], treated[other]) = (treated[one] + (on[other / size] ? 1 : 0), treated[other] + (on[one / size] ? 1 : 0));
        }

        var effect = d.Of(1, 2);
        return
        [
            new("users.csv", Enumerable.Range(0, n).Select(i =>
            {
                var arm = on[i / size];
                var help = rng.NextDouble() < level[i / size] + effect * ((arm ? 0.03 : 0) + 0.04 * treated[i] / Math.Max(1, friends[i]));
                var optedOut = rng.NextDouble() < 0.01 + (arm ? optOuts : 0);
                return string.Create(CultureInfo.InvariantCulture, $"u{i},c{i / size},{(arm ? "banner" : "none")},{Plant.Bit(help)},{Plant.Bit(optedOut)}");
            }).Prepend("user,community,arm,sought_help,opted_out")),
            new("friends.csv", a.Select((one, e) => $"u{one},u{b[e]}").Prepend("user,friend")),
        ];
    }
}
