using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Values of a category that training never saw.</summary>
public sealed record UnseenValues : IEvidence
{
    public required string Column { get; init; }

    public required string Train { get; init; }

    /// <summary>Rows here with a value.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows whose value does not occur in training.</summary>
    public required long Unseen { get; init; }

    /// <summary>These values, most frequent first; the first few.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    public string Subject => Column;
}
