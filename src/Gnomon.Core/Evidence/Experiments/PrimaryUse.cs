namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Which metric the decision rests on, and which one was declared.</summary>
public sealed record PrimaryUse : IReportedWins
{
    /// <summary>Primary metrics of the plan; empty when there is no plan.</summary>
    public required IReadOnlyList<string> Declared { get; init; }

    /// <summary>Metrics read as primary now.</summary>
    public required IReadOnlyList<string> Used { get; init; }

    /// <summary>Metrics of earlier looks that this finding does not show.</summary>
    public IReadOnlyList<string> DroppedSinceEarlierLooks { get; init; } = [];

    /// <summary>For each used metric and contrast, the interval of the difference signed so that positive is better.</summary>
    public required IReadOnlyList<(string Metric, string Contrast, double Low, double High)> Headlines { get; init; }

    /// <summary>The contrast of the arm that the numbers would ship; null when they would ship none. Only its metrics can then be traded against each other.</summary>
    public string? Shipped { get; init; }

    /// <summary>Confidence level of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>True when some used metric is significant in the good direction.</summary>
    public required bool AnyWin { get; init; }
}
