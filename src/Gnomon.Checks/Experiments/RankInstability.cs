using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The first of a ranking is first by the luck of its guesses.</summary>
public sealed class RankInstability : Check<RankShares>
{
    private const double LeastShare = 0.7;

    public override CheckCard Card { get; } = new(
        Id: "rank-instability",
        Asks: "Does the top choice stay on top when its inputs vary over their stated ranges, or its rows over random draws?",
        FiresWhen: "under the stated ranges, or over random draws of the rows that a choice is made for, the top choice keeps its place in fewer than 70 % of draws",
        Means: "The order depends on guesses or on other rows than those it is for.",
        Remedy: "Show how often each item is first, and learn the input that is worth most before choosing.",
        Source: "Howard 1966")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(RankShares evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Items < 2)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Items, "item")}: there is no order");
        }

        var says = $"{evidence.Top} is first in {Figures.WholePercent(evidence.Share)} of {Figures.Count(evidence.Draws, "draw")}{(evidence.Rival.Length > 0 ? $", {evidence.Rival} in {Figures.WholePercent(evidence.RivalShare)}" : string.Empty)}";
        return evidence.Share < LeastShare ? CheckResult.Warn(says, evidence.Share, LeastShare) : CheckResult.Pass(says, evidence.Share, LeastShare);
    }

    public override RankShares Trap(int seed) => Simulate(seed, 0.5);

    public override RankShares Clean(int seed) => Simulate(seed, 0.05);

    public override RankShares? Tiny => new() { Top = "only", Share = 1, Rival = string.Empty, RivalShare = 0, Items = 1, Draws = 1_000 };

    // Four items, the second a tenth below the first; every input is known to within the given share of itself.
    private static RankShares Simulate(int seed, double width)
    {
        const int draws = 1_000;
        var rng = new Rng(seed).Stream("rank-instability");
        double[] sizes = [100, 88 + 4 * rng.NextDouble(), 40, 30];
        PriorityItem[] items = [.. sizes.Select(s => new PriorityItem(Around(s), Around(2), new TriangularRange(0.8, 0.8, 0.8), Around(4)))];
        var ranks = PriorityRanks.Simulate(items, seed, draws);
        return new RankShares { Top = "item 1", Share = ranks[0].Shares[0], Rival = "item 2", RivalShare = ranks[1].Shares[0], Items = items.Length, Draws = draws };

        TriangularRange Around(double x) => new(x * (1 - width), x, x * (1 + width));
    }
}
