using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Columns that hold one value, and pairs that hold the same.</summary>
public sealed record ColumnRedundancy : IEvidence
{
    public required long Rows { get; init; }

    public required int Columns { get; init; }

    public required IReadOnlyList<NearConstant> Constants { get; init; }

    /// <summary>The strongest pairs.</summary>
    public required IReadOnlyList<ColumnTwins> Twins { get; init; }
}

/// <param name="Column">The column.</param>
/// <param name="Value">Its one value.</param>
/// <param name="Others">Rows with another value.</param>
public sealed record NearConstant(string Column, string Value, long Others);

/// <param name="First">One column.</param>
/// <param name="Second">The other.</param>
/// <param name="Measure">Spearman or Cramer's V.</param>
/// <param name="Value">Its absolute value.</param>
/// <param name="Low">Lower 95 % limit.</param>
public sealed record ColumnTwins(string First, string Second, string Measure, double Value, double Low);
