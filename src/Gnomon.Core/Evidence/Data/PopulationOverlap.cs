using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How much of a population the rows can speak for at all, and at what price.</summary>
public sealed record PopulationOverlap : IEvidence
{
    public required string Reference { get; init; }

    public required long Rows { get; init; }

    /// <summary>Share of the population in cells for which there is no row here although a proportional sample would hold ten.</summary>
    public required double UncoveredShare { get; init; }

    /// <summary>The largest of these cells, in words; empty when there is none.</summary>
    public required string LargestUncovered { get; init; }

    /// <summary>Effective size of the weights to the population's margins, as a share of the rows; 1 when no weights are needed.</summary>
    public required double EffectiveShare { get; init; }
}
