namespace Gnomon.Core.Ledger;

/// <summary>One entry of a ledger on one line: a finding, a plan, or a decision against a finding.</summary>
/// <param name="Sequence">Number of the entry.</param>
/// <param name="Kind"><c>finding</c>, <c>plan</c> or <c>override</c>.</param>
/// <param name="Action">The decision.</param>
/// <param name="Title">The question in words; null for an entry without one.</param>
/// <param name="Experiment">Name of the experiment, if it has one.</param>
public sealed record RecordedEvent(long Sequence, DateTimeOffset At, string Kind, string Verb, string Action, string? Title, string? Experiment);
