using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>What cannot be compared is refused by its own name; what is corrected is corrected by one rule.</summary>
public sealed class CompareRefusalTests
{
    [Fact]
    public void A_metric_without_any_value_is_refused()
    {
        var text = Table.With("y", Enumerable.Repeat((string?)null, 20)).And("g", Groups(20));
        var number = Table.With("y", Enumerable.Repeat(double.NaN, 20)).And("g", Groups(20));
        foreach (var table in new[] { text, number })
        {
            var refused = Refused(table, new CompareOptions { Metric = "y", By = "g" });
            Assert.Equal("no-values", refused.Code);
            Assert.Contains("y has no usable value in any of 20 rows", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_of_one_value_such_as_an_unread_mark_of_missing_is_refused()
    {
        var refused = Refused(Table.With("y", Enumerable.Repeat((string?)"NA", 20)).And("g", Groups(20)), new CompareOptions { Metric = "y", By = "g" });
        Assert.Equal("no-values", refused.Code);
        Assert.Contains("'y' is text and holds nothing but 'NA' in 20 rows", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--nulls NA", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_of_one_value_is_named_with_what_it_needs()
    {
        var both = Refused(Table.With("y", new[] { 1.5, 2.5 }).And("g", Groups(2)), new CompareOptions { Metric = "y", By = "g" });
        Assert.Equal("too-few-rows", both.Code);
        Assert.Contains("'a' has 1 value, 'b' has 1 value of y; 2 values are needed in each of two groups", both.Message, StringComparison.Ordinal);
        var one = Refused(Table.With("y", new[] { 1.5, 2.5, 3.5 }).And("g", new[] { "a", "b", "b" }.Select(g => (string?)g)), new CompareOptions { Metric = "y", By = "g" });
        Assert.Contains("'a' has 1 value of y", one.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_is_not_compared_by_itself()
    {
        var refused = Refused(Table.With("mpg", Enumerable.Range(0, 10).Select(i => (double)(i % 3))), new CompareOptions { Metric = "mpg", By = "mpg" });
        Assert.Equal("options-conflict", refused.Code);
        Assert.Contains("'mpg' is named as the metric and as the group", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interval_and_p_of_a_corrected_pair_never_disagree()
    {
        var touching = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var rng = new Rng(seed);
            var rows = Enumerable.Range(0, 24).SelectMany(u => new[] { ("x", 0.0), ("y", 0.55), ("z", 1.1) }.Select(g => (Unit: $"u{u}", Group: g.Item1, Value: g.Item2 + rng.NextNormal()))).ToArray();
            var table = Table.With("unit", rows.Select(r => (string?)r.Unit)).And("g", rows.Select(r => (string?)r.Group)).And("y", rows.Select(r => r.Value));
            var finding = Ask.Compare(table, new CompareOptions { Metric = "y", By = "g", Paired = "unit", Randomized = true });
            foreach (var pair in finding.Estimates.Where(e => e.Role == "primary"))
            {
                Assert.Equal(pair.P < 0.05, pair.Low > 0 || pair.High < 0);
                touching += pair.P is > 0.02 and < 0.08 ? 1 : 0;
            }

            Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "multiple-comparisons").Status);
        }

        Assert.True(touching > 5, "The draws hold pairs near the limit.");
    }

    private static IEnumerable<string?> Groups(int n) => Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "a" : "b"));

    private static GnomonError Refused(Table table, CompareOptions options) => Assert.Throws<GnomonError>(() => Ask.Compare(table, options));
}
