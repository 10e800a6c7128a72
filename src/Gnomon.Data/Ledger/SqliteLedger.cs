using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>The ledger in an embedded SQLite file: append-only, hash-chained, safe under several processes and under a kill at any moment.</summary>
/// <remarks>Nothing is opened before the first question and nothing is created before the first entry. Safe for use by several threads.</remarks>
public sealed class SqliteLedger : ILedger, IDisposable
{
    private readonly Lock gate = new();
    private readonly LedgerConnection connection;

    /// <param name="path">Full or relative path of the ledger file; see <see cref="LedgerLocation"/> for where it lies by default.</param>
    /// <param name="options">Patience and limits; null for the defaults.</param>
    public SqliteLedger(string path, LedgerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        connection = new LedgerConnection(Path.GetFullPath(path), options ?? LedgerOptions.Default);
    }

    /// <summary>Full path of the file, whether it exists yet or not.</summary>
    public string Location => connection.Path;

    /// <inheritdoc/>
    /// <remarks>
    /// Looks at one data state are one look: the time and units of its first run, the metrics of all its runs, the smallest p-value shown and
    /// the last decision. The state at hand is included when it was recorded before.
    /// </remarks>
    public IReadOnlyList<Look> LooksAt(ExperimentKey experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        lock (gate)
        {
            return connection.ForReading() is { } database ? LookHistory.Read(database, experiment).DistinctLooks() : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecordedFinding> FindingsAt(ExperimentKey experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        lock (gate)
        {
            return connection.ForReading() is { } database ? LookHistory.Read(database, experiment).Findings(database) : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> PerhapsAlso(ExperimentKey experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        lock (gate)
        {
            return connection.ForReading() is { } database ? LookHistory.Read(database, experiment).Unsettled : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> UnitColumns
    {
        get
        {
            lock (gate)
            {
                return connection.ForReading() is { } database ? FamilyTable.UnitColumns(database) : [];
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>A plan written before there were units is found by its name only.</remarks>
    public RecordedPlan? PlanFor(ExperimentKey experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        lock (gate)
        {
            return connection.ForReading() is { } database ? PlanHistory.Ruling(database, experiment) : null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlan> PlansFor(ExperimentKey experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        lock (gate)
        {
            return connection.ForReading() is { } database ? PlanHistory.All(database, experiment) : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<AwaitedPlan> PlansAwaited
    {
        get
        {
            lock (gate)
            {
                return connection.ForReading() is { } database ? PlanHistory.Awaited(database) : [];
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecordedEvent> Events(int newest)
    {
        lock (gate)
        {
            return connection.ForReading() is { } database
                ? [.. LedgerListing.Read(database, new LedgerFilter { Newest = newest }).Select(e => new RecordedEvent(e.Sequence, e.At, e.Kind, e.Verb, e.Action, e.Title, e.Experiment))]
                : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<PastEffect> PastEffects(ExperimentKey except)
    {
        ArgumentNullException.ThrowIfNull(except);
        lock (gate)
        {
            return connection.ForReading() is { } database ? EffectHistory.Read(database, except) : [];
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A trace with an empty data state (a plan made before the data) is no look. A plan is written as an entry of its own, before the finding,
    /// unless it is on record for the experiment already. When this returns, the entry is on the disk.
    /// </remarks>
    /// <exception cref="Core.Errors.GnomonError">The file cannot be written, is full, busy, damaged, too new or no ledger; nothing was recorded then.</exception>
    public long Append(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (gate)
        {
            return connection.Write(database => AppendAll(database, entry)).Entries;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            connection.Dispose();
        }
    }

    /// <summary>Writes the plan, if it is new, and the finding, inside the caller's transaction.</summary>
    internal static LedgerHead AppendAll(SqliteDatabase database, LedgerEntry entry)
    {
        var at = LedgerTime.Text(entry.At);
        var planHash = entry.Trace?.PlanJson is { } json ? Hash(json) : null;
        string?[] handed = [entry.Trace?.PlanJson, entry.Trace?.AmendmentJson];
        foreach (var text in handed.OfType<string>())
        {
            var hash = Hash(text);
            if (PlanHistory.All(database, entry.Trace!.Experiment).All(p => p.Hash != hash))
            {
                AppendOne(database, EntryTranslation.Plan(entry, at, hash, text));
            }
        }

        return AppendOne(database, EntryTranslation.Finding(entry, at, planHash));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static LedgerHead AppendOne(SqliteDatabase database, EntryContent content)
    {
        var (last, previous) = (0L, EntryChain.Genesis);
        using (var statement = database.Prepare("SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1"))
        {
            if (statement.Step())
            {
                (last, previous) = (statement.Number(0), statement.Bytes(1).ToArray());
            }
        }

        var entry = content with { Sequence = last + 1 };
        var seal = EntryChain.Seal(entry, previous);
        EntryWriter.Write(database, entry, seal);
        if (entry.Look is { } look)
        {
            FamilyTable.Add(database, entry.Sequence, look);
        }

        return new LedgerHead(entry.Sequence, Convert.ToHexStringLower(seal.Hash));
    }
}
