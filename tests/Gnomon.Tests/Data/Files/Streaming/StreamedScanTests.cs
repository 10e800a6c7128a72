using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.Files;
using Gnomon.Data.Files.Csv.Streaming;
using Xunit;

namespace Gnomon.Tests.Data.Files.Streaming;

/// <summary>A streamed file and the same file in the engine are one and the same data set. Source of all expectations: the embedded engine itself; tolerance: none.</summary>
public sealed class StreamedScanTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n")]
    [InlineData("a,b\n1,x\n2,y")]
    [InlineData("a,b\r\n1,x\r\n2,y\r\n")]
    [InlineData("a,b\r\n1,x\r\n2,y")]
    [InlineData("a;b\n1;x\n;y\n3;\n")]
    [InlineData("a\tb\n1\tx\n")]
    [InlineData("\uFEFFa,b\n1,x\n")]
    [InlineData("a,b\n1,2.5\n,\n-3,-0.25\n0,1e3\n7,1E-5\n8,0\n9,-0\n10,-0.0\n")]
    [InlineData("a,b\n9223372036854775807,1\n-9223372036854775808,2\n1234567890123456,3\n12345678901234567,4\n-12345678,5\n123456789,6\n")]
    [InlineData("day,n\n2020-02-29,1\n1970-01-01,2\n0001-01-01,3\n9999-12-31,4\n1969-12-31,\n,6\n1900-03-01,7\n")]
    [InlineData("at,n\n2020-02-29 23:59:59,1\n1970-01-01T00:00:00,2\n1969-12-31 23:59:59.999999,3\n2021-01-01 00:00:00.5,4\n2021-01-01,5\n,6\n")]
    [InlineData("ok,n\ntrue,1\nFALSE,2\nTrue,3\n,4\nfalse,7\n")]
    [InlineData("t,n\n\"a\",1\n\"a,b\",2\n\"line\nbreak\",3\n\"say \"\"hi\"\"\",4\n\"\",5\na,6\n\"\"\"\",7\n")]
    [InlineData("t,n\r\n\"a\r\nb\",\"1\"\r\n\"x\",\"2\"\r\n")]
    [InlineData("t,n\nGrüße,1\n日本語テキスト,2\n🦆🦆,3\nabcdefghijkl,4\nabcdefghijklm,5\nabcdefgh,6\nab,7\nabcdefghijklmnopqrstuvwxyz,8\n")]
    [InlineData("zip,n\n01234,1\n98765,2\n")]
    [InlineData("x,y\n0.1,123456789.123456789\n0.30000000000000004,5e-324\n1.7976931348623157e308,2.2250738585072014E-308\n9007199254740993,0.000001\n12345678.12345678,99999999\n")]
    [InlineData("n,t\n1,a\n")]
    public void A_plain_file_is_streamed_and_reads_as_in_the_engine(string text)
    {
        var path = _sources.Write("plain.csv", text);
        Assert.True(BothWays.Agree(path));
        Assert.True(BothWays.Agree(path, blockBytes: 16));
    }

    [Theory]
    [InlineData("a,b\n1,x\n2\n")]
    [InlineData("a,b\n1,x\n2,y,z\n")]
    [InlineData("a,b\n1,x\n\n2,y\n")]
    [InlineData("a,b\n1,x\n2,y\n\n")]
    [InlineData("a,b\n1,x\r\n2,y\n")]
    [InlineData("a,b\n1,x\r2,y\n")]
    [InlineData("a,b\n1,5\" pipe\n2,6\" pipe\n")]
    [InlineData("a,b\n1,\"x\"y\n")]
    [InlineData("a,b\n1, \"x\"\n")]
    [InlineData("a,b\n1,x\0y\n")]
    [InlineData("a,b\n 1,x\n2,y\n")]
    [InlineData("a,b\nNA,x\n2,y\n")]
    [InlineData("a,b\n1,x\n99999999999999999999,y\n")]
    [InlineData("t,n\n10:30:00,1\n")]
    [InlineData("t,n\n2020-01-01T10:00:00Z,1\n")]
    [InlineData("t,n\n2020-01-01 10:00:00.1234567,1\n")]
    [InlineData("a\n1\n2\n")]
    [InlineData("a,b\n")]
    [InlineData("a,b\n1,\n2,\n")]
    public void A_file_that_is_not_plain_is_left_to_the_engine(string text)
    {
        var path = _sources.Write("odd.csv", text);
        Assert.False(BothWays.Agree(path));
    }

    [Theory]
    [InlineData("99x,1.5,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("007,1.5,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5.2,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,NaN,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,+1,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1e400,w,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5,w,2021-02-29,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 24:00:00,true")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 10:00,true")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 10:00:00,yes")]
    [InlineData("7,1.5,w,2020-01-01,2020-01-01 10:00:00")]
    [InlineData("7,1.5,w\"q,2020-01-01,2020-01-01 10:00:00,true")]
    [InlineData("7,1.5,\"open,2020-01-01,2020-01-01 10:00:00,true")]
    public void A_surprise_in_the_last_row_of_a_long_file_sends_all_of_it_to_the_engine(string last)
    {
        var path = _sources.Write("late.csv", Long(18_000, last + "\n"));
        Assert.Null(StreamedFileFinder.TryFind(new SourceOptions { Path = path }, TestContext.Current.CancellationToken));
        Assert.NotNull(StreamedFileFinder.TryFind(new SourceOptions { Path = _sources.Write("plain.csv", Long(18_000, "")) }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_trusted_head_is_enough_until_a_row_is_unlike_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var engine = new DuckDbEngine();
        var plain = _sources.Write("plain.csv", Long(18_000, ""));
        using (var data = engine.Open(new SourceOptions { Path = plain, TrustsHead = true }, cancellation))
        {
            Assert.Equal(18_000, data.Identify(cancellation).Rows);
            Assert.Equal(18_000L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount)));
        }

        var late = _sources.Write("late.csv", Long(18_000, "99x,1.5,w,2020-01-01,2020-01-01 10:00:00,true\n"));
        using (var data = engine.Open(new SourceOptions { Path = late, TrustsHead = true }, cancellation))
        {
            Assert.Throws<HeadNotTypicalException>(() => data.Scan(data.Columns(), _ => true, cancellation));
            Assert.Throws<HeadNotTypicalException>(() => data.Ask(Scalar.Aggregate(AggregateFunction.RowCount)));

            // The odd cell is in another column.
            data.Scan(Query.Of(Projection.Column("x")), _ => true, cancellation);
        }

        using (var data = engine.Open(new SourceOptions { Path = late }, cancellation))
        {
            Assert.Equal(ColumnType.Text, data.Schema.Require("n").Type);
        }
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_at_the_end_send_the_file_to_the_engine()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(Long(18_000, "7,1.5,")), 0xE9, .. ",2020-01-01,2020-01-01 10:00:00,true\n"u8];
        Assert.Null(StreamedFileFinder.TryFind(new SourceOptions { Path = _sources.Write("latin.csv", bytes) }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_file_of_many_blocks_and_chunks_reads_as_in_the_engine()
    {
        var path = _sources.Write("long.csv", Long(18_000, ""));
        Assert.True(BothWays.Agree(path, blockBytes: 4_097));
    }

    [Fact]
    public void One_worker_and_four_give_the_same_bytes()
    {
        var path = _sources.Write("long.csv", Long(18_000, ""));
        var dumps = new[] { 1, 2, 4 }.Select(threads =>
        {
            var cancellation = TestContext.Current.CancellationToken;
            var file = StreamedFileFinder.TryFind(new SourceOptions { Path = path, Threads = threads }, cancellation, 10_000)!;
            Assert.Equal(threads, file.Workers);
            using var data = new StreamedCsvDataset(file, "long.csv", path, _ => null, null, _ => throw new InvalidOperationException(), 10_000);
            var query = data.Columns();
            return BothWays.Dump(data, query, LanePlan.For(query, data.Schema, file.Types)!);
        }).ToList();
        Assert.Equal(dumps[0], dumps[1]);
        Assert.Equal(dumps[0], dumps[2]);
    }

    [Fact]
    public void Random_tables_read_as_in_the_engine()
    {
        var random = new Gnomon.Numerics.Random.Rng(20_261);
        for (var table = 0; table < 24; table++)
        {
            var path = _sources.Write(FormattableString.Invariant($"random{table}.csv"), RandomTable.Text(random.Stream("table", table)));
            Assert.True(BothWays.Agree(path, blockBytes: 1 << random.NextInt(14)), path);
        }
    }

    [Fact]
    public void Questions_that_need_an_engine_are_answered_by_one()
    {
        var path = _sources.Write("long.csv", Long(5_000, ""));
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new SourceOptions { Path = path }, TestContext.Current.CancellationToken);
        var streamed = Assert.IsType<StreamedCsvDataset>(data);
        data.Scan(data.Columns(), _ => true, TestContext.Current.CancellationToken);
        Assert.False(streamed.UsesEngine);
        Assert.Equal(5_000L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount)));
        Assert.True(streamed.UsesEngine);
        var rows = 0;
        data.Scan(data.Columns() with { Limit = 10 }, chunk => (rows += chunk.Rows) > 0, TestContext.Current.CancellationToken);
        Assert.Equal(10, rows);
    }

    [Fact]
    public void A_consumer_may_stop_and_an_unknown_column_is_named()
    {
        var path = _sources.Write("long.csv", Long(20_000, ""));
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new SourceOptions { Path = path }, TestContext.Current.CancellationToken);
        var chunks = 0;
        data.Scan(data.Columns(), _ => ++chunks < 3, TestContext.Current.CancellationToken);
        Assert.Equal(3, chunks);
        var error = Assert.Throws<GnomonError>(() => data.Scan(Query.Of(Projection.Column("nn")), _ => true, TestContext.Current.CancellationToken));
        Assert.Equal("column-not-found", error.Code);
    }

    [Fact]
    public void A_cancelled_scan_ends_and_the_data_can_be_asked_again()
    {
        var path = _sources.Write("long.csv", Long(20_000, ""));
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new SourceOptions { Path = path }, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var chunks = 0;
        Assert.Throws<OperationCanceledException>(() => data.Scan(
            data.Columns(),
            _ =>
            {
                chunks++;
                stop.Cancel();
                return true;
            },
            stop.Token));
        Assert.Equal(1, chunks);
        var rows = 0;
        data.Scan(data.Columns(), chunk => (rows += chunk.Rows) > 0, TestContext.Current.CancellationToken);
        Assert.Equal(20_000, rows);
        Assert.ThrowsAny<OperationCanceledException>(() => StreamedFileFinder.TryFind(new SourceOptions { Path = path }, stop.Token));
    }

    [Fact]
    public void A_file_that_changes_between_two_scans_is_refused_by_name()
    {
        var path = _sources.Write("moving.csv", Long(20_000, ""));
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new SourceOptions { Path = path }, TestContext.Current.CancellationToken);
        _sources.Write("moving.csv", Long(100, ""));
        var error = Assert.Throws<GnomonError>(() => data.Scan(data.Columns(), _ => true, TestContext.Current.CancellationToken));
        Assert.Equal("source-changed", error.Code);
        Assert.Contains("moving.csv", error.Message, StringComparison.Ordinal);
        Assert.Equal("source-changed", Assert.Throws<GnomonError>(() => data.Ask(Scalar.Aggregate(AggregateFunction.RowCount))).Code);
    }

    [Fact]
    public void Options_that_ask_for_more_go_to_the_engine()
    {
        var path = _sources.Write("plain.csv", "a,b\n1,x\n2,y\n");
        SourceOptions[] others =
        [
            new() { Where = "a > 1" }, new() { NullText = ["x"] }, new() { Decimal = ',' }, new() { MemoryLimit = "1GB" }, new() { Sql = "SELECT * FROM data" },
        ];
        Assert.All(others, o => Assert.Null(StreamedFileFinder.TryFind(o with { Path = path }, TestContext.Current.CancellationToken)));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Real_files_read_as_in_the_engine()
    {
        var folder = Environment.GetEnvironmentVariable("GNOMON_DATA") ?? Path.Combine(Root(), "..", "shared", "data");
        Assert.SkipUnless(Directory.Exists(folder), $"No folder '{folder}'; set GNOMON_DATA to the folder of real data.");
        var files = Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length < 2 << 20).Order(StringComparer.Ordinal).Take(60).ToList();
        Assert.SkipWhen(files.Count == 0, $"'{folder}' holds no CSV files.");
        Assert.True(files.Count(f => BothWays.Agree(f, 20_000)) > files.Count / 4);
    }

    /// <summary>Rows of every type, with nulls, quotes and long texts here and there.</summary>
    private static string Long(int rows, string last)
    {
        var text = new StringBuilder("n,x,t,d,at,ok\n");
        for (var i = 0; i < rows; i++)
        {
            var word = i % 97 == 0 ? "\"quoted, with \"\"marks\"\" and\nlines\"" : i % 13 == 0 ? "" : FormattableString.Invariant($"word {i * 7919L % 1_000} {new string('z', i % 29)}");
            var day = new DateOnly(2000, 1, 1).AddDays(i % 9_000);
            text.Append(i % 31 == 0 ? "" : FormattableString.Invariant($"{(i % 2 == 0 ? 1 : -1) * i * 1_234_567L}")).Append(',')
                .Append(FormattableString.Invariant($"{i / 8.0 - 700}")).Append(',')
                .Append(word).Append(',')
                .Append(FormattableString.Invariant($"{day:yyyy-MM-dd}")).Append(',')
                .Append(FormattableString.Invariant($"{day:yyyy-MM-dd} {i % 24:00}:{i % 60:00}:{i * 7 % 60:00}")).Append(',')
                .Append(i % 5 == 0 ? "" : i % 2 == 0 ? "true" : "FALSE").Append('\n');
        }

        return text.Append(last).ToString();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gnomon.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
