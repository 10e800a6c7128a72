using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How many cases there are of what is to be learned, and how many candidates want to explain it.</summary>
public sealed record EventCounts : IEvidence
{
    public required string Target { get; init; }

    /// <summary>Classes with their rows, largest first.</summary>
    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>Candidate parameters: one per number, levels less one per category.</summary>
    public required int Parameters { get; init; }
}

/// <param name="Value">The class.</param>
/// <param name="Rows">Rows that hold it.</param>
public sealed record ClassCount(string Value, long Rows);
