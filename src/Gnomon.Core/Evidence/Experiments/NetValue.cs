using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>What a change that would be launched is worth over its horizon, less its cost.</summary>
public sealed record NetValue : IEvidence
{
    /// <summary>The arm that would be launched.</summary>
    public required string Arm { get; init; }

    public required string Metric { get; init; }

    /// <summary>Money over the horizon, less the cost.</summary>
    public required double Net { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    public required double Level { get; init; }

    public required double Cost { get; init; }

    /// <summary>Months.</summary>
    public required double Horizon { get; init; }

    /// <summary>Chance that it pays, from the estimate and its error alone.</summary>
    public required double ChanceItPays { get; init; }

    public string Subject => Arm;
}
