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

    /// <summary>Members that the decision does not rest on: screened beside it.</summary>
    public string Label { get; init; } = "primary comparisons";

    public string Subject => Label;
}
