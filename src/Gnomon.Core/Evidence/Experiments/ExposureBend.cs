using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>An effect carried on to where all neighbours, or none, are treated: along straight lines, and along curves.</summary>
public sealed record ExposureBend : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>The total effect along straight lines, which decides; in the metric's unit.</summary>
    public required double Straight { get; init; }

    /// <summary>The same along fitted curves.</summary>
    public required double Curved { get; init; }

    /// <summary>Of the straight one.</summary>
    public required double StandardError { get; init; }

    /// <summary>p of the bend of both arms.</summary>
    public required double PValue { get; init; }

    /// <summary>Units behind the test.</summary>
    public required long Units { get; init; }

    /// <summary>How far the neighbours' share differed in what was met: 1 where nothing was carried on.</summary>
    public required double Reached { get; init; }

    /// <summary>The straight answer in words, with its unit.</summary>
    public required string StraightText { get; init; }

    /// <summary>The curved answer in words, with its unit.</summary>
    public required string CurvedText { get; init; }

    public string Subject => Metric;
}
