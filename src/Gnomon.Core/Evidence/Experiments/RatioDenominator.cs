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

    /// <summary>True for a metric that is guarded rather than decided on.</summary>
    public bool IsGuardrail { get; init; }

    /// <summary>What the interval of the ratio's difference says: 1 above zero, -1 below, 0 when it holds zero.</summary>
    public int RatioVerdict { get; init; }

    /// <summary>The numerator per unit, units of the denominator's moments; null when the study did not read it.</summary>
    public Moments? NumeratorTreatment { get; init; }

    public Moments? NumeratorControl { get; init; }

    public double Level { get; init; } = 0.95;

    public string Subject => Metric;
}
