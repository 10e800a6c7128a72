using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How a model does in each slice of the rows against the rows of all other slices.</summary>
public sealed record SlicePerformance : IEvidence
{
    /// <summary>The model, in words.</summary>
    public required string Model { get; init; }

    /// <summary>The column of the slices.</summary>
    public required string By { get; init; }

    /// <summary>Its score over all rows, in the measure of the gaps.</summary>
    public required double Overall { get; init; }

    /// <summary>One per slice and measure that could be held against the rest.</summary>
    public required IReadOnlyList<SliceGap> Gaps { get; init; }

    public string Subject => By;
}

/// <param name="Slice">Its name.</param>
/// <param name="Measure"><c>accuracy</c>, <c>recall</c>, ...: larger is better.</param>
/// <param name="Rows">Rows of the slice that were judged.</param>
/// <param name="Positives">Of these, rows that are cases.</param>
/// <param name="Value">The measure in the slice.</param>
/// <param name="Rest">The measure elsewhere.</param>
/// <param name="PValue">One-sided p-value of "the slice is no worse"; rows that belong together are not counted as many.</param>
public sealed record SliceGap(string Slice, string Measure, long Rows, long Positives, double Value, double Rest, double PValue);
