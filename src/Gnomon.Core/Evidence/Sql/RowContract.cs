using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Sql;

/// <summary>A step that promises a number of rows: one per key, or as many as went in.</summary>
public sealed record RowContract : IEvidence
{
    /// <summary>The step in words: <c>one row per customer</c>.</summary>
    public required string Step { get; init; }

    public required long Promised { get; init; }

    public required long Found { get; init; }

    /// <summary>True when the finding's answer came out of the step as it is.</summary>
    public required bool IsAnswer { get; init; }

    public string Subject => Step;
}
