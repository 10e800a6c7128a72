using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>What reading changed, could not type, or found in two shapes.</summary>
public sealed record ReadingLosses : IEvidence
{
    public required long Rows { get; init; }

    public required IReadOnlyList<ReadingLoss> Losses { get; init; }
}

/// <param name="Kind">Stable kebab-case kind of what happened.</param>
/// <param name="Cells">Cells or rows concerned.</param>
/// <param name="Share">Their share of the column or the rows.</param>
/// <param name="IsIrreversible">The value cannot be had back from what was read: one is enough.</param>
/// <param name="Says">One sentence.</param>
public sealed record ReadingLoss(string Kind, long Cells, double Share, bool IsIrreversible, string Says);
