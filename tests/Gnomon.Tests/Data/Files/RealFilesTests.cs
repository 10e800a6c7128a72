using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data.Files;

/// <summary>
/// Real public files against pandas (tests/reference/engine/real-files.json, make.py). Counts, extremes and texts are equal; sums agree to
/// 1e-12 relative, because pandas' are exact sums and these are added in row order.
/// </summary>
public sealed class RealFilesTests
{
    private const double SumTolerance = 1e-12;

    private static readonly JsonElement Reference = Open();

    public static TheoryData<string> Files() => [.. Reference.GetProperty("files").EnumerateObject().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scan_agrees_with_pandas(string file)
    {
        var path = Path.Combine(DataFolder(), file.Replace('/', Path.DirectorySeparatorChar));
        Assert.SkipUnless(File.Exists(path), $"{path} is not there; set GNOMON_DATA to the folder of public data.");
        var expected = Reference.GetProperty("files").GetProperty(file);
        var read = Reading.Of(new() { Path = path });
        Assert.Equal(expected.GetProperty("rows").GetInt64(), read.Identity.Rows);
        Assert.Equal(expected.GetProperty("columns").EnumerateObject().Select(c => c.Name), read.Schema.Select(f => f.Name));
        foreach (var column in expected.GetProperty("columns").EnumerateObject())
        {
            Compare(column.Name, column.Value, read.Table[column.Name]);
        }
    }

    /// <summary>The counts that the data's own description gives (UCI Online Retail II, year one, as copied).</summary>
    [Fact]
    public void A_parquet_file_of_half_a_million_rows()
    {
        var path = Path.Combine(DataFolder(), "retail", "online_retail.parquet");
        Assert.SkipUnless(File.Exists(path), $"{path} is not there; set GNOMON_DATA to the folder of public data.");
        using var engine = new DuckDbEngine();
        using var data = engine.Open(new() { Path = path }, TestContext.Current.CancellationToken);
        var customer = Scalar.Column("Customer ID");
        Assert.Equal(525_461, data.Identify(TestContext.Current.CancellationToken).Rows);
        Assert.Equal(4_383L, data.Ask(Scalar.Aggregate(AggregateFunction.CountDistinct, customer)));
        Assert.Equal(107_927L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount, filter: customer.IsNull())));
        Assert.Equal(10_206L, data.Ask(Scalar.Aggregate(AggregateFunction.RowCount, filter: Scalar.UserSql("Invoice LIKE 'C%'"))));
    }

    private static void Compare(string name, JsonElement expected, Column column)
    {
        var rows = Enumerable.Range(0, column.Length).Where(r => !column.IsNull(r)).ToList();
        if (expected.GetProperty("kind").GetString() == "text")
        {
            // Words that pandas takes for missing stay words in a column of text.
            if (column is not TextColumn)
            {
                Assert.Equal(expected.GetProperty("count").GetInt32(), rows.Count);
                return;
            }

            var texts = rows.Select(r => (string)column.Cell(r)!).Where(t => t is not ("NA" or "null" or "nan" or "N/A" or "NULL" or "n/a")).ToList();
            Assert.Equal(expected.GetProperty("count").GetInt32(), texts.Count);
            Assert.Equal(expected.GetProperty("distinct").GetInt32(), texts.Distinct().Count());
            Assert.Equal(expected.GetProperty("bytes").GetInt64(), texts.Sum(t => (long)Encoding.UTF8.GetByteCount(t)));
            return;
        }

        Assert.Equal(expected.GetProperty("count").GetInt32(), rows.Count);
        var numbers = rows.Select(r => column.Cell(r) switch { bool b => b ? 1.0 : 0.0, long n => n, double d => d, var other => throw new InvalidOperationException($"{name} holds {other}") }).ToList();
        var sum = expected.GetProperty("sum").GetDouble();
        Assert.True(Math.Abs(numbers.Sum() - sum) <= SumTolerance * numbers.Sum(Math.Abs), $"{name}: sum {numbers.Sum():R}, pandas {sum:R}");
        if (expected.TryGetProperty("min", out var min) && min.ValueKind == JsonValueKind.Number)
        {
            Assert.Equal((min.GetDouble(), expected.GetProperty("max").GetDouble()), (numbers.Min(), numbers.Max()));
        }
    }

    private static string DataFolder() => Environment.GetEnvironmentVariable("GNOMON_DATA") ?? Path.Combine(Root(), "..", "shared", "data");

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "tests", "reference")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }

    private static JsonElement Open()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "tests", "reference", "engine", "real-files.json")));
        return document.RootElement.Clone();
    }
}
