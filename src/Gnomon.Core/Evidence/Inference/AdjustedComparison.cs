using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Inference;

/// <summary>A difference between groups as they are, beside the difference with recorded columns held fixed.</summary>
public sealed record AdjustedComparison : IEvidence
{
    public required string Metric { get; init; }

    public required string Contrast { get; init; }

    /// <summary>True when the groups were assigned at random: what differs between them then is chance.</summary>
    public required bool Randomised { get; init; }

    public required long Units { get; init; }

    /// <summary>Recorded columns and how unlike the groups are in them.</summary>
    public required IReadOnlyList<ColumnBalance> Columns { get; init; }

    /// <summary>The difference, its error and its interval, columns ignored; over the units that can be compared within the columns.</summary>
    public double Crude { get; init; }

    public double CrudeError { get; init; }

    public double CrudeLow { get; init; }

    public double CrudeHigh { get; init; }

    /// <summary>The difference with <see cref="HeldFixed"/> held fixed; null when no column asked for it, or none allowed it.</summary>
    public double? Adjusted { get; init; }

    public double AdjustedLow { get; init; }

    public double AdjustedHigh { get; init; }

    /// <summary>Standard error of crude minus adjusted.</summary>
    public double ChangeError { get; init; }

    public IReadOnlyList<string> HeldFixed { get; init; } = [];

    public string Subject => $"{Metric} ({Contrast})";
}

/// <param name="Column">The column.</param>
/// <param name="StandardisedDifference">Largest difference of a level's share between the two groups, in standard deviations of that share.</param>
/// <param name="PValue">p of "the column is distributed alike in both groups", adjusted by Holm over the columns.</param>
public sealed record ColumnBalance(string Column, double StandardisedDifference, double PValue);
