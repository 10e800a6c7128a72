using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>Cases with and without an event, by group.</summary>
public sealed record CellCounts : IEvidence
{
    public required string Metric { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyList<long> Events { get; init; }

    public required IReadOnlyList<long> Units { get; init; }

    public string Subject => Metric;
}
