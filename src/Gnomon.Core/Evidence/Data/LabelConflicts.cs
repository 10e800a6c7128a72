using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Rows that are alike in everything but the target.</summary>
public sealed record LabelConflicts : IEvidence
{
    public required string Target { get; init; }

    /// <summary>Columns compared, the target apart.</summary>
    public required int Features { get; init; }

    /// <summary>Rows with a target.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that share all features with another row.</summary>
    public required long RowsAlike { get; init; }

    /// <summary>Rows alike that hold another target than another row like them.</summary>
    public required long RowsInConflict { get; init; }

    /// <summary>Rows that any rule over these features gets wrong: those outside the largest class of their group.</summary>
    public required long FewestErrors { get; init; }

    /// <summary>Pairs of rows alike.</summary>
    public required double PairsAlike { get; init; }

    /// <summary>Pairs of rows that would be alike if the features said nothing of each other.</summary>
    public required double PairsByChance { get; init; }

    /// <summary>A column names every row: rows alike are different cases, not copies. Null where there is none.</summary>
    public string? NamedBy { get; init; }

    /// <summary>Values of one group in conflict, for example <c>age = 41, city = Oslo: yes 2, no 1</c>; empty without one.</summary>
    public string Example { get; init; } = string.Empty;

    public string Subject => Target;
}
