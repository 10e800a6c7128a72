using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Families;
using Gnomon.Studies.Programme;
using Xunit;

namespace Gnomon.Tests.Studies.Programme;

/// <summary>What a programme remembers: what was tried, what was left lying, and what the next idea will bring.</summary>
public sealed class ProgrammeMemoryTests
{
    private static readonly double[] Lifts = [0.06, 0.021, 0.004, -0.002, -0.03, 0.008, 0.011];

    // name, day, decision: the first stands and waits; the second won, and a later row repeats it; the fifth lost; the last has no result.
    private static Table List() => Core.Tables.Table
        .With("name", ["free shipping", "checkout button", "banner", "search ranking", "shorter form", "checkout button v2", "price badge", "dark mode"])
        .And("idea", ["show the costs early", "one step in the Checkouts", "larger", "learned order", "fewer fields in the checkout", "the same again", null, "asked for by many"])
        .And("date", new[] { 0, 10, 20, 30, 40, 300, 320, 5 }.Select(d => new DateOnly(2025, 1, 1).AddDays(d)))
        .And("lift", [.. Lifts, double.NaN]).And("se", [.. Enumerable.Repeat(0.01, 7), double.NaN])
        .And("decision", ["stop", "stop", "launched", "stop", "stop", "stop", "stop", null]);

    [Fact]
    public void A_search_finds_names_and_ideas_and_keeps_the_losers()
    {
        var finding = Ask.Programme(List(), new ProgrammeOptions { Search = "checkout" });
        Assert.StartsWith("3 of 7 experiments speak of 'checkout': 1 win is to be tested again, 1 was not settled, 1 lost.", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(["checkout button v2", "shorter form", "checkout button"], Table(finding, "search").Rows.Select(r => r[0]));

        // The family stays the whole list: the same verdict and the same corrected p-values as without the search.
        var plain = Ask.Programme(List(), new ProgrammeOptions());
        Assert.Equal(plain.Decision.Action, finding.Decision.Action);
        Assert.Equal(Table(plain, "adjusted").Rows.Select(r => r[3]), Table(finding, "adjusted").Rows.Select(r => r[3]));
        Assert.DoesNotContain(plain.Tables, t => t.Id == "search");
    }

    [Theory]
    [InlineData("CHÉCKOUT buttons", 2, "2 of 7 experiments speak of")]
    [InlineData("checkout unicorn", 3, "No experiment speaks of 'checkout unicorn'; 3 of 7 hold some of the words")]
    [InlineData("unicorn", 0, "None of 7 experiments speaks of 'unicorn'.")]
    public void Words_are_found_without_case_accents_and_plurals(string words, int rows, string says)
    {
        var finding = Ask.Programme(List(), new ProgrammeOptions { Search = words });
        Assert.StartsWith(says, finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(rows, finding.Tables.SingleOrDefault(t => t.Id == "search")?.Rows.Count ?? 0);
    }

    [Fact]
    public void A_search_needs_a_list_and_a_word()
    {
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Programme(new ProgrammeOptions { Wins = "4/15", Search = "checkout" })).Code);
        Assert.Equal("bad-search", Assert.Throws<GnomonError>(() => Ask.Programme(List(), new ProgrammeOptions { Search = " - " })).Code);
    }

    [Fact]
    public void What_was_left_lying_is_listed_until_a_later_experiment_names_it()
    {
        var finding = Ask.Programme(List(), new ProgrammeOptions());
        var stale = Table(finding, "stale").Rows.ToDictionary(r => (string)r[0]!, r => (string)r[3]!);
        Assert.Equal(
            new Dictionary<string, string> { ["free shipping"] = "stands, never launched", ["dark mode"] = "started, never read", ["banner"] = "launched without standing, never confirmed" }, stale);
        Assert.Equal(320L, Table(finding, "stale").Rows[0][2]);
        Assert.Contains(finding.Limitations, l => l.StartsWith("Stale on 2025-11-17", StringComparison.Ordinal));

        // Nothing is old enough; without dates nothing can be.
        Assert.DoesNotContain(Ask.Programme(List(), new ProgrammeOptions { StaleAfter = 400 }).Tables, t => t.Id == "stale");
        var undated = Core.Tables.Table.With("name", ["a", "b", "c"]).And("lift", [0.06, 0.02, 0.0]).And("se", [0.01, 0.01, 0.01]);
        Assert.DoesNotContain(Ask.Programme(undated, new ProgrammeOptions()).Tables, t => t.Id == "stale");
    }

    [Fact]
    public void The_next_effect_is_that_of_the_method_and_unlisted_experiments_count_as_none()
    {
        var finding = Ask.Programme(List(), new ProgrammeOptions());
        var expected = NextEffect.Of(Lifts, [.. Enumerable.Repeat(0.01, 7)]);
        var row = Table(finding, "model").Rows[2];
        Assert.Equal([expected.Mean, expected.Next.Low, expected.Next.High], row.Skip(1).Select(v => (double)v!));
        Assert.Contains(finding.Limitations, l => l.Contains("95 % prediction interval", StringComparison.Ordinal));

        // Morris 1983 by hand: own weight spread^2 / (spread^2 + se^2).
        var weight = expected.Spread * expected.Spread / (expected.Spread * expected.Spread + 0.0001);
        var best = Table(finding, "shrunken").Rows[0];
        Assert.Equal("free shipping", best[0]);
        Assert.Equal(weight * 0.06 + (1 - weight) * expected.Mean, (double)best[2]!, 1e-10);
        Assert.Equal(weight, (double)best[5]!, 1e-10);

        var missing = Table(Ask.Programme(List(), new ProgrammeOptions { Started = 12 }), "model").Rows[2];
        Assert.Equal(NextEffect.Of([.. Lifts, 0, 0, 0, 0, 0], [.. Enumerable.Repeat(0.01, 12)]).Mean, (double)missing[1]!, 1e-12);
    }

    private static ResultTable Table(Finding finding, string id) => finding.Tables.Single(t => t.Id == id);
}
