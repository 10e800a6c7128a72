using Gnomon.Core.Tables;
using Gnomon.Data.Pushdown;
using Gnomon.Data.Servers;

namespace Gnomon.Data.Postgres;

/// <summary>Questions in PostgreSQL's SQL: all of them see one snapshot, none of them can write.</summary>
internal sealed class PostgresDatabase : ServerDatabase
{
    private readonly PostgresSession _session;
    private readonly IReadOnlyList<PostgresAddress> _addresses;
    private readonly SourceOptions _source;
    private string? _version;

    private PostgresDatabase(PostgresSession session, IReadOnlyList<PostgresAddress> addresses, SourceOptions source)
        : base(source, [.. addresses.Select(a => a.Shown)]) => (_session, _addresses, _source) = (session, addresses, source);

    public override string Dialect => "postgres";

    public override string Server => _version ??= $"PostgreSQL {_session.Ask(new SqlStatement("SHOW server_version", []), false, "asking the version", r => r.Read() ? r.GetString(0) : "?", CancellationToken.None)}";

    public static PostgresDatabase Open(SourceOptions source, CancellationToken cancellation)
    {
        var tables = source.Tables!;
        RefuseOthers(tables, PostgresAddress.Is, path => PostgresAddress.Parse(path).Place);
        List<PostgresAddress> addresses = [.. tables.Select(t => PostgresAddress.Parse(t.Path))];
        return new PostgresDatabase(new PostgresSession(addresses[0], cancellation), addresses, source);
    }

    protected override string? Table(int index) => _addresses[index].Table is { } table ? PostgresDataset.Quoted(table) : null;

    protected override IDataset Open(int index, string? where, CancellationToken cancellation) =>
        PostgresDataset.Open(_session, _addresses[index], _source with { Path = null, Sql = null, Tables = null, Where = where }, cancellation);

    // As a table of its own the query may begin with a WITH, and it sees the outer one's name.
    protected override string Bind(ServerRelation data, string sql, CancellationToken cancellation) => $"WITH data AS NOT MATERIALIZED (SELECT * FROM {data.Sql}{(data.IsQuery ? " AS data" : string.Empty)}) SELECT * FROM ({sql}\n) AS asked";

    protected override IReadOnlyList<ArrivingColumn> Shape(string sql, CancellationToken cancellation) =>
        [.. PostgresDataset.Fields(_session, One($"SELECT * FROM ({sql}\n) AS typed WHERE $1"), cancellation).Select(f => new ArrivingColumn(f.Name, f.Type, f.NativeType))];

    protected override void Send(string sql, IReadOnlyList<ArrivingColumn> columns, Func<Chunk, bool> consume, CancellationToken cancellation)
    {
        List<Field> fields = [.. columns.Select(c => new Field(c.Name, c.Sent, c.Native))];
        var sent = columns.Select((c, i) => FormattableString.Invariant($"{Sent(c, $"answer.c{i}")} AS s{i}"));
        var names = string.Join(", ", columns.Select((_, i) => FormattableString.Invariant($"c{i}")));
        _session.Ask(
            One($"SELECT {string.Join(", ", sent)} FROM ({sql}\n) AS answer({names}) WHERE $1"),
            ordered: false,
            "answering the query",
            reader =>
            {
                var block = new PostgresBlock(fields) { ForgetsTexts = true };
                while (reader.Read())
                {
                    block.Add(reader);
                    if (block.IsFull)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        consume(block);
                        block.Clear();
                    }
                }

                return block.Rows == 0 || consume(block);
            },
            cancellation);
    }

    protected override void Close() => _session.Dispose();

    // A statement with a parameter is sent as it is: the server refuses a second one behind a semicolon.
    private static SqlStatement One(string sql) => new(sql, [true]);

    private static string Sent(ArrivingColumn column, string sql) =>
        !column.IsExact ? PostgresTypes.Sent(sql, column.Type, column.Native)
        : column.Native == "money" ? $"CAST(CAST({sql} AS numeric) AS text)" : $"CAST({sql} AS text)";
}
