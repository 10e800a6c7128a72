using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>What the largest values do to a difference of means.</summary>
public sealed record ExtremeValues : IEvidence
{
    public required string Metric { get; init; }

    public required Moments Treatment { get; init; }

    public required Moments Control { get; init; }

    /// <summary>Largest values of the treatment arm, descending: the top 0.1 % of units, 1 to 50 of them.</summary>
    public required IReadOnlyList<double> TopTreatment { get; init; }

    public required IReadOnlyList<double> TopControl { get; init; }

    /// <summary>Difference that decides (0, or the smallest worthwhile effect).</summary>
    public double Limit { get; init; }

    public double Level { get; init; } = 0.95;

    public string Subject => Metric;
}
