using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>The effect day by day.</summary>
public sealed record DailyEffects : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>Day of the experiment, 1 for the first.</summary>
    public required IReadOnlyList<int> Day { get; init; }

    /// <summary>Treatment minus control on that day.</summary>
    public required IReadOnlyList<double> Difference { get; init; }

    /// <summary>Variance of that difference.</summary>
    public required IReadOnlyList<double> Variance { get; init; }

    /// <summary>Covariance of the differences of two days, row by row, where the same units are seen on several days; null where days have units of their own.</summary>
    public IReadOnlyList<double>? Covariance { get; init; }

    /// <summary>Days count from the day on which the unit was first seen, not from the start of the experiment.</summary>
    public bool IsByExposure { get; init; }

    /// <summary>Curves of this experiment, one for each arm and primary metric: any of them may raise the alarm.</summary>
    public int Curves { get; init; } = 1;

    /// <summary>Interval of the whole-run difference.</summary>
    public required double Low { get; init; }

    public required double High { get; init; }

    public string Subject => Metric;
}
