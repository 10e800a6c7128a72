using System.Text;
using Gnomon.Core.Tables;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>Files as they come: every one ends in the right cells, with a word on what was repaired.</summary>
public sealed class CsvShapesTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n")]
    [InlineData("a,b\r\n1,x\r\n2,y\r\n")]
    [InlineData("a,b\r1,x\r2,y\r")]
    [InlineData("a,b\r\n1,x\n2,y\r\n")]
    [InlineData("a,b\n1,x\n2,y")]
    [InlineData("a,b\n1,x\n2,y\n\n\n")]
    [InlineData("a,b\n\n1,x\n\n2,y\n")]
    [InlineData("\n\na,b\n1,x\n2,y\n")]
    [InlineData("\uFEFFa,b\n1,x\n2,y\n")]
    [InlineData("a;b\n1;x\n2;y\n")]
    [InlineData("a\tb\n1\tx\n2\ty\n")]
    [InlineData("a|b\n1|x\n2|y\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"\n")]
    [InlineData(" a ,b \n1,x\n2,y\n")]
    [InlineData("a,b,\n1,x,\n2,y,\n", "a:Integer b:Text column3:Text", "1|x|~/2|y|~")]
    [InlineData("a,b\n1,x,\n2,y\n")]
    public void One_table_in_many_dresses(string text, string types = "a:Integer b:Text", string cells = "1|x/2|y")
    {
        var r = _sources.Read("a.csv", text);
        Assert.Equal(types, r.Types);
        Assert.Equal(cells, r.Cells);
        Assert.Empty(r.Issues);
        Assert.Equal((2L, r.Schema.Count), (r.Identity.Rows!.Value, r.Identity.Columns));
    }

    [Fact]
    public void Quoted_cells_keep_separators_line_ends_and_quotes()
    {
        var r = _sources.Read("a.csv", "a,b\n\"x, y\",\"line 1\nline 2\"\n\"say \"\"hi\"\"\",5\" disk\n");
        Assert.Equal("x, y|line 1\nline 2/say \"hi\"|5\" disk", r.Cells);
    }

    [Fact]
    public void Quoted_line_ends_far_behind_the_head()
    {
        var text = new StringBuilder("id,note\n");
        for (var i = 0; i < 120_000; i++)
        {
            text.Append(i).Append(i % 1000 == 999 ? ",\"two\nlines, \"\"quoted\"\"\"\n" : ",plain text\n");
        }

        var r = _sources.Read("a.csv", text.ToString());
        Assert.Equal(120_000, r.Table.Rows);
        Assert.Equal("two\nlines, \"quoted\"", r.Table["note"].Cell(119_999));
    }

    [Fact]
    public void Backslash_escapes_are_found()
    {
        var r = _sources.Read("a.csv", "a,b\n\"say \\\"hi\\\", then\",1\n\"x\",2\n");
        Assert.Equal("say \"hi\", then|1/x|2", r.Cells);
        Assert.Empty(r.Issues);
    }

    [Fact]
    public void Short_rows_are_kept_and_counted()
    {
        var r = _sources.Read("a.csv", "a,b,c\n1,2,3\n4\n5,6,7\n8,9\n");
        Assert.Equal("1|2|3/4|~|~/5|6|7/8|9|~", r.Cells);
        Assert.Equal("a.csv: 2 rows with fewer than 3 cells, first row 2 (line 3); the missing cells are read as no value.", Assert.Single(r.Issues).Says);
        Assert.Equal("ragged-row:2", r.Kinds);
    }

    [Fact]
    public void A_long_row_is_set_aside_and_counted()
    {
        var r = _sources.Read("a.csv", "a,b\n" + string.Concat(Enumerable.Range(1, 40).Select(i => i == 30 ? "Smith, John,30\n" : $"n{i},{i}\n")));
        Assert.Equal(39, r.Table.Rows);
        Assert.Equal("ragged-row:1", r.Kinds);
        Assert.Equal("a.csv: 1 row with more than 2 cells set aside, first after row 29 (line 31); their cells cannot be given to columns.", r.Issues[0].Says);
    }

    [Fact]
    public void Ragged_rows_far_behind_the_head_are_counted()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 1; i <= 200_000; i++)
        {
            text.Append(i == 150_000 ? "1\n" : i == 160_000 ? "1,2,3\n" : "1234,5678\n");
        }

        var r = _sources.Read("a.csv", text.ToString());
        Assert.Equal(199_999, r.Table.Rows);
        Assert.Equal("ragged-row:1 ragged-row:1", r.Kinds);
        Assert.Contains("first row 150000 (line 150001)", r.Issues[0].Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_before_the_header_are_set_aside()
    {
        var r = _sources.Read("a.csv", "Report of May\nmade by hand\nid,amount,day\n1,2.5,2020-01-01\n2,3.5,2020-01-02\n3,4.5,2020-01-03\n");
        Assert.Equal("id:Integer amount:Double day:Date", r.Types);
        Assert.Equal(3, r.Table.Rows);
        Assert.Equal("preamble:2", r.Kinds);
        Assert.Equal("a.csv: the first 2 lines (line 1: 'Report of May') did not have the 3 cells of the other rows and were set aside.", r.Issues[0].Says);
    }

    [Fact]
    public void Row_names_without_a_name_as_R_writes_them()
    {
        var r = _sources.Read("a.csv", "mpg,cyl\nMazda,21,6\nDatsun,22.8,4\n");
        Assert.Equal("column1:Text mpg:Double cyl:Integer", r.Types);
        Assert.Equal("a.csv: the header has 2 names for 3 cells; the first column is taken for row names and called column1.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void A_delimiter_at_the_end_of_every_row_but_the_header_shifts_nothing()
    {
        var r = _sources.Read("a.csv", "mpg,cyl\n21,6,\n22.8,4,\n");
        Assert.Equal("mpg:Double cyl:Integer column3:Text", r.Types);
        Assert.Equal("21|6|~/22.8|4|~", r.Cells);
    }

    [Fact]
    public void Without_a_header_columns_are_numbered()
    {
        var r = _sources.Read("a.csv", "1,2.5,2020-01-01\n2,3.5,2020-01-02\n");
        Assert.Equal("column1:Integer column2:Double column3:Date", r.Types);
        Assert.Equal(2, r.Table.Rows);
        Assert.Equal("a.csv: the first row looks like data, not like names; the columns are called column1 to column3.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Years_as_column_names_are_names()
    {
        var r = _sources.Read("a.csv", "country,2019,2020,2021\nDE,1,2,3\nFR,4,5,6\n");
        Assert.Equal("country:Text 2019:Integer 2020:Integer 2021:Integer", r.Types);
    }

    [Fact]
    public void A_header_alone_is_a_table_of_no_rows()
    {
        var r = _sources.Read("a.csv", "user_id,variant,revenue\n");
        Assert.Equal("user_id:Text variant:Text revenue:Text", r.Types);
        Assert.Equal(0, r.Table.Rows);
        Assert.Equal(0, r.Identity.Rows);
    }

    [Fact]
    public void Names_of_the_same_spelling_are_told_apart()
    {
        var r = _sources.Read("a.csv", "x,X,,x,x_2\n1,2,3,4,5\n");
        Assert.Equal("x X_2 column3 x_3 x_2_2", string.Join(' ', r.Schema.Select(f => f.Name)));
        Assert.Equal("1|2|3|4|5", r.Cells);
        Assert.Equal("duplicate-column-name:3", r.Kinds);
    }

    [Fact]
    public void A_single_column_keeps_its_gaps_but_not_the_empty_end()
    {
        var r = _sources.Read("a.csv", "value\n1.5\n\n2.5\n\n\n");
        Assert.Equal("value:Double", r.Types);
        Assert.Equal("1.5/~/2.5", r.Cells);
    }

    [Fact]
    public void A_single_column_of_sentences()
    {
        var r = _sources.Read("a.csv", "comment\nGood, cheap and fast\nBad\n\"Well, \"\"well\"\"\"\nA; B, and C, D\nOne more\n");
        Assert.Equal("comment:Text", r.Types);
        Assert.Equal("Good, cheap and fast/Bad/Well, \"well\"/A; B, and C, D/One more", r.Cells);
    }

    [Fact]
    public void A_stray_quote_keeps_its_text()
    {
        var r = _sources.Read("a.csv", "a,b\n\"abc\"def,1\nx,2\n");
        Assert.Equal("abcdef|1/x|2", r.Cells);
        Assert.Equal("a.csv: 1 row with text behind a closing quote, first row 1 (line 2); the text was kept.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Latin1_bytes_are_read_and_named()
    {
        var r = _sources.Read("a.csv", [.. "city,n\nBerlin,1\nM"u8, 0xFC, .. "nchen,2\n"u8, .. "K\u00F6ln,3\n"u8, .. "\x93q\x94"u8[..0], 0x80, .. "5,4\n"u8]);
        Assert.Equal("Berlin|1/München|2/Köln|3/€5|4", r.Cells);
        Assert.Equal("a.csv: 2 rows not in UTF-8, first row 2 (line 3); those cells were read as Windows-1252.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Latin1_bytes_far_behind_the_head()
    {
        var bytes = Encoding.UTF8.GetBytes("city,n\n" + string.Concat(Enumerable.Repeat("Berlin,1000\n", 120_000)));
        var r = _sources.Read("a.csv", [.. bytes, (byte)'M', 0xFC, .. "nchen,2\n"u8]);
        Assert.Equal("München", r.Table["city"].Cell(120_000));
        Assert.Equal("bad-encoding:1", r.Kinds);
    }

    [Fact]
    public void Names_in_latin1()
    {
        var r = _sources.Read("a.csv", [(byte)'M', 0xFC, .. "nze,n\nx,1\n"u8]);
        Assert.Equal("Münze:Text n:Integer", r.Types);
        Assert.Equal("a.csv: the column names are not in UTF-8; they were read as Windows-1252.", Assert.Single(r.Issues).Says);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    public void Wide_text_is_converted(string encoding, bool hasMark)
    {
        var e = Encoding.GetEncoding(encoding);
        var body = e.GetBytes("city,n\nMünchen,1\nKöln,2\n");
        var r = _sources.Read("a.csv", hasMark ? [.. e.GetPreamble(), .. body] : body);
        Assert.Equal("city:Text n:Integer", r.Types);
        Assert.Equal("München|1/Köln|2", r.Cells);
        Assert.Empty(r.Issues);
    }

    [Fact]
    public void Zero_bytes_are_taken_out_and_counted()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Repeat("some text,1\n", 100)) + "x\0y,2\n";
        var r = _sources.Read("a.csv", text);
        Assert.Equal("xy", r.Table["a"].Cell(100));
        Assert.Equal("a.csv: 1 row with 0x00 bytes, first row 101 (line 102); the bytes were taken out.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Zero_bytes_far_behind_the_head_are_found()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Repeat("some text,1000\n", 120_000)) + "x\0y,2\n";
        var r = _sources.Read("a.csv", text);
        Assert.Equal("xy", r.Table["a"].Cell(120_000));
        Assert.Equal("zero-byte:1", r.Kinds);
    }

    [Fact]
    public void Very_long_cells()
    {
        var long1 = new string('x', 3_000_000);
        var r = _sources.Read("a.csv", $"a,b\n{long1},1\nshort,2\n");
        Assert.Equal(long1, r.Table["a"].Cell(0));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Ten_thousand_columns()
    {
        var names = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"c{i}"));
        var row = string.Join(',', Enumerable.Range(0, 10_000));
        var path = _sources.Write("a.csv", names + "\n" + row + "\n" + row + "\n");
        using var engine = new Gnomon.Data.DuckDb.DuckDbEngine();
        using var data = engine.Open(new() { Path = path }, TestContext.Current.CancellationToken);
        Assert.Equal(10_000, data.Schema.Count);
        Assert.Equal(9_999L, data.Read(Query.Of(Projection.Column("c9999")), TestContext.Current.CancellationToken).Columns[0].Cell(1));
    }

    [Fact]
    public void A_delimiter_of_two_signs_by_option()
    {
        var r = _sources.Read("a.csv", "a||b\n1||x|y\n", new() { Delimiter = "||" });
        Assert.Equal("1|x|y", r.Cells);
        Assert.Equal(2, r.Schema.Count);
    }

    [Fact]
    public void Files_of_one_pattern_are_joined_by_name()
    {
        _sources.Write("m/2.csv", "id,b,a\n3,y,1.5\n");
        _sources.Write("m/1.csv", "id,a\n1,1\n2,2\n");
        var r = Reading.Of(new() { Path = Path.Combine(_sources.Folder, "m", "*.csv") });
        Assert.Equal("id:Integer a:Double b:Text", r.Types);
        Assert.Equal("1|1|~/2|2|~/3|1.5|y", r.Cells);
        Assert.Equal("2.csv has not the columns of 1.csv (different: b); files are matched by name and missing columns have no value.", Assert.Single(r.Issues).Says);
    }
}
