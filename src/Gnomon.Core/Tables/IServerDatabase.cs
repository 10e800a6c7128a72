namespace Gnomon.Core.Tables;

/// <summary>Tables of one server, asked in its own SQL under a read-only session; answers that are asked again are kept here, in the embedded engine. As a data set it stands for its first table.</summary>
public interface IServerDatabase : IDataset
{
    /// <summary>The word for the server's SQL: <c>postgres</c> or <c>clickhouse</c>.</summary>
    string Dialect { get; }

    /// <summary>Product and version as the server says it, for messages.</summary>
    string Server { get; }

    /// <summary>The addresses as they may be shown, in the order given.</summary>
    IReadOnlyList<string> Addresses { get; }

    /// <summary>The embedded engine that holds what was kept.</summary>
    IDatabase Kept { get; }

    /// <summary>A table that an address names, under <c>--where</c> when it is the first one.</summary>
    /// <exception cref="Errors.GnomonError"><c>no-table</c> or <c>table-not-found</c>.</exception>
    ServerRelation Relation(int index, CancellationToken cancellation);

    /// <summary>The user's own query with the name <c>data</c> bound to the first table, where the query uses it.</summary>
    /// <exception cref="Errors.GnomonError">The server cannot bind it, or a condition was given that the query would pass over.</exception>
    string Bound(string sql, CancellationToken cancellation);

    /// <summary>The columns that a SELECT would return; no row is read.</summary>
    /// <exception cref="Errors.GnomonError">What the server said.</exception>
    IReadOnlyList<Field> Describe(string sql, CancellationToken cancellation);

    /// <summary>Runs a SELECT on the server and holds its rows here, in its order, under a name that <see cref="Kept"/> knows. A connection that breaks leaves nothing.</summary>
    /// <returns>The number of rows.</returns>
    long Keep(string name, string sql, CancellationToken cancellation);

    /// <summary>A small answer of the server.</summary>
    Table Ask(string sql, CancellationToken cancellation);

    /// <summary>True when the server can run this statement: what it can do is asked, not concluded from its version.</summary>
    bool Runs(string sql, CancellationToken cancellation);

    /// <summary>One line of provenance for each address.</summary>
    IReadOnlyList<DataIdentity> Sources(CancellationToken cancellation);
}

/// <param name="Name">The table's bare name.</param>
/// <param name="Source">Its address as it may be shown.</param>
/// <param name="Sql">What stands behind FROM, without an alias.</param>
/// <param name="IsQuery">True where <paramref name="Sql"/> is a query in parentheses: it takes an alias.</param>
/// <param name="Schema">Its columns.</param>
public sealed record ServerRelation(string Name, string Source, string Sql, bool IsQuery, Schema Schema);
