using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Two experiments on the same units.</summary>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
/// <param name="Interaction">Effect of the second where the first is on, less its effect where the first is off.</param>
/// <param name="PValue">Two-sided p-value of no interaction.</param>
/// <param name="AdjustedP">The same, adjusted by Benjamini and Hochberg over all pairs.</param>
/// <param name="IndependenceP">p-value that the two assignments are independent.</param>
/// <param name="ChangesSign">True when the second helps without the first and clearly hurts with it, or the other way round.</param>
public sealed record OverlapPair(string First, string Second, double Interaction, double PValue, double AdjustedP, double IndependenceP, bool ChangesSign);

/// <summary>Every pair of experiments that ran on the same units.</summary>
public sealed record ExperimentOverlap : IEvidence
{
    public required IReadOnlyList<OverlapPair> Pairs { get; init; }

    /// <summary>Units that were in both experiments of the smallest pair.</summary>
    public required long SmallestShared { get; init; }

    /// <summary>The analysis has the interactions as terms of its own and shows each, as that of a factorial experiment does: only dependent assignments are then left to warn of.</summary>
    public bool IsModelled { get; init; }

    /// <summary>Unit of the interactions, for sentences.</summary>
    public string Unit { get; init; } = string.Empty;
}
