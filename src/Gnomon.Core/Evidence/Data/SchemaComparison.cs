using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>The columns of the data beside those of the file they should match.</summary>
public sealed record SchemaComparison : IEvidence
{
    public required string Reference { get; init; }

    /// <summary>Columns in both files.</summary>
    public required int Common { get; init; }

    /// <summary>Columns of the reference that are not here.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Columns here that the reference does not have.</summary>
    public required IReadOnlyList<string> Added { get; init; }

    /// <summary>Columns that hold another kind of value, in words: <c>age (number there, text here)</c>.</summary>
    public required IReadOnlyList<string> Retyped { get; init; }

    /// <summary>True when the common columns stand in another order.</summary>
    public required bool IsReordered { get; init; }
}
