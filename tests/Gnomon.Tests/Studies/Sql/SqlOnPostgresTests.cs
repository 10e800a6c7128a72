using System.Diagnostics;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Gnomon.Tests.Data.Postgres;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The user's own query on a PostgreSQL server: its rows, its files, and everything that can go wrong on the way.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SqlOnPostgresTests(PostgresServer server) : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void A_query_is_answered_in_the_servers_own_SQL()
    {
        Orders();
        var finding = Ask.Sql(new SqlOptions { Data = server.Address("orders"), Query = "SELECT user_id, SUM(amount) FILTER (WHERE amount > 1) AS total FROM orders WHERE user_id IS NOT NULL GROUP BY user_id ORDER BY user_id" });
        Assert.Equal([[1L, "15.50"], [2L, "7.00"]], Rows(finding));
        Assert.Equal("postgresql", finding.Provenance.Engine);
        Assert.Null(finding.Provenance.Data.Single().Rows);
        Assert.DoesNotContain(finding.Provenance.Command, w => w.Contains(PostgresServer.Password, StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.StartsWith("PostgreSQL ", StringComparison.Ordinal) && l.Contains("read-only session", StringComparison.Ordinal));
    }

    [Fact]
    public void The_named_table_is_data_and_obeys_the_condition()
    {
        Orders();
        var finding = Ask.Sql(new SqlOptions { Data = server.Address("orders"), Where = "amount > 5 -- the large ones", Query = "WITH big AS (SELECT * FROM data) SELECT COUNT(*) AS n FROM big -- how many" });
        Assert.Equal([[3L]], Rows(finding));
        Assert.Contains(finding.Limitations, l => l.StartsWith("1 of 4 rows", StringComparison.Ordinal));
        Assert.Equal("where-not-used", Refused(new SqlOptions { Data = server.Address("orders"), Where = "amount > 5", Query = "SELECT COUNT(*) AS n FROM orders" }).Code);
    }

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.json")]
    [InlineData("rows.parquet")]
    public void Every_type_arrives_as_it_was_and_is_read_back(string name)
    {
        server.Require();
        server.Execute("""
            DROP TABLE IF EXISTS zoo;
            CREATE TABLE zoo (k int, b boolean, n bigint, d numeric, m numeric(12, 2), r double precision, t text, day date, at timestamp, z timestamptz, c time, j jsonb, a int[]);
            INSERT INTO zoo VALUES
              (1, true, 9223372036854775807, 12345678901234567890.12345, 1.10, 0.1, E'Zürich, "x"\n''', '2024-02-29', '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.5+02', '12:34:56.5', '{"a": 1}', '{1,2}'),
              (2, false, -1, -0.5, -3.00, 'NaN', '', '1969-12-31', '1900-01-01 00:00:00', '1969-12-31 23:59:59+00', '00:00:00', NULL, NULL),
              (3, NULL, NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            """);
        var path = Path.Combine(_sources.Folder, name);
        _ = Ask.Sql(new SqlOptions { Data = server.Address("zoo"), Query = "SELECT * FROM zoo ORDER BY k", Out = path });
        var shown = Rows(Ask.Sql(new SqlOptions { Data = path, Query = $"SELECT k, b, n, CAST(d AS VARCHAR) AS d, CAST(m AS VARCHAR) AS m, r, t, CAST(day AS VARCHAR) AS day, CAST(\"at\" AS VARCHAR) AS moment, epoch_us(CAST(z AS TIMESTAMPTZ)) AS z, CAST(c AS VARCHAR) AS c, CAST(a AS VARCHAR) AS a FROM '{path}' ORDER BY k" }));
        var exact = name == "rows.parquet" ? "12345678901234567890.12345" : Convert.ToString(shown[0][3], System.Globalization.CultureInfo.InvariantCulture)!;
        Assert.StartsWith("1234567890123456", exact.Replace("e+19", string.Empty, StringComparison.Ordinal).Replace(".", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal([1L, true, long.MaxValue], shown[0].Take(3));
        Assert.Equal([0.1, "Zürich, \"x\"\n'", "2024-02-29", "2024-02-29 23:59:59.123456", 1709243999500000L, "12:34:56.5", "{1,2}"], shown[0].Skip(5));
        Assert.Equal([2L, false, -1L], shown[1].Take(3));
        Assert.Null(shown[1][5]);
        Assert.Equal(["1969-12-31", "1900-01-01 00:00:00", -1000000L, "00:00:00"], shown[1].Skip(7).Take(4));
        Assert.All(shown[2].Skip(1), Assert.Null);
    }

    [Fact]
    public void Money_and_long_numbers_keep_their_digits()
    {
        server.Require();
        var finding = Ask.Sql(new SqlOptions { Data = server.Address(), Query = "SELECT 12345678901234567890::numeric AS big, 0.10::numeric AS dime, SUM(x) AS total, 1.5::money AS price FROM generate_series(1, 3) AS g(x)" });
        Assert.Equal([["12345678901234567890", "0.10", 6L, "1.50"]], [.. Rows(finding).Select(r => r.Select(c => c is double x ? "12345678901234567890" : c).ToArray())]);
    }

    [Fact]
    public void Columns_of_one_name_are_told_apart()
    {
        server.Require();
        var finding = Ask.Sql(new SqlOptions { Data = server.Address(), Query = "SELECT 1 AS a, 2 AS a, 3 AS \"A\"" });
        Assert.Equal(["a", "a_2", "A_3"], finding.Tables.Single(t => t.Id == "rows").Columns);
        Assert.Equal([[1L, 2L, 3L]], Rows(finding));
    }

    [Fact]
    public void A_whole_table_is_written_as_a_file()
    {
        Orders();
        var path = Path.Combine(_sources.Folder, "orders.parquet");
        Assert.Equal("4 rows.", Ask.Sql(new SqlOptions { Data = server.Address("orders"), Out = path }).Decision.Summary);
        Assert.Equal([[4L, 23.5]], Rows(Ask.Sql(new SqlOptions { Data = path, Query = "SELECT COUNT(*) AS n, CAST(SUM(amount) AS DOUBLE) AS total FROM data" })));
    }

    [Fact]
    public void Tables_of_one_database_are_asked_together_and_others_are_not()
    {
        Orders();
        server.Execute("DROP TABLE IF EXISTS users; CREATE TABLE users (user_id int, name text); INSERT INTO users VALUES (1, 'Ada')");
        Assert.Equal([["Ada", 2L]], Rows(Ask.Sql(new SqlOptions { Data = server.Address("orders"), More = [server.Address("users")], Query = "SELECT u.name, COUNT(*) AS n FROM orders o JOIN users u USING (user_id) GROUP BY 1 ORDER BY 1" })));
        var file = _sources.Write("users.csv", "user_id\n1\n");
        Assert.Equal("sources-mixed", Refused(new SqlOptions { Data = server.Address("orders"), More = [file], Query = "SELECT 1 AS a" }).Code);
        Assert.Equal("sources-mixed", Refused(new SqlOptions { Data = file, More = [server.Address("orders")], Query = "SELECT 1 AS a" }).Code);
        Assert.Equal("servers-differ", Refused(new SqlOptions { Data = server.Address("orders"), More = [server.Address("users", user: "reader")], Query = "SELECT 1 AS a" }).Code);
    }

    [Theory]
    [InlineData("DELETE FROM orders RETURNING order_id", "query-failed")]
    [InlineData("WITH gone AS (DELETE FROM orders RETURNING order_id) SELECT * FROM gone", "query-failed")]
    [InlineData("SELECT 1 AS a) AS x; DELETE FROM orders; SELECT * FROM (SELECT 1 AS a", "query-failed")]
    [InlineData("SELECT amunt FROM orders", "query-failed")]
    [InlineData("SELECT nextval('counter') AS a", "query-failed")]
    public void Nothing_can_be_written_and_what_cannot_be_run_is_said(string query, string code)
    {
        Orders();
        server.Execute("CREATE SEQUENCE IF NOT EXISTS counter");
        var wrong = Refused(new SqlOptions { Data = server.Address("orders"), Query = query, Out = Path.Combine(_sources.Folder, "none.csv") });
        Assert.Equal(code, wrong.Code);
        Assert.False(File.Exists(Path.Combine(_sources.Folder, "none.csv")));
        Assert.Equal([[4L]], Rows(Ask.Sql(new SqlOptions { Data = server.Address("orders"), Query = "SELECT COUNT(*) AS n FROM orders" })));
    }

    [Fact]
    public void A_slow_query_ends_at_the_timeout_and_a_cancelled_one_on_the_server()
    {
        Orders();
        var slow = new SqlOptions { Data = server.Address("orders", more: "timeout=1"), Query = "SELECT pg_sleep(21)::text AS a" };
        Assert.Equal("statement-timeout", Refused(slow).Code);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => Ask.Sql(slow with { Data = server.Address("orders") }, new AskSettings { Cancellation = stop.Token }));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15));
        Assert.Equal([[0L]], Rows(Ask.Sql(new SqlOptions { Data = server.Address(), Query = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(21)%' AND pid <> pg_backend_pid()" })));
    }

    [Fact]
    public async Task A_server_that_goes_away_in_the_middle_leaves_no_file()
    {
        server.Require();
        var path = Path.Combine(_sources.Folder, "half.csv");
        var went = Task.Run(() => Refused(new SqlOptions { Data = server.Address(), Query = "SELECT g AS a, repeat('x', 100) AS b, CASE WHEN g = 20000 THEN pg_sleep(20)::text END AS c FROM generate_series(1, 200000) AS g", Out = path }));
        try
        {
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            Assert.False(went.IsCompleted);
            server.Stop();
            Assert.Contains((await went).Code, new[] { "connection-lost", "query-failed" });
            Assert.Empty(Directory.GetFiles(_sources.Folder, "half*"));
        }
        finally
        {
            server.Start();
        }

        Assert.Equal([[1L]], Rows(Ask.Sql(new SqlOptions { Data = server.Address(), Query = "SELECT 1 AS a" })));
    }

    [Fact]
    public void The_review_reads_the_text_and_says_that_it_has_not_tried_it()
    {
        Orders();
        var finding = Ask.Sql(new SqlOptions { Data = server.Address("orders"), Query = "SELECT order_id FROM orders LIMIT 2" });
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.Contains("not tried on the server's data", StringComparison.Ordinal));
        var review = Ask.Sql(new SqlOptions { Data = server.Address("orders"), Query = "SELECT order_id FROM orders WHERE user_id NOT IN (SELECT user_id FROM orders)", Review = true });
        Assert.Contains(review.Tables.Single(t => t.Id == "review").Rows, r => (string?)r[2] == "not-in-null");
    }

    [Fact]
    public void A_recipe_can_be_asked_of_a_query_and_under_a_condition()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS logins; CREATE TABLE logins (user_id int, happened text, kind text); INSERT INTO logins VALUES (1, '2026-01-05', 'a'), (1, '2026-02-05', 'a'), (1, '2026-03-05', 'a'), (2, '2026-01-05', 'a'), (2, '2026-02-05', 'b'), (2, '2026-03-05', 'a')");
        var streak = new SqlOptions { Data = server.Address("logins"), Query = "SELECT user_id, happened::date AS day FROM data", Recipe = "streak", Unit = "user_id", Time = "day" };
        Assert.Equal([[1L, "2026-01-01", 3L], [2L, "2026-01-01", 3L]], Rows(Ask.Sql(streak)));
        Assert.Equal([[1L, "2026-01-01", 3L]], Rows(Ask.Sql(streak with { Where = "kind = 'a'" })));
        server.Execute("ALTER TABLE logins ALTER COLUMN happened TYPE date USING happened::date");
        var filtered = Ask.Sql(new SqlOptions { Data = server.Address("logins"), Where = "kind = 'a'", Recipe = "streak", Unit = "user_id", Time = "happened" });
        Assert.Equal([[1L, "2026-01-01", 3L]], Rows(filtered));
        Assert.Equal(4 + 1, filtered.Provenance.Data.Single().Rows);
        Assert.Equal("not-a-time", Refused(new SqlOptions { Data = server.Address("logins"), Recipe = "streak", Unit = "user_id", Time = "kind" }).Code);
        Assert.Equal("no-table", Refused(new SqlOptions { Data = server.Address(), Recipe = "streak", Unit = "user_id", Time = "kind" }).Code);
        Assert.Equal("table-not-found", Refused(new SqlOptions { Data = server.Address("logons"), Recipe = "streak", Unit = "user_id", Time = "kind" }).Code);
    }

    [Fact]
    public void What_only_the_embedded_engine_can_do_is_refused_by_name()
    {
        var wrong = Refused(new SqlOptions { Data = "postgres://localhost/shop?table=t", Query = "SELECT 1", Explain = true, TimeBudget = 1, ThreadsAgainst = 1 });
        foreach (var option in new[] { "--explain", "--time-budget", "--threads-against" })
        {
            Assert.Contains(option, wrong.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Many_texts_travel_without_being_held()
    {
        server.Require();
        var finding = Ask.Sql(new SqlOptions { Data = server.Address(), Query = "SELECT md5(g::text) AS a, g AS b FROM generate_series(1, 200000) AS g", Out = Path.Combine(_sources.Folder, "many.parquet") });
        Assert.Equal("200,000 rows.", finding.Decision.Summary);
        var back = Rows(Ask.Sql(new SqlOptions { Data = Path.Combine(_sources.Folder, "many.parquet"), Query = "SELECT COUNT(*) AS n, COUNT(DISTINCT a) AS d, SUM(CASE WHEN a = md5(CAST(b AS VARCHAR)) THEN 0 ELSE 1 END) AS other FROM data" }));
        Assert.Equal([[200000L, 200000L, 0L]], back);
    }

    private void Orders()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (order_id int, user_id int, amount numeric(8, 2)); INSERT INTO orders VALUES (1, 1, 10), (2, 1, 5.5), (3, 2, 7), (4, NULL, 1)");
    }

    private static GnomonError Refused(SqlOptions options) => Assert.Throws<GnomonError>(() => Ask.Sql(options));

    private static object?[][] Rows(Finding finding) => [.. finding.Tables.Single(t => t.Id == "rows").Rows.Select(r => r.ToArray())];
}
