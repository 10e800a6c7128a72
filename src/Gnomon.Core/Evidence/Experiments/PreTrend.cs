using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>How treated regions moved against the others before anything was done to them.</summary>
public sealed record PreTrend : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>What was set against what, in words.</summary>
    public required string Compared { get; init; }

    /// <summary>What the difference before the start would pass for, in the unit of the effect.</summary>
    public required double Drift { get; init; }

    /// <summary>The drift in words, with its unit.</summary>
    public required string DriftText { get; init; }

    public required double PValue { get; init; }

    /// <summary>The smallest p the test could have given.</summary>
    public double SmallestP { get; init; }

    /// <summary>The drift that the test would have seen with power 0.8, in words; null where that is not known.</summary>
    public string? VisibleText { get; init; }

    public required int Regions { get; init; }

    /// <summary>Periods before the start.</summary>
    public required int Periods { get; init; }

    public string Subject => Metric;
}
