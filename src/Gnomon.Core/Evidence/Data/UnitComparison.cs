using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>A part of a column beside the rest of it, by scale.</summary>
public sealed record UnitComparison : IEvidence
{
    public required string Column { get; init; }

    /// <summary>The part in words: <c>rows 201 to 400</c>, <c>source = eu</c>, <c>the larger values</c>.</summary>
    public required string Part { get; init; }

    /// <summary>Values of the part.</summary>
    public required IReadOnlyList<double> PartValues { get; init; }

    /// <summary>Values of the rest.</summary>
    public required IReadOnlyList<double> RestValues { get; init; }

    public string Subject => Column;
}
