using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The arms differed before the treatment began.</summary>
public sealed class CovariateImbalance : Check<PrePeriodBalance>
{
    private const double Threshold = 0.001;
    private const long SmallestArm = 10;

    public override CheckCard Card { get; } = new(
        Id: "covariate-imbalance",
        Asks: "Were the arms alike before the treatment began?",
        FiresWhen: "omnibus balance of all pre-treatment covariates over the arms (Hotelling), p < 0.001",
        Means: "The groups were different before the treatment began.",
        Remedy: "Find the routing fault and keep the clean window; else adjust and call it observational.",
        Source: "Hansen and Bowers 2008; Hotelling 1931")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.002, Aliases = ["arm-covariate-imbalance", "residual-imbalance"] };

    public override CheckResult Evaluate(PrePeriodBalance evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.ByArm.Any(a => a.Count < SmallestArm))
        {
            return CheckResult.Skip($"an arm has {Figures.Count(evidence.ByArm.Min(a => a.Count), "unit")} with all covariates; {SmallestArm} are needed");
        }

        if (evidence.ByArm.All(a => Enumerable.Range(0, a.Dimension).All(i => a.CrossProduct(i, i) == 0)))
        {
            return CheckResult.Skip($"none of the {evidence.Covariates.Count} covariates varies");
        }

        var test = CovariateBalance.Hotelling([.. evidence.ByArm]);
        var says = $"{string.Join(", ", evidence.Covariates)} over {evidence.Arms.Count} arms: {Figures.P(test.PValue)}";
        return test.PValue < Threshold
            ? CheckResult.Fail($"{says}; means {string.Join(" / ", evidence.ByArm.Take(4).Select(a => Figures.Number(a.Mean(0))))} of {evidence.Covariates[0]}", test.F, Threshold, test.PValue)
            : CheckResult.Pass(says, test.F, Threshold, test.PValue);
    }

    public override PrePeriodBalance Trap(int seed) => Simulate(seed, shift: 0.12);

    public override PrePeriodBalance Clean(int seed) => Simulate(seed, shift: 0);

    public override PrePeriodBalance? Tiny => Simulate(1, 0, n: 3);

    // Two covariates, 5,000 units an arm; the first is shifted by 0.12 standard deviations.
    private static PrePeriodBalance Simulate(int seed, double shift, int n = 5_000)
    {
        var rng = new Rng(seed).Stream("covariate-imbalance");
        return new PrePeriodBalance { Covariates = ["spend before", "age"], Arms = ["A", "B"], ByArm = [Draw(rng, n, 0), Draw(rng, n, shift)] };
    }

    private static CoMoments Draw(Rng rng, int n, double shift)
    {
        var sums = new CoMomentsAccumulator([0, 0]);
        for (var i = 0; i < n; i++)
        {
            sums.Add([shift + rng.NextNormal(), rng.NextNormal()]);
        }

        return sums.ToCoMoments();
    }
}
