using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Rows, the units they come from, and the two errors one could print.</summary>
public sealed record UnitRepeats : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>Column whose values repeat over rows.</summary>
    public required string UnitColumn { get; init; }

    /// <summary>True when the analysis already treats that column as the unit.</summary>
    public required bool AnalysedByUnit { get; init; }

    /// <summary>The option that names the unit.</summary>
    public string Option { get; init; } = "--unit";

    /// <summary>What to do where no option names the unit; null where <see cref="Option"/> does.</summary>
    public string? Instead { get; init; }

    /// <summary>The arm never changes inside a value of the column: it was assigned as a whole, however few there are.</summary>
    public bool ArmIsConstant { get; init; }

    public required long Rows { get; init; }

    public required long Units { get; init; }

    /// <summary>Intra-class correlation with its lower 95 % limit.</summary>
    public required double IntraClassCorrelation { get; init; }

    public required double IntraClassLow { get; init; }

    /// <summary>Standard error if rows were independent.</summary>
    public required double NaiveError { get; init; }

    /// <summary>Standard error that respects the unit.</summary>
    public required double ClusteredError { get; init; }

    public string Subject => Metric;
}
