using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Units were exposed more often in one arm.</summary>
public sealed class ExposureImbalance : Check<ExposureCounts>
{
    private const double Threshold = 0.001;
    private const long SmallestArm = 30;

    public override CheckCard Card { get; } = new(
        Id: "exposure-imbalance",
        Asks: "Did the same share of every arm meet the place where the arms differ?",
        FiresWhen: "the exposed share of assigned units differs between arms, chi-square p < 0.001",
        Means: "Exposure was logged or happened differently in the arms, so the exposed units of one arm are other people than those of the next.",
        Remedy: "Log exposure by one code in every arm, before the arms differ, and read all assigned units until then.",
        Source: "Kohavi, Tang and Xu 2020, chapter 20; Deng and Hu 2015; Fabijan et al., KDD 2019")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.003, Aliases = ["trigger-imbalance", "triggered-sample-ratio-mismatch"] };

    public override CheckResult Evaluate(ExposureCounts evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Assigned.Count < 2 || evidence.Assigned.Min() < SmallestArm)
        {
            return CheckResult.Skip($"an arm has {Figures.Count(evidence.Assigned.Count == 0 ? 0 : evidence.Assigned.Min(), "assigned unit")}; {SmallestArm} are needed");
        }

        var says = $"exposed {string.Join(" / ", evidence.Arms.Select((a, i) => $"{Figures.Percent((double)evidence.Exposed[i] / evidence.Assigned[i])} of {a}").Take(6))}";
        if (ContingencyTest.ChiSquare([.. evidence.Exposed.Zip(evidence.Assigned).SelectMany(x => new[] { x.First, x.Second - x.First })], 2) is not { } test)
        {
            return CheckResult.Pass($"{says}: the same in every arm", 0, Threshold);
        }

        says += $", {Figures.P(test.PValue)}";
        return test.PValue < Threshold ? CheckResult.Fail(says, test.Statistic, Threshold, test.PValue) : CheckResult.Pass(says, test.Statistic, Threshold, test.PValue);
    }

    public override ExposureCounts Trap(int seed) => Simulate(seed, 0.34);

    public override ExposureCounts Clean(int seed) => Simulate(seed, 0.30);

    public override ExposureCounts? Tiny => new() { Arms = ["A", "B"], Assigned = [12, 9], Exposed = [4, 2] };

    // 10,000 units an arm, 30 % of whom reach the page; the new arm logs one in eight more.
    private static ExposureCounts Simulate(int seed, double treated)
    {
        var rng = new Rng(seed).Stream("exposure-imbalance");
        return new ExposureCounts { Arms = ["A", "B"], Assigned = [10_000, 10_000], Exposed = [rng.NextBinomial(10_000, 0.30), rng.NextBinomial(10_000, treated)] };
    }
}
