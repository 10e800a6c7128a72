using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.Servers;

namespace Gnomon.Data.ClickHouse;

/// <summary>A table, view or query of a ClickHouse server or cluster. Questions are answered there; rows travel only where a question asks for rows, in blocks.</summary>
internal sealed class ClickHouseDataset : IDataset
{
    private readonly ClickHouseSession _session;
    private readonly ClickHouseAddress _address;
    private readonly ClickHouseRelation _relation;
    private readonly ClickHouseStamp _stamp;
    private readonly bool _isTable;
    private long? _rows;
    private bool _isOrdered;
    private bool _isDisposed;

    private ClickHouseDataset(ClickHouseSession session, ClickHouseAddress address, ClickHouseRelation relation, ClickHouseStamp stamp, bool isTable, IReadOnlyList<ReadIssue> issues, long? rows)
    {
        (_session, _address, _relation, _stamp, _isTable, _rows) = (session, address, relation, stamp, isTable, rows);
        Schema = new Schema(address.Shown, [.. relation.Columns.Select(c => new Field(c.Name, c.Type, c.Native))]);
        Issues = issues;
    }

    public string Name => _address.Shown;

    public Schema Schema { get; }

    public IReadOnlyList<ReadIssue> Issues { get; }

    public bool RowsHaveOrder => _address.Order.Count > 0;

    /// <exception cref="GnomonError">The table is not there, the query or the condition is none, or nothing may be read.</exception>
    public static ClickHouseDataset Open(ClickHouseSession session, ClickHouseAddress address, SourceOptions source, CancellationToken cancellation)
    {
        var from = ClickHouseTable.Source(session, address, source, cancellation);
        var columns = ClickHouseTable.Columns(session, from, cancellation);
        var isTable = source.Sql is null;
        var stamp = ClickHouseStamp.Take(session, from, columns, isTable, cancellation);
        var where = string.IsNullOrWhiteSpace(source.Where) ? null : source.Where;
        var issues = new List<ReadIssue>();
        var rows = stamp.Rows;
        if (where is not null)
        {
            rows = long.Parse(session.Rows($"SELECT count() FROM {from} WHERE ({where}\n)", "counting rows", cancellation)[0][0], CultureInfo.InvariantCulture);
            if (rows < stamp.Rows)
            {
                issues.Add(new ReadIssue("rows-left-out", stamp.Rows - rows, FormattableString.Invariant($"{stamp.Rows - rows:N0} of {stamp.Rows:N0} rows of {address.Shown} do not satisfy --where \"{where}\" and are left out.")));
            }
        }

        var order = address.Order.Count == 0
            ? ClickHouseStamp.RowHash(columns) ?? string.Empty
            : string.Join(", ", Ordering(address, columns).Select(c => $"{c} ASC NULLS LAST"));
        return new ClickHouseDataset(session, address, new ClickHouseRelation(address.Shown, from, columns, where, order), stamp, isTable, issues, rows);
    }

    /// <inheritdoc/>
    /// <remarks>A server's table has no bytes to hash: what is stated is where it is and how many rows it held, at the beginning and now.</remarks>
    public DataIdentity Identify(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseChange(cancellation);
        return new DataIdentity(_address.Shown, _rows, Schema.Count, null);
    }

    /// <inheritdoc/>
    public Table Read(Query query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ServerTable? table = null;
        var (sql, columns, fields) = Run(query, block => (table ??= new ServerTable(block.Fields)).Add(block), "answering", cancellation);
        return (table ?? new ServerTable(fields ?? Empty(sql, columns, cancellation))).Build();
    }

