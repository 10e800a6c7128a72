using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>A text file that is large enough for the query to read it itself. Expectations follow from how its rows are made; tolerance: none.</summary>
[Trait("speed", "slow")]
public sealed class LargeFileTests : IDisposable
{
    private const int Rows = 1_100_000;
    private const int Groups = 7;

    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void A_file_whose_rows_are_alike_is_answered_without_a_word()
    {
        var finding = Answer(null);
        Assert.Equal([.. Enumerable.Range(0, Groups).Select(Expected), "1099999|BIGINT"], Cells(finding));
        Assert.Empty(finding.Limitations);
        Assert.Equal(Rows, finding.Provenance.Data.Single().Rows);
    }

    [Fact]
    public void A_text_among_numbers_far_down_makes_the_column_text_and_is_told()
    {
        var finding = Answer("12x");
        Assert.Equal([.. Enumerable.Range(0, Groups).Select(Expected), "999999|VARCHAR"], Cells(finding));
        Assert.Contains(finding.Limitations, l => l.Contains("'12x' stands among numbers", StringComparison.Ordinal) && l.Contains("row 1100000", StringComparison.Ordinal));
        Assert.Equal(Rows, finding.Provenance.Data.Single().Rows);
    }

    [Fact]
    public void A_word_for_no_value_far_down_is_no_value_and_is_told()
    {
        var finding = Answer("NA");
        Assert.Equal([.. Enumerable.Range(0, Groups).Select(Expected), "1099998|BIGINT"], Cells(finding));
        Assert.Contains(finding.Limitations, l => l.Contains("'NA' read as no value, first in row 1100000", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_file_is_told_the_same_when_the_query_names_other_columns()
    {
        var finding = Answer("12x", "SELECT word FROM data LIMIT 1");
        Assert.Contains(finding.Limitations, l => l.Contains("'12x' stands among numbers", StringComparison.Ordinal));
    }

    // The number of the last row, or what stands in its place.
    private Finding Answer(string? last, string? query = null)
    {
        var path = Path.Combine(_sources.Folder, "large.csv");
        using (var text = new StreamWriter(path))
        {
            text.Write("n,word,amount\n");
            for (var i = 0; i < Rows; i++)
            {
                text.Write(string.Create(CultureInfo.InvariantCulture, $"{(i == Rows - 1 && last is not null ? last : i)},group {i % Groups} of all of them,{i % 1000 / 4.0:0.00}\n"));
            }
        }

        Assert.True(new FileInfo(path).Length > 32 << 20);
        return Ask.Sql(new SqlOptions
        {
            Data = path,
            Query = query ?? "SELECT word, sum(amount)::VARCHAR AS v FROM data GROUP BY word UNION ALL SELECT 'z', max(n) || '|' || any_value(typeof(n)) FROM data ORDER BY word",
        });
    }

    private static string Expected(int group) =>
        Enumerable.Range(0, Rows).Where(i => i % Groups == group).Sum(i => i % 1000 / 4.0).ToString(".0###", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Cells(Finding finding) => finding.Tables.Single(t => t.Id == "rows").Rows.Select(r => (string)r[1]!);
}
