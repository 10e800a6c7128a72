using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Every hypothesis of one finding that could lead to the same decision.</summary>
public sealed record TestFamily : IEvidence
{
    /// <summary><c>metric: contrast</c> for each member.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<double> PValues { get; init; }

    public required double Alpha { get; init; }

    /// <summary>True for a family that decides (Holm); false for one that screens (Benjamini-Hochberg).</summary>
    public bool Decides { get; init; } = true;

    /// <summary>The method whose p and intervals the answer rests on, when it already holds for the whole family; null when the answer is not corrected.</summary>
    public string? CorrectedBy { get; init; }

    /// <summary>Another correction than Holm's of the p-values alone, the intervals standing one by one; null for Holm's.</summary>
    public string? AdjustedBy { get; init; }

    /// <summary>p of each member by <see cref="CorrectedBy"/> or <see cref="AdjustedBy"/>; empty without either.</summary>
    public IReadOnlyList<double> CorrectedPValues { get; init; } = [];

    /// <summary>The decision rests on corrected p-values already, while those of single tests are printed beside them: only who reads these for himself is fooled.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Metrics among the members that no plan named before the data; null where that is not known, and all count.</summary>
    public int? Unplanned { get; init; }

    /// <summary>Members whose single result was stated as a win.</summary>
    public IReadOnlyList<string> Claimed { get; init; } = [];

    /// <summary>Members that the decision does not rest on: screened beside it.</summary>
    public string Label { get; init; } = "primary comparisons";

    public string Subject => Label;
}
