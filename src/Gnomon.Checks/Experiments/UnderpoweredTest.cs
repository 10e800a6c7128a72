using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The sample could not see the effect that matters.</summary>
public sealed class UnderpoweredTest : Check<IPoweredTest>
{
    private const double WantedPower = 0.80;

    public override CheckCard Card { get; } = new(
        Id: "underpowered-test",
        Asks: "Could this sample have seen an effect of the size that matters?",
        FiresWhen: "a plan has power below 0.80 at the smallest worthwhile effect; or the interval of a result holds both 0 and the smallest worthwhile effect; or a significant result comes from a sample whose power at that effect is below 0.80. Never computed at the observed effect.",
        Means: "The sample could not reliably see an effect of the size that matters; this is not evidence of no effect.",
        Remedy: "Judge the interval against the worthwhile effect; plan the units that would settle it, or reduce the noise with a pre-period metric.",
        Source: "Altman and Bland 1995; Schuirmann 1987; Hoenig and Heisey 2001")
    { Level = CheckLevel.Warning, Aliases = ["underpowered-null", "canary-underpowered"] };

    public override CheckResult Evaluate(IPoweredTest evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence switch
        {
            PlannedTest plan => Planned(plan),
            PrimaryResult result => Read(result),
            _ => CheckResult.Skip($"0 rules for evidence of type {evidence.GetType().Name}"),
        };
    }

    private static CheckResult Planned(PlannedTest plan)
    {
        var says = $"power {plan.Power:0.00} for an effect of {plan.Worthwhile} with {Figures.Count(plan.Total)} in all; {Figures.Count(plan.Needed)} would give what was asked";
        return plan.Power < WantedPower - 0.005 ? CheckResult.Warn(says, plan.Power, WantedPower) : CheckResult.Pass(says, plan.Power, WantedPower);
    }

    private static CheckResult Read(PrimaryResult evidence)
    {
        if (evidence.Worthwhile is not { } worthwhile)
        {
            return CheckResult.Skip("no smallest worthwhile effect was declared (0 given); add --mde to have it judged");
        }

        if (evidence.IsDecidedByValue)
        {
            return CheckResult.Pass($"decided by expected gain and cost with a break-even of {Figures.Number(worthwhile)}, not by a test: the worth of further data stands in the finding");
        }

        var power = Normal.Sf(Normal.Quantile(1 - evidence.Alpha / 2) - worthwhile / evidence.StandardError);
        var says = $"power {power:0.00} for an effect of {Figures.Number(worthwhile)} with {Figures.Count(evidence.TreatmentUnits)} and {Figures.Count(evidence.ControlUnits, "unit")}"
            + $"; the interval runs from {Figures.Number(evidence.Low)} to {Figures.Number(evidence.High)}";
        if (evidence.UnderStoppingRule)
        {
            return CheckResult.Pass($"{says}; the stopping rule says when there is enough", power, WantedPower);
        }

        var undecided = evidence.Low < 0 && evidence.High > 0 && (evidence.High >= worthwhile || evidence.Low <= -worthwhile);
        var lucky = evidence.FamilyPValue < evidence.Alpha && power < WantedPower;
        return undecided || lucky ? CheckResult.Warn(says, power, WantedPower) : CheckResult.Pass(says, power, WantedPower);
    }

    public override IPoweredTest Trap(int seed) => Simulate(seed, n: 20_000, baseline: 0.12, effect: 0.0036, worthwhile: 0.0036);

    public override IPoweredTest Clean(int seed) => Simulate(seed, n: 400_000, baseline: 0.12, effect: 0, worthwhile: 0.0036);

    public override IPoweredTest? Tiny => Simulate(1, 100, 0.5, 0, 0.1) with { Worthwhile = null };

    private static PrimaryResult Simulate(int seed, long n, double baseline, double effect, double worthwhile)
    {
        var rng = new Rng(seed).Stream("underpowered-test");
        var se = Math.Sqrt(2 * baseline * (1 - baseline) / n);
        var difference = effect + se * rng.NextNormal();
        return new PrimaryResult
        {
            Metric = "ordered", Contrast = "B - A", Difference = difference, Low = difference - 1.96 * se, High = difference + 1.96 * se, StandardError = se,
            PValue = 2 * Normal.Sf(Math.Abs(difference) / se), Alpha = 0.05, Worthwhile = worthwhile, ControlDeviation = Math.Sqrt(baseline * (1 - baseline)),
            TreatmentUnits = n, ControlUnits = n,
        };
    }
}
