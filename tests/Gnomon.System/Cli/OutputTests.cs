using System.Text.Json;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class OutputTests
{
    private static readonly string[] Clean = ["ab", "--counts", "A=500/11034,B=420/11037", "--no-ledger"];
    private static readonly string[] BrokenSplit = ["ab", "--counts", "A=500/11034,B=420/9000", "--no-ledger"];

    [Fact]
    public void In_a_pipe_there_are_no_colours_and_nothing_on_standard_error()
    {
        var result = CommandLine.Run(Clean);
        Assert.Equal(0, result.Code);
        Assert.Empty(result.Error);
        Assert.DoesNotContain('\u001b', result.Out);
        Assert.NotEmpty(result.Out);
    }

    [Fact]
    public void Json_is_the_finding_and_nothing_else()
    {
        using var finding = JsonDocument.Parse(CommandLine.Run([.. Clean, "--json"]).Out);
        Assert.Equal("gnomon.finding/1", finding.RootElement.GetProperty("schema").GetString());
        Assert.Equal("ab", finding.RootElement.GetProperty("question").GetString());
        var command = finding.RootElement.GetProperty("provenance").GetProperty("command").EnumerateArray().Select(w => w.GetString());
        Assert.Equal([.. Clean, "--json"], command);
    }

    [Fact]
    public void Fail_on_turns_a_failed_check_into_exit_code_one()
    {
        Assert.Equal(0, CommandLine.Run(BrokenSplit).Code);
        Assert.Equal(1, CommandLine.Run([.. BrokenSplit, "--fail-on", "fail"]).Code);
        Assert.Equal(1, CommandLine.Run([.. BrokenSplit, "--fail-on", "warn"]).Code);
        Assert.Equal(0, CommandLine.Run([.. Clean, "--fail-on", "fail"]).Code);
    }

    [Fact]
    public void Quiet_is_shorter_and_still_says_the_decision()
    {
        var whole = CommandLine.Run(Clean).Out;
        var quiet = CommandLine.Run([.. Clean, "--quiet"]).Out;
        Assert.True(quiet.Length < whole.Length / 2);
        Assert.Equal(whole.Split('\n')[0], quiet.Split('\n')[0]);
    }

    [Fact]
    public void Files_are_written_and_the_answer_is_still_printed()
    {
        using var folder = new TemporaryFolder();
        var result = CommandLine.Run([.. Clean, "--html", folder["f.html"], "--markdown", folder["f.md"], "--junit", folder["f.xml"], "--sarif", folder["f.sarif"]]);
        Assert.Equal(0, result.Code);
        Assert.Equal(CommandLine.Run(Clean).Out.Split('\n')[0], result.Out.Split('\n')[0]);
        Assert.Equal(["f.html", "f.md", "f.sarif", "f.xml"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(folder.Path), file => Assert.True(new FileInfo(file).Length > 100, file));
    }

    [Fact]
    public void A_file_that_cannot_be_written_costs_one_message_and_not_the_answer()
    {
        using var folder = new TemporaryFolder();
        var result = CommandLine.Run([.. Clean, "--html", folder["missing/f.html"], "--junit", folder["f.xml"]]);
        Assert.Equal(2, result.Code);
        Assert.Equal(CommandLine.Run(Clean).Out.Split('\n')[0], result.Out.Split('\n')[0]);
        Assert.Contains("--html could not be written: there is no folder", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["f.xml"]));
    }

    [Fact]
    public void Markdown_alone_prints_and_does_not_swallow_the_next_word()
    {
        var result = CommandLine.Run("ab", "--no-ledger", "--markdown", "--counts", "A=500/11034,B=420/11037");
        Assert.Equal(0, result.Code);
        Assert.StartsWith("#", result.Out, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        var csv = folder.Write("v.csv", "arm,converted\nA,1\nB,0\n");
        _ = CommandLine.Run("ab", "--no-ledger", "--markdown", csv, "--variant", "arm", "--metric", "converted");
        Assert.StartsWith("arm,converted", File.ReadAllText(csv), StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_sign_and_blank_mean_the_same()
    {
        string[] withBlank = ["ab", "--counts", "A=500/11034,B=420/11037", "--level", "0.9", "--no-ledger"];
        string[] withSign = ["ab", "--counts=A=500/11034,B=420/11037", "--level=0.9", "--no-ledger"];
        Assert.Equal(Body(withBlank), Body(withSign));

        static string Body(string[] words) => string.Join('\n', CommandLine.Run(words).Out.Split('\n').Where(l => !l.Contains(" s | ", StringComparison.Ordinal)));
    }
}
