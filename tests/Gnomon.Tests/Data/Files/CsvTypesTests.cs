using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>What a column of text becomes. Expected values are what the text says; nothing may be lost on the way.</summary>
public sealed class CsvTypesTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Plain_columns_get_their_types()
    {
        var r = _sources.Read("a.csv", "b,i,x,d,t,z,h,s\ntrue,1,1.5,2020-01-05,2020-01-05 10:00:00,2020-01-05T10:00:00+02:00,10:30,abc\nFALSE,-2,2e3,1999-12-31,2020-01-05 10:00:00.25,2020-01-05T10:00:00Z,23:59:59,d\n");
        Assert.Equal("b:Boolean i:Integer x:Double d:Date t:LocalTimestamp z:Timestamp h:Time s:Text", r.Types);
        Assert.Equal(
            "true|1|1.5|2020-01-05|2020-01-05T10:00:00|2020-01-05T08:00:00|10:30|abc/false|-2|2000|1999-12-31|2020-01-05T10:00:00.25|2020-01-05T10:00:00|23:59|d",
            r.Cells);
        Assert.Empty(r.Issues);
    }

    [Fact]
    public void Leading_zeros_keep_a_column_text()
    {
        var r = _sources.Read("a.csv", "zip,n\n00501,1\n12345,2\n");
        Assert.Equal("zip:Text n:Integer", r.Types);
        Assert.Equal("00501|1/12345|2", r.Cells);
        Assert.Equal("a.csv, column 'zip': kept as text, because 00501 (row 1) has a leading zero that a number would lose.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Integers_beyond_2_to_53_and_64_bits_are_exact()
    {
        var r = _sources.Read("a.csv", "a,b,c\n9007199254740993,18446744073709551616,9223372036854775807\n-9007199254740993,1,-9223372036854775808\n");
        Assert.Equal("a:Integer b:Decimal c:Integer", r.Types);
        Assert.Equal("9007199254740993", r.Table["a"].Cell(0)!.ToString());
        Assert.Equal(long.MaxValue, r.Table["c"].Cell(0));
        using var engine = new Gnomon.Data.DuckDb.DuckDbEngine();
        using var data = engine.Open(new() { Path = Path.Combine(_sources.Folder, "a.csv") }, TestContext.Current.CancellationToken);
        Assert.Equal("18446744073709551616", data.Ask(Core.Tables.Scalar.Aggregate(Core.Tables.AggregateFunction.Max, Core.Tables.Scalar.Column("b")).ToText()));
    }

    [Theory]
    [InlineData("1_000", "Text")]
    [InlineData("0x1f", "Text")]
    [InlineData("1,000", "Text")]
    [InlineData("12%", "Text")]
    [InlineData("+5", "Double")]
    [InlineData("-0", "Double")]
    [InlineData("1.", "Double")]
    [InlineData(".5", "Double")]
    [InlineData("1e400", "Text")]
    [InlineData("1e-3", "Double")]
    [InlineData("+491511234567", "Text")]
    [InlineData("2020-13-01", "Text")]
    [InlineData("2021-02-29", "Text")]
    [InlineData("2020-02-29", "Date")]
    [InlineData("25:00", "Text")]
    [InlineData("t", "Text")]
    [InlineData("123456789012345678901234567890123456789012", "Text")]
    public void A_cell_is_what_it_plainly_is(string cell, string type)
    {
        var r = _sources.Read("a.csv", $"x;y\n{cell};1\n");
        Assert.Equal($"x:{type} y:Integer", r.Types);
        if (type == "Text")
        {
            Assert.Equal(cell, r.Table["x"].Cell(0));
        }
    }

    [Fact]
    public void A_stray_word_turns_a_number_column_into_text_and_is_named()
    {
        var r = _sources.Read("a.csv", "id,price\n" + string.Concat(Enumerable.Range(1, 50).Select(i => $"{i},{(i == 41 ? "call us" : $"{i}.5")}\n")));
        Assert.Equal("id:Integer price:Text", r.Types);
        Assert.Equal("call us", r.Table["price"].Cell(40));
        var issue = Assert.Single(r.Issues);
        Assert.Equal(("mixed-types", 1), (issue.Kind, issue.Count));
        Assert.Equal("a.csv row 41, column 'price': 'call us' stands among numbers; the column is kept as text. If it means no value, pass --nulls 'call us'.", issue.Says);
    }

    [Fact]
    public void A_stray_word_far_behind_the_head_is_found()
    {
        var text = new System.Text.StringBuilder("id,price\n");
        for (var i = 1; i <= 200_000; i++)
        {
            text.Append(i).Append(',').Append(i == 190_001 ? "n.v." : "1.25").Append('\n');
        }

        var r = _sources.Read("a.csv", text.ToString());
        Assert.Equal("id:Integer price:Text", r.Types);
        Assert.Equal(200_000, r.Table.Rows);
        Assert.Equal("n.v.", r.Table["price"].Cell(190_000));
        Assert.StartsWith("a.csv row 190001, column 'price': 'n.v.' stands among numbers", Assert.Single(r.Issues).Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_or_a_leading_zero_far_behind_the_head_is_not_rounded_away()
    {
        var text = new System.Text.StringBuilder("a,b,c,d\n");
        for (var i = 1; i <= 200_000; i++)
        {
            text.Append(i == 199_000 ? "2.5" : "7").Append(',').Append(i == 199_001 ? "007" : "7").Append(',').Append(i == 199_002 ? "5" : "").Append(",2020-01-0").Append(i == 199_003 ? "5 10:00" : "5").Append('\n');
        }

        var r = _sources.Read("a.csv", text.ToString());
        Assert.Equal("a:Double b:Text c:Integer d:LocalTimestamp", r.Types);
        Assert.Equal(2.5, r.Table["a"].Cell(198_999));
        Assert.Equal("007", r.Table["b"].Cell(199_000));
        Assert.Equal(5L, r.Table["c"].Cell(199_001));
        Assert.Equal(199_999, r.Table["c"].NullCount);
    }

    [Fact]
    public void Missing_words_are_no_value_among_numbers_and_words_among_words()
    {
        var r = _sources.Read("a.csv", "x,code,d\n1,NA,2020-01-01\nNA,DE,null\n ,FR,2020-01-03\nnan,NA,2020-01-04\n");
        Assert.Equal("x:Integer code:Text d:Date", r.Types);
        Assert.Equal("1|NA|2020-01-01/~|DE|~/~|FR|2020-01-03/~|NA|2020-01-04", r.Cells);
        Assert.Equal("missing-words:3 missing-words:1", r.Kinds);
        Assert.Equal("a.csv, column 'x': blanks, 'NA', 'nan' read as no value, first in row 2.", r.Issues[0].Says);
    }

    [Fact]
    public void The_users_own_words_for_no_value_hold_in_every_column()
    {
        var r = _sources.Read("a.csv", "x,s\n1,?\n?,a\n", new() { NullText = ["?"] });
        Assert.Equal("x:Integer s:Text", r.Types);
        Assert.Equal("1|~/~|a", r.Cells);
    }

    [Fact]
    public void Decimal_commas_by_option()
    {
        var r = _sources.Read("a.csv", "name;price\nx;12,50\ny;-3\n", new() { Decimal = ',' });
        Assert.Equal("name:Text price:Double", r.Types);
        Assert.Equal("x|12.5/y|-3", r.Cells);
    }

    [Fact]
    public void Decimal_commas_without_the_option_are_pointed_out()
    {
        var r = _sources.Read("a.csv", "name;price\nx;12,50\ny;3,10\n");
        Assert.Equal("name:Text price:Text", r.Types);
        Assert.Equal("a.csv row 1, column 'price': '12,50' is not a number with '.' as decimal mark; the column is kept as text. Pass --decimal ','.", Assert.Single(r.Issues).Says);
    }

    [Theory]
    [InlineData("12/31/2020", "1/2/2021", "2020-12-31|2021-01-02")]
    [InlineData("31/12/2020", "1/2/2021", "2020-12-31|2021-02-01")]
    [InlineData("05.06.2020", "07.08.2020", "2020-06-05|2020-08-07")]
    [InlineData("2020/1/5", "2020/12/31", "2020-01-05|2020-12-31")]
    [InlineData("31-01-2020", "01-02-2020", "2020-01-31|2020-02-01")]
    public void Regional_dates_are_read_when_the_column_tells_day_from_month(string first, string second, string expected)
    {
        var r = _sources.Read("a.csv", $"d,n\n{first},1\n{second},2\n");
        Assert.Equal("d:Date n:Integer", r.Types);
        Assert.Equal(expected, string.Join('|', r.Cells.Split('/').Select(c => c.Split('|')[0])));
    }

    [Fact]
    public void Regional_dates_with_a_time()
    {
        var r = _sources.Read("a.csv", "d,n\n12/1/2010 8:26,1\n12/31/2010 18:05,2\n");
        Assert.Equal("d:LocalTimestamp n:Integer", r.Types);
        Assert.Equal("2010-12-01T08:26:00|1/2010-12-31T18:05:00|2", r.Cells);
    }

    [Fact]
    public void Dates_that_do_not_tell_day_from_month_stay_text()
    {
        var r = _sources.Read("a.csv", "d,n\n01/02/2020,1\n03/04/2020,2\n");
        Assert.Equal("d:Text n:Integer", r.Types);
        Assert.Equal("a.csv, column 'd': dates such as 01/02/2020 (row 1) do not tell the day from the month; the column is kept as text.", Assert.Single(r.Issues).Says);
    }

    [Fact]
    public void Infinite_numbers_are_no_value()
    {
        var r = _sources.Read("a.csv", "x,y\n1.5,1\ninf,2\n-Infinity,3\n");
        Assert.Equal("1.5|1/~|2/~|3", r.Cells);
    }

    [Fact]
    public void A_column_without_any_value_is_text()
    {
        var r = _sources.Read("a.csv", "x,y\n,1\n,2\n");
        Assert.Equal("x:Text y:Integer", r.Types);
        Assert.Equal("~|1/~|2", r.Cells);
    }

    [Fact]
    public void Spaces_around_numbers_do_not_matter_and_stay_in_text()
    {
        var r = _sources.Read("a.csv", "x, s\n 1, a\n 22, b \n");
        Assert.Equal("x:Integer s:Text", r.Types);
        Assert.Equal("1| a/22| b ", r.Cells);
    }
}
