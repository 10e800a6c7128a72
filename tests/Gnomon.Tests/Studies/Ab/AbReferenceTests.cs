using System.Text.Json;
using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Against scipy 1.10.1 and statsmodels 0.13.5 (tests/reference/ab/ab.json); closed forms, so 1e-9 relative unless said.</summary>
public sealed class AbReferenceTests
{
    private static readonly JsonElement Expected = Load();

    [Fact]
    public void Means_are_compared_by_Welch()
    {
        var estimate = AbData.Primary(Ask.Ab(AbData.Reference(), AbData.Options("y")));
        Close("welch", "difference", estimate.Value);
        Close("welch", "low", estimate.Low);
        Close("welch", "high", estimate.High);
        Close("welch", "p", estimate.P!.Value);
        Assert.Equal("Welch t", estimate.Method);
    }

    [Fact]
    public void Adjustment_agrees_with_the_interacted_regression()
    {
        var finding = Ask.Ab(AbData.Reference(), AbData.Options("y") with { Pre = ["pre"] });
        var estimate = AbData.Primary(finding);
        Close("lin", "difference", estimate.Value);

        // The interval allows for the sampling of units too, so it is a little wider than HC2 of the regression: within 1 % here.
        var half = (estimate.High - estimate.Low) / 2 / 1.9612;
        Assert.InRange(half / Expected.GetProperty("lin").GetProperty("hc2").GetDouble(), 0.99, 1.02);
        Assert.Contains(finding.Estimates, e => e.Role == "sensitivity" && e.Method.Contains("not adjusted", StringComparison.Ordinal));
    }

    [Fact]
    public void Ratios_use_the_delta_method()
    {
        var estimate = AbData.Primary(Ask.Ab(AbData.Reference(), new AbOptions { Unit = "unit", Variant = "arm", Ratio = ["spend/visits"] }));
        Close("ratio", "difference", estimate.Value);
        var half = (estimate.High - estimate.Low) / 2;

        // Student's t with about 2,000 degrees of freedom: 1.9612.
        Assert.Equal(Expected.GetProperty("ratio").GetProperty("standardError").GetDouble(), half / 1.9612, 4);
    }

    [Fact]
    public void Typed_counts_give_the_score_test_with_Newcombe()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=2250/50000", "B=2400/50000"] });
        var estimate = AbData.Primary(finding);
        Close("checkout", "difference", estimate.Value);
        Close("checkout", "low", estimate.Low);
        Close("checkout", "high", estimate.High);
        Close("checkout", "p", estimate.P!.Value);
        Assert.Equal("proportion", estimate.Unit);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
    }

    [Fact]
    public void A_broken_split_blocks_and_has_the_chi_square_of_scipy()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=2250/50000", "B=2400/48700"] });
        var check = AbData.Check(finding, "sample-ratio-mismatch");
        Close("srm", "statistic", check.Statistic!.Value);
        Close("srm", "p", check.P!.Value);
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Equal(["sample-ratio-mismatch"], finding.Decision.Because);
    }

    [Fact]
    public void Rows_that_repeat_a_unit_are_clustered_and_the_naive_error_is_shown()
    {
        // Every unit twice with the same value: the clustered error is that of single rows, the naive one is smaller by the square root of 2.
        var table = AbData.Reference();
        var twice = Enumerable.Range(0, AbData.Units).SelectMany(i => new[] { i, i }).ToArray();
        var y = table["y"];
        var doubled = Core.Tables.Table.With("unit", twice.Select(i => (long)i)).And("arm", twice.Select(i => (string?)(i % 2 == 1 ? "B" : "A"))).And("y", twice.Select(i => (double)y.Cell(i)!));
        var finding = Ask.Ab(doubled, AbData.Options("y"));
        var estimate = AbData.Primary(finding);
        Close("welch", "difference", estimate.Value);
        Close("welch", "low", estimate.Low);
        var naive = finding.Estimates.Single(e => e.Method.StartsWith("rows taken", StringComparison.Ordinal));
        Assert.Equal(Math.Sqrt(2), (estimate.High - estimate.Low) / (naive.High - naive.Low), 2);
    }

    private static void Close(string group, string name, double actual)
    {
        var expected = Expected.GetProperty(group).GetProperty(name).GetDouble();
        Assert.True(Math.Abs(actual - expected) <= 1e-9 * Math.Max(Math.Abs(expected), 1e-6), $"{group}.{name}: expected {expected:R}, got {actual:R}");
    }

    private static JsonElement Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tests", "reference", "ab", "ab.json"))).RootElement;
    }
}
