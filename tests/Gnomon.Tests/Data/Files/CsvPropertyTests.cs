using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gnomon.Core.Tables;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>Random tables, written as CSV in odd ways, are read back cell by cell.</summary>
public sealed class CsvPropertyTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    private static readonly Gen<string> Word = Gen.Elements(
        "a", "b c", " lead", "trail ", "x,y", "x;y", "tab\there", "line\nend", "cr\r\nlf", "say \"so\"", "\"", "ü😀", "it's", "NA", "true", "-", "1-2", "longer than twelve bytes", "#", "\\", "5\" disk");

    private static readonly Gen<string> Cell = Gen.OneOf(Word, Gen.Choose(-5000, 5000).Select(i => i.ToString(CultureInfo.InvariantCulture)), Gen.Constant(""));

    /// <summary>Rows of text cells, the ways to write them, and numbers beside them.</summary>
    private sealed record Written(string[][] Rows, long[] Numbers, char Delimiter, string LineEnd, bool QuotesAll, bool HasMark, bool HasLastEnd)
    {
        public string Text()
        {
            var text = new StringBuilder(HasMark ? "\uFEFF" : "");
            var lines = new List<string> { string.Join(Delimiter, Enumerable.Range(0, Rows[0].Length).Select(i => Quote($"name {i}")).Append("number")) };
            lines.AddRange(Rows.Zip(Numbers, (r, n) => string.Join(Delimiter, r.Select(Quote).Append(n.ToString(CultureInfo.InvariantCulture)))));
            return text.AppendJoin(LineEnd, lines).Append(HasLastEnd ? LineEnd : "").ToString();
        }

        private string Quote(string cell) =>
            QuotesAll || cell.AsSpan().IndexOfAny("\"\r\n") >= 0 || cell.Contains(Delimiter, StringComparison.Ordinal) || cell.StartsWith(' ')
                ? "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
                : cell;
    }

    private static Gen<Written> Tables() =>
        from columns in Gen.Choose(1, 5)
        from count in Gen.Choose(1, 40)
        from rows in Cell.ArrayOf(columns).ArrayOf(count)
        from numbers in Gen.Choose(int.MinValue, int.MaxValue).Select(i => (long)i * 1009).ArrayOf(count)
        from delimiter in Gen.Elements(',', ';', '\t', '|')
        from end in Gen.Elements("\n", "\r\n")
        from quotesAll in Gen.Elements(true, false)
        from mark in Gen.Elements(true, false)
        from last in Gen.Elements(true, false)
        select new Written(rows, numbers, delimiter, end, quotesAll, mark, last);

    [Fact]
    public void What_was_written_is_read_back()
    {
        var files = 0;
        Prop.ForAll(Tables().ToArbitrary(), table => Check(table, files++)).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_200_105, 11));
    }

    private bool Check(Written table, int number)
    {
        var path = _sources.Write($"{number}.csv", table.Text());
        var read = Reading.Of(new() { Path = path, Delimiter = table.Delimiter.ToString(), Threads = 1 });
        Assert.Equal(table.Rows.Length, read.Table.Rows);
        for (var c = 0; c < table.Rows[0].Length; c++)
        {
            var column = read.Table[$"name {c}"];
            for (var r = 0; r < table.Rows.Length; r++)
            {
                Assert.Equal(Expected(table.Rows[r][c], column.Type), Convert.ToString(column.Cell(r), CultureInfo.InvariantCulture));
            }
        }

        Assert.Equal(table.Numbers, Enumerable.Range(0, table.Rows.Length).Select(r => (long)read.Table["number"].Cell(r)!));
        return true;
    }

    /// <summary>Text columns give the text; a column that came out typed may hold gaps and other spellings of one value.</summary>
    private static string Expected(string cell, ColumnType type) => type switch
    {
        ColumnType.Text => cell,
        ColumnType.Boolean => cell == "true" ? "True" : "",
        _ => cell == "NA" ? "" : cell,
    };
}
