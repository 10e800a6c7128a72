using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>A column that is to cut units into segments, counted by arm.</summary>
public sealed record SegmentColumnBalance : IEvidence
{
    public required string Column { get; init; }

    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>Groups of its values in words; units without a value are a group.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Units by group, then by arm.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Counts { get; init; }

    public string Subject => Column;
}
