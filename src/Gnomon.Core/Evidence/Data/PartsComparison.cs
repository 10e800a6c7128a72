using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>The same columns in two parts of the data: two halves of a file, a reference and a window.</summary>
public sealed record PartsComparison : IEvidence
{
    public required string First { get; init; }

    public required string Second { get; init; }

    /// <summary>Rows of the smaller part, counted as independent.</summary>
    public required long SmallerPart { get; init; }

    public required IReadOnlyList<ColumnShift> Columns { get; init; }

    /// <summary>The column that sorts the file, when one does and it is not time: then the parts differ by arrangement.</summary>
    public string? SortedBy { get; init; }

    /// <summary>The other file when the parts are two files; empty for parts of one.</summary>
    public string Subject { get; init; } = string.Empty;
}

/// <param name="Column">The column.</param>
/// <param name="PValue">p-value of "same distribution", before correction.</param>
/// <param name="Effect">Wasserstein distance over the standard deviation, or total variation.</param>
/// <param name="EffectFloor">Smallest effect worth a word.</param>
/// <param name="Says">How it moved.</param>
public sealed record ColumnShift(string Column, double PValue, double Effect, double EffectFloor, string Says);
