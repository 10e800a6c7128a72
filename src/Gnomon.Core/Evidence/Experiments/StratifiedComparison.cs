using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>One comparison of two arms, cut by days or by a segment.</summary>
public sealed record StratifiedComparison : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>What the strata are: <c>day</c>, or the segment's column.</summary>
    public required string Stratifier { get; init; }

    public required IReadOnlyList<string> Strata { get; init; }

    public required IReadOnlyList<Moments> Treatment { get; init; }

    public required IReadOnlyList<Moments> Control { get; init; }

    public double Level { get; init; } = 0.95;

    public string Subject => $"{Metric} by {Stratifier}";
}
