using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>More outcomes went missing in one arm.</summary>
public sealed class DifferentialAttrition : Check<OutcomeFlow>
{
    private const double Threshold = 0.001;
    private const long SmallestArm = 30;

    public override CheckCard Card { get; } = new(
        Id: "differential-attrition",
        Asks: "Did outcomes go missing equally often in every arm or group?",
        FiresWhen: "the share of assigned units without an outcome differs between arms or groups, chi-square p < 0.001",
        Means: "More outcomes went missing in one group than in another, so those that are left may differ for that reason alone.",
        Remedy: "Bound the effect, report the flow by group, repair the logging.",
        Source: "Lee 2009; CONSORT 2010")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.003 };

    public override CheckResult Evaluate(OutcomeFlow evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Assigned.Min() < SmallestArm)
        {
            return CheckResult.Skip($"{(evidence.Randomised ? "an arm" : "a group")} has {Figures.Count(evidence.Assigned.Min(), "unit")}; {SmallestArm} are needed");
        }

        long[] missing = [.. evidence.Assigned.Zip(evidence.Observed, (a, o) => a - o)];
        if (missing.All(m => m == 0))
        {
            return CheckResult.Pass($"all {Figures.Count(evidence.Assigned.Sum())} units have an outcome", 0, Threshold);
        }

        var test = ContingencyTest.ChiSquare([.. evidence.Observed.Zip(missing).SelectMany(x => new[] { x.First, x.Second })], 2);
        var shares = evidence.Arms.Zip(missing.Zip(evidence.Assigned, (m, a) => (double)m / a)).OrderByDescending(x => x.Second).ToList();
        var says = $"no outcome for {Figures.Percent(shares[0].Second)} of {shares[0].First} and {Figures.Percent(shares[^1].Second)} of {shares[^1].First}, {Figures.P(test?.PValue ?? 1)}";
        if (test?.PValue < Threshold)
        {
            says += evidence.Randomised ? "; what is left of the arms is no longer random" : "; the groups may differ in who is left";
        }

        return test?.PValue < Threshold
            ? CheckResult.Fail(says, test.Statistic, Threshold, test.PValue)
            : CheckResult.Pass(says, test?.Statistic, Threshold, test?.PValue);
    }

    public override OutcomeFlow Trap(int seed) => Simulate(seed, 0.05, 0.08);

    public override OutcomeFlow Clean(int seed) => Simulate(seed, 0.05, 0.05);

    public override OutcomeFlow? Tiny => new() { Metric = "revenue", Arms = ["A", "B"], Assigned = [5, 5], Observed = [5, 3] };

    private static OutcomeFlow Simulate(int seed, double lossA, double lossB)
    {
        var rng = new Rng(seed).Stream("differential-attrition");
        return new OutcomeFlow
        {
            Metric = "revenue", Arms = ["A", "B"], Assigned = [5_000, 5_000], Observed = [rng.NextBinomial(5_000, 1 - lossA), rng.NextBinomial(5_000, 1 - lossB)],
        };
    }
}
