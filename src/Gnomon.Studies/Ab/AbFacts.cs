using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>Everything measured: the comparisons and the evidence that checks, words and decision share.</summary>
internal sealed record AbFacts
{
    public required IReadOnlyList<Comparison> Comparisons { get; init; }

    public required IReadOnlyList<Refusal> Refusals { get; init; }

    public required AssignmentCounts Assignment { get; init; }

    public required LookHistory Looks { get; init; }

    /// <summary>What the plan's stopping rule allows at this look; null without one.</summary>
    public AbSequential? Sequential { get; init; }

    public required IReadOnlyList<GuardrailResult> Guardrails { get; init; }

    public required IReadOnlyList<IEvidence> Evidence { get; init; }

    /// <summary>Size of the tests at this look: smaller than declared when a stopping rule spends it over looks.</summary>
    public required double Alpha { get; init; }

    /// <summary>Size at which readings without an end are narrowest.</summary>
    public double Tuned { get; init; } = OpenEnded.UsualUnits;

    public required AbDesign Design { get; init; }

    /// <summary>Smallest worthwhile effect of a primary comparison as an absolute difference.</summary>
    public double? Worthwhile(Comparison c) => Design.Worthwhile(c.Spec, c.Baseline.Values.Mean);
}
