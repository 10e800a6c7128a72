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
        FiresWhen: "denominators per assigned unit differ between the arms, Welch p < 0.01; a remark only for a guardrail whose numerator per unit does not move against the ratio",
        Means: "The ratio moved partly because its denominator did.",
        Remedy: "Decide on totals per assigned unit, and look at numerator and denominator apart.",
        Source: "Dmitriev et al. 2017; Deng, Knoblich and Lu 2018")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.015, Aliases = ["composition-shift-in-ratio-metric"] };

    public override CheckResult Evaluate(RatioDenominator evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Treatment.Count < SmallestArm || evidence.Control.Count < SmallestArm)
        {
            return CheckResult.Skip($"an arm has {Figures.Count(Math.Min(evidence.Treatment.Count, evidence.Control.Count), "unit")}; {SmallestArm} are needed");
        }

        if (evidence.Treatment.M2 + evidence.Control.M2 == 0)
        {
            return CheckResult.Pass($"every unit has denominator {Figures.Number(evidence.Control.Mean)}", 0, Threshold);
        }

        var test = WelchT.Test(evidence.Treatment, evidence.Control);
        var says = $"denominator per unit {Figures.Number(evidence.Treatment.Mean)} against {Figures.Number(evidence.Control.Mean)}, {Figures.P(test.PValue)}; the ratio itself moved by {Figures.Effect(evidence.RatioLift, "relative")}";
        var numerator = Numerator(evidence);
        if (numerator is not null)
        {
            says = $"{says}; numerator per unit {Figures.Number(evidence.NumeratorTreatment!.Mean)} against {Figures.Number(evidence.NumeratorControl!.Mean)}, {Figures.P(numerator.PValue)}";
        }

        if (test.PValue >= Threshold)
        {
            return CheckResult.Pass(says, test.Statistic, Threshold, test.PValue);
        }

        // A guardrail may move because the treatment made more of its denominator, as orders from more conversions; its numerator then tells whether there is harm.
        return evidence.IsGuardrail && numerator is not null && Verdict(numerator) * evidence.RatioVerdict >= 0
            ? CheckResult.Note($"{evidence.Metric}: {says}. Its parts do not contradict each other; read them apart", test.Statistic, Threshold, test.PValue)
            : CheckResult.Warn(says, test.Statistic, Threshold, test.PValue);
    }

    private static ContrastResult? Numerator(RatioDenominator e) =>
        e is { NumeratorTreatment: { } treatment, NumeratorControl: { } control } ? WelchT.TryTest(treatment, control, e.Level) : null;

    private static int Verdict(ContrastResult numerator) => numerator.Low > 0 ? 1 : numerator.High < 0 ? -1 : 0;

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
