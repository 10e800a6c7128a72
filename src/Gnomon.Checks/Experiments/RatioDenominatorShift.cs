using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>A ratio moved because its denominator did.</summary>
public sealed class RatioDenominatorShift : Check<RatioDenominator>
{
    private const double Threshold = 0.01;
    private const long SmallestArm = 30;

    public override CheckCard Card { get; } = new(
        Id: "ratio-denominator-shift",
        Asks: "Did the treatment change the denominator of the ratio?",
        FiresWhen: "denominators per assigned unit differ between the arms, Welch p < 0.01",
        Means: "The ratio moved partly because its denominator did.",
        Remedy: "Decide on totals per assigned unit, and look at numerator and denominator apart.",
        Source: "Dmitriev et al. 2017; Deng, Knoblich and Lu 2018")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.015, Aliases = ["composition-shift-in-ratio-metric"] };

    public override CheckResult Evaluate(RatioDenominator evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Treatment.Count < SmallestArm || evidence.Control.Count < SmallestArm)
        {
            return CheckResult.Skip($"an arm has {Math.Min(evidence.Treatment.Count, evidence.Control.Count)} units; {SmallestArm} are needed");
        }

        if (evidence.Treatment.M2 + evidence.Control.M2 == 0)
        {
            return CheckResult.Pass($"every unit has denominator {Figures.Number(evidence.Control.Mean)}", 0, Threshold);
        }

        var test = WelchT.Test(evidence.Treatment, evidence.Control);
        var says = $"denominator per unit {Figures.Number(evidence.Treatment.Mean)} against {Figures.Number(evidence.Control.Mean)}, {Figures.P(test.PValue)}; the ratio itself moved by {Figures.Effect(evidence.RatioLift, "relative")}";
        return test.PValue < Threshold ? CheckResult.Warn(says, test.Statistic, Threshold, test.PValue) : CheckResult.Pass(says, test.Statistic, Threshold, test.PValue);
    }

    public override RatioDenominator Trap(int seed) => Simulate(seed, -0.05);

    public override RatioDenominator Clean(int seed) => Simulate(seed, 0);

    public override RatioDenominator? Tiny => Simulate(1, 0) with { Control = new(5, 1, 1) };

    // Three sessions a unit with spread 2, 20,000 units an arm.
    private static RatioDenominator Simulate(int seed, double change)
    {
        var rng = new Rng(seed).Stream("ratio-denominator-shift");
        return new RatioDenominator
        {
            Metric = "revenue/sessions", Control = Simulated.Normal(rng, 20_000, 3, 2), Treatment = Simulated.Normal(rng, 20_000, 3 * (1 + change), 2), RatioLift = 0.04,
        };
    }
}
