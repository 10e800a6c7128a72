using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Files;
using Gnomon.Data.Files.Conversion;
using Gnomon.Data.Files.Expansion;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.DuckDb;

/// <summary>Several sources as tables of one engine, for questions in SQL.</summary>
internal sealed class DuckDbDatabase(EngineSession session, SourceOptions options, Func<Stream> standardInput, StreamedTables? streamed = null) : IEmbeddedDatabase
{
    private readonly List<DatabaseTable> _tables = [];
    private readonly List<ReadIssue> _issues = [];
    private readonly List<Func<CancellationToken, string?>> _hashes = [];
    private readonly List<IDisposable> _background = [];
    private readonly StreamedTables _streamed = streamed ?? new(session);
    private const string ProbeSchema = "gnomon_probe";

    private (string Name, long Rows)? _largest;
    private bool _isDisposed;

    public string Name => _tables.Count == 0 ? "query" : _tables[0].Source;

    public Schema Schema => _tables.Count == 0 ? new Schema("query", []) : _tables[0].Schema;

    public IReadOnlyList<ReadIssue> Issues => _issues;

    public IReadOnlyList<DatabaseTable> Tables => _tables;

    /// <summary>Reads a file, or all files of a pattern, into a table. The first one is also called <c>data</c>, as with every verb, and obeys <c>--where</c>.</summary>
    public void Add(SourceTable table, CancellationToken cancellation) => Add(table, mayStream: true, cancellation);

    private void Add(SourceTable table, bool mayStream, CancellationToken cancellation)
    {
        var isFirst = _tables.Count == 0;
        var filtered = isFirst && !string.IsNullOrWhiteSpace(options.Where);
        var loaded = filtered ? table.Name + " before --where" : table.Name;
        var one = options with { Path = table.Path, Tables = null, Memory = null, Sql = null, Where = null };
        var found = filtered || !mayStream ? null : _streamed.TryAdd(one, loaded, new FileHash(), cancellation);
        found ??= new SourceLoader(one with { TrustsHead = false }, standardInput, cancellation).LoadInto(session, loaded);
        _background.Add(found.Hash);
        _issues.AddRange(found.Issues);
        if (filtered)
        {
            Filter(table.Name, loaded, cancellation);
        }

        AddLoaded(table.Name, table.Path == "-" ? "standard input" : table.Path, found.Hash.Wait);
        if (isFirst && table.Name != "data")
        {
            Run($"CREATE VIEW \"data\" AS SELECT * FROM {SqlText.Identifier(table.Name)}", cancellation);
        }
    }

    /// <summary>Names a table that is in the engine already.</summary>
    public void AddLoaded(string name, string source, Func<CancellationToken, string?> hash)
    {
        _tables.Add(new DatabaseTable(name, source, new Schema(FileFinder.Shown(source), Columns($"SELECT * FROM {SqlText.Identifier(name)}"))));
        _hashes.Add(hash);
    }

    /// <inheritdoc/>
    public Conversion Convert(ConversionOrder order, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var found = new FileConverter(session, order, progress, cancellation).Run(options with { Tables = null, Memory = null, Sql = null, Where = null, TrustsHead = false }, standardInput, out var loaded);
        _background.Add(loaded.Hash);
        _issues.AddRange(loaded.Issues);
        AddLoaded(order.Name, order.Path == "-" ? "standard input" : order.Path, loaded.Hash.Wait);
        return found;
    }

    /// <inheritdoc/>
    public JsonExpansion Expand(ExpansionOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var schema = new Schema(order.Table, Columns($"SELECT * FROM {SqlText.Identifier(order.Table)}"));
        var column = schema.Require(order.Column, "--expand");
        return Translate(() =>
        {
            ICellParts cells = column.Type == ColumnType.Text && _streamed.Of(order.Table) is { } text
                ? new TextParts(session, order, text, schema.Select(f => f.Name).ToList().IndexOf(column.Name), cancellation)
                : new EngineParts(session, order, column, cancellation);
            return new JsonExpander(session, order, column, cells, cancellation).Run([.. schema.Where(f => f.Name != column.Name).Select(f => f.Name)]);
        });
    }

    public DataIdentity Identify(CancellationToken cancellation) =>
        _tables.Count == 0 ? new DataIdentity("query", null, 0, null) : Sources(cancellation)[0];

    public IReadOnlyList<DataIdentity> Sources(CancellationToken cancellation) =>
        [.. _tables.Select((t, i) => new DataIdentity(t.Source, Rows(t.Name, cancellation), t.Schema.Count, _hashes[i](cancellation)))];

    private long Rows(string table, CancellationToken cancellation) => _streamed.Rows(table, cancellation) ?? Whole($"SELECT count(*) AS n FROM {SqlText.Identifier(table)}", cancellation);

