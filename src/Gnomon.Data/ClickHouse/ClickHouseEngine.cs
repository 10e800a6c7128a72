using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.ClickHouse;

/// <summary>A ClickHouse server or cluster (18.16 or later) over its HTTP interface: questions are answered there, and only their answers travel.</summary>
/// <remarks>
/// Every session is read-only and under a time limit. There are no snapshots: a table that changes between two questions of a finding ends it with one error. A user with SELECT on the table is enough.
/// </remarks>
public sealed class ClickHouseEngine : IEngine
{
    private readonly List<IDataset> _datasets = [];

    public string Name => "clickhouse";

    /// <summary>True when a path names a ClickHouse server.</summary>
    public static bool Answers(SourceOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ClickHouseAddress.Is(source.Path) || source.Tables?.Any(t => ClickHouseAddress.Is(t.Path)) == true;
    }

    /// <inheritdoc/>
    public IDataset Open(SourceOptions source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        cancellation.ThrowIfCancellationRequested();
        if (source.Tables is not null)
        {
            var database = ClickHouseDatabase.Open(source, cancellation);
            _datasets.Add(database);
            return database;
        }

        var address = ClickHouseAddress.Parse(source.Path!);
        if (address.Table is null && source.Sql is null)
        {
            throw new GnomonError("no-table", $"{address.Shown} names no table.", address.Shown, "Add ?table=name to the address, or ask with --query.");
        }

        var session = new ClickHouseSession(address, cancellation);
        try
        {
            var dataset = ClickHouseDataset.Open(session, address, source, cancellation);
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
