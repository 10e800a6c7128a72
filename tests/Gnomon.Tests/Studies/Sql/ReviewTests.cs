using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Each rule of a review: a query with the flaw is named with its place, the query without it is not. Numbers are counted by hand in the small files.</summary>
public sealed class ReviewTests : IDisposable
{
    private readonly Sources _sources = new();
    private readonly string[] _files;

    public ReviewTests() => _files =
    [
        _sources.Write("orders.csv", "order_id,user_id,value,status,ordered_at\n1,1,10,paid,2026-01-01\n2,1,20,,2026-01-02\n3,2,30,paid,2026-01-04\n4,3,40,open,2026-01-04\n"),
        _sources.Write("items.csv", "item_id,order_id,sku\n1,1,a\n2,1,b\n3,2,a\n4,3,c\n5,9,c\n"),
        _sources.Write("blocked.csv", "user_id,since\n2,2026-01-03\n,2026-01-03\n"),
        _sources.Write("visits.csv", "user_id,seen_at\n1,2026-01-01\n1,2026-01-09\n2,2026-01-02\n3,2026-01-02\n"),
    ];

    public void Dispose() => _sources.Dispose();

    public static TheoryData<string, string, string, string?, CheckStatus> Flawed => new()
    {
        { "SELECT *\nFROM orders\nWHERE user_id NOT IN (SELECT user_id FROM blocked)\nORDER BY order_id", "not-in-null", "3", "null-semantics", CheckStatus.Warn },
        { "SELECT * FROM orders LIMIT 2", "limit-without-order", "1", "order-dependent-result", CheckStatus.Warn },
        { "SELECT order_id,\n  row_number() OVER (ORDER BY ordered_at) AS r\nFROM orders ORDER BY 1", "ambiguous-row-number", "2", "order-dependent-result", CheckStatus.Warn },
        { "SELECT order_id, lag(value) OVER () AS v FROM orders ORDER BY 1", "ambiguous-row-number", "1", "order-dependent-result", CheckStatus.Warn },
        { "SELECT avg(value) OVER (ORDER BY ordered_at ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS a FROM orders", "rows-frame-over-dates", "1", "window-frame-mismatch", CheckStatus.Warn },
        { "SELECT SUM(o.value) AS total\nFROM orders o\nJOIN items i ON i.order_id = o.order_id", "join-fan-out", "1", "join-fanout", CheckStatus.Fail },
        { "SELECT o.order_id, i.sku FROM orders o LEFT JOIN items i ON i.order_id = o.order_id WHERE i.sku = 'a' ORDER BY 1", "outer-join-filtered", "1", "null-semantics", CheckStatus.Warn },
        { "WITH daily AS (SELECT ordered_at, COUNT(DISTINCT order_id) AS n FROM orders GROUP BY ordered_at)\nSELECT SUM(n) AS orders FROM daily", "pieces-added-up", "2", "non-additive-aggregate", CheckStatus.Pass },
        { "WITH daily AS (SELECT sku, COUNT(DISTINCT order_id) AS n FROM items GROUP BY sku) SELECT SUM(n) AS orders FROM daily", "pieces-added-up", "1", "non-additive-aggregate", CheckStatus.Fail },
        { "SELECT order_id, current_date - ordered_at AS age FROM orders ORDER BY 1", "clock-anchored", "1", null, CheckStatus.Pass },
        { "SELECT AVG(CASE WHEN status = 'paid' THEN 1 END) AS share FROM orders", "share-without-else", "1", "null-semantics", CheckStatus.Warn },
        { "SELECT * FROM orders WHERE status <> 'open' ORDER BY order_id", "unequal-drops-null", "1", "null-semantics", CheckStatus.Warn },
        { "SELECT a.order_id, COUNT(*) AS n FROM orders a JOIN orders b ON b.user_id = a.user_id AND b.ordered_at <= a.ordered_at GROUP BY a.order_id ORDER BY 1", "self-join-range", "1", "wasteful-query-plan", CheckStatus.Skipped },
        { "SELECT order_id FROM orders ORDER BY random()", "random-value", "1", null, CheckStatus.Pass },
        { "SELECT o.order_id, COUNT(v.seen_at) AS visits FROM orders o JOIN visits v ON v.user_id = o.user_id GROUP BY o.order_id ORDER BY 1", "no-as-of-bound", "1", null, CheckStatus.Pass },
    };

    [Theory]
    [MemberData(nameof(Flawed))]
    public void A_flaw_is_named_with_its_line_and_tried_on_the_data(string sql, string rule, string line, string? check, CheckStatus status)
    {
        var finding = Review(sql);
        var remark = Remarks(finding).Single(r => (string)r[2]! == rule);
        Assert.Equal(long.Parse(line), remark[0]);
        Assert.Equal(check is not null && status == CheckStatus.Fail ? DecisionAction.FixDataFirst : DecisionAction.Investigate, finding.Decision.Action);
        if (check is not null)
        {
            Assert.Equal(status, finding.Checks.Single(c => c.Id == check).Status);
        }
    }

