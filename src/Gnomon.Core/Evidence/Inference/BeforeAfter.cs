using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>A comparison of before with after a change, and what an untouched series did at the same time.</summary>
public sealed record BeforeAfter : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>When the change came, as it was given.</summary>
    public required string Change { get; init; }

    public required long RowsBefore { get; init; }

    public required long RowsAfter { get; init; }

    /// <summary>Change of the series.</summary>
    public required double Difference { get; init; }

    /// <summary>False where the change is not established by itself: there is then nothing that another series could explain.</summary>
    public bool IsEstablished { get; init; } = true;

    /// <summary>Column of the untouched series; null when there is none.</summary>
    public string? Untouched { get; init; }

    /// <summary>Change of the untouched series at the same time, in its own unit.</summary>
    public double? UntouchedDifference { get; init; }

    /// <summary>Change of the series less change of the untouched one: lower end of its interval.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end.</summary>
    public double? High { get; init; }
}
