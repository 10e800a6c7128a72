using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>A table held against the rules that were written down for it.</summary>
public sealed record ContractReview : IEvidence
{
    /// <summary>The file of rules.</summary>
    public required string Contract { get; init; }

    public required long Rows { get; init; }

    /// <summary>Every rule that was asked, in the order of the file.</summary>
    public required IReadOnlyList<RuleReview> Rules { get; init; }
}

/// <param name="Id">The rule's name in its file.</param>
/// <param name="Says">What it demands and what was found, one sentence without a full stop.</param>
/// <param name="Broken">Rows that break it; 1 for a rule about the table as a whole.</param>
/// <param name="Asked">Rows it was asked of.</param>
/// <param name="Most">Rows that may break it: the share the file allows, or, for a learned rule, what a second sample of the same source would break with a chance of 1 % over all rules together.</param>
/// <param name="NotAsked">Why it could not be asked; null when it was.</param>
public sealed record RuleReview(string Id, string Says, long Broken, long Asked, long Most, string? NotAsked = null)
{
    /// <summary>True when more rows break it than may.</summary>
    public bool IsBroken => NotAsked is null && Broken > Most;
}
