using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>Whether the columns of a model tell the classes (or the zero counts) apart completely.</summary>
public sealed record SeparationFound : IEvidence
{
    public required string Outcome { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows of the rarer class, or rows with a count above 0.</summary>
    public required long Events { get; init; }

    /// <summary>Columns whose estimate runs to infinity; empty when the estimate is finite.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>True when every row is strictly on its side.</summary>
    public required bool IsComplete { get; init; }
}
