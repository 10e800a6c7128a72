using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>A sentence that somebody wrote about a comparison.</summary>
public sealed record StatedReading : IEvidence
{
    public required string Text { get; init; }

    /// <summary>The groups were assigned at random, so that causal words have a design behind them.</summary>
    public required bool IsRandomized { get; init; }

    /// <summary>Smallest p of the comparisons that the sentence may be about; null when there is none.</summary>
    public double? PValue { get; init; }

    /// <summary>Size below which that p counts.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Every interval lies inside a margin that was declared, so "no difference that matters" is supported.</summary>
    public bool IsInsideMargin { get; init; }

    /// <summary>Posterior chance of a difference above 0; null without a prior.</summary>
    public double? ChanceAboveZero { get; init; }

    /// <summary>Posterior chance of a difference above the margin; null without a prior or a margin.</summary>
    public double? ChanceAboveMargin { get; init; }
}
