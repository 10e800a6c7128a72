using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Tests of a thing against itself win too often, or too rarely.</summary>
public sealed class AaFalsePositiveRate : Check<NullReplays>
{
    private const long FewestReplays = 200;
    private const double Outside = 0.01;

    public override CheckCard Card { get; } = new(
        Id: "aa-false-positive-rate",
        Asks: "Do A/A tests on this platform win as often as their level says?",
        FiresWhen: "over 200 A/A tests or more, the share with p below the level lies outside the 99 % binomial band around it",
        Means: "The testing pipeline itself produces wins at the wrong rate.",
        Remedy: "Mend the variance, the assignment or the logging before any verdict is read.",
        Source: "Kohavi, Tang and Xu 2020, chapter 19")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(NullReplays evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Replays < FewestReplays)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Replays, "A/A test")}; {FewestReplays} are needed to see a wrong rate");
        }

        var (n, k) = (evidence.Replays, evidence.Significant);
        var share = (double)k / n;
        var upper = Binomial.Sf(k - 1, n, evidence.Alpha);
        var lower = Binomial.Cdf(k, n, evidence.Alpha);
        var p = Math.Min(1, 2 * Math.Min(upper, lower));
        var says = $"{Figures.Count(k)} of {Figures.Count(n, "A/A test")} are below {evidence.Alpha:0.###}: {Figures.Percent(share)} where {Figures.Percent(evidence.Alpha)} is right ({Figures.P(p)})";
        return p < Outside ? CheckResult.Fail(says, share, evidence.Alpha, p) : CheckResult.Pass(says, share, evidence.Alpha, p);
    }

    public override NullReplays Trap(int seed) => Replay(seed, 0.11);

    public override NullReplays Clean(int seed) => Replay(seed, 0.05);

    public override NullReplays? Tiny => new() { Replays = 20, Significant = 3, Alpha = 0.05 };

    // 400 A/A tests; rows that are taken as independent although they are not double the rate.
    private static NullReplays Replay(int seed, double rate) => new() { Replays = 400, Significant = new Rng(seed).Stream("aa-false-positive-rate").NextBinomial(400, rate), Alpha = 0.05 };
}
