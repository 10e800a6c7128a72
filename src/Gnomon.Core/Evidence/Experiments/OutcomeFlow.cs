using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Assigned units and those with an outcome, by arm.</summary>
public sealed record OutcomeFlow : IEvidence
{
    public required string Metric { get; init; }

    public required IReadOnlyList<string> Arms { get; init; }

    public required IReadOnlyList<long> Assigned { get; init; }

    public required IReadOnlyList<long> Observed { get; init; }

    /// <summary>False when nobody assigned the groups by chance.</summary>
    public bool Randomised { get; init; } = true;

    public string Subject => Metric;
}
