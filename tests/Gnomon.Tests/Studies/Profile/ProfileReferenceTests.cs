using System.Text.Json;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Figures of the profile against pandas and scipy (tests/reference/profile), and against closed forms where pandas would need all values in memory.</summary>
public sealed class ProfileReferenceTests
{
    private const double Tight = 1e-12;
    private static readonly JsonElement Reference = MethodReference.Load("profile/profile.json");

    [Theory]
    [InlineData("amount")]
    [InlineData("score")]
    [InlineData("visits")]
    public void Numbers_agree_with_pandas_describe(string column)
    {
        var finding = ProfileData.Ask(Data());
        var expected = Reference.GetProperty("describe").GetProperty(column);
        foreach (var figure in new[] { "mean", "sd", "min", "q1", "median", "q3", "max" })
        {
            MethodReference.Close(expected.Number(figure), (double)ProfileData.Cell(finding, "numbers", column, figure)!, Tight);
        }
    }

    [Fact]
    public void Missing_and_distinct_agree_with_pandas()
    {
        var finding = ProfileData.Ask(Data());
        foreach (var column in new[] { "amount", "score", "visits", "city", "group" })
        {
            Assert.Equal(Reference.GetProperty("missing").GetProperty(column).GetInt64() / 600.0, ProfileData.Cell(finding, "columns", column, "missing share"));
            Assert.Equal(Reference.GetProperty("distinct").GetProperty(column).GetInt64(), ProfileData.Cell(finding, "columns", column, "distinct"));
        }
    }

    [Fact]
    public void Repeats_agree_with_pandas_duplicated()
    {
        var finding = ProfileData.Ask(Data(), new ProfileOptions { Key = ["visits", "city"] });
        var byKey = finding.Estimates.Single(e => e.Name == "repeated share" && e.Metric == "visits and city");
        Assert.Equal(Reference.GetProperty("duplicatedVisitsCity").GetInt64() / 600.0, byKey.Value, Tight);
        var rows = finding.Estimates.SingleOrDefault(e => e.Name == "repeated share" && e.Metric == "rows");
        Assert.Equal(Reference.GetProperty("duplicated").GetInt64() / 600.0, rows?.Value ?? 0, Tight);
    }

    [Fact]
    public void Association_with_the_target_agrees_with_scipy()
    {
        var finding = ProfileData.Ask(Data(), new ProfileOptions { Target = "group" });
        MethodReference.Close(Reference.Number("aucAmount"), (double)ProfileData.Cell(finding, "target", "amount", "value")!, 1e-10);
        Assert.Equal(Reference.Number("cramersVCity"), (double)ProfileData.Cell(finding, "target", "city", "value")!, 1e-10);
        Assert.Equal(Reference.Number("cramersVCityLow"), (double)ProfileData.Cell(finding, "target", "city", "lower limit")!, 1e-6);
    }

    // 0 .. 299,999 shuffled: far more values than are counted one by one.
    [Fact]
    public void Many_values_keep_exact_means_and_close_quantiles()
    {
        const int n = 300_000;
        var order = ProfileData.Order(n, new Rng(5).Stream("many"));
        var finding = ProfileData.Ask(Table.With("id", order.Select(i => 7_000_000_000L + i)).And("x", order.Select(i => 2000 + (i / 1000.0))).And("text", order.Select(i => (string?)$"user-{i}")));
        MethodReference.Close(2000 + ((n - 1) / 2000.0), (double)ProfileData.Cell(finding, "numbers", "x", "mean")!, Tight);
        MethodReference.Close(Math.Sqrt(n * (n + 1.0) / 12) / 1000, (double)ProfileData.Cell(finding, "numbers", "x", "sd")!, 1e-11);
        var median = (double)ProfileData.Cell(finding, "numbers", "x", "median")!;
        Assert.InRange(median, 2149, 2151);
        Assert.InRange((double)ProfileData.Cell(finding, "numbers", "x", "q1")!, 2075 - 0.5, 2075 + 0.5);
        foreach (var column in new[] { "id", "x", "text" })
        {
            Assert.Equal((long)n, ProfileData.Cell(finding, "columns", column, "distinct"));
        }

        Assert.Equal("identifier", ProfileData.Cell(finding, "columns", "id", "role"));
        Assert.Equal("identifier", ProfileData.Cell(finding, "columns", "text", "role"));
    }

    // 700,000 rows of which 1 % are written twice: the estimate comes from all occurrences of half of the records.
    [Fact]
    public void Repeats_among_many_rows_are_estimated_without_bias()
    {
        const int n = 700_000;
        var rng = new Rng(8).Stream("repeats");
        var values = Enumerable.Range(0, n).Select(i => i % 100 == 99 ? i - 1L : i).ToArray();
        rng.Shuffle<long>(values);
        var finding = ProfileData.Ask(Table.With("a", values).And("b", values.Select(v => v * 7919 % 1_000_003 / 4.0)));
        var repeated = finding.Estimates.Single(e => e.Metric == "rows");
        Assert.InRange(repeated.Value, 0.0093, 0.0107);
        Assert.True(repeated.N < n);
        Assert.Equal(Core.Checks.CheckStatus.Warn, ProfileData.Status(finding, "duplicate-records"));
    }

    private static Table Data() => Table.With("amount", Reference.Numbers("amount"))
        .And("score", Reference.Items("score").Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble()))
        .And("visits", Reference.Counts("visits"))
        .And("city", Reference.Items("city").Select(v => v.GetString()))
        .And("group", Reference.Items("group").Select(v => v.GetString()));
}
