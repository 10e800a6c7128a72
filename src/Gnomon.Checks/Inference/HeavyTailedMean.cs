using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A few extreme values drive a mean.</summary>
public sealed class HeavyTailedMean : Check<TailShape>
{
    private const double SkewThreshold = 0.001;
    private const double LargestTopShare = 0.10;
    private const long SmallestArm = 20;

    public override CheckCard Card { get; } = new(
        Id: "heavy-tailed-mean",
        Asks: "Is the normal approximation safe for this mean?",
        FiresWhen: "fewer than 355 x skewness^2 units in an arm while the skewness test gives p < 0.001, or the largest 0.1 % of units hold more than 10 % of the total",
        Means: "A few extreme values drive this mean, and the normal approximation is not safe.",
        Remedy: "Read the winsorised answer beside the raw one, and use the studentised bootstrap; say whether they agree.",
        Source: "Boos and Hughes-Oliver 2000; Kohavi et al. 2014")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(TailShape evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Values.Any(v => v.Count < SmallestArm))
        {
            return CheckResult.Skip($"an arm has {Figures.Count(evidence.Values.Min(v => v.Count), "unit")}; {SmallestArm} are needed");
        }

        var guards = evidence.Values.Select(HeavyTail.SkewGuard).Where(g => g is not null).Select(g => g!).ToList();
        if (guards.Count == 0)
        {
            return CheckResult.Skip("the metric does not vary (skewness of 0 values known)");
        }

        var worst = guards.OrderByDescending(g => g.NeededUnits).First();
        var smallest = evidence.Values.Min(v => v.Count);
        var skewed = guards.Exists(g => g.TooFewUnits && g.SkewnessPValue < SkewThreshold);
        var top = evidence.TopShare > LargestTopShare;
        var says = $"skewness {worst.Skewness:0.0} asks for {Figures.Count((long)Math.Round(worst.NeededUnits), "unit")} an arm, the smallest has {Figures.Count(smallest)}"
            + (evidence.TopShare is { } share ? $"; the largest 0.1 % of units hold {Figures.Percent(share)} of the total" : string.Empty);
        return skewed || top ? CheckResult.Warn(says, worst.NeededUnits, smallest) : CheckResult.Pass(says, worst.NeededUnits, smallest);
    }

    public override TailShape Trap(int seed) => Simulate(seed, rng => Math.Exp(2 * rng.NextNormal()));

    public override TailShape Clean(int seed) => Simulate(seed, rng => 10 + rng.NextNormal());

    public override TailShape? Tiny => new() { Metric = "revenue", Arms = ["A", "B"], Values = [Moments.Of([1, 2, 9]), Moments.Of([1, 2, 3])] };

    private static TailShape Simulate(int seed, Func<Rng, double> draw)
    {
        var rng = new Rng(seed).Stream("heavy-tailed-mean");
        return new TailShape { Metric = "revenue", Arms = ["A", "B"], Values = [Simulated.Sample(500, () => draw(rng)), Simulated.Sample(500, () => draw(rng))] };
    }
}
