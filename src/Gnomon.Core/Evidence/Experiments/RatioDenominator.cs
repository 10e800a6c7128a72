using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>The denominator of a ratio metric, counted after assignment, per unit and arm.</summary>
public sealed record RatioDenominator : IEvidence
{
    public required string Metric { get; init; }

    public required Moments Treatment { get; init; }

    public required Moments Control { get; init; }

    /// <summary>Relative change of the ratio itself.</summary>
    public required double RatioLift { get; init; }

    public string Subject => Metric;
}
