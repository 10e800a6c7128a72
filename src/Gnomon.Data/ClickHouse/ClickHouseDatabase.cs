using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.Servers;

namespace Gnomon.Data.ClickHouse;

/// <summary>Questions in ClickHouse's SQL. A query of the user's own is one statement and needs no snapshot; tables that are asked several times are stamped before the first question and after the last.</summary>
internal sealed class ClickHouseDatabase : ServerDatabase
{
    private readonly ClickHouseSession _session;
    private readonly IReadOnlyList<ClickHouseAddress> _addresses;
    private readonly SourceOptions _source;

    private ClickHouseDatabase(ClickHouseSession session, IReadOnlyList<ClickHouseAddress> addresses, SourceOptions source)
        : base(source, [.. addresses.Select(a => a.Shown)]) => (_session, _addresses, _source) = (session, addresses, source);

    public override string Dialect => "clickhouse";

    public override string Server => $"ClickHouse {_session.Capabilities.Version}";

    public static ClickHouseDatabase Open(SourceOptions source, CancellationToken cancellation)
    {
        var tables = source.Tables!;
        RefuseOthers(tables, ClickHouseAddress.Is, path => ClickHouseAddress.Parse(path) is var a ? $"{a.Server} {a.Database} {a.User}" : path);
        List<ClickHouseAddress> addresses = [.. tables.Select(t => ClickHouseAddress.Parse(t.Path))];
        return new ClickHouseDatabase(new ClickHouseSession(addresses[0], cancellation), addresses, source);
    }

    protected override string? Table(int index) => _addresses[index].Table is null ? null : ClickHouseTable.Quoted(_addresses[index]);

    protected override IDataset Open(int index, string? where, CancellationToken cancellation) =>
        ClickHouseDataset.Open(_session, _addresses[index], _source with { Path = null, Sql = null, Tables = null, Where = where }, cancellation);

    protected override string Bind(ServerRelation data, string sql, CancellationToken cancellation)
    {
        if (!ClickHouseTable.NamesQueries(_session, cancellation))
        {
            throw new GnomonError(
                "server-too-old", $"{Name} runs {Server}, which cannot call a table 'data' within a query.", "--query", "Write the table's own name in --query.");
        }

        // A query that begins with WITH goes on with its own names.
        var own = sql.StartsWith("WITH", StringComparison.OrdinalIgnoreCase) && sql.Length > 4 && char.IsWhiteSpace(sql[4]) ? $", {sql[5..]}" : $" {sql}";
        return $"WITH data AS (SELECT * FROM {data.Sql}){own}";
    }

    protected override IReadOnlyList<ArrivingColumn> Shape(string sql, CancellationToken cancellation)
    {
        var columns = Columns(sql, cancellation);
        columns.ForEach(c => c.RefuseUnreadable(Name));
        if (columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new GnomonError("columns-of-one-name", $"The query returns {twice.Count()} columns called '{twice.Key}', which the server cannot tell apart.", "--query", "Give each of them a name of its own with AS.");
        }

        return [.. columns.Select(c => new ArrivingColumn(c.Name, c.IsUInt64 ? ColumnType.Decimal : c.Type, c.Native))];
    }

    protected override void Send(string sql, IReadOnlyList<ArrivingColumn> columns, Func<Chunk, bool> consume, CancellationToken cancellation)
    {
        var values = columns.Select(c => new ClickHouseColumn(c.Name, c.Native) is var own && c.IsExact ? $"toString({own.Quoted})" : own.Value).ToList();
        List<ClickHouseOutput> asked = [.. columns.Select((c, i) => new ClickHouseOutput(c.Name, FormattableString.Invariant($"gnomon_{i}"), c.Sent))];
        var reader = new NativeReader(asked) { ForgetsTexts = true };
        _session.Ask($"SELECT {string.Join(", ", values.Select((v, i) => $"{v} AS {asked[i].Alias}"))} FROM ({sql}\n)\nFORMAT Native", "answering the query", stream => reader.Read(stream, consume, cancellation), cancellation);
    }

    protected override void Close() => _session.Dispose();

    private List<ClickHouseColumn> Columns(string sql, CancellationToken cancellation) => ClickHouseTable.Describe(_session, $"({sql}\n)", cancellation);
}
