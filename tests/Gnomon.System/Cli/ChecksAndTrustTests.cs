using System.Text.Json;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class ChecksAndTrustTests
{
    [Fact]
    public void Every_check_is_listed()
    {
        var text = CommandLine.Run("checks").Out;
        Assert.All(Catalogue.Checks, c => Assert.Contains(c.Card.Id, text, StringComparison.Ordinal));
        using var json = JsonDocument.Parse(CommandLine.Run("checks", "--json").Out);
        Assert.Equal(Catalogue.Checks.Select(c => c.Card.Id), json.RootElement.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
    }

    [Fact]
    public void One_check_is_shown_by_id_and_a_misspelt_one_is_guessed()
    {
        Assert.Contains("Source", CommandLine.Run("checks", "show", "sample-ratio-mismatch").Out, StringComparison.Ordinal);
        var wrong = CommandLine.Run("checks", "show", "sample-ratio-mismach");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("Did you mean 'sample-ratio-mismatch'?", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Trust_measures_the_promise_of_a_check()
    {
        var result = CommandLine.Run("trust", "--check", "sample-ratio-mismatch", "--draws", "25", "--json");
        Assert.Equal(0, result.Code);
        using var json = JsonDocument.Parse(result.Out);
        var check = Assert.Single(json.RootElement.GetProperty("checks").EnumerateArray());
        Assert.Equal((25, 100), (check.GetProperty("traps").GetInt32(), check.GetProperty("twins").GetInt32()));
        Assert.True(check.GetProperty("kept").GetBoolean());
        Assert.Contains("within binomial error", CommandLine.Run("trust", "--check", "sample-ratio-mismatch", "--draws", "25").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Trust_writes_a_page_that_can_be_audited()
    {
        var folder = Directory.CreateTempSubdirectory("gnomon-trust-");
        try
        {
            var page = Path.Combine(folder.FullName, "trust.html");
            Assert.Equal(0, CommandLine.Run("trust", "--check", "sample-ratio-mismatch", "--draws", "25", "--html", page).Code);
            var text = File.ReadAllText(page);
            Assert.Contains("Does Gnomon keep its own promises?", text, StringComparison.Ordinal);
            Assert.Contains("25 of 25", text, StringComparison.Ordinal);
            Assert.Contains("What each check looks for", text, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);

            var lost = CommandLine.Run("trust", "--check", "sample-ratio-mismatch", "--draws", "5", "--html", Path.Combine(folder.FullName, "none", "trust.html"));
            Assert.Equal(2, lost.Code);
            Assert.Contains("there is no folder", lost.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
