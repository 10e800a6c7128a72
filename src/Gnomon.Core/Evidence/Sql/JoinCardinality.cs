using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Sql;

/// <summary>Rows and a control total before a join and after it.</summary>
public sealed record JoinCardinality : IEvidence
{
    /// <summary>The join in words: <c>orders to items on order_id</c>.</summary>
    public required string Join { get; init; }

    public required long RowsBefore { get; init; }

    public required long RowsAfter { get; init; }

    /// <summary>Keys that the other side holds more than once, among those that meet a row.</summary>
    public required long RepeatedKeys { get; init; }

    /// <summary>The column that is added up; null when none is.</summary>
    public string? Measure { get; init; }

    /// <summary>Its total on the base table, in the measure's unit.</summary>
    public double? TotalBefore { get; init; }

    /// <summary>Its total after the join.</summary>
    public double? TotalAfter { get; init; }

    /// <summary>True when the finding's answer rests on this join as it is.</summary>
    public required bool IsAnswer { get; init; }

    public string Subject => Join;
}
