using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.ClickHouse;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>What a server can refuse, and what can happen on the way: one clear message each, never a password, never half an answer.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClickHouseErrorTests(ClickHouseServers servers)
{
    private const string Endless = "SELECT toInt64(number) AS a FROM system.numbers";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("clickhouse://", "bad-address")]
    [InlineData("clickhouse://u:secret@localhost/db?tabel=t", "bad-address")]
    [InlineData("clickhouse://u:secret@localhost/db?table=t&timeout=soon", "bad-address")]
    [InlineData("clickhouses://u:secret@localhost/db?table=t&timeout=0", "bad-address")]
    [InlineData("clickhouse://u:secret@localhost/db", "no-table")]
    public void An_address_that_is_none_is_refused_without_its_password(string address, string code)
    {
        var error = Refused(() => Open(address));
        Assert.Equal(code, error.Code);
        Silent(error);
    }

    [Theory]
    [InlineData("clickhouse://u:se:cr@t@host/db?table=a:b@c", "clickhouse://u@host/db?table=a:b@c")]
    [InlineData("--data=CLICKHOUSES://u:secret@host/db", "--data=CLICKHOUSES://u@host/db")]
    [InlineData("clickhouse://u@host:8123/db", "clickhouse://u@host:8123/db")]
    public void A_command_is_kept_without_its_password(string word, string kept) => Assert.Equal(kept, Engines.WithoutPassword(word));

    [Theory]
    [InlineData("clickhouse://u@h/db?table=t", "http://h:8123/", "clickhouse://h/db?table=t")]
    [InlineData("clickhouses://u@h?table=t&order=a,b", "https://h:8443/", "clickhouses://h/default?table=t&order=a,b")]
    [InlineData("ClickHouse://h:9999/db?table=a%20b", "http://h:9999/", "clickhouse://h:9999/db?table=a b")]
    public void An_address_names_server_and_table(string path, string server, string shown)
    {
        var address = ClickHouseAddress.Parse(path);
        Assert.Equal((server, shown), (address.Server.ToString(), address.Shown));
    }

    [Fact]
    public void Nobody_listening_is_told() => Assert.Equal("server-unreachable", Refused(() => Open("clickhouse://u:secret@127.0.0.1:1/db?table=t")).Code);

    // The certificate is the tests' own, which this machine has no reason to trust; the other port speaks no TLS at all, and answers so or not at all.
    [Fact]
    public void A_server_that_cannot_be_trusted_is_told()
    {
        servers.Require();
        foreach (var port in new[] { servers.HttpPort(), servers.TlsPort })
        {
            var error = Refused(() => Open(FormattableString.Invariant($"clickhouses://u:secret@127.0.0.1:{port}/default?table=t")));
            Assert.True(error.Code == "server-not-trusted" || (error.Code == "server-unreachable" && port == servers.HttpPort()), error.Code);
            Silent(error);
        }
    }

    [Fact]
    public void A_wrong_password_is_told()
    {
        servers.Require();
        var error = Refused(() => Open(servers.Address("t", password: "wrong secret")));
        Assert.Equal("login-refused", error.Code);
        Silent(error);
        Assert.Equal("login-refused", Refused(() => Open(servers.Address("t", user: "nobody"))).Code);
        Assert.Equal("database-not-found", Refused(() => Open(servers.Address("t", database: "nowhere"))).Code);
    }

    [Fact]
    public void A_password_file_is_used_and_refused_when_others_may_read_it()
    {
        servers.Require();
        var file = Path.GetTempFileName();
        var address = FormattableString.Invariant($"clickhouse://owner@127.0.0.1:{servers.HttpPort()}/default?table=one");
        servers.Execute("DROP TABLE IF EXISTS one");
        servers.Execute("CREATE TABLE one (a UInt8) ENGINE = Log");
        try
        {
            File.WriteAllText(file, $"# comment\nother:*:*:owner:no\n127.0.0.1:*:default:owner:{ClickHouseServers.Password.Replace(":", "\\:", StringComparison.Ordinal)}\n");
            Environment.SetEnvironmentVariable("CLICKHOUSE_PASSFILE", file);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Open(address);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.Equal("password-file-open", Refused(() => Open(address)).Code);
            Environment.SetEnvironmentVariable("CLICKHOUSE_PASSWORD", ClickHouseServers.Password);
            Open(address);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CLICKHOUSE_PASSWORD", null);
            Environment.SetEnvironmentVariable("CLICKHOUSE_PASSFILE", null);
            File.Delete(file);
        }
    }

    [Fact]
    public void A_missing_table_or_column_is_told_with_the_nearest()
    {
        servers.Require();
        servers.Execute("CREATE TABLE IF NOT EXISTS shop.orders (amount UInt8) ENGINE = Log");
        var error = Refused(() => Open(servers.Address("shop.order")));
        Assert.Equal(("table-not-found", "Did you mean 'shop.orders'?"), (error.Code, error.Hint));
        error = Refused(() => Open(servers.Address("shop.orders"), read: "amout"));
        Assert.Equal(("column-not-found", "Did you mean 'amount'?"), (error.Code, error.Hint));
        Assert.Equal("column-not-found", Refused(() => Open(servers.Address("shop.orders", more: "order=id"))).Code);
    }

    [Fact]
    public void Names_and_conditions_cannot_smuggle_statements()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS kept");
        servers.Execute("CREATE TABLE kept (a UInt8) ENGINE = Log");
        servers.Execute("INSERT INTO kept VALUES (1)");
        foreach (var table in new[] { "kept\"; DROP TABLE kept; --", "kept\\\"; DROP TABLE kept; --", "kept` ; DROP TABLE kept" })
        {
            Assert.Equal("table-not-found", Refused(() => Open(servers.Address(table))).Code);
        }

        foreach (var where in new[] { "1); DROP TABLE kept; --", "1) FORMAT CSV --", "1) INTO OUTFILE 'x' --", "a = 1 /*" })
        {
            Assert.Equal("query-failed", Refused(() => Open(servers.Address("kept"), where: where)).Code);
        }

        foreach (var sql in new[] { "DROP TABLE kept", "INSERT INTO kept VALUES (2)", "SELECT 1) ; DROP TABLE kept; SELECT (1", "SELECT 1 AS a FORMAT CSV", "ALTER TABLE kept ADD COLUMN b UInt8" })
        {
            Assert.Equal("query-failed", Refused(() => Open(servers.Address(), sql: sql)).Code);
        }

        Assert.Equal(["1"], servers.Execute("SELECT count() FROM kept"));
    }

    // readonly = 2 may ask; readonly = 1 may ask, but under settings that nobody checks unless we do.
    [Fact]
    public void A_reader_needs_select_and_nothing_else()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS shown");
        servers.Execute("CREATE TABLE shown (a UInt8) ENGINE = MergeTree ORDER BY a");
        servers.Execute("INSERT INTO shown SELECT number FROM numbers(100)");
        servers.Execute("CREATE TABLE IF NOT EXISTS shop.hidden (a UInt8) ENGINE = Log");
        foreach (var user in new[] { "reader", "strict" })
        {
            using var engine = new ClickHouseEngine();
            using var data = engine.Open(new() { Path = servers.Address("shown", user: user) }, Token);
            Assert.Equal(100L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount)));
            Assert.Equal(100, data.Identify(Token).Rows);
        }

        Assert.Equal("not-permitted", Refused(() => Open(servers.Address("shop.hidden", user: "reader"))).Code);
        var cut = Refused(() => Open(servers.Address("shown", user: "cutting")));
        Assert.Equal("answers-cut-short", cut.Code);
        Assert.Contains("max_rows_to_read = 10 with read_overflow_mode = break", cut.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("strict")]
    public void A_slow_answer_ends_at_the_timeout(string user)
    {
        servers.Require();
        var error = Refused(() => Open(servers.Address(user: user, more: "timeout=2"), sql: Endless));
        Assert.Equal("statement-timeout", error.Code);
        Assert.Contains("within 2 seconds", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, StillRunning("system.numbers"));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("strict")]
    public async Task A_cancelled_question_ends_on_the_server(string user)
    {
        servers.Require();
        using var stop = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var asking = Task.Run(() => Assert.ThrowsAny<OperationCanceledException>(() => Open(servers.Address(user: user), sql: Endless, cancellation: stop.Token)), Token);
        Assert.True(SpinWait.SpinUntil(() => Running("system.numbers") > 0, TimeSpan.FromSeconds(10)));
        await stop.CancelAsync();
        await asking;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
        Assert.Equal(0, StillRunning("system.numbers"));
    }

    [Fact]
    public void A_reader_that_has_enough_ends_the_question()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS many");
        servers.Execute("CREATE TABLE many (a UInt64) ENGINE = MergeTree ORDER BY a");
        servers.Execute("INSERT INTO many SELECT number FROM numbers(3000000)");
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address("many") }, Token);
        var rows = 0;
        data.Scan(Query.Of(Projection.Column("a")), chunk => (rows += chunk.Rows) < 10_000, Token);
        Assert.InRange(rows, 10_000, 12_048);
        Assert.Equal(0, StillRunning("many"));
    }

    // The status was 200 long before the error: its text stands where the next block should be.
    [Fact]
    public void An_error_after_the_first_rows_is_no_row()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS failing");
        servers.Execute("CREATE TABLE failing (a UInt64, b String) ENGINE = MergeTree ORDER BY a");
        servers.Execute("INSERT INTO failing SELECT number, repeat_of_x FROM (SELECT number, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' AS repeat_of_x FROM numbers(400000))");
        using var session = new ClickHouseSession(ClickHouseAddress.Parse(servers.Address()), Token);
        foreach (var names in new[] { 2, 67 })
        {
            // Sixty-seven columns are what a complaint looks like by its first letter.
            var asked = Enumerable.Range(0, names).Select(i => i == 1 ? new ClickHouseOutput("b", "b", null) : new ClickHouseOutput($"a{i}", $"a{i}", null)).ToList();
            var select = string.Join(", ", asked.Select(c => c.Alias == "b" ? "b" : $"a + throwIf(a = 390000) AS {c.Alias}"));
            var rows = 0L;
            var error = Refused(() => session.Ask($"SELECT {select} FROM failing FORMAT Native", "sending rows", s => new NativeReader(asked).Read(s, block => (rows += block.Rows) > 0, Token), Token));
            Assert.Equal("query-failed", error.Code);
            Assert.Contains("throwIf", error.Message, StringComparison.Ordinal);
            Assert.InRange(rows, 1, 399_999);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\x02\x05\x04q0_\r\n", "connection-lost")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "not-clickhouse")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello", "not-clickhouse")]
    [InlineData("", "server-unreachable")]
    public void What_is_no_answer_of_a_server_is_told(string answer, string code)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // A thread of its own: a pool that is busy with other tests would answer after the time that is waited for.
        _ = Task.Factory.StartNew(
            () =>
            {
                for (var asked = 0; asked < 2; asked++)
                {
                    using var client = listener.AcceptTcpClient();
                    using var stream = client.GetStream();
                    _ = stream.Read(new byte[4096]);
                    stream.Write(Encoding.Latin1.GetBytes(answer));
                }
            },
            Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var error = Refused(() => Open(FormattableString.Invariant($"clickhouse://u:secret@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/db?table=t&timeout=20")));
        Assert.Equal(code, error.Code);
        Silent(error);
        listener.Stop();
    }

    [Fact]
    public void A_server_that_goes_away_in_the_middle_is_told_and_can_be_asked_again()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS long");
        servers.Execute("CREATE TABLE long (a UInt64, b String) ENGINE = MergeTree ORDER BY a");
        servers.Execute("INSERT INTO long SELECT number, concat(toString(number), 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') FROM numbers(300000)");
        try
        {
            using var engine = new ClickHouseEngine();
            using var data = engine.Open(new() { Path = servers.Address("long") }, Token);
            var rows = 0L;
            var error = Refused(() => data.Scan(
                new Query { Select = [Projection.Column("a"), Projection.Column("b")] },
                chunk =>
                {
                    if (rows == 0)
                    {
                        servers.Stop(0);
                    }

                    rows += chunk.Rows;
                    return true;
                },
                Token));
            Assert.Equal("connection-lost", error.Code);
            Assert.InRange(rows, 1, 299_999);
        }
        finally
        {
            servers.Start(0);
        }

        using var again = new ClickHouseEngine();
        using var whole = again.Open(new() { Path = servers.Address("long") }, Token);
        Assert.Equal(300_000, whole.Identify(Token).Rows);
    }

    // Half of the rows are never taken for all of them.
    [Fact]
    public void A_shard_that_does_not_answer_is_told()
    {
        servers.Require();
        servers.Store("halves", [("a", "UInt32")], [.. Enumerable.Range(0, 100).Select(i => new object?[] { (long)i })]);
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address("halves_all") }, Token);
        Assert.Equal(100L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount)));
        try
        {
            servers.Stop(ClickHouseServers.Other);
            Assert.Equal("shard-unreachable", Refused(() => data.Ask(Scalar.Aggregate(AggregateFunction.RowCount))).Code);
        }
        finally
        {
            servers.Start(ClickHouseServers.Other);
        }
    }

    [Fact]
    public void A_table_cannot_be_called_data_where_the_server_knows_no_names_of_queries()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS one");
        servers.Execute("CREATE TABLE one (a UInt8) ENGINE = Log");
        var hasNames = servers.Execute("SELECT toUInt32(splitByChar('.', version())[1]) >= 21").Single() == "1";
        if (hasNames)
        {
            Open(servers.Address("one"), sql: "SELECT a FROM data");
        }
        else
        {
            Assert.Equal("server-too-old", Refused(() => Open(servers.Address("one"), sql: "SELECT a FROM data")).Code);
        }
    }

    private static GnomonError Refused(Action act) => Assert.Throws<GnomonError>(act);

    private static void Silent(GnomonError error) => Assert.DoesNotContain("secret", $"{error.Message} {error.Where} {error.Hint}", StringComparison.Ordinal);

    private static void Open(string address, string? where = null, string? sql = null, string? read = null, CancellationToken? cancellation = null)
    {
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = address, Where = where, Sql = sql }, cancellation ?? Token);
        if (read is not null)
        {
            data.Read(Query.Of(Projection.Column(read)), cancellation ?? Token);
        }
    }

    private int Running(string word) =>
        int.Parse(servers.Execute($"SELECT count() FROM system.processes WHERE position(query, '{word}') > 0 AND position(query, 'system.processes') = 0").Single(), System.Globalization.CultureInfo.InvariantCulture);

    // The server notices between two blocks of rows.
    private int StillRunning(string word)
    {
        SpinWait.SpinUntil(() => Running(word) == 0, TimeSpan.FromSeconds(10));
        return Running(word);
    }
}
