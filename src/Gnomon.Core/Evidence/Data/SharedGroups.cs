using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Customers, patients or places that are on both sides of a split.</summary>
public sealed record SharedGroups : IEvidence
{
    public required string Column { get; init; }

    public required string Train { get; init; }

    /// <summary>True when the column was declared to name the groups that must not be shared.</summary>
    public required bool IsDeclared { get; init; }

    /// <summary>Rows here with a value of the column.</summary>
    public required long Rows { get; init; }

    /// <summary>Of these, rows whose group is in training too.</summary>
    public required long SharedRows { get; init; }

    public required long Groups { get; init; }

    public required long Shared { get; init; }

    public string Subject => Column;
}
