using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How many rows hold each value of a numeric or date column.</summary>
public sealed record ValueSpikes : IEvidence
{
    public required string Column { get; init; }

    /// <summary>Distinct values, ascending.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Rows that hold each of them.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>Writes a value of this column for people; plain numbers when null.</summary>
    public Func<double, string>? Show { get; init; }

    public string Subject => Column;
}
