using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>What one prior makes of the data.</summary>
/// <param name="Name">The prior in words, for example <c>beta(50, 950)</c>.</param>
/// <param name="AboveZero">Posterior chance of an effect above 0.</param>
/// <param name="AboveMargin">Posterior chance of an effect above the margin; above 0 where none was declared.</param>
/// <param name="Call">What it would have one do or say, a word.</param>
public sealed record PriorReading(string Name, double AboveZero, double AboveMargin, string Call);

/// <summary>The same data under the declared prior, under a flat one and, where a margin gives the scale, under a sceptical one.</summary>
public sealed record PriorComparison : IEvidence
{
    public required string Metric { get; init; }

    public required string Contrast { get; init; }

    /// <summary>Under the prior that was declared.</summary>
    public required PriorReading Declared { get; init; }

    /// <summary>Under a flat prior; null where the data alone have no posterior.</summary>
    public PriorReading? Flat { get; init; }

    /// <summary>Under a normal prior around no effect, as wide as the margin; null without a margin.</summary>
    public PriorReading? Sceptical { get; init; }

    /// <summary>Chance, before the data and under the declared prior, of data at least as surprising; 1 for a flat prior.</summary>
    public double PredictiveTail { get; init; } = 1;

    /// <summary>The margin in words, <c>5 pp</c>; <c>0</c> without one.</summary>
    public string Threshold { get; init; } = "0";

    public string Subject => $"{Metric} ({Contrast})";
}
