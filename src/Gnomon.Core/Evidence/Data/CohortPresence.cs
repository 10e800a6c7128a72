using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Units that started and whether they are still in the data.</summary>
public sealed record CohortPresence : IEvidence
{
    /// <summary>The file of those who started.</summary>
    public required string Cohort { get; init; }

    /// <summary>Column that names a unit.</summary>
    public required string Key { get; init; }

    public required long Started { get; init; }

    /// <summary>Of these, units without a row in the data.</summary>
    public required long Missing { get; init; }

    /// <summary>Units in the data that the cohort does not know.</summary>
    public long Unknown { get; init; }

    /// <summary>How the missing differ most from those who stayed, in words; empty when nothing was compared or differs.</summary>
    public string Differ { get; init; } = string.Empty;
}
