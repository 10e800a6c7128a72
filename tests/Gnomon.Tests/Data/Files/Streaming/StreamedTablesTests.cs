using System.Globalization;
using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Files;
using Gnomon.Data.Files.Csv.Streaming;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Data.Files.Streaming;

/// <summary>A file that a query reads from its bytes and the same file as a table of the engine are one and the same. Source of all expectations: the engine's own table; tolerance: none.</summary>
public sealed class StreamedTablesTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Random_tables_hold_the_same_rows_in_the_same_order()
    {
        var random = new Rng(20_262);
        var streamed = 0;
        for (var table = 0; table < 30; table++)
        {
            var path = _sources.Write(FormattableString.Invariant($"random{table}.csv"), RandomTable.Text(random.Stream("table", table)));
            using var fast = Open(path, 1 << (4 + random.NextInt(10)), 1 + random.NextInt(4));
            using var table1 = Open(path, 0, 2);
            streamed += fast.IsView("t") ? 1 : 0;
            Assert.Equal(table1.Data.Tables[0].Schema.ToList(), fast.Data.Tables[0].Schema.ToList());
            Assert.Equal(table1.Data.Issues, fast.Data.Issues);
            Assert.Equal(table1.Kept("SELECT * FROM t"), fast.Kept("SELECT * FROM t"));
            Assert.Equal(table1.Data.Sources(Token), fast.Data.Sources(Token));

            // The second time it is a table.
            Assert.Equal(table1.Kept("SELECT * FROM data LIMIT 7"), fast.Kept("SELECT * FROM data LIMIT 7"));
            Assert.False(fast.IsView("t"));
        }

        // How many of them are plain is as good as fixed by the seed; the sweep is about those.
        Assert.InRange(streamed, 20, 30);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM t")]
    [InlineData("SELECT 1 AS one FROM t WHERE word IS NULL")]
    [InlineData("SELECT word FROM t")]
    [InlineData("SELECT n, x FROM t LIMIT 5 OFFSET 17000")]
    [InlineData("SELECT row_number() OVER () AS r, n FROM t")]
    [InlineData("SELECT word, count(*), sum(n), min(day), max(\"at\"), bool_or(ok) FROM t GROUP BY word ORDER BY word")]
    [InlineData("SELECT a.n, b.x FROM t AS a JOIN t AS b ON a.n = b.n ORDER BY ALL")]
    [InlineData("SELECT * FROM (SELECT \"at\", ok FROM t WHERE n % 7 = 3 UNION ALL SELECT \"at\", ok FROM t WHERE n % 7 = 4)")]
    [InlineData("WITH big AS (SELECT n FROM t WHERE x > 1) SELECT (SELECT count(*) FROM big) AS c, (SELECT max(n) FROM t) AS m")]
    public void Every_shape_of_query_has_the_same_answer(string sql)
    {
        var path = _sources.Write("long.csv", Long(18_000, ""));
        using var fast = Open(path, 10_000, 2);
        using var table = Open(path, 0, 2);
        Assert.True(fast.IsView("t"));
        Assert.Equal(table.Kept(sql), fast.Kept(sql));
        Assert.True(fast.IsView("t"));
        Assert.Equal(18_000, fast.Data.Sources(Token)[0].Rows);
    }

    [Theory]
    [InlineData("99x,1.5,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("007,1.5,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5.2,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5,w,2021-02-29,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 24:00:00,true")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 10:00:00,yes")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 10:00:00")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 10:00:00,true,more")]
    [InlineData("7,1.5,w\"q,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5,\"open,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("NA,1.5,w,2020-01-01,2020-01-01 10:00:00,true")]
    public void A_row_unlike_the_head_is_met_by_every_query(string last)
    {
        var path = _sources.Write("late.csv", Long(30_000, last + "\n"));
        string[] queries = ["SELECT * FROM t", "SELECT count(*) FROM t", "SELECT word FROM t LIMIT 1", "SELECT 1 AS one"];
        foreach (var sql in queries)
        {
            using var fast = Open(path, 10_000, 2);
            Assert.True(fast.IsView("t"));
            Assert.Throws<HeadNotTypicalException>(() => fast.Kept(sql));
        }

        using var asked = Open(path, 10_000, 2);
        Assert.Throws<HeadNotTypicalException>(() => asked.Data.Ask("SELECT max(word) FROM t", Token));
        using var named = Open(path, 10_000, 2);
        Assert.Throws<HeadNotTypicalException>(() => named.Data.Sources(Token));
    }

    [Fact]
    public void A_file_that_changes_between_two_queries_is_refused()
    {
        var path = _sources.Write("long.csv", Long(18_000, ""));
        using var fast = Open(path, 10_000, 2);
        File.AppendAllText(path, "7,1.5,w,2020-01-01,2020-01-01 10:00:00,true\n");
        Assert.Equal("source-changed", Assert.Throws<GnomonError>(() => fast.Kept("SELECT count(*) FROM t")).Code);
    }

    [Fact]
    public void A_wrong_query_is_told_as_ever()
    {
        using var fast = Open(_sources.Write("long.csv", Long(18_000, "")), 10_000, 2);
        var error = Assert.Throws<GnomonError>(() => fast.Kept("SELECT wrod FROM t"));
        Assert.Equal("bad-query", error.Code);
        Assert.Contains("word", error.Message + error.Hint, StringComparison.Ordinal);
        error = Assert.Throws<GnomonError>(() => fast.Kept("SELECT CAST(word AS BIGINT) FROM t"));
        Assert.Equal("bad-query", error.Code);
    }

    [Fact]
    public void Texts_of_every_length_stand_at_every_place()
    {
        // 12 bytes lie in the engine's cell, 13 do not; the last cell ends the file.
        var text = new StringBuilder("t,u\n");
        for (var length = 0; length < 40; length++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new string('ä', length / 2)}{new string('x', length % 2)}z,{new string('y', length)}{(length < 39 ? "\n" : "")}");
        }

        var path = _sources.Write("texts.csv", text.ToString());
        using var fast = Open(path, 64, 1);
        using var table = Open(path, 0, 1);
        Assert.True(fast.IsView("t"));
        Assert.Equal(table.Kept("SELECT t, u, length(t), length(u), hash(t), hash(u) FROM t"), fast.Kept("SELECT t, u, length(t), length(u), hash(t), hash(u) FROM t"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Parts_put_together_are_the_file(int parts)
    {
        var path = _sources.Write("quoted.csv", "id,note\n" + string.Concat(Enumerable.Range(0, 3_000).Select(i => FormattableString.Invariant($"{i},\"line {i}\nsays \"\"{new string('n', i % 50)}\"\"\"\n"))));
        var file = StreamedFileFinder.TryFind(new SourceOptions { Path = path, TrustsHead = true }, Token)!;
        var feed = new TextFeed(file, "quoted.csv", 1_000);
        var cells = new List<string>();
        var pieces = feed.Parts(parts);
        Assert.Equal(parts, pieces.Count);
        foreach (var piece in pieces)
        {
            piece.Read(1, cell => Add(cell), Token);
        }

        Assert.Equal(Enumerable.Range(0, 3_000).Select(i => FormattableString.Invariant($"line {i}\nsays \"{new string('n', i % 50)}\"")), cells);
        feed.Settle(pieces);
        Assert.Equal(3_000, feed.Rows);

        bool Add(ReadOnlySpan<byte> cell)
        {
            cells.Add(Encoding.UTF8.GetString(cell));
            return true;
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void Objects_are_taken_apart_from_the_bytes_as_from_a_table(int threads, bool onlyObjects)
    {
        var random = new Rng(20_263);
        string[] odd = ["", "null", " null ", "{", "[1]", "{\"a\":1}{}", "{\"a\":\"\\ud800\"}", "{\"late\":{\"key\":[1,2]}}", "{\"a\":\"text\"}", "{\"n\":null,\"n\":2}"];
        var text = new StringBuilder(onlyObjects ? "o,empty\n" : "id,o,word\n");
        const int rows = 30_000;
        for (var i = 0; i < rows; i++)
        {
            var cell = i < 15_000 || random.NextInt(50) > 0
                ? FormattableString.Invariant($"{{\"a\":{i},\"x\":{i / 8.0},\"t\":\"say \\\"{i}\\\" \",\"sub\":{{\"ok\":{(i % 2 == 0 ? "true" : "false")}{(i % 3 == 0 ? ",\"n\":null" : "")}}}}}")
                : odd[random.NextInt(odd.Length)];
            var quoted = $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            text.Append(onlyObjects ? $"{quoted},x\n" : FormattableString.Invariant($"{i},{quoted},\"w,{i % 7}\"\n"));
        }

        var path = _sources.Write("objects.csv", text.ToString());
        using var fast = Open(path, 5_000, threads);
        using var table = Open(path, 0, threads);
        Assert.True(fast.IsView("t"));
        var order = new ExpansionOrder("t", "o", "wide", null, 1_000, threads);
        Assert.Equal(Json(table.Data.Expand(order, Token)), Json(fast.Data.Expand(order, Token)));
        Assert.Equal(table.Kept("SELECT * FROM wide"), fast.Kept("SELECT * FROM wide"));
        Assert.Equal(rows, fast.Data.Sources(Token)[0].Rows);

        static string Json(JsonExpansion done) => System.Text.Json.JsonSerializer.Serialize(done);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Long(int rows, string last)
    {
        var text = new StringBuilder("n,x,word,day,at,ok\n");
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{i % 100 / 8.0},{(i % 11 == 0 ? "" : i % 3 == 0 ? "a word of more than twelve" : "w" + i % 5)},{new DateTime(2020, 1, 1).AddDays(i % 700):yyyy-MM-dd},{new DateTime(2020, 1, 1).AddSeconds(i):yyyy-MM-dd HH:mm:ss},{(i % 2 == 0 ? "true" : "false")}\n");
        }

        return text.Append(last).ToString();
    }

    /// <summary>A block size of 0 takes the file as a table.</summary>
    private static Opened Open(string path, int blockBytes, int threads)
    {
        var options = new SourceOptions { Tables = [], TrustsHead = blockBytes > 0, Threads = threads };
        var session = new EngineSession(options);
        var data = new DuckDbDatabase(session, options, () => Stream.Null, blockBytes > 0 ? new StreamedTables(session, 1, blockBytes) : null);
        data.Add(new SourceTable("t", path), Token);
        return new Opened(session, data);
    }

    private sealed record Opened(EngineSession Session, DuckDbDatabase Data) : IDisposable
    {
        public bool IsView(string name) => (long)Session.Read($"SELECT count(*) AS n FROM duckdb_views() WHERE view_name = '{name}'", Token)["n"].Cell(0)! == 1;

        public List<string> Kept(string sql)
        {
            Data.Keep("answer", sql, null, Token);
            var rows = Data.Ask("SELECT * FROM answer", Token);
            return [.. Enumerable.Range(0, rows.Rows).Select(r => string.Join('|', rows.Columns.Select(c => Convert.ToString(c.Cell(r), CultureInfo.InvariantCulture) ?? "~")))];
        }

        public void Dispose() => Data.Dispose();
    }
}
