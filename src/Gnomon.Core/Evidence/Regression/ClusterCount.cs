using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>The clusters behind a clustered error.</summary>
public sealed record ClusterCount : IEvidence
{
    /// <summary>Column that names the cluster.</summary>
    public required string Column { get; init; }

    public required long Rows { get; init; }

    public required long Clusters { get; init; }

    /// <summary>Smallest Satterthwaite degrees of freedom over the coefficients that are read; null when the usual ones are used.</summary>
    public double? SmallestDegrees { get; init; }

    /// <summary>True when the groups are random effects of a mixed model.</summary>
    public bool IsMixedModel { get; init; }

    /// <summary>True when p and interval come from assigning the clusters again, which holds for any number of them.</summary>
    public bool IsRerandomised { get; init; }

    /// <summary>Share of rows in the largest cluster.</summary>
    public required double LargestShare { get; init; }
}
