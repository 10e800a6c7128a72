using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>JSON, Parquet, gzip, standard input, queries, filters and tables in memory.</summary>
public sealed class OtherSourcesTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.json", "[{\"a\":1,\"s\":\"x\",\"d\":\"2020-01-05\",\"z\":\"007\"},{\"a\":2,\"s\":null,\"d\":\"2020-01-06\",\"z\":\"12\"}]")]
    [InlineData("a.jsonl", "{\"a\":1,\"s\":\"x\",\"d\":\"2020-01-05\",\"z\":\"007\"}\n{\"a\":2,\"d\":\"2020-01-06\",\"z\":\"12\"}\n")]
    [InlineData("a.json", "{\"a\":1,\"s\":\"x\",\"d\":\"2020-01-05\",\"z\":\"007\"}\n{\"a\":2,\"d\":\"2020-01-06\",\"z\":\"12\"}\n")]
    [InlineData("a.txt", "[{\"a\":1,\"s\":\"x\",\"d\":\"2020-01-05\",\"z\":\"007\"},{\"a\":2,\"s\":null,\"d\":\"2020-01-06\",\"z\":\"12\"}]")]
    [InlineData("noending", "{\"a\":1,\"s\":\"x\",\"d\":\"2020-01-05\",\"z\":\"007\"}\n{\"a\":2,\"d\":\"2020-01-06\",\"z\":\"12\"}\n")]
    public void Json_as_array_or_line_by_line(string name, string text)
    {
        var r = _sources.Read(name, text);
        Assert.Equal("a:Integer s:Text d:Date z:Text", r.Types);
        Assert.Equal("1|x|2020-01-05|007/2|~|2020-01-06|12", r.Cells);
        Assert.Empty(r.Issues);
    }

    [Fact]
    public void Json_of_mixed_values_is_text_and_nested_values_are_shown()
    {
        var r = _sources.Read("a.jsonl", "{\"a\":1,\"n\":{\"x\":1}}\n{\"a\":\"foo\",\"n\":{\"x\":2}}\n{\"a\":2.5,\"l\":[1,2]}\n");
        Assert.Equal("a:Text n:Nested l:Nested", r.Types);
        Assert.Equal("1|{'x': 1}|~/foo|{'x': 2}|~/2.5|~|[1, 2]", r.Cells);
        Assert.Equal("a.jsonl, column 'a': 1 texts and 2 other values; the column is kept as text.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Json_dates_of_a_region_stay_text()
    {
        var r = _sources.Read("a.jsonl", "{\"d\":\"01/02/2020\",\"t\":\"2020-01-05T10:00:00Z\"}\n{\"d\":\"03/04/2020\",\"t\":\"2020-01-05T11:00:00Z\"}\n");
        Assert.Equal("01/02/2020", r.Table["d"].Cell(0));
    }

    [Fact]
    public void Gzip_is_unpacked_whatever_the_name()
    {
        var r = _sources.Read("a.csv", Zip("a,b\n1,x\n2,y\n"));
        Assert.Equal("1|x/2|y", r.Cells);
        var members = _sources.Read("b.csv.gz", [.. Zip("a,b\n1,x\n"), .. Zip("2,y\n")]);
        Assert.Equal("1|x/2|y", members.Cells);
    }

    [Fact]
    public void The_hash_is_of_the_files_bytes()
    {
        var bytes = Zip("a,b\n1,x\n");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), _sources.Read("a.csv.gz", bytes).Identity.Sha256);
        var (one, two) = (_sources.Write("m/1.csv", "a\n1\n"), _sources.Write("m/2.csv", "a\n2\n"));
        var both = string.Concat(new[] { one, two }.Select(f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(both))),
            Reading.Of(new() { Path = Path.Combine(_sources.Folder, "m", "*.csv") }).Identity.Sha256);
    }

    [Fact]
    public void Standard_input_is_read_like_a_file_and_leaves_nothing_behind()
    {
        var bytes = "a,b\n1,x\n2,y\n"u8.ToArray();
        var spill = Directory.CreateDirectory(Path.Combine(_sources.Folder, "spill")).FullName;
        var r = Reading.Of(new() { Path = "-", SpillDirectory = spill }, () => new MemoryStream(bytes));
        Assert.Equal("1|x/2|y", r.Cells);
        Assert.Equal(("standard input", Convert.ToHexStringLower(SHA256.HashData(bytes))), (r.Identity.Source, r.Identity.Sha256));
        Assert.Empty(Directory.GetFileSystemEntries(spill));
    }

    [Fact]
    public void Standard_input_may_be_json()
    {
        var r = Reading.Of(new() { Path = "-" }, () => new MemoryStream("[{\"a\":1},{\"a\":2}]"u8.ToArray()));
        Assert.Equal("a:Integer", r.Types);
    }

    [Fact]
    public void A_query_reads_files_by_our_rules()
    {
        var zips = _sources.Write("zips.csv", "zip,n\n00501,1\n12345,2\n");
        var names = _sources.Write("it's.csv", "zip,name\n00501,Holtsville\n");
        var r = Reading.Of(new() { Sql = $"select z.zip, n, name from '{zips}' z left join '{names.Replace("'", "''", StringComparison.Ordinal)}' m using (zip) order by n -- end" });
        Assert.Equal("zip:Text n:Integer name:Text", r.Types);
        Assert.Equal("00501|1|Holtsville/12345|2|~", r.Cells);
        Assert.NotNull(r.Identity.Sha256);
        Assert.Equal("leading-zeros", r.Issues[0].Kind);
    }

    [Fact]
    public void A_query_over_the_file_given()
    {
        var path = _sources.Write("a.csv", "a,b\n1,x\n2,y\n3,y\n");
        var r = Reading.Of(new() { Path = path, Sql = "select b, count(*) as n, sum(a) as s from data group by b order by b;" });
        Assert.Equal("x|1|1/y|2|5", r.Cells);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), r.Identity.Sha256);
    }

    [Fact]
    public void A_query_that_reads_by_a_function_has_no_hash()
    {
        var path = _sources.Write("a.csv", "a,b\n1,x\n");
        Assert.Null(Reading.Of(new() { Sql = $"select * from read_csv('{path}')" }).Identity.Sha256);
    }

    [Fact]
    public void Names_of_a_with_clause_are_not_files()
    {
        var path = _sources.Write("a.csv", "a,b\n1,x\n2,y\n");
        Assert.Equal("2", Reading.Of(new() { Sql = $"with big as (select * from '{path}' where a > 1) select a from big" }).Cells);
    }

    [Fact]
    public void A_filter_keeps_its_rows_and_may_end_in_a_comment()
    {
        var r = _sources.Read("a.csv", "a,b\n1,x\n2,y\n3,z\n", new() { Where = "a >= 2 and b <> 'z' -- not z" });
        Assert.Equal("2|y", r.Cells);
        Assert.Equal(1, r.Identity.Rows);
    }

    [Fact]
    public void A_table_in_memory_keeps_types_and_gaps()
    {
        var table = Table.With("arm", ["A", null, "B", "a text of more than twelve bytes"])
            .And("x", [1.5, double.NaN, -0.25, 3])
            .And("n", [1L, 2, 3, long.MinValue])
            .And("b", [true, false, true, false])
            .And("d", [new DateOnly(2020, 1, 5), new DateOnly(1969, 12, 31), new DateOnly(2020, 2, 29), new DateOnly(1, 1, 1)]);
        var r = Reading.Of(new() { Memory = table });
        Assert.Equal("arm:Text x:Double n:Integer b:Boolean d:Date", r.Types);
        Assert.Equal("A|1.5|1|true|2020-01-05/~|~|2|false|1969-12-31/B|-0.25|3|true|2020-02-29/a text of more than twelve bytes|3|-9223372036854775808|false|0001-01-01", r.Cells);
        Assert.Equal(64, r.Identity.Sha256!.Length);
        Assert.Equal(r.Identity.Sha256, Reading.Of(new() { Memory = table }).Identity.Sha256);
        Assert.NotEqual(r.Identity.Sha256, Reading.Of(new() { Memory = Table.With("arm", ["A", null, "B", "b"]) }).Identity.Sha256);
    }

    [Fact]
    public void A_table_in_memory_of_many_chunks()
    {
        const int rows = 10_001;
        var table = Table.With("n", Enumerable.Range(0, rows).Select(i => (long)i)).And("s", Enumerable.Range(0, rows).Select(i => i % 7 == 0 ? null : $"text {i % 100}"));
        var r = Reading.Of(new() { Memory = table });
        Assert.Equal(rows, r.Table.Rows);
        for (var i = 0; i < rows; i++)
        {
            Assert.Equal((long)i, r.Table["n"].Cell(i));
            Assert.Equal(i % 7 == 0 ? null : $"text {i % 100}", r.Table["s"].Cell(i));
        }
    }

    [Fact]
    public void Parquet_files_of_one_pattern_are_joined_by_name()
    {
        using (var session = new EngineSession(new SourceOptions()))
        {
            session.Execute($"COPY (SELECT 1 AS a, 'x' AS b) TO '{_sources.Folder}/1.parquet' (FORMAT parquet)", Token);
            session.Execute($"COPY (SELECT 2 AS a, true AS c) TO '{_sources.Folder}/2.parquet' (FORMAT parquet)", Token);
        }

        var r = Reading.Of(new() { Path = Path.Combine(_sources.Folder, "*.parquet") });
        Assert.Equal("a:Integer b:Text c:Boolean", r.Types);
        Assert.Equal("1|x|~/2|~|true", r.Cells);
        Assert.Equal("1 of 2 files have not the columns of 1.parquet; files are matched by name and missing columns have no value.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void A_folder_pattern_goes_down()
    {
        _sources.Write("y/2020/a.csv", "n\n1\n");
        _sources.Write("y/2021/b.csv", "n\n2\n");
        Assert.Equal("1/2", Reading.Of(new() { Path = Path.Combine(_sources.Folder, "y", "*", "*.csv") }).Cells);
        Assert.Equal("1/2", Reading.Of(new() { Path = Path.Combine(_sources.Folder, "y", "**", "*.csv") }).Cells);
    }

    private static byte[] Zip(string text)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionMode.Compress))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }
}
