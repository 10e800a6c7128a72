using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Selection = Gnomon.Methods.Experiments.WinnersCurse;

namespace Gnomon.Checks.Experiments;

/// <summary>An effect picked for being significant is larger than the truth.</summary>
public sealed class WinnersCurse : Check<PrimaryResult>
{
    private const double Threshold = 1.25;

    public override CheckCard Card { get; } = new(
        Id: "winners-curse",
        Asks: "By how much does selection by significance exaggerate the effect?",
        FiresWhen: "a significant effect whose exaggeration ratio (type M), taken at the effect shrunk by 1 - 1/z^2, exceeds 1.25",
        Means: "The effect that won the race is probably larger than the truth.",
        Remedy: "Plan on the shrunken estimate and print it beside the raw one.",
        Source: "Gelman and Carlin 2014; Lee and Shen, KDD 2018")
    { Level = CheckLevel.Note, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(PrimaryResult evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.PValue >= evidence.Alpha)
        {
            return CheckResult.Pass($"not selected by significance ({Figures.P(evidence.PValue)})", null, Threshold);
        }

        var z = evidence.Difference / evidence.StandardError;
        var shrink = 1 - 1 / (z * z);
        var shrunken = evidence.Difference * shrink;
        var ratio = Selection.Selection(shrunken, evidence.StandardError, evidence.Alpha).ExaggerationRatio;
        var atEstimate = Selection.Selection(evidence.Difference, evidence.StandardError, evidence.Alpha).ExaggerationRatio;
        var says = $"significant effects of this precision overstate by {ratio:0.00} (by {atEstimate:0.00} if the estimate were the truth); plan on {Figures.Number(shrunken)} rather than {Figures.Number(evidence.Difference)}";
        return ratio > Threshold ? CheckResult.Note(says, ratio, Threshold) : CheckResult.Pass(says, ratio, Threshold);
    }

    public override PrimaryResult Trap(int seed) => PrimaryDraws.Of(1.97 + 0.5 * new Rng(seed).Stream("winners-curse").NextDouble(), 0.01);

    public override PrimaryResult Clean(int seed) => PrimaryDraws.Of(7 + new Rng(seed).Stream("winners-curse").NextNormal(), 0.01);

    public override PrimaryResult? Tiny => null;
}
