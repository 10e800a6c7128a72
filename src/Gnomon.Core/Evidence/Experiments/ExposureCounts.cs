using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Units assigned to each arm, and those of them that met the place where the arms differ.</summary>
public sealed record ExposureCounts : IEvidence
{
    public required IReadOnlyList<string> Arms { get; init; }

    public required IReadOnlyList<long> Assigned { get; init; }

    public required IReadOnlyList<long> Exposed { get; init; }
}
