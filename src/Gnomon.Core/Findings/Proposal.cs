namespace Gnomon.Core.Findings;

/// <summary>What the numbers alone would have a study decide, before the checks are heard.</summary>
/// <param name="Action">The action the estimates support.</param>
/// <param name="Summary">The sentence that states it, with the numbers.</param>
/// <param name="WhenBlocked">Per check id, the sentence to use when that check fails; the check's own words are used for others.</param>
public sealed record Proposal(DecisionAction Action, string Summary, IReadOnlyDictionary<string, string>? WhenBlocked = null);
