using Gnomon.Core.Checks;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon;

/// <summary>What surrounds a question: where data come from, what is remembered, how it is watched and stopped. Every member has a default that works.</summary>
public sealed record AskSettings
{
    /// <summary>Data that the calling program holds; replaces the file or query of the options.</summary>
    public Table? Table { get; init; }

    /// <summary>What remembers plans, looks and findings. None by default: a library does not write to disk unasked. The caller disposes it.</summary>
    public ILedger Ledger { get; init; } = NoLedger.Instance;

    /// <summary>Opens the engine; the embedded one by default. The finding disposes what it opened.</summary>
    public Func<IEngine> Engine { get; init; } = Engines.Any;

    /// <summary>Checks to run; the whole catalogue by default.</summary>
    public IReadOnlyList<Check>? Checks { get; init; }

    /// <summary>The words to show as <c>provenance.command</c>; by default the verb and the data.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public IProgress<StudyProgress>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }
}
