using Gnomon.Checks.Experiments;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Twyman's law: a result this striking is usually a fault.</summary>
public sealed class TooGoodToBeTrue : Check<PrimaryResult>
{
    private const double Threshold = 8;

    public override CheckCard Card { get; } = new(
        Id: "too-good-to-be-true",
        Asks: "Is the effect so strong that a fault is likelier than a discovery?",
        FiresWhen: "the effect is more than 8 standard errors from zero",
        Means: "A result this good on a hard problem usually means a fault.",
        Remedy: "Check logging, joins and the definition of the metric in both arms before believing it.",
        Source: "Twyman's law; Kohavi, Tang and Xu 2020")
    { Level = CheckLevel.Note, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(PrimaryResult evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!(evidence.StandardError > 0))
        {
            return CheckResult.Skip($"a difference of {Figures.Number(evidence.Difference)} between arms that do not vary has no standard error to be counted in");
        }

        var z = Math.Abs(evidence.Difference / evidence.StandardError);
        return z > Threshold
            ? CheckResult.Note($"{evidence.Subject}: {z:0.0} standard errors from zero ({Figures.P(evidence.PValue)}); look for a fault before celebrating", z, Threshold)
            : CheckResult.Pass($"{z:0.0} standard errors from zero", z, Threshold);
    }

    public override PrimaryResult Trap(int seed) => PrimaryDraws.Of(14 + new Rng(seed).Stream("too-good-to-be-true").NextNormal(), 0.01);

    public override PrimaryResult Clean(int seed) => PrimaryDraws.Of(3 + new Rng(seed).Stream("too-good-to-be-true").NextNormal(), 0.01);

    public override PrimaryResult? Tiny => null;
}
