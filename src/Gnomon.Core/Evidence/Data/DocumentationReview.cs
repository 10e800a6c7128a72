using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>What a project wrote down of its tables, features, models, jobs and incidents.</summary>
public sealed record DocumentationReview : IEvidence
{
    /// <summary>Things that should be described.</summary>
    public required int Assets { get; init; }

    /// <summary>What is missing, one line for each thing and kind.</summary>
    public required IReadOnlyList<DocumentationGap> Gaps { get; init; }
}

/// <param name="Asset">Name of the thing.</param>
/// <param name="Kind">Short words that count: <c>no owner</c>, <c>no description</c>, <c>columns without a description</c>.</param>
/// <param name="Says">What exactly is missing, a clause.</param>
public sealed record DocumentationGap(string Asset, string Kind, string Says);
