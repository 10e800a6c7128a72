using Gnomon.Core.Errors;
using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger.Sqlite;

namespace Gnomon.Data.Ledger;

/// <summary>An existing ledger, to be read, checked, carried away and commented: what the verb <c>ledger</c> shows.</summary>
public sealed class LedgerFile : IDisposable
{
    private readonly LedgerConnection connection;
    private readonly SqliteDatabase database;

    private LedgerFile(LedgerConnection connection, SqliteDatabase database)
    {
        this.connection = connection;
        this.database = database;
    }

    /// <summary>Newest version of the file this code reads and writes.</summary>
    public static int FormatVersion => LedgerSchema.Version;

    /// <summary>Full path of the file.</summary>
    public string Location => connection.Path;

    /// <summary>Number of entries.</summary>
    public long Entries => EntryReader.Count(database);

    /// <exception cref="GnomonError"><c>ledger-not-found</c>, <c>ledger-not-a-ledger</c>, <c>ledger-too-new</c>, <c>ledger-damaged</c>.</exception>
    public static LedgerFile Open(string path, LedgerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new LedgerConnection(Path.GetFullPath(path), options ?? LedgerOptions.Default);
        return new LedgerFile(file, file.ForReading() ?? throw LedgerErrors.NotFound(file.Path));
    }

    /// <summary>Fills an empty or new ledger from an export, checking every hash on the way: all of it or nothing.</summary>
    /// <returns>The head, equal to that of the ledger exported.</returns>
    /// <exception cref="GnomonError"><c>ledger-not-empty</c>, <c>ledger-import-broken</c> with the line.</exception>
    public static LedgerHead Import(string path, TextReader lines, LedgerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(lines);
        using var target = new LedgerConnection(Path.GetFullPath(path), options ?? LedgerOptions.Default);
        return target.Write(empty => LedgerImport.Fill(empty, lines));
    }

    /// <summary>Entries that meet the filter, oldest first.</summary>
    public IReadOnlyList<LedgerLine> List(LedgerFilter? filter = null) => LedgerListing.Read(database, filter ?? LedgerFilter.All);

    /// <summary>One entry with everything recorded.</summary>
    /// <exception cref="GnomonError"><c>ledger-entry-not-found</c>.</exception>
    public LedgerDetail Show(long sequence) => database.Read(() => Detail(sequence));

    /// <summary>Every primary hypothesis of the programme in the order of its first look, with the p-value of its newest.</summary>
    public IReadOnlyList<PrimaryTest> PrimaryTests() => database.Read(() => PrimaryStream.Read(database));

    /// <summary>The plan the experiment is held to; null when none is on record.</summary>
    public RecordedPlan? PlanFor(ExperimentKey experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return database.Read(() => PlanHistory.Ruling(database, experiment));
    }

    /// <summary>Everything as JSON Lines: a header, then one entry a line with its hashes; <see cref="Import"/> reads it back.</summary>
    public void Export(TextWriter writer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        database.Read(() => LedgerExport.Write(database, writer, cancellation));
    }

    /// <summary>Recomputes every hash from the rows and compares it, the links, the count and the witness of the head.</summary>
    /// <param name="notedHash">Hash (or its first digits, at least 8) of an entry noted elsewhere, which must be there; null when none was.</param>
    /// <param name="cancellation">Stops between two entries.</param>
    public LedgerVerification Verify(string? notedHash = null, CancellationToken cancellation = default) => notedHash is { Length: < 8 }
        ? throw new GnomonError("option-out-of-range", $"A noted hash needs at least 8 digits; got '{notedHash}'.", "--head", "Write the hash as 'gnomon ledger verify' printed it.")
        : LedgerVerifier.Verify(database, notedHash, cancellation);

    /// <summary>Records that a person decided against a finding, and why; the finding itself stays as it is.</summary>
    /// <param name="sequence">Entry of the finding.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="action">What is done instead, for example <c>ship</c>.</param>
    /// <param name="reason">Why, in a sentence.</param>
    /// <param name="at">When.</param>
    /// <returns>Sequence of the override's own entry.</returns>
    /// <exception cref="GnomonError"><c>ledger-entry-not-found</c>, <c>ledger-not-a-finding</c>, <c>reason-missing</c>, or the ledger cannot be written.</exception>
    public long Override(long sequence, string by, string action, string reason, DateTimeOffset at)
    {
        RequireWords(reason, "reason-missing", "reason", "Say why with --reason \"...\".");
        RequireWords(action, "action-missing", "decision", "Name it with --action.");
        RequireWords(by, "name-missing", "name of the person who decides", "Name the person with --by.");
        var finding = Detail(sequence);
        if (finding.FindingJson is null)
        {
            throw new GnomonError(
                "ledger-not-a-finding", $"Entry {sequence} of {Location} is a{(finding.Line.Kind == EntryKind.Override ? "n override" : " plan")}, not a finding.", Location,
                "List the findings with gnomon ledger list.");
        }

        var entry = new LedgerEntry(at, finding.Line.Verb, string.Empty, null, action, new Override(by, action, reason, sequence));
        return connection.Write(open => SqliteLedger.AppendAll(open, entry)).Entries;
    }

    public void Dispose() => connection.Dispose();

    private static void RequireWords(string value, string code, string what, string hint)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new GnomonError(code, $"An override needs a {what}.", null, hint);
        }
    }

    private LedgerDetail Detail(long sequence)
    {
        using var reader = new EntryReader(database);
        var entry = reader.Read(sequence) ?? throw LedgerErrors.NoEntry(Location, sequence, Entries);
        var content = entry.Content;
        return new LedgerDetail
        {
            Line = LedgerListing.One(database, sequence),
            Hash = Convert.ToHexStringLower(entry.Seal.Hash),
            PreviousHash = Convert.ToHexStringLower(entry.Seal.Previous),
            Experiment = Experiment(content),
            DataState = content.Look?.DataState,
            Hypotheses = content.Hypotheses,
            Exclusions = content.Exclusions,
            PlanHash = content.Look?.PlanHash ?? content.Plan?.Hash,
            Plan = content.Plan is { } plan ? new RecordedPlan(LedgerTime.Parse(content.At, Location), plan.Hash, plan.Json) : null,
            Override = content.Override is { } o ? new Override(o.By, o.Action, o.Reason, o.Target) : null,
            FindingJson = content.Finding,
        };
    }

    private static ExperimentKey? Experiment(EntryContent content) => (content.Look, content.Plan) switch
    {
        ({ } look, _) => new ExperimentKey(look.Roles, look.Name, SketchBytes.ToHashes(look.Units), look.UnitCount),
        (_, { } plan) => new ExperimentKey(plan.Roles, plan.Name, SketchBytes.ToHashes(plan.Units), plan.UnitCount),
        _ => null,
    };
}
