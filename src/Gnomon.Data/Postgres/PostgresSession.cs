using Gnomon.Core.Errors;
using Gnomon.Data.Pushdown;
using Npgsql;

namespace Gnomon.Data.Postgres;

/// <summary>Connections that see one snapshot of the database: one keeps it open, each question has its own.</summary>
internal sealed class PostgresSession : IDisposable
{
    private readonly PostgresAddress _address;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _keeper;
    private readonly string _snapshot;

    /// <exception cref="GnomonError">The server cannot be reached, or refuses the login.</exception>
    public PostgresSession(PostgresAddress address, CancellationToken cancellation)
    {
        _address = address;
        _source = NpgsqlDataSource.Create(address.Connection);
        try
        {
            _keeper = _source.OpenConnection();
            using var begin = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot()", _keeper);
            using var stop = Cancels(begin, cancellation);
            _snapshot = (string)begin.ExecuteScalar()!;
        }
        catch (NpgsqlException e)
        {
            _keeper?.Dispose();
            _source.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw PostgresErrors.Of(e, address, "opening");
        }
    }

    /// <summary>Runs a statement and hands its reader on; wide answers are streamed.</summary>
    /// <param name="statement">What is asked.</param>
    /// <param name="ordered">Rows without an order of their own come as they lie in the table: no second worker may mix them.</param>
    /// <param name="doing">What is being done, for messages.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellation">Cancels on the server, too.</param>
    public T Ask<T>(SqlStatement statement, bool ordered, string doing, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var connection = _source.OpenConnection();
            using (var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {SqlText.Text(_snapshot)}{(ordered ? "; SET LOCAL max_parallel_workers_per_gather = 0" : string.Empty)}", connection))
            {
                begin.ExecuteNonQuery();
            }

            using var command = new NpgsqlCommand(statement.Text, connection);
            foreach (var value in statement.Parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value is DateTimeOffset moment ? moment.UtcDateTime : value ?? DBNull.Value });
            }

            using var stop = Cancels(command, cancellation);
            using var reader = command.ExecuteReader(System.Data.CommandBehavior.SequentialAccess);
            return read(reader);
        }
        catch (NpgsqlException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The query was cancelled.", e, cancellation);
        }
        catch (NpgsqlException e)
        {
            throw PostgresErrors.Of(e, _address, doing);
        }
    }

    public void Dispose()
    {
        try
        {
            _keeper.Dispose();
            _source.Dispose();
        }
        catch (NpgsqlException)
        {
            // The server has gone; there is nothing left to close.
        }
    }

    private static CancellationTokenRegistration Cancels(NpgsqlCommand command, CancellationToken cancellation) => cancellation.Register(command.Cancel);
}
