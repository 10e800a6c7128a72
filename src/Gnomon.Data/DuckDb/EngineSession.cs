using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.DuckDb;

/// <summary>One engine in memory with a folder of its own to spill to; the folder is gone when the session is.</summary>
internal sealed class EngineSession : IDisposable
{
    private const long AlwaysHeldBytes = 64L << 20;
    private const double ShareForData = 0.4;

    private readonly Task<Database> _database;
    private string? _memoryFrom;

    /// <summary>The engine starts on a thread of its own, while the caller looks at the files.</summary>
    public EngineSession(SourceOptions options)
    {
        Scratch = new ScratchFolder(options.SpillDirectory);
        _memoryFrom = options.MemoryLimit is null ? null : "--memory";
        var settings = Settings(options);
        _database = Task.Run(() => Start(settings));
    }

    /// <summary>Where the temporary files go.</summary>
    public ScratchFolder Scratch { get; }

    /// <exception cref="GnomonError">The engine refuses its settings, or is not there.</exception>
    public Connection Connect() => _database.GetAwaiter().GetResult().Connect();

    public void Execute(string sql, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        using var connection = Connect();
        using var watch = progress is null ? null : new ProgressWatch(connection, progress);
        connection.Execute(sql, cancellation);
    }

    /// <summary>
    /// True when text of this size, converted, fits well into the engine's memory. Larger sources are read from the file by every query.
    /// </summary>
    public bool HoldsInMemory(long bytes)
    {
        if (bytes < AlwaysHeldBytes)
        {
            return true;
        }

        var limit = (TextColumn)Read("SELECT CAST(value AS VARCHAR) AS v FROM duckdb_settings() WHERE name = 'memory_limit'", CancellationToken.None)["v"];
        return bytes < ShareForData * EngineMessages.Bytes(limit.Dictionary[0]);
    }

    /// <summary>What the engine may use, as it says itself.</summary>
    public EngineLimits Limits()
    {
        var set = Read("SELECT current_setting('memory_limit') AS m, CAST(current_setting('threads') AS BIGINT) AS t", CancellationToken.None);
        var folder = Path.GetDirectoryName(Scratch.Path)!;
        return new EngineLimits(
            (long)EngineMessages.Bytes((string)set["m"].Cell(0)!), _memoryFrom ?? "80 % of the machine's memory", (int)(long)set["t"].Cell(0)!, folder,
            Directory.Exists(folder) ? new DriveInfo(folder).AvailableFreeSpace : 0);
    }

    /// <summary>Runs a query whose answer fits in memory.</summary>
    public Table Read(string sql, CancellationToken cancellation) => Read(new Pushdown.SqlStatement(sql, []), cancellation);

    /// <inheritdoc cref="Read(string, CancellationToken)"/>
    public Table Read(Pushdown.SqlStatement statement, CancellationToken cancellation)
    {
        TableBuilder? builder = null;
        var columns = Scan(
            statement,
            (layouts, chunk) =>
            {
                builder ??= new TableBuilder(layouts);
                builder.Add(chunk);
                return true;
            },
            cancellation,
            progress: null);
        return (builder ?? new TableBuilder(columns)).Build();
    }

    /// <summary>Streams a query's rows in order; at most a few chunks are in memory.</summary>
    public IReadOnlyList<ColumnLayout> Scan(
        Pushdown.SqlStatement sql,
        Func<IReadOnlyList<ColumnLayout>, VectorChunk, bool> consume,
        CancellationToken cancellation,
        IProgress<double>? progress)
    {
        using var connection = Connect();
        return Scan(connection, sql, consume, cancellation, progress);
    }

    /// <summary>Hands a query's rows to as many consumers as the engine has threads, in no order.</summary>
    /// <param name="sql">The rows.</param>
    /// <param name="consumer">Makes a consumer, which is called by one thread at a time; when one returns false, no more rows are read.</param>
    /// <param name="cancellation">Ends the query.</param>
    /// <param name="progress">Share of the rows.</param>
    public void ScanUnordered(Pushdown.SqlStatement sql, Func<Func<VectorChunk, bool>> consumer, CancellationToken cancellation, IProgress<double>? progress)
    {
        cancellation.ThrowIfCancellationRequested();
        using var connection = Connect();
        using var watch = progress is null ? null : new ProgressWatch(connection, progress);
        using var rows = connection.Prepare(sql.Text);
        var columns = rows.Columns();
        if (!columns.All(c => c.IsReadable))
        {
            var one = consumer();
            Scan(connection, sql, (_, chunk) => one(chunk), cancellation, progress);
            return;
        }

        using var sink = new RowSink(connection, rows, columns, consumer);
        var number = NumbersWithoutNulls.Register(connection);
        var list = string.Join(", ", columns.Select(c => Pushdown.SqlText.Identifier(c.Name) is var name && c.Id == TypeId.Double ? $"{number}({name})" : name));
        using var interrupt = connection.InterruptOn(cancellation);
        try
        {
            using var statement = connection.Prepare($"SELECT {sink.Name}({list}) FROM ({sql.Text})").Bind(sql.Parameters);
            using var result = statement.Run(streaming: false);
        }
        catch (EngineException e)
        {
            sink.ThrowFailure();
            if (e.IsInterrupt || cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException("The scan was cancelled.", e, cancellation);
            }

            if (!sink.IsEnough)
            {
                throw;
            }
        }

        progress?.Report(1);
    }