    [Theory]
    [InlineData("SELECT * FROM orders WHERE NOT EXISTS (SELECT 1 FROM blocked b WHERE b.user_id = orders.user_id) ORDER BY order_id")]
    [InlineData("SELECT * FROM orders WHERE user_id NOT IN (SELECT user_id FROM blocked WHERE user_id IS NOT NULL) ORDER BY order_id")]
    [InlineData("SELECT * FROM orders ORDER BY order_id LIMIT 2")]
    [InlineData("SELECT * FROM orders LIMIT 10")]
    [InlineData("SELECT order_id, row_number() OVER (ORDER BY ordered_at, order_id) AS r FROM orders ORDER BY 1")]
    [InlineData("SELECT avg(value) OVER (ORDER BY order_id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS a FROM orders")]
    [InlineData("SELECT SUM(value) AS total FROM orders")]
    [InlineData("WITH per AS (SELECT order_id, COUNT(*) AS n FROM items GROUP BY order_id) SELECT SUM(o.value) AS total FROM orders o LEFT JOIN per ON per.order_id = o.order_id")]
    [InlineData("SELECT o.order_id, i.sku FROM orders o LEFT JOIN items i ON i.order_id = o.order_id AND i.sku = 'a' ORDER BY 1")]
    [InlineData("SELECT o.order_id FROM orders o LEFT JOIN items i ON i.order_id = o.order_id WHERE i.sku IS NULL ORDER BY 1")]
    [InlineData("WITH daily AS (SELECT ordered_at, COUNT(*) AS n FROM orders GROUP BY ordered_at) SELECT SUM(n) AS orders FROM daily")]
    [InlineData("SELECT AVG(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) AS share FROM orders")]
    [InlineData("SELECT * FROM orders WHERE status IS DISTINCT FROM 'open' ORDER BY order_id")]
    [InlineData("SELECT o.order_id, COUNT(v.seen_at) AS visits FROM orders o JOIN visits v ON v.user_id = o.user_id AND v.seen_at <= o.ordered_at GROUP BY o.order_id ORDER BY 1")]
    public void A_query_without_a_flaw_has_no_remark(string sql)
    {
        var finding = Review(sql);
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.DoesNotContain(finding.Tables, t => t.Id == "review");
        Assert.DoesNotContain(finding.Checks, c => c.Status is CheckStatus.Warn or CheckStatus.Fail);
    }

    [Fact]
    public void The_total_after_a_join_is_set_beside_the_base_table()
    {
        var check = Review("SELECT SUM(o.value) AS total FROM orders o JOIN items i ON i.order_id = o.order_id").Checks.Single(c => c.Id == "join-fanout");

        // Order 1 meets two items and order 4 none. With no order lost, 10 + 10 + 20 + 30 + 40 stand where the table holds 100; one order in four finds no item.
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Equal("o, i: 4 rows before, 5 after, 1 repeated key; value adds up to 110 where the base table holds 100 (1.1 times)", check.Evidence);
    }

    [Fact]
    public void Without_data_the_text_alone_is_reviewed()
    {
        var finding = Ask.Sql(new SqlOptions { Query = "SELECT u FROM a WHERE u NOT IN (SELECT u FROM b) LIMIT 5", Review = true });
        Assert.Equal(["not-in-null", "limit-without-order"], Remarks(finding).Select(r => (string)r[2]!));
        Assert.Empty(finding.Checks);
        Assert.Contains(finding.Limitations, l => l.StartsWith("Without data", StringComparison.Ordinal));
    }

    [Fact]
    public void A_query_that_runs_is_reviewed_too()
    {
        var finding = Ask.Sql(Options("SELECT * FROM orders LIMIT 2") with { Review = false });
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Equal(2, finding.Tables.Single(t => t.Id == "rows").Rows.Count);
    }

    [Fact]
    public void A_file_can_hold_the_query()
    {
        var file = _sources.Write("q.sql", "-- the newest orders\nSELECT *\nFROM orders\nLIMIT 2;\n");
        var finding = Ask.Sql(Options("x") with { Query = null, File = file });
        Assert.Equal(4L, Remarks(finding).Single()[0]);
    }

    [Fact]
    public void What_is_no_select_cannot_be_reviewed() =>
        Assert.Contains(Assert.Throws<GnomonError>(() => Review("DELETE FROM orders")).Code, new[] { "not-a-select", "bad-query" });

    private SqlOptions Options(string sql) => new() { Data = _files[0], More = _files[1..], Query = sql, Review = true };

    private Finding Review(string sql) => Ask.Sql(Options(sql));

    private static IEnumerable<IReadOnlyList<object?>> Remarks(Finding finding) => finding.Tables.Single(t => t.Id == "review").Rows;
}
