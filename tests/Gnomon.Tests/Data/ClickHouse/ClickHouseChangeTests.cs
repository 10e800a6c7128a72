using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.ClickHouse;
using Xunit;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>Tables that change while they are asked, and rows without an order: one clear message each.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class ClickHouseChangeTests(ClickHouseServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_that_change_between_two_questions_are_told()
    {
        servers.Require();
        servers.Store("growing", [("a", "UInt32")], [.. Enumerable.Range(0, 100).Select(i => new object?[] { (long)i })]);
        servers.Execute("DROP TABLE IF EXISTS growing_log");
        servers.Execute("CREATE TABLE growing_log (a UInt32) ENGINE = Log");
        foreach (var (path, sql, insert) in new[]
        {
            (servers.Address("growing"), null, "growing"), (servers.Address("growing_all"), null, "growing_half"), (servers.Address("growing_log"), null, "growing_log"), (servers.Address(), "SELECT a FROM growing", "growing"),
        })
        {
            using var engine = new ClickHouseEngine();
            using var data = engine.Open(new() { Path = path, Sql = sql }, Token);
            data.Ask(Scalar.Aggregate(AggregateFunction.RowCount));
            Assert.NotNull(data.Identify(Token).Rows);
            servers.Execute($"INSERT INTO {insert} VALUES (1)", insert == "growing_half" ? ClickHouseServers.Other : 0);
            var error = Refused(() => data.Identify(Token));
            Assert.Equal("data-changed", error.Code);
            Assert.Matches("it had [0-9]+ rows at the beginning and has [0-9]+ now", error.Message);
        }
    }

    [Fact]
    public void Merging_parts_is_no_change_and_an_exchange_of_rows_is_one()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS parts");
        servers.Execute("CREATE TABLE parts (p UInt8, a UInt32) ENGINE = MergeTree PARTITION BY p ORDER BY a");
        servers.Execute("INSERT INTO parts VALUES (1, 1), (2, 1)");
        servers.Execute("INSERT INTO parts VALUES (1, 2), (2, 2)");
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address("parts") }, Token);
        servers.Execute("OPTIMIZE TABLE parts FINAL");
        Assert.Equal(4, data.Identify(Token).Rows);
        servers.Execute("ALTER TABLE parts DROP PARTITION 2");
        servers.Execute("INSERT INTO parts VALUES (2, 8), (2, 9)");
        var error = Refused(() => data.Identify(Token));
        Assert.Equal("data-changed", error.Code);
        Assert.Contains("rows were changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_change_between_two_questions_are_told()
    {
        servers.Require();
        servers.Execute("DROP TABLE IF EXISTS altered");
        servers.Execute("CREATE TABLE altered (a UInt32, b UInt32) ENGINE = MergeTree ORDER BY a");
        servers.Execute("INSERT INTO altered VALUES (1, 2)");
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = servers.Address("altered") }, Token);
        servers.Execute("ALTER TABLE altered DROP COLUMN b");
        var error = Refused(() => data.Read(Query.Of(Projection.Column("b")), Token));
        Assert.Equal("data-changed", error.Code);
        Assert.Contains("before: b UInt32; now: none", error.Message, StringComparison.Ordinal);
        servers.Execute("DROP TABLE altered");
        error = Refused(() => data.Read(Query.Of(Projection.Column("a")), Token));
        Assert.Equal("data-changed", error.Code);
        Assert.Contains("it is gone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_with_ties_is_refused()
    {
        servers.Require();
        servers.Store("tied", [("a", "UInt32"), ("b", "UInt32")], [[1L, 1L], [1L, 2L], [2L, 1L]]);
        var error = Refused(() => Read(servers.Address("tied_all", more: "order=a"), "b"));
        Assert.Equal("order-not-unique", error.Code);
        Read(servers.Address("tied_all", more: "order=a,b"), "b");
    }

    private static GnomonError Refused(Action act) => Assert.Throws<GnomonError>(act);

    private static void Read(string address, string column)
    {
        using var engine = new ClickHouseEngine();
        using var data = engine.Open(new() { Path = address }, Token);
        data.Read(Query.Of(Projection.Column(column)), Token);
    }
}
