namespace Gnomon.Core.Ledger;

/// <summary>What was planned, looked at, tried and decided. Append-only: nothing here changes or deletes.</summary>
public interface ILedger
{
    /// <summary>Where it is, for the one quiet line of the first run; null when nothing is kept.</summary>
    string? Location { get; }

    /// <summary>Earlier looks at the same experiment, oldest first: the same name, the same data, or units that are contained in one another and were in the same arms.</summary>
    IReadOnlyList<Look> LooksAt(ExperimentKey experiment);

    /// <summary>Findings of those looks as they were written, oldest first; several where one state of the data was read more than once.</summary>
    IReadOnlyList<RecordedFinding> FindingsAt(ExperimentKey experiment) => [];

    /// <summary>The plan the experiment is held to, if any: the newest one made before there were data, else the first on record.</summary>
    RecordedPlan? PlanFor(ExperimentKey experiment);

    /// <summary>Every plan recorded for the experiment, oldest first; one of them rules.</summary>
    IReadOnlyList<RecordedPlan> PlansFor(ExperimentKey experiment) => PlanFor(experiment) is { } plan ? [plan] : [];

    /// <summary>Plans that were made beforehand, under a name, and that no look has followed yet; oldest first.</summary>
    IReadOnlyList<AwaitedPlan> PlansAwaited => [];

    /// <summary>Names of other experiments on the same units whose looks were recorded without arms, so that nothing tells whether they are this one; an empty text for looks without a name.</summary>
    IReadOnlyList<string> PerhapsAlso(ExperimentKey experiment) => [];

    /// <summary>Columns that named the units of recorded looks.</summary>
    IReadOnlyList<string> UnitColumns => [];

    /// <summary>One effect for each other experiment that was ever read and not found broken, newest reading, oldest experiment first.</summary>
    /// <param name="except">The experiment at hand: its own earlier looks are no prior knowledge.</param>
    IReadOnlyList<PastEffect> PastEffects(ExperimentKey except) => [];

    /// <summary>The newest entries, oldest first, a line each; empty without a ledger.</summary>
    /// <param name="newest">At most so many.</param>
    IReadOnlyList<RecordedEvent> Events(int newest) => [];

    /// <summary>Writes everything one run leaves behind in one transaction; returns the sequence number of the finding.</summary>
    long Append(LedgerEntry entry);
}

/// <summary>Identity of an experiment: which units met which arms, not what file, column or experiment is called.</summary>
/// <param name="Roles">Canonical text of roles, the verb first: <c>ab|unit=..|variant=..|control=..</c>. Only the verb takes part in the identity.</param>
/// <param name="Name">A name the user gave with <c>--experiment</c>: looks of one name belong together.</param>
/// <param name="Units">Sketch of the unit identifiers; empty when units are not at hand (typed counts).</param>
/// <param name="UnitCount">Units in the data.</param>
public sealed record ExperimentKey(string Roles, string? Name, IReadOnlyList<ulong> Units, long UnitCount)
{
    /// <summary>Arm of each unit of the sketch, as a number without a meaning of its own; -1 for a unit in several. Empty when it is not known.</summary>
    public IReadOnlyList<int> Arms { get; init; } = [];

    /// <summary>Fingerprint of the data: looks at the same data by the same column of arms belong together. Null for typed counts.</summary>
    public string? DataState { get; init; }
}

/// <summary>One analysis of one state of the data.</summary>
/// <param name="DataState">Fingerprint of the data as analysed: a second run on the same data is not a second look.</param>
/// <param name="Metrics">Metrics read.</param>
/// <param name="PValue">Smallest primary p-value shown, if one was.</param>
public sealed record Look(DateTimeOffset At, string DataState, long UnitCount, IReadOnlyList<string> Metrics, double? PValue, string Action)
{
    /// <summary>The name it was recorded under; null without one.</summary>
    public string? Name { get; init; }
}

/// <summary>A finding as it was written at a look.</summary>
/// <param name="DataState">Fingerprint of the data as analysed.</param>
/// <param name="Json">The finding: <c>gnomon.finding/1</c>.</param>
public sealed record RecordedFinding(string DataState, string Json);

/// <summary>A plan as recorded, with the hash of its text.</summary>
public sealed record RecordedPlan(DateTimeOffset At, string Hash, string Json)
{
    /// <summary>On record before the first look, or handed in with it.</summary>
    public bool BeforeFirstLook { get; init; }

    /// <summary>This is the plan the experiment is held to.</summary>
    public bool Rules { get; init; }
}

/// <summary>A plan whose experiment was never read.</summary>
public sealed record AwaitedPlan(string Name, string Hash, string Json);

/// <summary>What a study asks the ledger to remember.</summary>
public sealed record LedgerTrace
{
    public required ExperimentKey Experiment { get; init; }

    /// <summary>Fingerprint of the data as analysed; empty when no data were read (a plan made beforehand), which is then no look.</summary>
    public required string DataState { get; init; }

    /// <summary>Every hypothesis tested: metric, contrast, p-value.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; init; } = [];

    /// <summary>Rows set aside, by reason.</summary>
    public IReadOnlyList<Exclusion> Exclusions { get; init; } = [];

    /// <summary>The plan this run was held to, whole JSON; null when there was none.</summary>
    public string? PlanJson { get; init; }

    /// <summary>A plan that was handed in and is not the one that rules: recorded as an amendment; null when there was none.</summary>
    public string? AmendmentJson { get; init; }
}

public sealed record Hypothesis(string Metric, string Contrast, double? PValue, string Role);

public sealed record Exclusion(string Reason, long Rows);

/// <summary>One run: its finding and its trace.</summary>
public sealed record LedgerEntry(DateTimeOffset At, string Verb, string FindingJson, LedgerTrace? Trace, string Action, Override? Override = null);

/// <summary>A person decided against the finding and said why.</summary>
/// <param name="Finding">Sequence of the recorded finding decided against; null when it is the finding of the same run.</param>
public sealed record Override(string By, string Action, string Reason, long? Finding = null);

/// <summary>No memory: for <c>--no-ledger</c> and for tests.</summary>
public sealed class NoLedger : ILedger
{
    public static NoLedger Instance { get; } = new();

    public string? Location => null;

    public IReadOnlyList<Look> LooksAt(ExperimentKey experiment) => [];

    public RecordedPlan? PlanFor(ExperimentKey experiment) => null;

    public long Append(LedgerEntry entry) => 0;
}
