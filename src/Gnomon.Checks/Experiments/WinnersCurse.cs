using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Selection = Gnomon.Methods.Experiments.WinnersCurse;

namespace Gnomon.Checks.Experiments;

/// <summary>An effect picked for being significant is larger than the truth.</summary>
public sealed class WinnersCurse : Check<ISelectedEffect>
{
    private const double Threshold = 1.25;

    public override CheckCard Card { get; } = new(
        Id: "winners-curse",
        Asks: "By how much does selection by significance exaggerate the effect?",
        FiresWhen: "a significant effect whose exaggeration ratio (type M), taken at the effect shrunk by 1 - 1/z^2, or by what the other experiments of its programme showed, exceeds 1.25",
        Means: "The effect that won the race is probably larger than the truth.",
        Remedy: "Plan on the shrunken estimate and print it beside the raw one.",
        Source: "Gelman and Carlin 2014; Lee and Shen, KDD 2018")
    { Level = CheckLevel.Note, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(ISelectedEffect evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.PValue >= evidence.Alpha)
        {
            return CheckResult.Pass($"not selected by significance ({Figures.P(evidence.PValue)})", null, Threshold);
        }

        var z = evidence.Difference / evidence.StandardError;
        var shrink = 1 - 1 / (z * z);
        var shrunken = evidence.Shrunken ?? evidence.Difference * shrink;
        if (shrunken * evidence.Difference <= 0)
        {
            return CheckResult.Note($"seen beside alike experiments nothing is left of {Text(evidence, evidence.Difference)}: plan on {Text(evidence, shrunken)}", null, Threshold);
        }

        var ratio = Selection.Selection(shrunken, evidence.StandardError, evidence.Alpha).ExaggerationRatio;
        var atEstimate = Selection.Selection(evidence.Difference, evidence.StandardError, evidence.Alpha).ExaggerationRatio;
        var says = $"significant effects of this precision overstate by {ratio:0.00} (by {atEstimate:0.00} if the estimate were the truth); plan on {Text(evidence, shrunken)} rather than {Text(evidence, evidence.Difference)}";
        return ratio > Threshold ? CheckResult.Note(says, ratio, Threshold) : CheckResult.Pass(says, ratio, Threshold);
    }

    public override ISelectedEffect Trap(int seed) => PrimaryDraws.Of(1.97 + 0.5 * new Rng(seed).Stream("winners-curse").NextDouble(), 0.01);

    public override ISelectedEffect Clean(int seed) => PrimaryDraws.Of(7 + new Rng(seed).Stream("winners-curse").NextNormal(), 0.01);

    public override ISelectedEffect? Tiny => null;

    private static string Text(ISelectedEffect e, double value) => e.Unit is { } unit ? Figures.Effect(value, unit, e.StandardError) : Figures.Number(value);
}
