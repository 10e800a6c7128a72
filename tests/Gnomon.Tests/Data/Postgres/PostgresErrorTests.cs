using System.Diagnostics;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.Postgres;
using Xunit;

namespace Gnomon.Tests.Data.Postgres;

/// <summary>What a server can refuse, and what can happen on the way: one clear message each, never a password.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresErrorTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres://", "bad-address")]
    [InlineData("postgres://localhost", "bad-address")]
    [InlineData("postgres://u:secret@localhost/db?tabel=t", "bad-address")]
    [InlineData("postgres://u:secret@localhost/db?table=t&timeout=soon", "bad-address")]
    [InlineData("postgresql://u:secret@localhost/db?table=t&sslmode=maybe", "bad-address")]
    [InlineData("postgres://u:secret@localhost/db", "no-table")]
    public void An_address_that_is_none_is_refused_without_its_password(string address, string code)
    {
        var error = Refused(() => Open(address));
        Assert.Equal(code, error.Code);
        Assert.DoesNotContain("secret", $"{error.Message} {error.Where} {error.Hint}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://u:se:cr@t@host/db?table=a:b@c", "postgres://u@host/db?table=a:b@c")]
    [InlineData("--data=POSTGRESQL://u:secret@host/db", "--data=POSTGRESQL://u@host/db")]
    [InlineData("postgres://u@host:5432/db", "postgres://u@host:5432/db")]
    [InlineData("postgres://host:5432/db?table=a@b", "postgres://host:5432/db?table=a@b")]
    public void A_command_is_kept_without_its_password(string word, string kept) => Assert.Equal(kept, Engines.WithoutPassword(word));

    [Fact]
    public void Nobody_listening_is_told() => Assert.Equal("server-unreachable", Refused(() => Open("postgres://u:secret@127.0.0.1:1/db?table=t")).Code);

    [Fact]
    public void A_wrong_password_is_told()
    {
        server.Require();
        var error = Refused(() => Open(server.Address("t", password: "wrong secret")));
        Assert.Equal("login-refused", error.Code);
        Assert.DoesNotContain("secret", $"{error.Message} {error.Where} {error.Hint}", StringComparison.Ordinal);
        Assert.Equal("database-not-found", Refused(() => Open(server.Address("t", database: "nowhere"))).Code);
    }

    [Fact]
    public void A_missing_table_is_told_with_the_nearest()
    {
        server.Require();
        server.Execute("CREATE SCHEMA IF NOT EXISTS shop; CREATE TABLE IF NOT EXISTS shop.orders (a int)");
        var error = Refused(() => Open(server.Address("shop.order")));
        Assert.Equal(("table-not-found", "Did you mean 'shop.orders'?"), (error.Code, error.Hint));
    }

    [Fact]
    public void Names_and_conditions_cannot_smuggle_statements()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)");
        Assert.Equal("table-not-found", Refused(() => Open(server.Address("kept\"; DROP TABLE kept; --"))).Code);
        Assert.Equal("query-failed", Refused(() => Open(server.Address("kept"), where: "true); DROP TABLE kept; --")).Code);
        Assert.Equal("query-failed", Refused(() => Open(server.Address("kept"), sql: "DELETE FROM kept RETURNING a")).Code);
        Assert.Equal("query-failed", Refused(() => Open(server.Address(), sql: "WITH gone AS (DELETE FROM kept RETURNING a) SELECT * FROM gone")).Code);
        using var connection = server.Connect();
        using var count = new Npgsql.NpgsqlCommand("SELECT count(*) FROM kept", connection);
        Assert.Equal(1L, count.ExecuteScalar());
    }

    [Fact]
    public void A_reader_needs_select_and_nothing_else()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS shown, hidden; CREATE TABLE shown (a int); CREATE TABLE hidden (a int); GRANT SELECT ON shown TO reader");
        using var engine = new PostgresEngine();
        using var data = engine.Open(new() { Path = server.Address("shown", user: "reader") }, Token);
        Assert.Equal(0, data.Identify(Token).Rows);
        Assert.Equal("not-permitted", Refused(() => Open(server.Address("hidden", user: "reader"))).Code);
    }

    [Fact]
    public void A_slow_answer_ends_at_the_timeout_and_a_cancelled_one_on_the_server()
    {
        server.Require();
        Assert.Equal("statement-timeout", Refused(() => Open(server.Address(more: "timeout=1"), sql: "SELECT pg_sleep(20)::text AS a", read: true)).Code);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => Open(server.Address(), sql: "SELECT pg_sleep(20)::text AS a", read: true, cancellation: stop.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15));
        using var connection = server.Connect();
        using var running = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()", connection);
        Assert.Equal(0L, running.ExecuteScalar());
    }

    [Fact]
    public void Every_question_sees_the_rows_of_the_first()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS growing; CREATE TABLE growing (a int); INSERT INTO growing VALUES (1)");
        using var engine = new PostgresEngine();
        using var data = engine.Open(new() { Path = server.Address("growing") }, Token);
        server.Execute("INSERT INTO growing VALUES (2)");
        Assert.Equal(1, data.Identify(Token).Rows);
        Assert.Equal(1L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount)));
    }

    [Fact]
    public void A_server_that_goes_away_in_the_middle_is_told_and_can_be_asked_again()
    {
        server.Require();
        server.Execute("DROP TABLE IF EXISTS long; CREATE TABLE long AS SELECT g AS a, repeat('x', 200) AS b FROM generate_series(1, 300000) g");
        try
        {
            using (var engine = new PostgresEngine())
            using (var data = engine.Open(new() { Path = server.Address("long") }, Token))
            {
                var blocks = 0;
                var error = Refused(() => data.Scan(
                    new Query { Select = [Projection.Column("a"), Projection.Column("b")] },
                    _ =>
                    {
                        if (blocks++ == 0)
                        {
                            server.Stop();
                        }

                        return true;
                    },
                    Token));
                Assert.Contains(error.Code, new[] { "connection-lost", "query-failed" });
            }
        }
        finally
        {
            server.Start();
        }

        using var again = new PostgresEngine();
        using var whole = again.Open(new() { Path = server.Address("long") }, Token);
        Assert.Equal(300_000, whole.Identify(Token).Rows);
    }

    private static GnomonError Refused(Action act) => Assert.Throws<GnomonError>(act);

    private static void Open(string address, string? where = null, string? sql = null, bool read = false, CancellationToken? cancellation = null)
    {
        using var engine = new PostgresEngine();
        using var data = engine.Open(new() { Path = address, Where = where, Sql = sql }, cancellation ?? Token);
        if (read)
        {
            data.Read(Query.Of(Projection.Column(data.Schema[0].Name)), cancellation ?? Token);
        }
    }
}
