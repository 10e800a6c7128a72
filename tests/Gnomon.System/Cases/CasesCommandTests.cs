using System.Text.Json;
using Gnomon.Cases;
using Gnomon.System.Cli;
using Xunit;

namespace Gnomon.System.Cases;

/// <summary><c>gnomon cases</c> as a person types it.</summary>
public sealed class CasesCommandTests
{
    [Fact]
    public void The_list_shows_every_case_and_filters_narrow_it()
    {
        var all = CommandLine.Run("cases").Out;
        Assert.All(Casebook.All, c => Assert.Contains(c.Card.Id, all, StringComparison.Ordinal));
        var found = CommandLine.Run("cases", "--area", "experiments", "--level", "basic", "--check", "optional-stopping", "--search", "days").Out;
        Assert.Contains("experiments/three-day-winner", found, StringComparison.Ordinal);
        Assert.DoesNotContain("experiments/stopped-early-on-a-good-day", found, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(CommandLine.Run("cases", "--json").Out);
        Assert.Equal("gnomon.cases/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal(Casebook.All.Count, json.RootElement.GetProperty("cases").GetArrayLength());
    }

    [Fact]
    public void Practice_shows_the_question_and_hides_the_answer()
    {
        var practice = CommandLine.Run("cases", "show", "three-day-winner", "--no-verdict").Out;
        Assert.Contains("gnomon ab onboarding.csv", practice, StringComparison.Ordinal);
        Assert.DoesNotContain("optional-stopping", practice, StringComparison.Ordinal);
        Assert.Contains("optional-stopping", CommandLine.Run("cases", "show", "experiments/three-day-winner").Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(CommandLine.Run("cases", "show", "three-day-winner", "--no-verdict", "--json").Out);
        Assert.False(json.RootElement.TryGetProperty("action", out _));
    }

    [Fact]
    public void A_run_makes_the_data_and_keeps_them_where_it_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("gnomon-cases-").FullName;
        try
        {
            var kept = Path.Combine(folder, "data");
            var run = CommandLine.Run("cases", "run", "banner-click-through", "--scene", "a-split", "--seed", "3", "--keep", kept);
            Assert.Equal(0, run.Code);
            Assert.Contains("gnomon ab banner.csv", run.Out, StringComparison.Ordinal);
            Assert.Contains("FAIL sample-ratio-mismatch", run.Out, StringComparison.Ordinal);
            Assert.Contains("What to learn:", run.Out, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(kept, "banner.csv")));
            var again = CommandLine.Run("cases", "run", "banner-click-through", "--keep", kept);
            Assert.Equal(2, again.Code);
            Assert.Contains("is not empty", again.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_twin_is_quiet_and_json_holds_the_finding()
    {
        using var json = JsonDocument.Parse(CommandLine.Run("cases", "run", "banner-click-through", "--twin", "--json").Out);
        Assert.Equal("twin", json.RootElement.GetProperty("scene").GetString());
        Assert.True(json.RootElement.GetProperty("asPromised").GetBoolean());
        Assert.Equal("gnomon.finding/1", json.RootElement.GetProperty("finding").GetProperty("schema").GetString());
    }

    [Fact]
    public void Check_prints_a_table_and_ends_with_0_when_every_promise_is_kept()
    {
        var check = CommandLine.Run("cases", "check", "banner-click-through", "photos-did-not-reach-significance");
        Assert.Equal(0, check.Code);
        Assert.Contains("All 8 data sets behave as promised.", check.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean 'three-day-winner'?", "cases", "run", "three-day-winer")]
    [InlineData("Did you mean 'check'?", "cases", "chek")]
    [InlineData("Which case?", "cases", "show")]
    [InlineData("--level must be one of", "cases", "--level", "expert")]
    [InlineData("Give one of them.", "cases", "run", "three-day-winner", "--twin", "--scene", "trap")]
    [InlineData("Scenes: trap, a-split, b-views, twin", "cases", "run", "banner-click-through", "--scene", "c")]
    [InlineData("Did you mean '--seeds'?", "cases", "check", "--sseeds", "3")]
    public void Wrong_words_have_one_message(string message, params string[] words)
    {
        var wrong = CommandLine.Run(words);
        Assert.Equal(2, wrong.Code);
        Assert.Contains(message, wrong.Error, StringComparison.Ordinal);
    }
}
