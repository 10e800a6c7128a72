using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Units whose outcome window is still open at the data's end.</summary>
public sealed record FollowUp : IEvidence
{
    public required string Metric { get; init; }

    public required int WindowDays { get; init; }

    public required long Units { get; init; }

    public required long Immature { get; init; }

    /// <summary>Difference with all units, and with the matured ones only; null when it could not be computed.</summary>
    public double? DifferenceAll { get; init; }

    public double? DifferenceMature { get; init; }

    public double? StandardError { get; init; }

    /// <summary>True when the units with open windows were left out of the answer, so that they only limit what it covers.</summary>
    public bool IsLeftOut { get; init; }

    public string Subject => Metric;
}
