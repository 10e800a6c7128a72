using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>How the shares of two arms moved while they ran, and whether the outcomes moved them.</summary>
public sealed record AdaptiveAllocation : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>The arm whose share is followed.</summary>
    public required string Arm { get; init; }

    /// <summary>Its smallest share over the run, from the log of probabilities, or over days when there is no log.</summary>
    public required double SmallestShare { get; init; }

    /// <summary>Its largest share.</summary>
    public required double LargestShare { get; init; }

    /// <summary>Days with both arms.</summary>
    public required int Days { get; init; }

    /// <summary>True when the probabilities were logged.</summary>
    public bool IsLogged { get; init; }

    /// <summary>Every row is weighted by its own probability to value another policy: shares may move as they like, as long as the log is right.</summary>
    public bool WeightsEveryRow { get; init; }

    /// <summary>p that the arms are shown as often as they were if the log is right; null without a log.</summary>
    public double? LogFitsP { get; init; }

    /// <summary>Where the log fits least, for the sentence; empty without a log.</summary>
    public string LogMisfit { get; init; } = string.Empty;

    /// <summary>p of the share's dependence on the difference seen before; null when it cannot be tested or need not be.</summary>
    public double? FollowsOutcomeP { get; init; }

    /// <summary>p that the share was the same on all days (chi-square of the days' counts); null when it was not tested.</summary>
    public double? SameShareP { get; init; }

    /// <summary>Plain difference of the means with its 95 % interval.</summary>
    public required double Plain { get; init; }

    public required double PlainLow { get; init; }

    public required double PlainHigh { get; init; }

    /// <summary>The difference with every row weighted by its probability; null when plain means are the answer.</summary>
    public double? Weighted { get; init; }

    public double WeightedLow { get; init; }

    public double WeightedHigh { get; init; }

    /// <summary>Unit of the metric, for sentences.</summary>
    public string Unit { get; init; } = "number";
}
