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
}