    public Table Read(Query query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Translate(null, () => session.Read(QueryWriter.Write(query, First(), Schema), cancellation), cancellation);
    }

    public void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(consume);
        Translate(null, () => session.Scan(QueryWriter.Write(query, First(), Schema), (_, chunk) => consume(chunk), cancellation, progress), cancellation);
    }

    public void LoadFilesOf(string sql, CancellationToken cancellation)
    {
        var known = _tables.Select(t => t.Name).Append("data").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in QueryTables.Of(session, Plain(sql), cancellation).Names.Where(n => !known.Contains(n) && SourceLoader.LooksLikeFile(n)))
        {
            Add(new SourceTable(name, name), cancellation);
        }
    }

    public IReadOnlyList<Field> Describe(string sql, CancellationToken cancellation) => Translate(() =>
    {
        using var connection = session.Connect();
        using var statement = connection.Prepare(Plain(sql));
        return statement.IsSelect
            ? (IReadOnlyList<Field>)[.. statement.Columns().Select(c => new Field(c.Name, c.Type, c.NativeType))]
            : throw new GnomonError("not-a-select", "The query is not a SELECT.", "--query", "Write a SELECT; the files are only read.");
    });

    /// <inheritdoc/>
    public MergeReport Merge(MergeOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Translate(null, () => new Files.Merging.FileMerger(session, order, cancellation).Run(), cancellation);
    }

    /// <inheritdoc/>
    public EngineLimits Limits => session.Limits();

    /// <inheritdoc/>
    public WorkDone KeepMeasured(string name, string sql, int? threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        _ = Describe(sql, cancellation);
        return Translate(null, () =>
        {
            var usual = session.Limits().Threads;
            try
            {
                Threads(threads ?? usual);
                var json = Account($"CREATE OR REPLACE TABLE {SqlText.Identifier(name)} AS SELECT * FROM ({Plain(sql)}\n)", null, progress, cancellation);
                return PlanReader.Read(json, Whole($"SELECT count(*) AS n FROM {SqlText.Identifier(name)}", cancellation), threads ?? usual);
            }
            finally
            {
                Threads(usual);
            }
        }, cancellation);
    }

    /// <inheritdoc/>
    public WorkDone Probe(string sql, long rows, CancellationToken cancellation) => Translate(null, () =>
    {
        Run($"CREATE SCHEMA IF NOT EXISTS {ProbeSchema}", cancellation);
        var largest = Largest(cancellation).Name;
        for (var k = 0; k < _tables.Count; k++)
        {
            var name = SqlText.Identifier(_tables[k].Name);
            var limit = _tables[k].Name == largest ? FormattableString.Invariant($" LIMIT {rows}") : string.Empty;
            Run($"CREATE OR REPLACE VIEW {ProbeSchema}.{name} AS SELECT * FROM main.{name}{limit}", cancellation);
            if (k == 0 && _tables[k].Name != "data")
            {
                Run($"CREATE OR REPLACE VIEW {ProbeSchema}.\"data\" AS SELECT * FROM {ProbeSchema}.{name}", cancellation);
            }
        }

        return PlanReader.Read(Account($"CREATE OR REPLACE TABLE main.\"gnomon probe\" AS SELECT * FROM ({Plain(sql)}\n)", $"SET search_path = '{ProbeSchema},main'", null, cancellation), 0, 0);
    }, cancellation);

    /// <inheritdoc/>
    public long LargestTable(CancellationToken cancellation) => _tables.Count == 0 ? 0 : Largest(cancellation).Rows;

    /// <inheritdoc/>
    public IFrameFolder Frames(string path, CancellationToken cancellation) => new FrameFolder(session, options, path, t => Add(t, mayStream: false, cancellation));

    private (string Name, long Rows) Largest(CancellationToken cancellation) =>
        _largest ??= _tables.Select(t => (t.Name, Rows: Rows(t.Name, cancellation))).OrderByDescending(t => t.Rows).First();

    private void Threads(int threads) => Run(FormattableString.Invariant($"SET threads = {threads}"), CancellationToken.None);

    // The statement is run, and the engine's account of it read, on one connection.
    private string Account(string statement, string? before, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var connection = session.Connect();
        if (before is not null)
        {
            connection.Execute(before, cancellation);
        }

        using var watch = progress is null ? null : new ProgressWatch(connection, progress);
        var account = Text(EngineSession.Read(connection, $"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", cancellation), "explain_value")!;
        using var document = JsonDocument.Parse(account, new JsonDocumentOptions { MaxDepth = 4096 });
        return document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement[0].GetRawText() : account;
    }

    public long Keep(string name, string sql, IProgress<double>? progress, CancellationToken cancellation)
    {
        // Only what can be described as a SELECT may stand inside another statement.
        _ = Describe(sql, cancellation);
        return Translate(() => _streamed.Once(progress, cancellation, () =>
        {
            session.Execute($"CREATE OR REPLACE TABLE {SqlText.Identifier(name)} AS SELECT * FROM ({Plain(sql)}\n)", cancellation, progress);
            return Whole($"SELECT count(*) AS n FROM {SqlText.Identifier(name)}", cancellation);
        }));
    }

    public Table Ask(string sql, CancellationToken cancellation) => Translate(sql, () => session.Read(Plain(sql), cancellation), cancellation);

    public void Write(string sql, string path, string format, CancellationToken cancellation)
    {
        var how = format switch
        {
            "csv" => "FORMAT csv, HEADER true",
            "json" => "FORMAT json",
            "parquet" => "FORMAT parquet, COMPRESSION zstd",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Formats are csv, json and parquet."),
        };
        Translate(sql, () => 0, cancellation);
        var partial = path + ".partial";
        try
        {
            session.Execute($"COPY ({Plain(sql)}\n) TO {SqlText.Text(partial)} ({how})", cancellation);
            File.Move(partial, path);
        }
        catch (Exception wrong)
        {
            File.Delete(partial);
            if (wrong is not EngineException { IsInterrupt: false } and not IOException and not UnauthorizedAccessException)
            {
                throw;
            }

            var e = wrong as EngineException ?? new EngineException(wrong.Message);
            throw new GnomonError("file-not-written", $"The result could not be written to {path}: {EngineMessages.Plain(e)}", "--out", "Name a file in a folder that exists and can be written.", e);
        }
    }

    public string Profile(string sql, CancellationToken cancellation) =>
        Translate(sql, () => Text(session.Read($"EXPLAIN (ANALYZE, FORMAT JSON) {Plain(sql)}", cancellation), "explain_value"), cancellation) ?? "[]";

    public string? SyntaxTree(string sql, CancellationToken cancellation)
    {
        var tree = Text(session.Read(new SqlStatement("SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR) AS tree", [Plain(sql)]), cancellation), "tree");
        using var parsed = JsonDocument.Parse(tree!, new JsonDocumentOptions { MaxDepth = 4096 });
        return parsed.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.True ? null : tree;
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _background.ForEach(b => b.Dispose());
            session.Dispose();
            _streamed.Dispose();
        }
    }

    private static string? Text(Table table, string column) => table.Rows == 0 ? null : (string?)table[column].Cell(0);

    private static string Plain(string sql) => sql.Trim().TrimEnd(';', ' ', '\n', '\r', '\t');

    private string First() => _tables.Count == 0 ? throw new GnomonError("data-missing", "No data were given.", "DATA", "Name a file.") : SqlText.Identifier(_tables[0].Name);

    private long Whole(string sql, CancellationToken cancellation) => ((IntegerColumn)session.Read(sql, cancellation).Columns[0]).Values[0];

    private void Run(string sql, CancellationToken cancellation) => session.Execute(sql, cancellation);

    private List<Field> Columns(string sql)
    {
        using var connection = session.Connect();
        using var statement = connection.Prepare(sql);
        return [.. statement.Columns().Select(c => new Field(c.Name, c.Type, c.NativeType))];
    }

    private void Filter(string name, string loaded, CancellationToken cancellation)
    {
        var (from, to) = (SqlText.Identifier(loaded), SqlText.Identifier(name));
        try
        {
            // The line break ends a comment that the condition may have left open.
            Run($"CREATE VIEW {to} AS SELECT * FROM {from} WHERE ({options.Where}\n)", cancellation);
            var (all, kept) = (Whole($"SELECT count(*) AS n FROM {from}", cancellation), Whole($"SELECT count(*) AS n FROM {to}", cancellation));
            if (kept < all)
            {
                _issues.Add(new ReadIssue("rows-left-out", all - kept, FormattableString.Invariant($"{all - kept:N0} of {all:N0} rows of {name} do not satisfy --where \"{options.Where}\" and are left out.")));
            }
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            throw SqlComplaint.Of("bad-where", "The condition", "--where", e, Columns($"SELECT * FROM {from}"));
        }
    }

    // What may be asked more than once is asked of tables.
    private T Translate<T>(string? sql, Func<T> ask, CancellationToken cancellation) => Translate(() =>
    {
        _streamed.Settle(sql, cancellation);
        return ask();
    });

    private T Translate<T>(Func<T> ask)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            return ask();
        }
        catch (EngineException e) when (!e.IsInterrupt)
        {
            _streamed.ThrowFailure();
            throw SqlComplaint.Of("bad-query", "The query", "--query", e, [.. _tables.SelectMany(t => t.Schema)]);
        }
        catch (EngineException e)
        {
            _streamed.ThrowFailure();
            throw new OperationCanceledException("The query was cancelled.", e);
        }
    }
}
