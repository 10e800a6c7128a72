using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Npgsql;

namespace Gnomon.Data.Postgres;

/// <summary>A PostgreSQL server (15 or later): questions are answered there, and only their answers travel.</summary>
/// <remarks>
/// Every session is read-only, in UTC and under a statement timeout; all questions about one source see one snapshot. A user with SELECT on the table is enough.
/// </remarks>
public sealed class PostgresEngine : IEngine
{
    private readonly List<IDataset> _datasets = [];

    public string Name => "postgresql";

    /// <summary>True when a path names a PostgreSQL server.</summary>
    public static bool Answers(SourceOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return PostgresAddress.Is(source.Path) || source.Tables?.Any(t => PostgresAddress.Is(t.Path)) == true;
    }

    /// <summary>A word of a command with the password of any address in it taken out.</summary>
    public static string WithoutPassword(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return Servers.ServerAddress.WithoutPassword(word);
    }

    /// <inheritdoc/>
    public IDataset Open(SourceOptions source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        cancellation.ThrowIfCancellationRequested();
        if (source.Tables is not null)
        {
            var database = PostgresDatabase.Open(source, cancellation);
            _datasets.Add(database);
            return database;
        }

        var address = PostgresAddress.Parse(source.Path!);
        if (address.Table is null && source.Sql is null)
        {
            throw new GnomonError("no-table", $"{address.Shown} names no table.", address.Shown, "Add ?table=schema.name to the address, or ask with --query.");
        }

        var session = new PostgresSession(address, cancellation);
        try
        {
            var dataset = PostgresDataset.Open(session, address, source, cancellation);
            _datasets.Add(dataset);
            return dataset;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Closes every data set that is still open.</summary>
    public void Dispose() => _datasets.ForEach(d => d.Dispose());
}
