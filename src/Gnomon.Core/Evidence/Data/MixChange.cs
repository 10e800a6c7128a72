using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>A difference of two means beside what the mixture of groups explains of it.</summary>
public sealed record MixChange : IEvidence
{
    public required string Metric { get; init; }

    /// <summary>What is compared, such as <c>after - before</c>.</summary>
    public required string Contrast { get; init; }

    /// <summary>The column whose groups make the mixture.</summary>
    public required string Category { get; init; }

    /// <summary>Groups on both sides.</summary>
    public required int Groups { get; init; }

    public required long Rows { get; init; }

    public required double Total { get; init; }

    /// <summary>Part of the difference that the shares of the groups explain.</summary>
    public required double Mix { get; init; }

    public required double MixStandardError { get; init; }

    /// <summary>Part that changed within the groups.</summary>
    public required double Within { get; init; }

    public string Subject => $"{Metric} by {Category}";
}
