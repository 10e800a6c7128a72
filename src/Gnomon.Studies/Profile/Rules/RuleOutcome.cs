using Gnomon.Core.Findings;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>One rule held against the rows.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Demand">What it demands, in words.</param>
/// <param name="Broken">Rows that break it.</param>
/// <param name="Asked">Rows it speaks of.</param>
/// <param name="Most">Rows that may break it.</param>
/// <param name="NotAsked">Why it could not be asked; null when it was.</param>
internal sealed record RuleOutcome(Rule Rule, string Demand, long Broken, long Asked, long Most, string? NotAsked)
{
    /// <summary>Up to five rows that break it, with their values.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public bool IsBroken => NotAsked is null && Broken > Most;

    public string Status => NotAsked is not null ? RuleTable.NotAsked : IsBroken ? RuleTable.Broken : Broken > 0 ? "within what it allows" : "holds";
}
