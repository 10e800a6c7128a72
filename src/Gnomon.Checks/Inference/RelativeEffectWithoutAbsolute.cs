using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A percentage without its base.</summary>
public sealed class RelativeEffectWithoutAbsolute : Check<StatedResult>
{
    private const long FewestUnits = 2;

    public override CheckCard Card { get; } = new(
        Id: "relative-effect-without-absolute",
        Asks: "Does the stated result give the absolute difference beside the percentage?",
        FiresWhen: "a stated claim gives a relative change without the absolute difference, or names the units it rests on and has fewer than 2 on a side",
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

        var few = evidence.Groups is { } g && Math.Min(g.Treated, g.Control) < FewestUnits
            ? $"it rests on {Figures.Count(g.Treated)} against {Figures.Count(g.Control)}, and one unit cannot tell an effect from its own luck"
            : null;
        var bare = evidence.StatedDifference is null
            ? $"the data give an absolute difference of {(evidence.Difference is { } d ? Figures.Number(d) : "an unknown size (0 counts)")}"
            : null;
        return (bare, few) switch
        {
            (null, null) => CheckResult.Pass($"the claim gives {Figures.Effect(lift, "relative")} and {Figures.Number(evidence.StatedDifference!.Value)}", lift),
            (not null, null) => CheckResult.Warn($"the claim gives {Figures.Effect(lift, "relative")} alone; {bare}", lift),
            (null, _) => CheckResult.Warn($"the claim gives {Figures.Effect(lift, "relative")}; {few}", lift),
            _ => CheckResult.Warn($"the claim gives {Figures.Effect(lift, "relative")} alone; {few}", lift),
        };
    }

    public override StatedResult Trap(int seed) => seed % 2 == 0
        ? Stated(seed) with { Difference = 0.003 }
        : Stated(seed) with { StatedDifference = -4, Groups = (1, 12) };

    public override StatedResult Clean(int seed) => seed % 2 == 0
        ? Stated(seed) with { Difference = 0.003, StatedDifference = 0.003 }
        : Stated(seed) with { StatedDifference = -4, Groups = (9, 12) };

    public override StatedResult? Tiny => new() { Claim = "p=0.03", StatedP = 0.03 };

    private static StatedResult Stated(int seed) => new() { Claim = "lift", StatedLift = 0.05 + 0.1 * new Rng(seed).NextDouble() };
}
