using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What a difference was adjusted for, in words.</summary>
/// <param name="Phrase">As in "(95 % interval ..., adjusted for the pre-period)".</param>
/// <param name="Method">Of the estimate.</param>
internal sealed record AdjustmentWords(string Phrase, string Method)
{
    public static AdjustmentWords PrePeriod { get; } = new("adjusted for the pre-period", "adjusted for the pre-period, Lin regression");
}

/// <summary>Adjusted differences by metric and arm, for those that were asked for.</summary>
internal sealed record Adjustments
{
    public required AdjustmentWords Words { get; init; }

    public required IReadOnlyDictionary<(string Metric, int Arm), LinAdjustmentResult> Results { get; init; }

    /// <summary>Whether the columns could have been touched by the treatment.</summary>
    public AdjustmentColumns? Columns { get; init; }

    /// <summary>What was done and what could not be.</summary>
    public IReadOnlyList<string> Sentences { get; init; } = [];

    public LinAdjustmentResult? Of(string metric, int arm) => Results.GetValueOrDefault((metric, arm));
}
