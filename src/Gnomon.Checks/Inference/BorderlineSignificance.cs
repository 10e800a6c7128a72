using Gnomon.Checks.Experiments;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Weak evidence: just below the line.</summary>
public sealed class BorderlineSignificance : Check<PrimaryResult>
{
    private const double Low = 0.01;

    public override CheckCard Card { get; } = new(
        Id: "borderline-significance",
        Asks: "How strong is evidence that is just significant?",
        FiresWhen: "0.01 <= p < 0.05 on a primary result",
        Means: "The evidence is weak: an identical rerun would often miss the line.",
        Remedy: "Replicate, or decide by cost if the change is cheap to undo.",
        Source: "Sellke, Bayarri and Berger 2001; Benjamin et al. 2018")
    { Level = CheckLevel.Note };

    public override CheckResult Evaluate(PrimaryResult evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.PValue < Low || evidence.PValue >= evidence.Alpha)
        {
            return CheckResult.Pass($"not borderline ({Figures.P(evidence.PValue)})", evidence.PValue, Low, evidence.PValue);
        }

        var bound = SellkeBound.Of(evidence.PValue, evidence.Alpha);
        return CheckResult.Note(
            $"{evidence.Subject}: {Figures.P(evidence.PValue)} moves the odds by at most {bound.OddsBound:0.0} to 1, and an identical rerun would reach {evidence.Alpha:0.##} in {Figures.WholePercent(bound.RerunAtEstimate)} of cases",
            evidence.PValue, Low, evidence.PValue);
    }

    public override PrimaryResult Trap(int seed) => PrimaryDraws.Of(1.97 + 0.58 * new Rng(seed).Stream("borderline-significance").NextDouble(), 0.01);

    public override PrimaryResult Clean(int seed) => PrimaryDraws.Of(6 + new Rng(seed).Stream("borderline-significance").NextNormal(), 0.01);

    public override PrimaryResult? Tiny => null;
}
