using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files.Conversion;
using Gnomon.Data.Files.Csv;
using Gnomon.Data.Files.Csv.Streaming;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files;

/// <summary>Opens what <see cref="SourceOptions"/> names: a file, a pattern, standard input, a query or a table in memory.</summary>
internal sealed class SourceLoader(SourceOptions options, Func<Stream> standardInput, CancellationToken cancellation)
{
    private const string DataTable = "data";
    private const string StandardInput = "standard input";

    private readonly List<ReadIssue> _issues = [];
    private readonly FileHash _hash = new();
    private bool _isText;

    /// <summary>The source is a plain text file of which every row was found to be what its head promises: no guards.</summary>
    public bool AreRowsSeen { get; init; }

    /// <summary>Takes the rows of text as a SELECT instead of a table; called again when its types turn out not to hold.</summary>
    public Action<string>? Sink { get; init; }

    /// <summary>Where rows are listed that do not stand as the others do.</summary>
    public RejectFile? Rejects { get; init; }

    /// <summary>Somebody else hashes the bytes.</summary>
    public bool IsHashed { get; init; }

    /// <summary>These files alone, where the pattern matches more.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>A plain text file is read straight from its bytes; everything else, and every question that needs it, by the engine.</summary>
    public IDataset Open()
    {
        Validate();
        if (options.Tables is not null)
        {
            return OpenDatabase();
        }

        if (StreamedFileFinder.TryFind(options, cancellation) is not { } file)
        {
            return OpenEngine();
        }

        _hash.Add([options.Path!]);
        return new StreamedCsvDataset(
            file, Name, Source, _hash.Wait, _hash, c => new SourceLoader(options, standardInput, c) { AreRowsSeen = file.Rows is not null, IsHashed = true }.OpenEngine());
    }

    /// <summary>Loads the source into the engine.</summary>
    public DuckDbDataset OpenEngine()
    {
        Validate();
        var session = new EngineSession(options);
        try
        {
            var relation = Filter(session, Load(session));
            var schema = new Schema(Name, Fields(session, relation));
            return new DuckDbDataset(session, relation, Name, Source, schema, _issues, Identity(), _hash) { ReadsColumnsAlone = !_isText };
        }
        catch (EngineException e) when (e.IsInterrupt)
        {
            _hash.Dispose();
            session.Dispose();
            throw new OperationCanceledException("Reading was cancelled.", e, cancellation);
        }
        catch
        {
            _hash.Dispose();
            session.Dispose();
            throw;
        }
    }

