using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql.Dialects;
using Gnomon.Studies.Sql.Recipes;

namespace Gnomon.Studies.Sql;

/// <summary>Where a recipe is run and where its answer lies: both in the embedded engine for files; on a server the one, here the other.</summary>
internal sealed class RecipeDesk
{
    private const string QueryRows = "query_rows";
    private const string Usual = "gnomon usual";

    private readonly IDatabase? _files;
    private readonly IServerDatabase? _server;
    private readonly StudyContext _context;

    /// <param name="files">Tables of files; null when only the SQL is wanted.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="context">Ends it.</param>
    public RecipeDesk(IDatabase? files, SqlOptions options, StudyContext context)
    {
        (_files, _context) = (files, context);
        Tables = files?.Tables ?? [];
        if (files is not null && (options.Query is not null || options.File is not null))
        {
            // With a query of the user's own, its rows are the table.
            var sql = QueryRun.Text(options);
            files.LoadFilesOf(sql, context.Cancellation);
            _ = files.Keep(QueryRows, sql, null, context.Cancellation);
            Tables = [new DatabaseTable(QueryRows, "the query", new Schema("the query", files.Describe($"SELECT * FROM {QueryRows}", context.Cancellation)))];
        }
    }

    /// <param name="server">Tables of a server.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="context">Ends it.</param>
    public RecipeDesk(IServerDatabase server, SqlOptions options, StudyContext context)
    {
        (_server, _context) = (server, context);
        if (options.Query is not null || options.File is not null)
        {
            var sql = server.Bound(QueryRun.Text(options), context.Cancellation);
            Relations = [new ServerRelation(QueryRows, server.Name, $"({sql}\n)", true, new Schema("the query", server.Describe(sql, context.Cancellation)))];
        }
        else
        {
            Relations = [.. Enumerable.Range(0, server.Addresses.Count).Select(k => server.Relation(k, context.Cancellation))];
        }

        Tables = [.. Relations.Select(r => new DatabaseTable(r.Name, r.Source, r.Schema))];
    }

    public IReadOnlyList<DatabaseTable> Tables { get; }

    public IReadOnlyList<ServerRelation> Relations { get; } = [];

    public bool IsServer => _server is not null;

    /// <summary>Whose SQL the recipe is run in.</summary>
    public string Dialect => _server?.Dialect ?? "duckdb";

    /// <summary>The engine that holds the answer; null when there are no data.</summary>
    public IDatabase? Kept => _server?.Kept ?? _files;

    /// <summary>The answer's rows, in its order.</summary>
    public long Keep(string sql) => _server is null
        ? _files!.Keep(Recipe.Answer.Trim('"'), sql, SqlOutput.Watch(_context, "running the query"), _context.Cancellation)
        : _server.Keep(Recipe.Answer.Trim('"'), sql, _context.Cancellation);

    /// <summary>A question about the tables, or one about the kept answer; none is about both.</summary>
    public Table Ask(string sql) => Run(StepNames.Apart(sql, [.. Tables.Select(t => t.Name)]));

    private Table Run(string sql) => _server is not null && !sql.Contains(Recipe.Answer, StringComparison.Ordinal) ? _server.Ask(SqlDialect.Named(Dialect).Finished(sql), _context.Cancellation) : Kept!.Ask(sql, _context.Cancellation);

    /// <summary>A query whose rows can be compared with the answer's: its text, or the name of what the server sent for it; null where the server cannot run it.</summary>
    public string? Comparable(string sql)
    {
        if (_server is null)
        {
            return $"({sql}) AS usual";
        }

        try
        {
            _ = _server.Keep(Usual, sql, _context.Cancellation);
            return $"\"{Usual}\"";
        }
        catch (GnomonError e) when (e.Code == "query-failed")
        {
            return null;
        }
    }

    /// <summary>A server says before the first row what it lacks.</summary>
    /// <exception cref="GnomonError"><c>server-too-old</c>.</exception>
    public void RefuseTooOld(string recipe, string sql)
    {
        if (_server is { Dialect: "clickhouse" } && ClickHouseNeeds.Missing(sql, s => _server.Runs(s, _context.Cancellation)) is { Count: > 0 } missing)
        {
            throw new GnomonError(
                "server-too-old", $"{_server.Name} runs {_server.Server}, which does not know {string.Join(", ", missing.Select(m => m.What))}: the recipe {recipe} needs ClickHouse {missing.Max(m => m.Since)} or later.", "DATA",
                "Write the rows to a file and ask that: gnomon sql ADDRESS --query \"SELECT ...\" --out rows.parquet, then gnomon sql rows.parquet --recipe ...");
        }
    }
}