    /// <summary>As <see cref="Read(string, CancellationToken)"/>, with the settings of a connection.</summary>
    public static Table Read(Connection connection, string sql, CancellationToken cancellation)
    {
        TableBuilder? builder = null;
        var columns = Scan(
            connection,
            new Pushdown.SqlStatement(sql, []),
            (layouts, chunk) =>
            {
                builder ??= new TableBuilder(layouts);
                builder.Add(chunk);
                return true;
            },
            cancellation,
            progress: null);
        return (builder ?? new TableBuilder(columns)).Build();
    }

    private static IReadOnlyList<ColumnLayout> Scan(
        Connection connection,
        Pushdown.SqlStatement sql,
        Func<IReadOnlyList<ColumnLayout>, VectorChunk, bool> consume,
        CancellationToken cancellation,
        IProgress<double>? progress)
    {
        cancellation.ThrowIfCancellationRequested();
        if (progress is not null)
        {
            connection.Execute("SET enable_progress_bar = true");
            connection.Execute("SET enable_progress_bar_print = false");
        }

        using var interrupt = connection.InterruptOn(cancellation);
        try
        {
            using var statement = connection.Prepare(sql.Text).Bind(sql.Parameters);
            using var result = statement.Run(streaming: true);
            var columns = result.Columns();
            if (columns.All(c => c.IsReadable))
            {
                Drain(connection, result, columns, consume, cancellation, progress);
                return columns;
            }

            result.Dispose();
            using var readable = connection.Prepare(AsText(sql.Text, columns)).Bind(sql.Parameters);
            using var rerun = readable.Run(streaming: true);
            columns = rerun.Columns();
            Drain(connection, rerun, columns, consume, cancellation, progress);
            return columns;
        }
        catch (EngineException e) when (e.IsInterrupt || cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The scan was cancelled.", e, cancellation);
        }
    }

    public void Dispose()
    {
        try
        {
            _database.GetAwaiter().GetResult().Dispose();
        }
        catch (GnomonError)
        {
            // It never started, as the caller was told.
        }

        Scratch.Dispose();
    }

    private static Database Start(List<KeyValuePair<string, string>> settings)
    {
        try
        {
            var database = new Database(settings);
            using var connection = database.Connect();

            // Casts between instants and days follow the session's zone.
            connection.Execute("SET GLOBAL TimeZone = 'UTC'");
            return database;
        }
        catch (EngineException e)
        {
            throw new GnomonError("engine-refused", $"The engine could not start: {EngineMessages.Plain(e)}", hint: "Check --threads and --memory (for example 4GB).", inner: e);
        }
    }

    private static void Drain(
        Connection connection,
        ResultReader result,
        IReadOnlyList<ColumnLayout> columns,
        Func<IReadOnlyList<ColumnLayout>, VectorChunk, bool> consume,
        CancellationToken cancellation,
        IProgress<double>? progress)
    {
        using var chunk = new VectorChunk(columns);
        while (result.Next() is { } next)
        {
            chunk.Move(next);
            cancellation.ThrowIfCancellationRequested();
            if (progress is not null && connection.Progress() is { } share)
            {
                progress.Report(share);
            }

            if (chunk.Rows > 0 && !consume(columns, chunk))
            {
                return;
            }
        }

        progress?.Report(1);
    }

    /// <summary>The same rows with nested values, identifiers and the like written out as text.</summary>
    private static string AsText(string sql, IReadOnlyList<ColumnLayout> columns)
    {
        var list = columns.Select(c => c.IsReadable
            ? Pushdown.SqlText.Identifier(c.Name)
            : $"CAST({Pushdown.SqlText.Identifier(c.Name)} AS VARCHAR) AS {Pushdown.SqlText.Identifier(c.Name)}");
        return $"SELECT {string.Join(", ", list)} FROM ({sql})";
    }

    private List<KeyValuePair<string, string>> Settings(SourceOptions options)
    {
        var settings = new List<KeyValuePair<string, string>>
        {
            new("autoinstall_known_extensions", "false"),
            new("autoload_known_extensions", "false"),
            new("allow_community_extensions", "false"),
            new("preserve_insertion_order", "true"),
            new("temp_directory", Scratch.Path),
        };
        if (options.Threads is { } threads)
        {
            settings.Add(new("threads", FormattableString.Invariant($"{threads}")));
        }

        if (options.MemoryLimit is { } memory)
        {
            settings.Add(new("memory_limit", memory));
        }
        else if (MemoryInForce.Find() is { } limit)
        {
            // Every thread holds buffers of its own.
            const long perThread = 384L << 20;
            settings.Add(new("memory_limit", FormattableString.Invariant($"{limit.Bytes >> 20}MiB")));
            _memoryFrom = limit.From;
            if (options.Threads is null)
            {
                settings.Add(new("threads", FormattableString.Invariant($"{Math.Clamp(limit.Bytes / perThread, 1, Environment.ProcessorCount)}")));
            }
        }

        return settings;
    }
}
