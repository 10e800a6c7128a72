using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>The rows beside the population they should stand for.</summary>
public sealed record PopulationComparison : IEvidence
{
    /// <summary>Where the population is described.</summary>
    public required string Reference { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows of the reference; null when it gives shares that are taken as exact.</summary>
    public required long? ReferenceRows { get; init; }

    /// <summary>Groups of every column compared.</summary>
    public required IReadOnlyList<PopulationStratum> Strata { get; init; }

    /// <summary>Cross-fitted area under the curve of a model that tells the rows from the population; null without rows of the population.</summary>
    public double? Auc { get; init; }

    public double? AucLow { get; init; }

    /// <summary>Share of random labellings told apart at least as well.</summary>
    public double? AucP { get; init; }

    /// <summary>The file whose rows these are, where several are compared; empty for the data themselves.</summary>
    public string Subject { get; init; } = string.Empty;
}

/// <summary>One group of the population and the rows that stand for it.</summary>
/// <param name="Column">The column.</param>
/// <param name="Level">The group.</param>
/// <param name="Rows">Rows here.</param>
/// <param name="ColumnRows">Rows here with a value of the column.</param>
/// <param name="Share">Share of the population.</param>
/// <param name="Positives">Rows of the rarer class of the target here; null without such a target.</param>
public sealed record PopulationStratum(string Column, string Level, long Rows, long ColumnRows, double Share, long? Positives = null)
{
    /// <summary>Rows that a sample of this size would hold.</summary>
    public double Implied => ColumnRows * Share;
}
