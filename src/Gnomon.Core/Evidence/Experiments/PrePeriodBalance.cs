using Gnomon.Core.Checks;
using Gnomon.Numerics;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Pre-treatment covariates by arm.</summary>
public sealed record PrePeriodBalance : IEvidence
{
    public required IReadOnlyList<string> Covariates { get; init; }

    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>Joint moments of the covariates per arm, in the order of <see cref="Covariates"/>.</summary>
    public required IReadOnlyList<CoMoments> ByArm { get; init; }
}
