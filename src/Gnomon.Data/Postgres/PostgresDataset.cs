using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.Pushdown;
using Gnomon.Data.Servers;
using Npgsql;
using Npgsql.PostgresTypes;

namespace Gnomon.Data.Postgres;

/// <summary>A table, view or query of a PostgreSQL server. Questions are answered there; rows travel only where a question asks for rows, in blocks.</summary>
internal sealed partial class PostgresDataset : IDataset
{
    private readonly PostgresSession _session;
    private readonly PostgresAddress _address;
    private readonly string _relation;
    private long? _rows;
    private bool _isDisposed;

    private PostgresDataset(PostgresSession session, PostgresAddress address, string relation, Schema schema, IReadOnlyList<ReadIssue> issues)
    {
        (_session, _address, _relation) = (session, address, relation);
        (Schema, Issues) = (schema, issues);
    }

    public string Name => _address.Shown;

    public Schema Schema { get; }

    public IReadOnlyList<ReadIssue> Issues { get; }

    /// <exception cref="GnomonError">The table is not there, the query or the condition is none, or nothing may be read.</exception>
    public static PostgresDataset Open(PostgresSession session, PostgresAddress address, SourceOptions source, CancellationToken cancellation)
    {
        var relation = Relation(session, address, source, cancellation);
        var issues = new List<ReadIssue>();
        if (!string.IsNullOrWhiteSpace(source.Where))
        {
            // The line break ends a comment that the condition may have left open.
            var kept = $"(SELECT * FROM {relation} WHERE ({source.Where}\n)) AS rows_kept";
            var (all, left) = session.Ask(
                new SqlStatement($"SELECT (SELECT count(*) FROM {relation}), (SELECT count(*) FROM {kept})", []), false, "counting rows", r => r.Read() ? (r.GetInt64(0), r.GetInt64(1)) : (0L, 0L), cancellation);
            if (left < all)
            {
                issues.Add(new ReadIssue("rows-left-out", all - left, FormattableString.Invariant($"{all - left:N0} of {all:N0} rows of {address.Shown} do not satisfy --where \"{source.Where}\" and are left out.")));
            }

            relation = kept;
        }

        var fields = Fields(session, new SqlStatement($"SELECT * FROM {relation}", []), cancellation);
        return new PostgresDataset(session, address, relation, new Schema(address.Shown, fields), issues);
    }

    /// <inheritdoc/>
    /// <remarks>A server's table has no bytes to hash: what is stated is where it is and how many rows the snapshot held.</remarks>
    public DataIdentity Identify(CancellationToken cancellation)
    {
        _rows ??= _session.Ask(new SqlStatement($"SELECT count(*) FROM {_relation}", []), false, "counting rows", r => r.Read() ? r.GetInt64(0) : 0, cancellation);
        return new DataIdentity(_address.Shown, _rows, Schema.Count, null);
    }

    /// <inheritdoc/>
    public Table Read(Query query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ServerTable? table = null;
        Run(query, (fields, block) => (table ??= new ServerTable(fields)).Add(block), "answering", cancellation, f => table ??= new ServerTable(f));
        return table!.Build();
    }

    /// <inheritdoc/>
    public void Scan(Query query, Func<Chunk, bool> consume, CancellationToken cancellation, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(consume);
        Run(query, (_, block) => consume(block), "sending rows", cancellation);
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

    private void Run(Query query, Func<IReadOnlyList<Field>, PostgresBlock, bool> consume, string doing, CancellationToken cancellation, Action<IReadOnlyList<Field>>? known = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var asked = QueryWriter.Write(query, _relation, Schema, (parameters, scope) => new PostgresScalarSql(parameters, scope));
        var fields = Fields(_session, asked, cancellation);
        known?.Invoke(fields);
        var sent = fields.Select((f, i) => $"{PostgresTypes.Sent($"answer.{SqlText.Identifier(f.Name)}", f.Type, f.NativeType)} AS c{i}");

        // The order of a subquery without another operation above it is kept by this server.
        var statement = asked with { Text = $"SELECT {string.Join(", ", sent)} FROM ({asked.Text}) AS answer" };
        var isPlain = query.GroupBy.Count == 0 && query.OrderBy.Count == 0;
        _session.Ask(
            statement,
            isPlain,
            doing,
            reader =>
            {
                var block = new PostgresBlock(fields);
                while (reader.Read())
                {
                    block.Add(reader);
                    if (block.IsFull)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        if (!consume(fields, block))
                        {
                            return false;
                        }

                        block.Clear();
                    }
                }

                return block.Rows == 0 || consume(fields, block);
            },
            cancellation);
    }

    private static string Relation(PostgresSession session, PostgresAddress address, SourceOptions source, CancellationToken cancellation)
    {
        var table = address.Table is { } named ? Quoted(named) : null;
        if (source.Sql is null)
        {
            RefuseMissing(session, address, table!, cancellation);
            return table!;
        }

        var text = source.Sql.Trim().TrimEnd(';');
        return table is null ? $"({text}\n) AS data" : $"(WITH data AS (SELECT * FROM {table}) {text}\n) AS asked";
    }

    private static void RefuseMissing(PostgresSession session, PostgresAddress address, string table, CancellationToken cancellation)
    {
        if (session.Ask(new SqlStatement("SELECT to_regclass($1) IS NOT NULL", [table]), false, "looking for the table", r => r.Read() && r.GetBoolean(0), cancellation))
        {
            return;
        }

        var names = session.Ask(
            new SqlStatement("SELECT CASE WHEN table_schema = 'public' THEN table_name ELSE table_schema || '.' || table_name END FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 LIMIT 200", []),
            false, "listing tables", r => { var all = new List<string>(); while (r.Read()) { all.Add(r.GetString(0)); } return all; }, cancellation);
        var nearest = NearestName.To(address.Table!, names);
        throw new GnomonError(
            "table-not-found", $"{address.Shown}: there is no table '{address.Table}' that this user may see.{(names.Count == 0 ? string.Empty : $" Tables: {string.Join(", ", names.Take(20))}{(names.Count > 20 ? $" and {names.Count - 20} more" : string.Empty)}.")}",
            address.Shown, nearest is null ? "Write ?table=schema.name." : $"Did you mean '{nearest}'?");
    }

    // One dot parts schema and table; names are taken as they are written, so capitals count.
    internal static string Quoted(string table) => string.Join('.', table.Split('.', 2).Select(SqlText.Identifier));

    internal static List<Field> Fields(PostgresSession session, SqlStatement statement, CancellationToken cancellation) =>
        session.Ask(
            statement with { Text = $"SELECT * FROM ({statement.Text}) AS shape LIMIT 0" },
            false,
            "reading the columns",
            reader => Enumerable.Range(0, reader.FieldCount).Select(i =>
            {
                var type = reader.GetPostgresType(i);
                while (type is PostgresDomainType domain)
                {
                    type = domain.BaseType;
                }

                return new Field(reader.GetName(i), PostgresTypes.Of(Modifier().Replace(type.DisplayName, string.Empty), type is PostgresEnumType), reader.GetDataTypeName(i));
            }).ToList(),
            cancellation);

    [GeneratedRegex(@"\([^)]*\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Modifier();
}
