using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>What the missing cells of one column go with.</summary>
public sealed record MissingnessLinks : IEvidence
{
    public required string Column { get; init; }

    /// <summary>Missing cells in all rows.</summary>
    public required long Missing { get; init; }

    public required long Rows { get; init; }

    /// <summary>Other columns it was compared with.</summary>
    public required int Tested { get; init; }

    /// <summary>The strongest links, strongest first.</summary>
    public required IReadOnlyList<MissingnessLink> Links { get; init; }

    public string Subject => Column;
}

/// <param name="Other">The column it goes with.</param>
/// <param name="AdjustedP">p-value of "does not depend on it", Holm over all pairs of columns tested.</param>
/// <param name="IsMaterial">The interval lies beyond an area under the curve of 0.55, or beyond one point of difference in rates.</param>
/// <param name="Auc">Chance that the other column is larger where cells are missing; null for categories.</param>
/// <param name="Says">What was seen, with numbers.</param>
public sealed record MissingnessLink(string Other, double AdjustedP, bool IsMaterial, double? Auc, string Says);
