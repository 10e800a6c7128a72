using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Gnomon.Tests.Data.ClickHouse;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The user's own query and the recipes on ClickHouse: what the server knows is run there, and what it lacks is named.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class SqlOnClickHouseTests(ClickHouseServers servers) : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData("events")]
    [InlineData("events_all")]
    public void A_recipe_gives_the_finding_of_the_file(string table)
    {
        var options = Events();
        var (file, rows) = SqlData.Run(_sources, options);
        var (there, theirs) = SqlData.Run(_sources, options with { Data = servers.Address(table) }, "theirs.csv");
        Assert.NotEmpty(rows);
        Assert.Equal(rows, theirs);
        Assert.Equal("clickhouse", there.Provenance.Engine);
        Assert.Equal(file.Provenance.Data.Single().Rows, there.Provenance.Data.Single().Rows);
        Same(file, there);
    }

    [Fact]
    public void A_recipe_under_a_condition_gives_the_finding_of_the_file()
    {
        var options = Events() with { Where = "kind <> 'buy'" };
        var (file, rows) = SqlData.Run(_sources, options);
        var (there, theirs) = SqlData.Run(_sources, options with { Data = servers.Address("events") }, "theirs.csv");
        Assert.Equal(rows, theirs);
        Same(file, there);
    }

    [Theory]
    [InlineData("streak")]
    [InlineData("retention")]
    [InlineData("sessions")]
    public void A_recipe_that_the_server_cannot_run_is_refused_with_the_version_it_needs(string recipe)
    {
        _ = Events();
        servers.Execute("DROP TABLE IF EXISTS timed");
        servers.Execute("CREATE TABLE timed (user_id Int64, at DateTime) ENGINE = MergeTree ORDER BY tuple()");
        servers.Execute("INSERT INTO timed VALUES (1, '2024-01-01 00:00:00')");
        var wrong = Refused(new SqlOptions { Data = servers.Address("timed"), Recipe = recipe, Unit = "user_id", Time = "at" });
        Assert.Equal("server-too-old", wrong.Code);
        Assert.Contains("runs ClickHouse 18.16", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("named queries", wrong.Message, StringComparison.Ordinal);
        Assert.Matches(@"needs ClickHouse 2\d\.\d", wrong.Message);
    }

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.json")]
    [InlineData("rows.parquet")]
    public void Every_type_arrives_as_it_was_and_is_read_back(string name)
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS zoo");
        servers.Execute("CREATE TABLE zoo (k Int32, n Nullable(Int64), u UInt64, d Decimal(18, 4), w Nullable(Decimal(38, 5)), r Nullable(Float64), t Nullable(String), day Date, at DateTime('UTC'), e Enum8('a' = 1, 'b' = 2), l Array(Int32)) ENGINE = MergeTree ORDER BY k");
        servers.Execute("INSERT INTO zoo VALUES (1, 9223372036854775807, 18446744073709551615, 1.5, 123456789012345678901.12345, 0.1, 'Zürich, \"x\"', '2024-02-29', '2024-02-29 23:59:59', 'a', [1, 2]), (2, NULL, 0, -0.25, NULL, nan, NULL, '1970-01-01', '1970-01-01 00:00:00', 'b', [])");
        var path = Path.Combine(_sources.Folder, name);
        _ = Ask.Sql(new SqlOptions { Data = servers.Address("zoo"), Query = "SELECT * FROM zoo ORDER BY k", Out = path });
        var shown = Rows(Ask.Sql(new SqlOptions { Data = path, Query = $"SELECT k, n, CAST(u AS VARCHAR) AS u, CAST(d AS DOUBLE) AS d, r, t, CAST(day AS VARCHAR) AS day, epoch_us(CAST(\"at\" AS TIMESTAMPTZ)) AS moment, e, CAST(l AS VARCHAR) AS l FROM '{path}' ORDER BY k" }));
        Assert.Equal([1L, long.MaxValue], shown[0].Take(2));
        Assert.Equal([1.5, 0.1, "Zürich, \"x\"", "2024-02-29", 1709251199000000L, "a", "[1,2]"], shown[0].Skip(3));
        Assert.Null(shown[1][1]);
        Assert.Equal(-0.25, shown[1][3]);
        Assert.Null(shown[1][4]);
        Assert.Null(shown[1][5]);
        Assert.Equal(["1970-01-01", 0L, "b", "[]"], shown[1].Skip(6));
        if (name == "rows.parquet")
        {
            Assert.Equal("18446744073709551615", shown[0][2]);
            Assert.Equal([["123456789012345678901.12345"]], Rows(Ask.Sql(new SqlOptions { Data = path, Query = "SELECT w FROM data WHERE w IS NOT NULL" })));
        }
    }

    [Fact]
    public void A_cluster_is_asked_as_one_table()
    {
        _ = Events();
        string[] expected = servers.Execute("SELECT kind, count() FROM events WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind");
        var finding = Ask.Sql(new SqlOptions { Data = servers.Address("events_all"), Query = "SELECT kind, count() AS n FROM events_all WHERE kind IS NOT NULL GROUP BY kind ORDER BY kind" });
        Assert.Equal(expected, Rows(finding).Select(r => $"{r[0]}\t{r[1]}"));
        Assert.Equal("4 rows.", finding.Decision.Summary);
    }

    [Theory]
    [InlineData("DROP TABLE events", "query-failed")]
    [InlineData("SELECT 1 AS a) ; DROP TABLE events; SELECT * FROM (SELECT 1 AS a", "query-failed")]
    [InlineData("SELECT usr FROM events", "query-failed")]
    [InlineData("SELECT user_id, user_id FROM events", "columns-of-one-name")]
    [InlineData("SELECT count() AS n FROM data", "server-too-old")]
    public void Nothing_can_be_written_and_what_cannot_be_run_is_said(string query, string code)
    {
        _ = Events();
        var path = Path.Combine(_sources.Folder, "none.csv");
        Assert.Equal(code, Refused(new SqlOptions { Data = servers.Address("events"), Query = query, Out = path }).Code);
        Assert.False(File.Exists(path));
        Assert.NotEmpty(servers.Execute("SELECT 1 FROM events LIMIT 1"));
    }

    [Fact]
    public void A_slow_query_ends_at_the_timeout_and_a_cancelled_one_on_the_server()
    {
        servers.Require();
        var slow = new SqlOptions { Data = servers.Address(more: "timeout=1"), Query = "SELECT count() AS n FROM numbers(100000000000) WHERE sipHash64(number) = 77" };
        Assert.Equal("statement-timeout", Refused(slow).Code);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<OperationCanceledException>(() => Ask.Sql(slow with { Data = servers.Address() }, new AskSettings { Cancellation = stop.Token }));
        string[] running = ["?"];
        for (var k = 0; k < 100 && running.Length > 0; k++)
        {
            running = servers.Execute("SELECT query_id FROM system.processes WHERE query LIKE '%sipHash64(number) = 77%' AND query NOT LIKE '%system.processes%'");
            Thread.Sleep(running.Length > 0 ? 50 : 0);
        }

        Assert.Empty(running);
    }

    [Fact]
    public void An_error_after_the_first_rows_leaves_no_file()
    {
        servers.Require();
        var path = Path.Combine(_sources.Folder, "half.csv");
        var wrong = Refused(new SqlOptions { Data = servers.Address(), Query = "SELECT number AS a, throwIf(number = 3000000) AS b FROM numbers(4000000)", Out = path });
        Assert.Equal("query-failed", wrong.Code);
        Assert.Empty(Directory.GetFiles(_sources.Folder, "half*"));
    }

    // NOT IN over a set with a NULL in it drops nothing on this server: the usual form is run there, so its flaw is not found there.
    private static void Same(Finding file, Finding there)
    {
        static Finding Without(Finding f) => f with { Checks = [.. f.Checks.Where(c => c.Id != "null-semantics")], Tables = [.. f.Tables.Where(t => t.Id != "usual-forms")] };
        SqlData.Same(Without(file), Without(there));
        Assert.Equal(Core.Checks.CheckStatus.Warn, file.Checks.Single(c => c.Id == "null-semantics").Status);
        Assert.Equal(Core.Checks.CheckStatus.Pass, there.Checks.Single(c => c.Id == "null-semantics").Status);
    }

    private SqlOptions Events()
    {
        servers.Require();
        var csv = SqlData.Csv(SqlData.Events(11));
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();
        var (user, kind) = (Array.IndexOf(lines[0], "user_id"), Array.IndexOf(lines[0], "kind"));
        servers.Store(
            "events", [("user_id", "Nullable(Int64)"), ("kind", "Nullable(String)")],
            [.. lines.Skip(1).Select(l => new object?[] { l[user].Length == 0 ? null : long.Parse(l[user], System.Globalization.CultureInfo.InvariantCulture), l[kind].Length == 0 ? null : l[kind] })]);
        return new SqlOptions { Data = _sources.Write("events.csv", csv), Recipe = "anti-join", Unit = "user_id", Event = "kind", Has = ["cart", "visit"], Never = ["signup"] };
    }

    private static GnomonError Refused(SqlOptions options) => Assert.Throws<GnomonError>(() => Ask.Sql(options));

    private static object?[][] Rows(Finding finding) => [.. finding.Tables.Single(t => t.Id == "rows").Rows.Select(r => r.ToArray())];
}
