using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A percentage without its base.</summary>
public sealed class RelativeEffectWithoutAbsolute : Check<StatedResult>
{
    public override CheckCard Card { get; } = new(
        Id: "relative-effect-without-absolute",
        Asks: "Does the stated result give the absolute difference beside the percentage?",
        FiresWhen: "a stated claim gives a relative change without the absolute difference",
        Means: "A percentage without its base says nothing about how many cases are meant.",
        Remedy: "Print the absolute difference, the base rate and the counts beside every percentage.",
        Source: "Altman 1998; CONSORT 2010 item 17b")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(StatedResult evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.StatedLift is not { } lift)
        {
            return CheckResult.Skip($"the claim '{evidence.Claim}' states no relative change (0 percentages)");
        }

        return evidence.StatedDifference is null
            ? CheckResult.Warn($"the claim gives {Figures.Effect(lift, "relative")} alone; the data give an absolute difference of {(evidence.Difference is { } d ? Figures.Number(d) : "an unknown size (0 counts)")}", lift)
            : CheckResult.Pass($"the claim gives {Figures.Effect(lift, "relative")} and {Figures.Number(evidence.StatedDifference.Value)}", lift);
    }

    public override StatedResult Trap(int seed) => new() { Claim = "lift", StatedLift = 0.05 + 0.1 * new Rng(seed).NextDouble(), Difference = 0.003 };

    public override StatedResult Clean(int seed) => Trap(seed) with { StatedDifference = 0.003 };

    public override StatedResult? Tiny => new() { Claim = "p=0.03", StatedP = 0.03 };
}
