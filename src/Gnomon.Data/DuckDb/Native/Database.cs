using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>An engine instance in memory, closed off from the network.</summary>
internal sealed class Database : IDisposable
{
    private readonly DatabaseHandle _handle;

    public Database(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        Check(DatabaseApi.CreateConfig(out var config), "The engine's configuration could not be created.");
        using (config)
        {
            foreach (var (name, option) in settings)
            {
                Check(DatabaseApi.SetConfig(config, name, option), $"Invalid Input Error: the engine refuses {name} = '{option}'.");
            }

            var failed = DatabaseApi.Open(null, out _handle, config, out var error) != 0;
            var message = DatabaseApi.TakeText(error);
            if (failed)
            {
                _handle.SetHandleAsInvalid();
                throw new EngineException(message);
            }
        }
    }

    public Connection Connect()
    {
        Check(DatabaseApi.Connect(_handle, out var connection), "The engine refused a connection.");
        return new Connection(connection);
    }

    public void Dispose() => _handle.Dispose();

    private static void Check(int state, string message)
    {
        if (state != 0)
        {
            throw new EngineException(message);
        }
    }
}

/// <summary>One conversation with the engine; one statement runs on it at a time.</summary>
internal sealed class Connection(ConnectionHandle handle) : IDisposable
{
    /// <exception cref="EngineException">The text is not a statement that the engine can run.</exception>
    public Statement Prepare(string sql)
    {
        var state = StatementApi.Prepare(handle, sql, out var statement);
        if (state == 0)
        {
            return new Statement(statement);
        }

        using (statement)
        {
            throw new EngineException(statement.IsInvalid ? "The statement could not be prepared." : Marshal.PtrToStringUTF8(StatementApi.Error(statement)) ?? "");
        }
    }

    /// <summary>Runs a statement for its effect.</summary>
    public void Execute(string sql, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        using var statement = Prepare(sql);
        using var interrupt = InterruptOn(cancellation);
        using var result = statement.Run(streaming: false);
    }

    /// <summary>Stops the running statement when the token says so. Dispose before the connection.</summary>
    public CancellationTokenRegistration InterruptOn(CancellationToken cancellation) =>
        cancellation.Register(static state => DatabaseApi.Interrupt((ConnectionHandle)state!), handle);

    /// <summary>Share of the running query that is done, in 0..1; null while unknown.</summary>
    public double? Progress()
    {
        var percentage = DatabaseApi.Progress(handle).Percentage;
        return percentage < 0 ? null : Math.Min(1, percentage / 100);
    }

    /// <summary>Makes a function known to this database.</summary>
    public void Register(AggregateHandle function) => Registered(AggregateApi.Register(handle, function));

    /// <inheritdoc cref="Register(AggregateHandle)"/>
    public void Register(ScalarHandle function) => Registered(ScalarApi.Register(handle, function));

    /// <inheritdoc cref="Register(AggregateHandle)"/>
    public void Register(TableFunctionHandle function) => Registered(TableFunctionApi.Register(handle, function));

    private static void Registered(int state)
    {
        if (state != 0)
        {
            throw new EngineException("The engine refused a function of ours.");
        }
    }

    public Appender Append(string table, IReadOnlyList<TypeId> types) => new(handle, table, types);

    public CellAppender AppendCells(string table, IReadOnlyList<TypeId> types) => new(handle, table, types);

    public void Dispose() => handle.Dispose();
}
