using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;

namespace Gnomon.Core.Studies;

/// <summary>A verb: measures, states evidence, proposes. It never judges, draws or prints.</summary>
public interface IStudy
{
    StudyReport Run(StudyOptions options, StudyContext context);
}

/// <summary>A verb with its own options record.</summary>
public abstract class Study<TOptions> : IStudy
    where TOptions : StudyOptions
{
    public abstract StudyReport Run(TOptions options, StudyContext context);

    StudyReport IStudy.Run(StudyOptions options, StudyContext context) => Run((TOptions)options, context);
}

/// <summary>What a study may use of the outside.</summary>
/// <param name="Data">The opened data set; null for verbs or calls that need none (counts typed in).</param>
/// <param name="Ledger">What was planned, looked at and tried before; an empty one when there is no ledger.</param>
/// <param name="Now">The moment of the run, for plans and deadlines only: estimates never depend on it.</param>
public sealed record StudyContext(
    IDataset? Data, ILedger Ledger, int Threads, DateTimeOffset Now, CancellationToken Cancellation, IProgress<StudyProgress>? Progress = null)
{
    /// <summary>Opens a second source, such as a history beside the experiment; it is read, named in provenance and closed like the first. Null where there is only the data at hand.</summary>
    public Func<SourceOptions, IDataset>? Beside { get; init; }

    /// <summary>Opens a source, hands it over, names it in provenance and closes it at once: for many sources, one after another. Null where there is only the data at hand.</summary>
    public Action<SourceOptions, Action<IDataset>>? Visit { get; init; }

    /// <summary>Asks a question as it is typed, without <c>gnomon</c>: files are those of a folder, and the ledger is not touched. Null where questions cannot be asked.</summary>
    public Func<IReadOnlyList<string>, string, Finding>? Rerun { get; init; }

    /// <exception cref="Errors.GnomonError"><c>data-missing</c> when the verb was called without data.</exception>
    public IDataset RequireData() => Data
        ?? throw new Errors.GnomonError("data-missing", "No data were given.", "DATA", "Name a file, or use --query.");
}

/// <summary>How far a run is: a step in words and the share done, 0 to 1, or null when it cannot be known.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Share">The share done.</param>
/// <param name="Bytes">What the whole step reads, for the rate; null when it is not known.</param>
public readonly record struct StudyProgress(string Step, double? Share, double? Bytes = null);

/// <summary>What a study hands over: facts, estimates, a proposal. Checks, decision, ledger and rendering follow elsewhere.</summary>
public sealed record StudyReport
{
    public required string Question { get; init; }

    public required string Title { get; init; }

    /// <summary>What the numbers support, worded once the checks have run: a study whose summary names what they saw reads it from their results, others pass it by.</summary>
    public required Func<IReadOnlyList<CheckRun>, Proposal> Propose { get; init; }

    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    public IReadOnlyList<IEvidence> Evidence { get; init; } = [];

    public IReadOnlyList<string> Limitations { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    public IReadOnlyList<Plot> Plots { get; init; } = [];

    public IReadOnlyList<ResultTable> Tables { get; init; } = [];

    /// <summary>Ids of tables and plots that hold rows of the data themselves: they are shown, and never kept in the ledger.</summary>
    public IReadOnlyList<string> HoldsRows { get; init; } = [];

    /// <summary>What the ledger writes down about this run; null when the verb leaves no trace beyond the finding.</summary>
    public LedgerTrace? Trace { get; init; }
}