    // Every table has its own files and hash; all of them live in one engine.
    private DuckDbDatabase OpenDatabase()
    {
        var session = new EngineSession(options);
        try
        {
            var database = new DuckDbDatabase(session, options, standardInput);
            foreach (var table in options.Tables!)
            {
                database.Add(table, cancellation);
            }

            if (options.Memory is { } memory)
            {
                MemoryLoader.Load(session, memory, DataTable, cancellation);
                database.AddLoaded(DataTable, "table in memory", _ => MemoryLoader.Hash(memory));
            }

            return database;
        }
        catch (EngineException e) when (e.IsInterrupt)
        {
            session.Dispose();
            throw new OperationCanceledException("Reading was cancelled.", e, cancellation);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Loads one table into an engine that others share.</summary>
    /// <param name="session">The engine.</param>
    /// <param name="table">Its name, without quotes.</param>
    /// <returns>What reading repaired, and the hash of the bytes.</returns>
    public LoadedTable LoadInto(EngineSession session, string table)
    {
        LoadFiles(session, options.Path!, SqlText.Identifier(table));
        return new LoadedTable(_issues, _hash);
    }

    private string Name =>
        options.Memory is not null ? "table"
        : options.Path is null ? "query"
        : options.Path == "-" ? StandardInput
        : FileFinder.Shown(options.Path);

    private string Source => options.Path is null ? options.Sql ?? "table in memory" : options.Path == "-" ? StandardInput : options.Path;

    private void Validate()
    {
        if (options is { Memory: not null, Path: not null } or { Path: null, Sql: null, Memory: null, Tables: null })
        {
            throw new GnomonError("no-source", "No data were named.", hint: "Name a file, '-' for standard input, or --query with a SELECT.");
        }

        if (options.Decimal is not ('.' or ','))
        {
            throw new GnomonError("option-out-of-range", $"--decimal must be '.' or ','; got '{options.Decimal}'.", "--decimal", "Write --decimal ','.");
        }

        _ = FileFormat.Named(options.Format);
    }

    /// <summary>Loads everything and returns the relation to be questioned.</summary>
    private string Load(EngineSession session)
    {
        if (options.Memory is { } memory)
        {
            MemoryLoader.Load(session, memory, DataTable, cancellation);
        }
        else if (options.Path is { } path)
        {
            LoadFiles(session, path, DataTable);
        }

        if (options.Sql is not { } sql)
        {
            return DataTable;
        }

        var result = Query(session, sql);
        _isText = false;
        return result;
    }

    private void LoadFiles(EngineSession session, string path, string table)
    {
        List<SourceFile> files = path == "-" ? [Spooled(session)] : [.. (Files ?? FileFinder.Find(path)).Select(p => Prepared(session, p))];
        if (!IsHashed)
        {
            _hash.Add(files.Select(f => f.Original));
        }

        if (files.Exists(f => f.Kind != files[0].Kind))
        {
            throw new GnomonError("mixed-formats", $"{path} matches files of different formats: {files[0].Shown} and {files.First(f => f.Kind != files[0].Kind).Shown}.", path, "Narrow the pattern, for example to *.csv.");
        }

        switch (files[0].Kind)
        {
            case FileKind.Parquet:
                new ParquetLoader(session, _issues, cancellation).Load(files, table);
                break;
            case FileKind.Json or FileKind.JsonLines:
                new JsonLoader(session, _issues, cancellation) { Sink = Sink, Rejects = Rejects }.Load(files, table);
                break;
            default:
                var csv = new CsvLoader(session, options, _issues, cancellation) { AreRowsSeen = AreRowsSeen, Sink = Sink, Rejects = Rejects };
                csv.Load(files, table);
                _isText = csv.StaysText;
                break;
        }
    }

    private SourceFile Prepared(EngineSession session, string path) =>
        SourceFile.Prepare(FileFinder.Shown(path), path, options, session.Scratch, cancellation);

    private SourceFile Spooled(EngineSession session)
    {
        var path = session.Scratch.NewFile(".in");
        using (var input = standardInput())
        {
            Spool.Copy(input, path, cancellation);
        }

        return SourceFile.Prepare(StandardInput, path, options, session.Scratch, cancellation);
    }

    /// <summary>
    /// Files that the query names become tables of that very name, read by our own rules; the engine finds them before it looks at the
    /// disk. The answer is kept, so that every later question meets the same rows in the same order.
    /// </summary>
    private string Query(EngineSession session, string sql)
    {
        var text = sql.Trim().TrimEnd(';');
        using var connection = session.Connect();
        var tables = QueryTables.Of(session, text, cancellation);
        foreach (var name in tables.Names.Where(n => n != DataTable && LooksLikeFile(n)))
        {
            LoadFiles(session, name, SqlText.Identifier(name));
        }

        if (tables.HasFunctions)
        {
            _hash.Forget();
        }

        try
        {
            using (var statement = connection.Prepare(text))
            {
                if (!statement.IsSelect)
                {
                    throw new GnomonError("not-a-select", "--query takes a SELECT; this statement is something else.", "--query", "Write a SELECT.");
                }
            }

            connection.Execute($"CREATE TABLE \"query result\" AS SELECT * FROM ({text}\n)", cancellation);
            return "\"query result\"";
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            throw SqlComplaint.Of("bad-query", "The query", "--query", e, []);
        }
    }

    internal static bool LooksLikeFile(string name) => File.Exists(name) || name.AsSpan().IndexOfAny("./*\\") >= 0;

    private string Filter(EngineSession session, string relation)
    {
        if (string.IsNullOrWhiteSpace(options.Where))
        {
            return relation;
        }

        try
        {
            using var connection = session.Connect();

            // The line break ends a comment that the condition may have left open.
            connection.Execute($"CREATE VIEW \"rows kept\" AS SELECT * FROM {relation} WHERE ({options.Where}\n)", cancellation);
            using var check = connection.Prepare("SELECT * FROM \"rows kept\" LIMIT 1");
            using var run = check.Run(streaming: true);
            CountLeftOut(session, relation);
            return "\"rows kept\"";
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            throw SqlComplaint.Of("bad-where", "The condition", "--where", e, Fields(session, relation));
        }
    }

    // Nothing is dropped silently: what the condition removes is part of the finding.
    private void CountLeftOut(EngineSession session, string relation)
    {
        var counts = session.Read($"SELECT (SELECT count(*) FROM {relation}) AS n, (SELECT count(*) FROM \"rows kept\") AS kept", cancellation);
        var (all, kept) = (((IntegerColumn)counts["n"]).Values[0], ((IntegerColumn)counts["kept"]).Values[0]);
        if (kept < all)
        {
            _issues.Add(new ReadIssue("rows-left-out", all - kept, FormattableString.Invariant($"{all - kept:N0} of {all:N0} rows of {Name} do not satisfy --where \"{options.Where}\" and are left out.")));
        }
    }

    private static List<Field> Fields(EngineSession session, string relation)
    {
        using var connection = session.Connect();
        using var statement = connection.Prepare($"SELECT * FROM {relation}");
        return [.. statement.Columns().Select(c => new Field(c.Name, c.Type, c.NativeType))];
    }

    private Func<CancellationToken, string?> Identity()
    {
        if (options.Memory is { } memory)
        {
            var lazy = new Lazy<string>(() => MemoryLoader.Hash(memory));
            return _ => lazy.Value;
        }

        return _hash.Wait;
    }
}

/// <summary>What loading a table found on the way.</summary>
internal sealed record LoadedTable(IReadOnlyList<ReadIssue> Issues, FileHash Hash);
