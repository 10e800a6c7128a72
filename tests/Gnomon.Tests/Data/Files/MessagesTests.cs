using System.IO.Compression;
using System.Text;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>What cannot be read ends in one sentence: what, where, what to do. The words are part of the product.</summary>
public sealed class MessagesTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    private static void Says(GnomonError error, string code, string message, string? hint)
    {
        Assert.Equal(code, error.Code);
        Assert.Equal(message, error.Message);
        Assert.Equal(hint, error.Hint);
    }

    [Fact]
    public void Missing_file_with_the_nearest_name()
    {
        _sources.Write("visits.csv", "a\n1\n");
        var path = Path.Combine(_sources.Folder, "visit.csv");
        Says(Sources.Refused(new() { Path = path }), "file-not-found", $"There is no file {path}.", $"Did you mean {Path.Combine(_sources.Folder, "visits.csv")}?");
    }

    [Fact]
    public void Missing_folder()
    {
        var path = Path.Combine(_sources.Folder, "none", "visit.csv");
        Says(Sources.Refused(new() { Path = path }), "file-not-found", $"There is no file {path}: the folder {Path.GetDirectoryName(path)} does not exist.", "Check the path.");
    }

    [Fact]
    public void A_folder()
    {
        _sources.Write("visits.csv", "a\n1\n");
        Says(
            Sources.Refused(new() { Path = _sources.Folder }),
            "source-is-folder",
            $"{_sources.Folder} is a folder, not a file.",
            $"Name a file in it (visits.csv), or a pattern such as {Path.Combine(_sources.Folder, "*.csv")}.");
    }

    [Fact]
    public void A_pattern_that_matches_nothing()
    {
        var path = Path.Combine(_sources.Folder, "*.csv");
        Says(Sources.Refused(new() { Path = path }), "no-files-match", $"No file matches {path}.", "Check the folder and the pattern; ** stands for any folders.");
    }

    [Fact]
    public void No_permission()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "The user may read everything.");
        var path = _sources.Write("secret.csv", "a\n1\n");
        File.SetUnixFileMode(path, UnixFileMode.None);
        Says(Sources.Refused(new() { Path = path }), "no-permission", $"{path} may not be read.", "Change its permissions, or run as a user who may read it.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("\uFEFF")]
    public void An_empty_file(string text) =>
        Says(_sources.Refused("a.csv", text), "empty-file", "a.csv is empty.", "Give a file with a header line and rows.");

    [Fact]
    public void A_workbook() =>
        Says(_sources.Refused("a.csv", [.. "PK\u0003\u0004"u8, 1, 2, 3]), "binary-file", "a.csv is a ZIP archive or an Excel workbook, not a table that can be read.", "Save the sheet as CSV, or unpack the archive.");

    [Fact]
    public void Bytes_that_are_not_text() =>
        Says(
            _sources.Refused("a.csv", [.. Enumerable.Range(0, 1000).Select(i => (byte)((i * 7919) % 251))]),
            "binary-file",
            "a.csv is not text: 104 of its first 1000 bytes are control bytes.",
            "Name a CSV, JSON or Parquet file, or say with --format what it is.");

    [Fact]
    public void A_quote_that_is_never_closed() =>
        Says(_sources.Refused("a.csv", "a,b\n1,x\n2,\"open\n3,y\n"), "open-quote", "a.csv line 3: a quote is opened there and never closed.", "Close the quote, or take it out.");

    [Fact]
    public void Too_many_long_rows() =>
        Says(
            _sources.Refused("a.csv", "a,b\n" + string.Concat(Enumerable.Range(1, 20).Select(i => i % 5 == 0 ? "1,2,3\n" : "1,2\n"))),
            "ragged-rows",
            "a.csv: 4 rows have more than the 2 cells of the others, first on line 6.",
            "Name the separator with --delimiter, or quote the cells that contain it.");

    [Fact]
    public void A_cut_gzip()
    {
        var zipped = Zip("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{(i * 7919) % 10_007}\n")));
        Says(_sources.Refused("a.csv.gz", zipped[..(zipped.Length / 2)]), "broken-gzip", "a.csv.gz is a gzip file that is damaged or cut off.", "Copy the file again; gzip -t tests it.");
    }

    [Fact]
    public void A_damaged_gzip()
    {
        var zipped = Zip("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{(i * 7919) % 10_007}\n")));
        zipped[zipped.Length / 2] ^= 0xFF;
        Assert.Equal("broken-gzip", _sources.Refused("a.csv.gz", zipped).Code);
    }

    [Fact]
    public void A_cut_parquet()
    {
        var whole = Path.Combine(_sources.Folder, "w.parquet");
        using (var session = new Gnomon.Data.DuckDb.EngineSession(new SourceOptions()))
        {
            session.Execute($"COPY (SELECT range AS x FROM range(100000)) TO '{whole}' (FORMAT parquet)", TestContext.Current.CancellationToken);
        }

        var bytes = File.ReadAllBytes(whole);
        Says(_sources.Refused("a.parquet", bytes[..(bytes.Length / 2)]), "broken-parquet", "a.parquet is cut off: a Parquet file ends with PAR1.", "Copy the file again.");
        Assert.Equal("broken-parquet", _sources.Refused("b.parquet", "not a parquet file").Code);
    }

    [Fact]
    public void A_broken_line_of_json() =>
        Says(
            _sources.Refused("a.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":}\n{\"a\":4}\n"),
            "broken-json",
            "a.jsonl line 3, byte 6: '}' is an invalid start of a value.",
            "Mend or remove that line.");

    [Fact]
    public void A_broken_array_of_json()
    {
        var error = _sources.Refused("a.json", "[{\"a\":1},\n{\"a\":2]\n");
        Assert.Equal("broken-json", error.Code);
        Assert.StartsWith("a.json line 2, byte 7: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_with_a_wrong_name() =>
        Says(
            _sources.Refused("a.csv", "revenue,arm\n1,A\n", new() { Where = "revenu > 3" }),
            "bad-where",
            "The condition names a column 'revenu' that is not there.",
            "Did you mean \"revenue\"?");

    [Fact]
    public void A_condition_that_is_not_sql() =>
        Says(
            _sources.Refused("a.csv", "revenue,arm\n1,A\n", new() { Where = "revenue > > 3" }),
            "bad-where",
            "The condition cannot be read from '>' on.",
            "Check the SQL there: quotes around text are single, around names double.");

    [Fact]
    public void A_query_over_a_table_that_is_not_there() =>
        Says(
            Sources.Refused(new() { Sql = "select * from visits" }),
            "bad-query",
            "The query reads from 'visits', which is not there.",
            "Write a file's name in single quotes ('visits.csv'), or data for the file given.");

    [Fact]
    public void A_query_that_changes_things() =>
        Says(Sources.Refused(new() { Sql = "create table x as select 1" }), "not-a-select", "--query takes a SELECT; this statement is something else.", "Write a SELECT.");

    [Fact]
    public void No_source() =>
        Says(Sources.Refused(new()), "no-source", "No data were named.", "Name a file, '-' for standard input, or --query with a SELECT.");

    [Fact]
    public void An_unknown_format() =>
        Says(_sources.Refused("a.csv", "a\n1\n", new() { Format = "xls" }), "bad-format", "The format 'xls' is not known.", "Write csv, tsv, json, jsonl or parquet.");

    [Fact]
    public void A_delimiter_that_cannot_be() =>
        Says(_sources.Refused("a.csv", "a\n1\n", new() { Delimiter = "\"" }), "bad-delimiter", "The delimiter '\"' cannot separate cells.", "Give one to four bytes, for example --delimiter ';'.");

    [Fact]
    public void Formats_that_do_not_go_together()
    {
        _sources.Write("x/a.csv", "a\n1\n");
        _sources.Write("x/b.json", "[{\"a\":1}]");
        var path = Path.Combine(_sources.Folder, "x", "*");
        Says(Sources.Refused(new() { Path = path }), "mixed-formats", $"{path} matches files of different formats: a.csv and b.json.", "Narrow the pattern, for example to *.csv.");
    }

    [Fact]
    public void A_memory_limit_that_is_none() =>
        Assert.Equal("engine-refused", _sources.Refused("a.csv", "a\n1\n", new() { MemoryLimit = "lots" }).Code);

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
