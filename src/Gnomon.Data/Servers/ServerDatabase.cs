using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;

namespace Gnomon.Data.Servers;

/// <summary>What the databases of all servers have in common: tables are looked at when they are asked for, and answers arrive in an embedded engine of their own.</summary>
internal abstract partial class ServerDatabase : IServerDatabase
{
    private const string Reply = "gnomon reply";

    private readonly EngineSession _engine;
    private readonly DuckDbDatabase _kept;
    private readonly string? _where;
    private readonly string[] _names;
    private readonly (ServerRelation Relation, IDataset Data)?[] _relations;
    private bool _isDisposed;

    protected ServerDatabase(SourceOptions source, IReadOnlyList<string> shown)
    {
        var embedded = source with { Path = null, Sql = null, Where = null, Tables = [] };
        (_engine, Addresses, _where) = (new EngineSession(embedded), shown, string.IsNullOrWhiteSpace(source.Where) ? null : source.Where);
        _kept = new DuckDbDatabase(_engine, embedded, () => Stream.Null);
        _names = [.. source.Tables!.Select(t => t.Name)];
        _relations = new (ServerRelation, IDataset)?[_names.Length];
    }

    public abstract string Dialect { get; }

    public abstract string Server { get; }

    public IReadOnlyList<string> Addresses { get; }

    public IDatabase Kept => _kept;

    public string Name => Addresses[0];

    public Schema Schema => First().Schema;

    public IReadOnlyList<ReadIssue> Issues => [.. _relations.OfType<(ServerRelation Relation, IDataset Data)>().SelectMany(r => r.Data.Issues)];

    public bool RowsHaveOrder => First().RowsHaveOrder;

    /// <inheritdoc/>
    public ServerRelation Relation(int index, CancellationToken cancellation)
    {
        if (_relations[index] is { } known)
        {
            return known.Relation;
        }

        var where = index == 0 ? _where : null;
        if (Table(index) is not { } table)
        {
            throw new GnomonError("no-table", $"{Addresses[index]} names no table.", Addresses[index], "Add ?table=schema.name to the address, or ask with --query.");
        }

        var data = Open(index, where, cancellation);

        // The line break ends a comment that the condition may have left open.
        var relation = new ServerRelation(_names[index], Addresses[index], where is null ? table : $"(SELECT * FROM {table} WHERE ({where}\n))", where is not null, data.Schema);
        _relations[index] = (relation, data);
        return relation;
    }

    /// <inheritdoc/>
    public string Bound(string sql, CancellationToken cancellation)
    {
        var text = sql.Trim().TrimEnd(';', ' ', '\n', '\r', '\t');
        if (Table(0) is null || !DataName().IsMatch(text))
        {
            return _where is null ? text : throw new GnomonError("where-not-used", "--where filters the table that the address names, and the query does not ask it under the name data.", "--where", "Write FROM data in --query, or put the condition into the query.");
        }

        return Bind(Relation(0, cancellation), text, cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Field> Describe(string sql, CancellationToken cancellation) => [.. Shape(sql, cancellation).Select(c => new Field(c.Name, c.Type, c.Native))];

    /// <inheritdoc/>
    public long Keep(string name, string sql, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var columns = Shape(sql, cancellation);
        using (var kept = new KeptRows(_engine, columns, cancellation))
        {
            Send(sql, columns, kept.Add, cancellation);
            kept.Publish(name, cancellation);
        }

        return ((IntegerColumn)_engine.Read($"SELECT count(*) AS n FROM {Pushdown.SqlText.Identifier(name)}", cancellation).Columns[0]).Values[0];
    }

    /// <inheritdoc/>
    public Table Ask(string sql, CancellationToken cancellation)
    {
        _ = Keep(Reply, sql, cancellation);
        return _kept.Ask($"SELECT * FROM {Pushdown.SqlText.Identifier(Reply)}", cancellation);
    }

    /// <inheritdoc/>
    public bool Runs(string sql, CancellationToken cancellation)
    {
        try
        {
            _ = Ask(sql, cancellation);
            return true;
        }
        catch (GnomonError e) when (e.Code == "query-failed")
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Rows are counted only for tables that were asked as a whole.</remarks>
    public IReadOnlyList<DataIdentity> Sources(CancellationToken cancellation) => [.. Addresses.Select((a, i) => _relations[i] is { } known ? known.Data.Identify(cancellation) : new DataIdentity(a, null, 0, null))];

    public DataIdentity Identify(CancellationToken cancellation) => Sources(cancellation)[0];

    public Table Read(Query query, CancellationToken cancellation) => First().Read(query, cancellation);

    public void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null) => First().Scan(query, consume, cancellation, progress);

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _kept.Dispose();
            Close();
        }
    }

    /// <summary>The table of an address, quoted; null where it names none.</summary>
    protected abstract string? Table(int index);

    /// <summary>The table as a data set, which says what is wrong with its name.</summary>
    protected abstract IDataset Open(int index, string? where, CancellationToken cancellation);

    protected abstract string Bind(ServerRelation data, string sql, CancellationToken cancellation);

    protected abstract IReadOnlyList<ArrivingColumn> Shape(string sql, CancellationToken cancellation);

    protected abstract void Send(string sql, IReadOnlyList<ArrivingColumn> columns, Func<Chunk, bool> consume, CancellationToken cancellation);

    protected abstract void Close();

    /// <exception cref="GnomonError"><c>servers-differ</c>: one statement cannot ask two servers.</exception>
    protected static void RefuseOthers(IReadOnlyList<SourceTable> tables, Func<string, bool> isOurs, Func<string, string> server)
    {
        if (tables.FirstOrDefault(t => !isOurs(t.Path)) is { } file)
        {
            throw new GnomonError("sources-mixed", $"{ServerAddress.WithoutPassword(file.Path)} is not on the server of the first table: one query cannot ask both.", "DATA", "Write the server's rows to a file with --out FILE.parquet first, and ask the files.");
        }

        if (tables.Select(t => server(t.Path)).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            throw new GnomonError("servers-differ", "The tables are on different servers, databases or users: one query cannot ask them together.", "DATA", "Name tables of one database, or write the rows of one of them to a file with --out FILE.parquet.");
        }
    }

    private IDataset First()
    {
        _ = Relation(0, CancellationToken.None);
        return _relations[0]!.Value.Data;
    }

    [GeneratedRegex(@"\bdata\b", RegexOptions.IgnoreCase)]
    private static partial Regex DataName();
}