    /// <inheritdoc/>
    public void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(consume);
        Run(query, consume, "sending rows", cancellation);
        progress?.Report(1);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _session.Dispose();
        }
    }

    private (string Sql, IReadOnlyList<ClickHouseOutput> Columns, IReadOnlyList<Field>? Fields) Run(Query query, Func<NativeBlock, bool> consume, string doing, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseLooseOrder(query, cancellation);
        var (sql, columns) = ClickHouseQueryWriter.Write(query, _relation, Schema, _session.Capabilities);
        var reader = new NativeReader(columns);
        try
        {
            _session.Ask($"{sql}\nFORMAT Native", doing, stream => reader.Read(stream, consume, cancellation), cancellation);
        }
        catch (GnomonError e) when (e.Code is "query-failed" or "table-not-found")
        {
            RefuseOtherColumns(e, cancellation);
            throw;
        }

        return (sql, columns, reader.Fields);
    }

    // An answer without rows may come without a word of its columns.
    private List<Field> Empty(string sql, IReadOnlyList<ClickHouseOutput> asked, CancellationToken cancellation)
    {
        var types = ClickHouseTable.Describe(_session, $"({sql})", cancellation);
        return [.. asked.Select((a, i) => new NativeColumn(a.Name, types[i].Native, a.Type).Field)];
    }

    private static IEnumerable<string> Ordering(ClickHouseAddress address, IReadOnlyList<ClickHouseColumn> columns)
    {
        var schema = new Schema(address.Shown, [.. columns.Select(c => new Field(c.Name, c.Type, c.Native))]);
        return address.Order.Select(name => ClickHouseText.Identifier(schema.Require(name, "order").Name));
    }

    // Rows that tie come as they like, and a finding may not depend on that.
    private void RefuseLooseOrder(Query query, CancellationToken cancellation)
    {
        if (_isOrdered || !RowsHaveOrder || query.From is not null || query.GroupBy.Count > 0)
        {
            return;
        }

        _isOrdered = true;
        var keys = string.Join(", ", Ordering(_address, _relation.Columns));
        var where = _relation.Where is null ? string.Empty : $" WHERE ({_relation.Where}\n)";
        var ties = long.Parse(_session.Rows($"SELECT count() FROM (SELECT count() AS rows_in FROM {_relation.From}{where} GROUP BY {keys}) WHERE rows_in > 1", "looking at the order of the rows", cancellation)[0][0], CultureInfo.InvariantCulture);
        if (ties > 0)
        {
            throw new GnomonError(
                "order-not-unique", FormattableString.Invariant($"{Name}: {ties:N0} values of {string.Join(", ", _address.Order)} stand in more than one row, so they put no order on the rows."), "order",
                "Add a column to order=, so that no two rows tie, or leave order= out.");
        }
    }

    private void RefuseChange(CancellationToken cancellation)
    {
        var now = ClickHouseStamp.Take(_session, _relation.From, _relation.Columns, _isTable, cancellation);
        if (now != _stamp)
        {
            var how = now.Rows == _stamp.Rows ? "rows were changed" : FormattableString.Invariant($"it had {_stamp.Rows:N0} rows at the beginning and has {now.Rows:N0} now");
            throw Changed(how);
        }
    }

    private void RefuseOtherColumns(GnomonError failed, CancellationToken cancellation)
    {
        List<ClickHouseColumn> now;
        try
        {
            now = ClickHouseTable.Describe(_session, _relation.From, cancellation);
        }
        catch (GnomonError e) when (e.Code == "table-not-found")
        {
            throw Changed("it is gone", failed);
        }
        catch (GnomonError)
        {
            return;
        }

        var before = _relation.Columns.Select(c => $"{c.Name} {c.Native}").ToList();
        var after = now.ConvertAll(c => $"{c.Name} {c.Native}");
        var (lost, found) = (before.Except(after, StringComparer.Ordinal).ToList(), after.Except(before, StringComparer.Ordinal).ToList());
        if (lost.Count + found.Count > 0)
        {
            throw Changed($"its columns were altered (before: {string.Join(", ", lost.DefaultIfEmpty("none"))}; now: {string.Join(", ", found.DefaultIfEmpty("none"))})", failed);
        }
    }

    private GnomonError Changed(string how, Exception? inner = null) =>
        new("data-changed", $"{Name} changed while it was asked: {how}. ClickHouse has no snapshots, so the parts of this answer would not belong together.", Name, "Ask again while nobody writes, or ask a copy of the table.", inner);
}
