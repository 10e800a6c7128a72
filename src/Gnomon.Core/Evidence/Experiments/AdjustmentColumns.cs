using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Columns that a difference is adjusted for, and whether the treatment could have touched them.</summary>
public sealed record AdjustmentColumns : IEvidence
{
    public required IReadOnlyList<AdjustmentColumn> Columns { get; init; }

    /// <summary>Units that were assigned.</summary>
    public required long Units { get; init; }

    /// <summary>How far each column tells each primary metric, where it tells much of it.</summary>
    public IReadOnlyList<OutcomeTold> Told { get; init; } = [];

    /// <summary>The arms do not have their planned sizes: they then differ in what units were before, whatever the treatment did.</summary>
    public bool SplitIsOff { get; init; }
}

/// <param name="Column">The column.</param>
/// <param name="StandardisedDifference">Largest difference between a treatment arm and control, in standard deviations within arms; for categories that of a level's share.</param>
/// <param name="PValue">p of "alike in all arms", corrected for the columns and arms looked at.</param>
/// <param name="Dated">Units whose value is a date and whose assignment is dated; 0 for columns without dates.</param>
/// <param name="DatedAfter">Those of them whose value lies after assignment.</param>
public sealed record AdjustmentColumn(string Column, double StandardisedDifference, double PValue, long Dated = 0, long DatedAfter = 0);

/// <param name="Column">The column, or all of them together.</param>
/// <param name="Metric">The metric that the answer is about.</param>
/// <param name="Explained">Share of the metric's variance within arms that the column explains, in [0, 1].</param>
/// <param name="IsYesNo">The metric takes two values.</param>
public sealed record OutcomeTold(string Column, string Metric, double Explained, bool IsYesNo);
