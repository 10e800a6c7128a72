using Gnomon.Studies.Sql;
using Gnomon.Studies.Sql.Dialects;
using Gnomon.Tests.Data;
using Gnomon.Tests.Data.ClickHouse;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The recipes whose SQL a server of any version runs, run by a real one; the others say what they need.</summary>
[Collection(ClickHouseCollection.Name)]
public sealed class RecipeClickHouseTests(ClickHouseServers servers) : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void The_server_returns_the_rows_of_the_embedded_engine()
    {
        servers.Require();
        var csv = SqlData.Csv(SqlData.Events(11));
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();
        var (user, kind) = (Array.IndexOf(lines[0], "user_id"), Array.IndexOf(lines[0], "kind"));
        servers.Store(
            "events", [("user_id", "Nullable(Int64)"), ("kind", "Nullable(String)")],
            [.. lines.Skip(1).Select(l => new object?[] { l[user].Length == 0 ? null : long.Parse(l[user], System.Globalization.CultureInfo.InvariantCulture), l[kind].Length == 0 ? null : l[kind] })]);
        var options = new SqlOptions { Data = _sources.Write("events.csv", csv), Recipe = "anti-join", Unit = "user_id", Time = "at", Event = "kind", Has = ["cart", "visit"], Never = ["signup"], Dialect = "clickhouse" };
        var (finding, rows) = SqlData.Run(_sources, options);
        Assert.Contains("This text runs on ClickHouse 18.16 and later.", finding.Limitations);
        Assert.NotEmpty(rows);
        Assert.Equal(rows, servers.Execute(string.Join('\n', finding.Tables.Single(t => t.Id == "sql").Rows.Select(r => (string)r[0]!))));
    }

    [Theory]
    [InlineData("SELECT a FROM (SELECT b AS a FROM t) AS x WHERE a < 3", "18.16 and later")]
    [InlineData("WITH x AS (SELECT 1 AS a) SELECT a FROM x", "version 20.10 on")]
    [InlineData("SELECT ROW_NUMBER() OVER (PARTITION BY a) FROM t", "version 21.9 on")]
    [InlineData("SELECT 1 FROM a JOIN b ON a.x = b.x AND a.t <= b.t WHERE 1", "version 24.5 on")]
    [InlineData("SELECT 1 FROM a JOIN b ON a.x = b.x WHERE a.t <= b.t", "18.16 and later")]
    public void What_a_text_needs_is_read_from_it(string sql, string says) => Assert.Contains(says, ClickHouseNeeds.Of(sql), StringComparison.Ordinal);
}
