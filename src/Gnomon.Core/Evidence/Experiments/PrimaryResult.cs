using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>A primary comparison as the decision reads it.</summary>
public sealed record PrimaryResult : IPoweredTest, ISizedEffect, ISelectedEffect
{
    public required string Metric { get; init; }

    public required string Contrast { get; init; }

    /// <summary>Difference in the metric's unit, with its interval.</summary>
    public required double Difference { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    public required double StandardError { get; init; }

    public required double PValue { get; init; }

    /// <summary>The p-value corrected for the arms and metrics beside it; null where there are none.</summary>
    public double? CorrectedPValue { get; init; }

    public double FamilyPValue => CorrectedPValue ?? PValue;

    public required double Alpha { get; init; }

    /// <summary>Read under a stopping rule: the rule, not the power of one reading, says when there is enough.</summary>
    public bool UnderStoppingRule { get; init; }

    /// <summary>Smallest worthwhile effect as an absolute difference (positive); null when none was declared.</summary>
    public double? Worthwhile { get; init; }

    /// <summary>Standard deviation of the metric in the control arm.</summary>
    public required double ControlDeviation { get; init; }

    /// <summary>Units in the two arms.</summary>
    public required long TreatmentUnits { get; init; }

    public required long ControlUnits { get; init; }

    /// <summary>Units the plan asked for in the two arms; null without a plan.</summary>
    public long? PlannedUnits { get; init; }

    /// <summary>True when the result was picked as the best of several arms or metrics.</summary>
    public bool SelectedFromSeveral { get; init; }

    /// <summary>True when the decision weighs gains, costs and the worth of further data, and no test decides.</summary>
    public bool IsDecidedByValue { get; init; }

    public string Subject => $"{Metric} ({Contrast})";
}
