using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Regression;

/// <summary>Whether a prediction is asked for inside the region that the data cover.</summary>
public sealed record PredictionSupport : IEvidence
{
    public required string Outcome { get; init; }

    /// <summary>Rows that the model was fitted to.</summary>
    public required long Rows { get; init; }

    /// <summary>Every number of every prediction, beside the range of its column.</summary>
    public required IReadOnlyList<PredictedAt> Values { get; init; }
}

/// <param name="Column">The column.</param>
/// <param name="Value">Where the prediction is asked.</param>
/// <param name="Low">Smallest value seen.</param>
/// <param name="High">Largest value seen.</param>
public sealed record PredictedAt(string Column, double Value, double Low, double High);
