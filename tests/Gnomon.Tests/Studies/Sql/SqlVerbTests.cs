using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The verb itself: tables by name, results in files, refusals.</summary>
public sealed class SqlVerbTests : IDisposable
{
    private readonly Sources _sources = new();
    private readonly string _orders;
    private readonly string _users;

    public SqlVerbTests()
    {
        _orders = _sources.Write("orders.csv", "order_id,user_id,amount\n1,1,10\n2,1,5.5\n3,2,7\n4,,1\n");
        _users = _sources.Write("users.json", "{\"user_id\":1,\"name\":\"Ada\"}\n{\"user_id\":2,\"name\":\"Bo\"}\n");
    }

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Several_files_are_tables_by_their_names()
    {
        var finding = Ask.Sql(new SqlOptions { Data = _orders, More = [_users], Query = "SELECT u.name, o.order_id FROM orders o JOIN users u ON u.user_id = o.user_id ORDER BY o.order_id DESC" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Equal("3 rows.", finding.Decision.Summary);
        Assert.Equal([["Bo", 3L], ["Ada", 2L], ["Ada", 1L]], Table(finding, "rows"));
        Assert.Equal([4L, 2L], finding.Provenance.Data.Select(d => d.Rows));
        Assert.All(finding.Provenance.Data, d => Assert.Equal(64, d.Sha256!.Length));
    }

    [Fact]
    public void A_name_can_be_given_and_the_first_table_is_also_data()
    {
        var finding = Ask.Sql(new SqlOptions { Data = $"o={_orders}", Query = "SELECT COUNT(*) AS n FROM o UNION ALL SELECT COUNT(*) FROM data" });
        Assert.Equal([[4L], [4L]], Table(finding, "rows"));
    }

    [Fact]
    public void Files_in_quotes_need_no_other_mention() =>
        Assert.Equal([[23.5]], Table(Ask.Sql(new SqlOptions { Query = $"SELECT SUM(amount) AS total FROM '{_orders}'" }), "rows"));

    [Fact]
    public void A_table_in_memory_is_data() =>
        Assert.Equal([["b", 2L]], Table(Ask.Sql(Core.Tables.Table.With("k", ["a", "b"]).And("n", [1L, 2L]), new SqlOptions { Query = "SELECT * FROM data WHERE n > 1" }), "rows"));

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.json")]
    [InlineData("rows.parquet")]
    public void Results_are_written_and_read_back(string name)
    {
        var path = Path.Combine(_sources.Folder, name);
        var options = new SqlOptions { Data = _orders, Query = "SELECT * FROM orders ORDER BY order_id", Out = path };
        _ = Ask.Sql(options);
        Assert.Equal(Table(Ask.Sql(options with { Out = null }), "rows"), Table(Ask.Sql(new SqlOptions { Data = path, Query = "SELECT * FROM data ORDER BY order_id" }), "rows"));
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Sql(options)).Code);
    }

    [Fact]
    public void Rows_without_an_order_are_shown_in_one_that_threads_do_not_change()
    {
        var file = _sources.Write("many.csv", "k\n" + string.Concat(Enumerable.Range(0, 20_000).Select(k => $"{k * 7919 % 20_000}\n")));
        var options = new SqlOptions { Data = file, Query = "SELECT k % 1000 AS r, COUNT(*) AS n FROM many GROUP BY r" };
        Assert.Equal(Table(Ask.Sql(options with { Threads = 1 }), "rows"), Table(Ask.Sql(options with { Threads = 2 }), "rows"));
        Assert.Contains(Ask.Sql(options).Limitations, l => l.StartsWith("The query has no ORDER BY", StringComparison.Ordinal));
    }

