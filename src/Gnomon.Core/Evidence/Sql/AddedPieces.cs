using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Sql;

/// <summary>A statistic computed in pieces and then added up or averaged, beside the same statistic of the whole.</summary>
public sealed record AddedPieces : IEvidence
{
    /// <summary>The statistic: <c>distinct users</c>, <c>median of amount</c>.</summary>
    public required string Statistic { get; init; }

    /// <summary>The pieces: <c>days</c>.</summary>
    public required string Pieces { get; init; }

    public required long Count { get; init; }

    /// <summary>Sum or mean of the pieces.</summary>
    public required double Added { get; init; }

    /// <summary>The statistic of all rows together; null when it was not computed.</summary>
    public required double? Whole { get; init; }

    /// <summary>True when the finding's answer adds the pieces.</summary>
    public required bool IsAnswer { get; init; }

    public string Subject => Statistic;
}
