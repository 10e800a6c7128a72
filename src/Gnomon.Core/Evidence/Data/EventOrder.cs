using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Records with a start and an end.</summary>
public sealed record EventOrder : IEvidence
{
    public required string Start { get; init; }

    public required string End { get; init; }

    /// <summary>Rows with both.</summary>
    public required long Both { get; init; }

    /// <summary>Rows that end before they start.</summary>
    public required long Reversed { get; init; }

    /// <summary>Rows with a start and no end.</summary>
    public required long Open { get; init; }

    /// <summary>Start and end are steps without times: the end was reached without the start.</summary>
    public bool AreSteps { get; init; }

    public string Subject => $"{Start} to {End}";
}