    [Fact]
    public void The_ledger_keeps_no_rows()
    {
        using var ledger = new Gnomon.Data.Ledger.SqliteLedger(Path.Combine(_sources.Folder, "ledger.db"));
        _ = Ask.Sql(new SqlOptions { Data = _users, Query = "SELECT name FROM users ORDER BY name" }, new AskSettings { Ledger = ledger });
        Assert.DoesNotContain("Ada", System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_sources.Folder, "ledger.db"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_filters_the_first_table_and_is_counted()
    {
        var finding = Ask.Sql(new SqlOptions { Data = _orders, Where = "amount > 5", Query = "SELECT COUNT(*) AS n FROM orders" });
        Assert.Equal([[3L]], Table(finding, "rows"));
        Assert.Contains(finding.Limitations, l => l.StartsWith("1 of 4 rows of orders do not satisfy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SELECT amunt FROM orders", "bad-query", "Did you mean \"amount\"?")]
    [InlineData("SELECT * FROM order_lines", "bad-query", "Write a file's name")]
    [InlineData("SELECT FROM WHERE", "bad-query", "Check the SQL there")]
    [InlineData("DROP TABLE orders", "not-a-select", "Write a SELECT")]
    [InlineData("COPY orders TO 'x.csv'", "not-a-select", "Write a SELECT")]
    public void What_cannot_be_run_is_said(string query, string code, string hint)
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = _orders, Query = query }));
        Assert.Equal(code, wrong.Code);
        Assert.StartsWith(hint, wrong.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_are_reported_together()
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = _orders, More = [_orders], Recipe = "funnel", Query = "SELECT 1", File = "q.sql", Out = "x.xlsx", Review = true }));
        foreach (var part in new[] { "--query and --file were both given", "needs --unit", "needs --steps", "--out writes csv", "would both be the table 'orders'" })
        {
            Assert.Contains(part, wrong.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_recipe_can_be_asked_of_the_rows_of_a_query()
    {
        var file = _sources.Write("texts.csv", "user_id,at\n1,20260101\n1,20260201\n1,20260301\n");
        var finding = Ask.Sql(new SqlOptions { Data = file, Query = "SELECT user_id, strptime(CAST(texts.at AS VARCHAR), '%Y%m%d') AS day FROM texts", Recipe = "streak", Unit = "user_id", Time = "day" });
        Assert.Equal([[1L, "2026-01-01", 3L]], Table(finding, "rows"));
    }

    [Fact]
    public void A_column_that_is_not_a_time_is_refused()
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = _orders, Recipe = "streak", Unit = "user_id", Time = "amount" }));
        Assert.Equal("not-a-time", wrong.Code);
    }

    [Theory]
    [InlineData("duckdb")]
    [InlineData("postgres")]
    [InlineData("clickhouse")]
    public void Without_data_a_recipe_is_its_SQL(string dialect)
    {
        var finding = Ask.Sql(new SqlOptions { Recipe = "sessions", Unit = "user \"x\"", Time = "at", Dialect = dialect });
        var sql = string.Join('\n', Table(finding, "sql").Select(r => (string)r[0]!));
        Assert.Contains(dialect == "clickhouse" ? "\"user \\\"x\\\"\"" : "\"user \"\"x\"\"\"", sql, StringComparison.Ordinal);
        Assert.Empty(finding.Checks);
    }

    [Theory]
    [InlineData("anti-join")]
    [InlineData("retention")]
    [InlineData("cohort")]
    [InlineData("streak")]
    [InlineData("overlaps")]
    [InlineData("rolling")]
    [InlineData("within")]
    [InlineData("funnel")]
    [InlineData("next-event")]
    [InlineData("top-n")]
    [InlineData("dedupe")]
    [InlineData("sessions")]
    [InlineData("rolling-retention")]
    public void A_table_without_rows_has_an_empty_answer(string recipe)
    {
        var file = _sources.Write("none.csv", "id,user_id,kind,amount,at,ended\n1,1,a,1,2026-01-01 00:00:00,2026-01-01 00:00:01\n");
        var finding = Ask.Sql(new SqlOptions
        {
            Data = file, Where = "amount > 1", Recipe = recipe, Unit = "user_id", Time = "at", End = "ended", Event = "kind", Value = "amount", Key = ["id"], Has = ["a"], Never = ["b"], Steps = ["a", "b"],
        });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.DoesNotContain(finding.Checks, c => c.Status is CheckStatus.Warn or CheckStatus.Fail);
        Assert.All(finding.Estimates, e => Assert.True(double.IsFinite(e.Value)));
    }

    [Theory]
    [InlineData("funnel_events")]
    [InlineData("DATA_REACH")]
    [InlineData("s2")]
    public void A_table_may_be_called_like_a_step_of_the_recipe(string name)
    {
        var file = _sources.Write(name + ".csv", "user_id,kind,at\n1,a,2026-01-01\n1,b,2026-01-02\n2,b,2026-03-01\n");
        var finding = Ask.Sql(new SqlOptions { Data = file, Recipe = "funnel", Unit = "user_id", Time = "at", Event = "kind", Steps = ["a", "b"] });
        Assert.Equal(1, finding.Estimates[0].Value);
    }

    private static IEnumerable<IReadOnlyList<object?>> Table(Finding finding, string id) => finding.Tables.Single(t => t.Id == id).Rows;
}
