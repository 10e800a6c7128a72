using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Heterogeneity;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The treatment moved a column that was to cut units into segments.</summary>
public sealed class PostTreatmentSegment : Check<SegmentColumnBalance>
{
    private const long SmallestArm = 30;

    public override CheckCard Card { get; } = new(
        Id: "post-treatment-segment",
        Asks: "Was the column that makes the segments settled before assignment?",
        FiresWhen: "the arms hold different shares of its values, chi-square p < 0.001",
        Means: "The treatment moved this column, so its segments hold other people in each arm and a difference inside them is no effect.",
        Remedy: "Use the column as it was before assignment, or leave it out.",
        Source: "Rosenbaum 1984, JRSS A 147; Montgomery, Nyhan and Torres 2018")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.003, Aliases = ["post-treatment-bias", "segment-moved-by-treatment"] };

    public override CheckResult Evaluate(SegmentColumnBalance evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        long[] byArm = [.. evidence.Arms.Select((_, a) => evidence.Counts.Sum(g => g[a]))];
        if (byArm.Length < 2 || byArm.Min() < SmallestArm)
        {
            return CheckResult.Skip($"an arm has {Figures.Count(byArm.Length == 0 ? 0 : byArm.Min(), "unit")}; {SmallestArm} are needed");
        }

        if (ColumnBalance.Test(evidence.Counts) is not { } test)
        {
            return CheckResult.Skip($"{evidence.Column} has 1 value: no segments");
        }

        var says = $"{evidence.Column} over {evidence.Arms.Count} arms: {Figures.P(test.PValue)}";
        return test.PValue < ColumnBalance.Threshold
            ? CheckResult.Warn($"{says}; {Farthest(evidence, byArm)}; kept out of the segments", test.Statistic, ColumnBalance.Threshold, test.PValue)
            : CheckResult.Pass(says, test.Statistic, ColumnBalance.Threshold, test.PValue);
    }

    public override SegmentColumnBalance Trap(int seed) => Simulate(seed, moved: 0.06);

    public override SegmentColumnBalance Clean(int seed) => Simulate(seed, moved: 0);

    public override SegmentColumnBalance? Tiny => new() { Column = "visits", Arms = ["A", "B"], Groups = ["low", "high"], Counts = [[5, 3], [4, 6]] };

    // The group whose share differs most between two arms.
    private static string Farthest(SegmentColumnBalance e, long[] byArm)
    {
        var (group, spread) = e.Counts.Select((g, i) => (i, Shares: g.Select((n, a) => (double)n / byArm[a]).ToList())).Select(x => (x.i, x.Shares.Max() - x.Shares.Min())).MaxBy(x => x.Item2);
        return $"{e.Groups[group]} for {string.Join(" / ", e.Counts[group].Select((n, a) => $"{Figures.Percent((double)n / byArm[a])} of {e.Arms[a]}").Take(4))}{(spread > 0 ? string.Empty : ", alike")}";
    }

    // 8,000 units; the treatment moves 6 % of them from the light users to the heavy ones.
    private static SegmentColumnBalance Simulate(int seed, double moved)
    {
        var rng = new Rng(seed).Stream("post-treatment-segment");
        return new SegmentColumnBalance { Column = "visits", Arms = ["A", "B"], Groups = ["visits at most 3", "visits above 3"], Counts = Draw(rng, 4_000, 0.5, 0.5 - moved) };
    }

    private static IReadOnlyList<IReadOnlyList<long>> Draw(Rng rng, long n, double control, double treated)
    {
        var (a, b) = (rng.NextBinomial(n, control), rng.NextBinomial(n, treated));
        return [[a, b], [n - a, n - b]];
    }
}
