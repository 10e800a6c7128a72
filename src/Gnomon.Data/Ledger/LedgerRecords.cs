using Gnomon.Core.Ledger;

namespace Gnomon.Data.Ledger;

/// <summary>Which entries to list; every condition given must hold.</summary>
public sealed record LedgerFilter
{
    public static LedgerFilter All { get; } = new();

    /// <summary><c>finding</c>, <c>plan</c> or <c>override</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The verb that was run, for example <c>ab</c>.</summary>
    public string? Verb { get; init; }

    /// <summary>The decision, for example <c>ship</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The name given with <c>--experiment</c>.</summary>
    public string? Experiment { get; init; }

    /// <summary>A metric that was tested.</summary>
    public string? Metric { get; init; }

    /// <summary>First moment, included.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Last moment, not included.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>At most so many, the newest ones; null for all.</summary>
    public int? Newest { get; init; }
}

/// <summary>One entry on one line.</summary>
/// <param name="Kind"><c>finding</c>, <c>plan</c> or <c>override</c>.</param>
/// <param name="Title">The finding's question in words; null for an entry without one.</param>
/// <param name="Experiment">Name of the experiment, if it has one.</param>
/// <param name="UnitCount">Units in the data; null when the entry is no look.</param>
/// <param name="Hypotheses">Hypotheses tested.</param>
/// <param name="PValue">Smallest primary p-value shown, if one was.</param>
/// <param name="Target">For an override: the finding decided against.</param>
/// <param name="OverriddenBy">The newest override of this finding, if there is one.</param>
public sealed record LedgerLine(
    long Sequence, DateTimeOffset At, string Kind, string Verb, string Action, string? Title, string? Experiment, long? UnitCount,
    long Hypotheses, double? PValue, long? Target, long? OverriddenBy);

/// <summary>One entry with everything that was recorded.</summary>
public sealed record LedgerDetail
{
    public required LedgerLine Line { get; init; }

    /// <summary>Hash of the entry, 64 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Hash of the entry before; zeros for the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>The experiment the look or the plan belongs to.</summary>
    public ExperimentKey? Experiment { get; init; }

    /// <summary>Fingerprint of the data; null when the entry is no look.</summary>
    public string? DataState { get; init; }

    public IReadOnlyList<Hypothesis> Hypotheses { get; init; } = [];

    public IReadOnlyList<Exclusion> Exclusions { get; init; } = [];

    /// <summary>Hash of the plan the run was held to.</summary>
    public string? PlanHash { get; init; }

    /// <summary>The plan, when the entry records one.</summary>
    public RecordedPlan? Plan { get; init; }

    public Override? Override { get; init; }

    /// <summary>The whole finding as it was rendered to JSON; null for a plan or an override.</summary>
    public string? FindingJson { get; init; }
}

/// <summary>What the file beside the ledger says of its head.</summary>
public enum HeadWitness
{
    /// <summary>It names an entry that is there, with that hash.</summary>
    Agrees,

    /// <summary>There is no such file: a removal of the newest entries could not be seen.</summary>
    Missing,

    /// <summary>It cannot be understood.</summary>
    Unreadable,

    /// <summary>It names an entry that is gone or another one: the ledger was cut or rewritten.</summary>
    Disagrees,

    /// <summary>The ledger itself was broken before the comparison.</summary>
    NotCompared,
}

/// <summary>Outcome of a verification.</summary>
public sealed record LedgerVerification
{
    /// <summary>True when nothing was found to have been changed, removed or added outside Gnomon.</summary>
    public required bool Intact { get; init; }

    /// <summary>Entries read and recomputed.</summary>
    public required long Entries { get; init; }

    /// <summary>The first entry that does not hold; null when all do or the fault lies in no single entry.</summary>
    public long? FirstBroken { get; init; }

    /// <summary>What differs, in words; null when intact.</summary>
    public string? Difference { get; init; }

    /// <summary>The head as computed, to be noted elsewhere; null when the ledger is empty or not intact.</summary>
    public LedgerHead? Head { get; init; }

    public required HeadWitness Witness { get; init; }

    /// <summary>One or two sentences for the reader.</summary>
    public required string Summary { get; init; }
}
