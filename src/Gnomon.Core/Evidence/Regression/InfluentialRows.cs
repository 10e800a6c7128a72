using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>What leaving out the most influential rows does to the coefficients.</summary>
public sealed record InfluentialRows : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows left out: those with the largest Cook's distances, 0.1 % of all, 1 to 50.</summary>
    public required int Removed { get; init; }

    /// <summary>Largest Cook's distance.</summary>
    public required double LargestCook { get; init; }

    /// <summary>The row with it, counted from 1 in the file as it was read.</summary>
    public required long LargestRow { get; init; }

    /// <summary>The coefficient that moves most.</summary>
    public required string Term { get; init; }

    public required double Before { get; init; }

    public required double After { get; init; }

    /// <summary>Its standard error without those rows.</summary>
    public required double StandardError { get; init; }
}
