using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Features;

/// <summary>A row label that would be used as evidence.</summary>
public sealed class IdentifierAsFeature : Check<IdentifierSignal>
{
    private const double Percentile = 0.99;
    private const int FewestHeldOut = 50;
    private const int FewestProbes = 99;

    public override CheckCard Card { get; } = new(
        Id: "identifier-as-feature",
        Asks: "Does a row label tell the outcome?",
        FiresWhen: "a column that is named or shaped like an identifier explains the target on held-out rows better than 99 % of random probe columns do",
        Means: "A row label is being used as evidence.",
        Remedy: "Drop it, recover the signal it stands for (tenure, extract order), refit.",
        Source: "Kaufman et al. 2012; convention")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.015 };

    public override CheckResult Evaluate(IdentifierSignal evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.HeldOut < FewestHeldOut || evidence.Probes.Count < FewestProbes)
        {
            return CheckResult.Skip($"{evidence.HeldOut} held-out rows and {evidence.Probes.Count} probes; {FewestHeldOut} and {FewestProbes} are needed");
        }

        var limit = evidence.Probes.Order().ElementAt((int)Math.Ceiling(Percentile * evidence.Probes.Count) - 1);
        var p = (1.0 + evidence.Probes.Count(x => x >= evidence.Gain)) / (evidence.Probes.Count + 1);
        var says = $"{evidence.Column}, {Figures.Percent(evidence.UniqueShare)} unique, explains {Figures.Percent(Math.Max(0, evidence.Gain))} of the variance of {evidence.Target} on held-out rows; random labels reach {Figures.Percent(Math.Max(0, limit))}";
        return evidence.Gain > limit && evidence.Gain > 0 && p <= 1 - Percentile + 1e-12
            ? CheckResult.Fail($"{says}, so the order of the labels carries the outcome", evidence.Gain, limit, p)
            : CheckResult.Pass(says, evidence.Gain, limit, p);
    }

    public override IdentifierSignal Trap(int seed) => Simulate(seed, 6);

    public override IdentifierSignal Clean(int seed) => Simulate(seed, 0);

    public override IdentifierSignal? Tiny => Simulate(1, 0) with { HeldOut = 5 };

    // Held-out gains of labels without meaning scatter around a little below 0; the trap lies six such spreads higher.
    private static IdentifierSignal Simulate(int seed, double spreads)
    {
        const double Spread = 0.002;
        var rng = new Rng(seed).Stream("identifier-as-feature");
        var probes = new double[199];
        for (var i = 0; i < probes.Length; i++)
        {
            probes[i] = Spread * (rng.NextNormal() - 1);
        }

        return new IdentifierSignal { Column = "customer_id", Target = "churn", UniqueShare = 1, HeldOut = 5_000, Gain = Spread * (rng.NextNormal() - 1 + spreads), Probes = probes };
    }
}
