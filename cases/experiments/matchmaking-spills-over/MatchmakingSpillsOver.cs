using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Whoever plays better, others play worse.</summary>
public sealed class MatchmakingSpillsOver : Case
{
    private const int PodSize = 100;
    private const int MatchesPerPlayer = 5;

    public override CaseCard Card { get; } = new(
        "experiments/matchmaking-spills-over", CaseLevel.Advanced,
        "A matchmaking test changes everybody whom the players meet",
        "A new matchmaking rule is given to a tenth of the players. They score two points more; whoever meets them scores less. The plain difference calls the loss of the others a gain of theirs.",
        "Read the edges: when scores answer to the arms of opponents, players do not tell what a launch does. Assign pods that play among themselves, at least 40 of them, and decide on everybody against nobody.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["interference", "spill-over", "graph cluster randomisation", "exposure mapping", "matchmaking", "network", "bound"],
        Gaps = ["Power by simulation on the match graph is not computed."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("by-player", "20,000 players in 200 pods, a tenth assigned one by one: +2 points for a player, -1.5 for one who meets treated opponents only.", DecisionAction.FixDataFirst,
            "ab players.csv --unit player --variant rule --control old --metric score --split 90/10 --edges matches.csv --surrounded 0.9")
        {
            Fires = ["interference"],
            Files = d => Files(d, 1, byPod: false, spill: -1.5, d.Of(200, 60)),
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "players.csv",
                Unit = "player",
                Variant = "rule",
                Control = "old",
                Metric = ["score"],
                Split = "90/10",
                Edges = "matches.csv",
                Surrounded = 0.9,
            }),
        },
        new("ten-pods", "Whole pods were assigned, but only ten of them.", DecisionAction.Inconclusive, "ab players.csv --cluster pod --variant rule --control old --metric score")
        {
            Fires = ["too-few-clusters"],
            Files = d => Files(d, 2, byPod: true, spill: -1.5, 10),
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Opponents do not answer to each other's rule; 200 pods were assigned whole.", DecisionAction.Ship,
        "ab players.csv --unit player --cluster pod --variant rule --control old --metric score --edges matches.csv")
    {
        Files = d => Files(d, 3, byPod: true, spill: 0, d.Of(200, 60)),
    };

    // Ten pods that differ much in level, as much in one arm as in the other.
    private static double[] Alike(double[] level, bool[] on)
    {
        int[] treated = [0, 3, 4, 7, 8], control = [1, 2, 5, 6, 9];
        double[] sorted = [.. level.Order()];
        var (t, c) = (0, 0);
        return Array.ConvertAll(on, arm => sorted[arm ? treated[t++] : control[c++]]);
    }

    // A twentieth of the matches leaves the pod; pods differ a little in level.
    private static IReadOnlyList<CaseFile> Files(Draw d, int stream, bool byPod, double spill, int pods)
    {
        var rng = d.Stream("players", stream);
        var n = pods * PodSize;
        var onPod = Plant.Ones(rng, pods, pods / 2);
        bool[] arms = byPod ? [.. Enumerable.Range(0, n).Select(i => onPod[i / PodSize])] : Plant.Ones(rng, n, n / 10);
        var (a, b) = (new List<int>(), new List<int>());
        var (met, treated) = (new int[n], new int[n]);
        for (var m = 0; m < n * MatchesPerPlayer; m++)
        {
            var (one, other) = (m / MatchesPerPlayer, rng.NextDouble() < 0.05 ? rng.NextInt(n) : m / MatchesPerPlayer / PodSize * PodSize + rng.NextInt(PodSize));
            if (one == other)
            {
                continue;
            }

            a.Add(one);
            b.Add(other);
            (met[one], met[other]) = (met[one] + 1, met[other] + 1);
            (treated[one], treated[other]) = (treated[one] + (arms[other] ? 1 : 0), treated[other] + (arms[one] ? 1 : 0));
        }

        var level = Plant.Normal(rng, pods, 50, byPod && pods == 10 ? 1.5 : 0.3);
        level = byPod && pods == 10 ? Alike(level, onPod) : level;
        var noise = d.Of(1.5, 1.0);
        var scores = Enumerable.Range(0, n).Select(i => level[i / PodSize] + (arms[i] ? 2 : 0) + spill * treated[i] / Math.Max(1, met[i]) + noise * rng.NextNormal());
        return
        [
            new("players.csv", scores.Select((s, i) => string.Create(CultureInfo.InvariantCulture, $"p{i},pod{i / PodSize},{(arms[i] ? "new" : "old")},{s:0.000}")).Prepend("player,pod,rule,score")),
            new("matches.csv", a.Select((one, e) => $"p{one},p{b[e]}").Prepend("player,opponent")),
        ];
    }
}
