using System.Text.Json;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class ComplaintTests
{
    [Fact]
    public void An_unknown_verb_is_named_with_the_nearest_one()
    {
        var result = CommandLine.Run("abb", "x.csv");
        Assert.Equal((2, string.Empty), (result.Code, result.Out));
        Assert.Contains("There is no verb 'abb'.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'ab'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_where_a_verb_belongs_is_recognised() =>
        Assert.Contains("Write a verb first", CommandLine.Run("visits.csv").Error, StringComparison.Ordinal);

    [Fact]
    public void All_wrong_options_are_reported_together()
    {
        var result = CommandLine.Run("ab", "--level", "95", "--htlm", "x", "--seed", "--fail-on", "warm", "--ledger", "x", "--no-ledger", "--counts", "A=1/2,B=1/2");
        Assert.Equal(2, result.Code);
        Assert.Contains("Write --level 0.95.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean '--html'?", result.Error, StringComparison.Ordinal);
        Assert.Contains("--seed needs a value.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'warn'?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_data_words_are_one_too_many()
    {
        var result = CommandLine.Run("ab", "a.csv", "b.csv", "--variant", "v", "--metric", "m");
        Assert.Equal(2, result.Code);
        Assert.Contains("takes one DATA; got also 'b.csv'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_the_complaint_is_json_too()
    {
        var result = CommandLine.Run("ab", "no-such-file.csv", "--variant", "v", "--metric", "m", "--json", "--no-ledger");
        Assert.Equal((2, string.Empty), (result.Code, result.Out));
        using var document = JsonDocument.Parse(result.Error);
        Assert.Equal("gnomon.error/1", document.RootElement.GetProperty("schema").GetString());
        var error = document.RootElement.GetProperty("error");
        Assert.Matches("^[a-z-]+$", error.GetProperty("code").GetString());
        Assert.Contains("no-such-file.csv", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_exclude_one_another_are_refused()
    {
        Assert.Contains("--json and --markdown would both print", CommandLine.Run("ab", "--counts", "A=1/2,B=1/2", "--json", "--markdown").Error, StringComparison.Ordinal);
        Assert.Contains("were both given", CommandLine.Run("ab", "--counts", "A=1/2,B=1/2", "--ledger", "x", "--no-ledger").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_never_overwrites_the_data() =>
        Assert.Contains("would overwrite the data file", CommandLine.Run("ab", "visits.csv", "--html", "./visits.csv", "--variant", "v", "--metric", "m").Error, StringComparison.Ordinal);

    [Fact]
    public void A_defect_is_told_in_one_message_and_its_details_are_in_a_file()
    {
        using var error = new StringWriter();
        var surface = new Gnomon.Cli.Surface(TextWriter.Null, error, false, false, 100, _ => null, TimeProvider.System);
        Gnomon.Cli.Running.DefectReport.Print(surface, new InvalidOperationException("the moon"), ["ab", "x.csv"], json: false);
        var text = error.ToString();
        Assert.Contains("This is a defect in Gnomon, not in your data: the moon", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        var file = text.Split(' ').Single(w => w.Contains("gnomon-defect-", StringComparison.Ordinal));
        Assert.Contains("gnomon ab x.csv", File.ReadAllText(file), StringComparison.Ordinal);
        File.Delete(file);
    }
}
