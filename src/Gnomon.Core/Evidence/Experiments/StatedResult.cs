using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Numbers that somebody printed about this experiment, beside the counts they must come from.</summary>
public sealed record StatedResult : IEvidence
{
    /// <summary>The claim as written.</summary>
    public required string Claim { get; init; }

    public double? StatedP { get; init; }

    /// <summary>Decimals printed of the p-value.</summary>
    public int PDecimals { get; init; }

    /// <summary>Relative effect claimed, as a proportion; null when none.</summary>
    public double? StatedLift { get; init; }

    public int LiftDecimals { get; init; }

    /// <summary>Absolute difference claimed; null when none.</summary>
    public double? StatedDifference { get; init; }

    public int DifferenceDecimals { get; init; }

    /// <summary>Events and units of the treatment arm; null when the metric is not a proportion.</summary>
    public (long Events, long Units)? Treatment { get; init; }

    public (long Events, long Units)? Control { get; init; }

    /// <summary>p-values recomputed from the data under the usual settings, by name of the setting.</summary>
    public IReadOnlyList<(string Setting, double P)> Recomputed { get; init; } = [];

    /// <summary>Units on either side that the claim itself names; null where the data at hand are what it rests on.</summary>
    public (long Treated, long Control)? Groups { get; init; }

    public double? Lift { get; init; }

    public double? Difference { get; init; }
}
