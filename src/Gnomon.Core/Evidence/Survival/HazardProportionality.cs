using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Survival;

/// <summary>Whether each hazard ratio is one number over the whole follow-up.</summary>
public sealed record HazardProportionality : IEvidence
{
    /// <summary>The follow-up time.</summary>
    public required string Outcome { get; init; }

    public required long Events { get; init; }

    public required IReadOnlyList<TermProportionality> Terms { get; init; }
}

/// <param name="Term">A coefficient.</param>
/// <param name="HazardRatio">Its hazard ratio, averaged over the follow-up.</param>
/// <param name="PValue">Grambsch and Therneau's test against time.</param>
/// <param name="Early">Hazard ratio up to the middle event; null where it cannot be estimated.</param>
/// <param name="Late">Hazard ratio after it, among those who were left.</param>
public sealed record TermProportionality(string Term, double HazardRatio, double PValue, double? Early = null, double? Late = null);
