using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>Units that were seen in more than one arm.</summary>
public sealed record UnitOverlap : IEvidence
{
    public required long Units { get; init; }

    public required long InSeveralArms { get; init; }

    /// <summary>What the study did with them, for the sentence: <c>kept in the arm seen first</c> or <c>set aside</c>.</summary>
    public required string Treatment { get; init; }
}
