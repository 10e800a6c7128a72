using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Edge data end in an answer or a named refusal. Writing the finding as JSON throws on any number that is not finite.</summary>
public sealed class ProfileEdgeTests
{
    [Fact]
    public void No_rows_are_refused_by_name() =>
        Assert.Equal("no-rows", Assert.Throws<GnomonError>(() => ProfileData.Ask(Table.With("a", Array.Empty<double>()).And("b", Array.Empty<string?>()))).Code);

    [Fact]
    public void One_row_is_an_answer()
    {
        var finding = Written(Table.With("a", [1.5]).And("b", ["x"]).And("c", [true]));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.StartsWith("1 row, 3 columns", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_without_values_and_with_one_value_are_named()
    {
        var finding = Written(Table.With("none", Enumerable.Repeat(double.NaN, 80)).And("one", Enumerable.Repeat(7L, 80)).And("x", Enumerable.Range(0, 80).Select(i => (double)(i * 37 % 83))), "x");
        Assert.Equal("empty", ProfileData.Cell(finding, "columns", "none", "role"));
        Assert.Equal("constant", ProfileData.Cell(finding, "columns", "one", "role"));
    }

    [Fact]
    public void A_target_without_values_is_named() =>
        Assert.Contains(Written(Table.With("y", Enumerable.Repeat(double.NaN, 80)).And("x", Enumerable.Range(0, 80).Select(i => (double)i)), "y").Limitations, l => l.Contains("has no value in any row", StringComparison.Ordinal));

    [Fact]
    public void Only_text_and_huge_text_are_an_answer() =>
        Written(Table.With("note", Enumerable.Range(0, 50).Select(i => (string?)new string((char)('a' + (i % 26)), 20_000))).And("word", Enumerable.Repeat<string?>("yes", 50)));

    [Fact]
    public void Rows_that_are_all_the_same_are_seen()
    {
        var finding = Written(Table.With("a", Enumerable.Repeat(1.0, 100)).And("b", Enumerable.Repeat<string?>("x", 100)));
        Assert.Contains("column", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_near_the_end_of_the_range_of_doubles_do_not_break_it() =>
        Written(Table.With("x", Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? 1 : -1) * 1e300 / (i + 1))).And("y", Enumerable.Range(0, 200).Select(i => 1e-300 * i)), "y");

    [Fact]
    public void Two_thousand_columns_of_four_rows_are_an_answer()
    {
        var table = new Table([.. Enumerable.Range(0, 2_000).Select(c => new DoubleColumn($"c{c}", [c, c + 1, c * 2, 5]))]);
        Assert.Equal(2_000, Written(table).Tables.Single(t => t.Id == "columns").Rows.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Threads_change_nothing(int seed)
    {
        var rng = new Rng(seed).Stream("threads");
        const int rows = 120_000;
        var table = Table.With("x", ProfileData.Draw(rows, rng.NextNormal)).And("y", ProfileData.Draw(rows, rng.NextExponential)).And("k", ProfileData.Order(rows, rng).Select(i => (long)i))
            .And("word", ProfileData.Text(rows, () => $"w{rng.NextInt(3_000)}")).And("churn", ProfileData.Text(rows, () => rng.NextDouble() < 0.3 ? "yes" : "no"));
        Assert.Equal(Bytes(table, 1), Bytes(table, 2));
    }

    // Text with more different values than a dictionary should hold is read again as hashes.
    [Fact]
    public void Text_without_end_is_counted_by_hash()
    {
        var order = ProfileData.Order(260_000, new Rng(3).Stream("texts"));
        var finding = Written(Table.With("url", order.Select(i => (string?)$"https://example.org/page/{i}/a rather long tail")).And("kind", order.Select(i => (string?)(i % 3 == 0 ? "a" : "b"))));
        Assert.Equal(260_000L, ProfileData.Cell(finding, "columns", "url", "distinct"));
        Assert.Contains(finding.Limitations, l => l.Contains("too many different texts", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_names_are_refused_with_the_nearest()
    {
        var error = Assert.Throws<GnomonError>(() => ProfileData.Ask(ProfileData.Clean(1), new ProfileOptions { Target = "chur" }));
        Assert.Equal("column-not-found", error.Code);
        Assert.Contains("churn", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Chosen_columns_are_looked_at_alone()
    {
        var finding = ProfileData.Ask(ProfileData.Clean(2), new ProfileOptions { Columns = ["age", "plan"], Target = "churn" });
        Assert.Equal(["age", "plan", "churn"], finding.Tables.Single(t => t.Id == "columns").Rows.Select(r => (string)r[0]!));
    }

    private static Finding Written(Table table, string? target = null)
    {
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = target });
        FindingJson.Write(finding);
        return finding;
    }

    private static string Bytes(Table table, int threads)
    {
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "churn", Threads = threads });
        return FindingJson.Write(finding with { Provenance = finding.Provenance with { Seconds = 0, StartedAt = DateTimeOffset.UnixEpoch } });
    }
}
