using System.Text.Json;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class LedgerCommandTests
{
    private static string[] Question(string ledger) => ["ab", "--counts", "A=500/11034,B=420/11037", "--experiment", "button", "--ledger", ledger];

    [Fact]
    public void The_first_run_says_where_the_ledger_is_and_later_ones_do_not()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(folder["ledger.db"], CommandLine.Run(Question(folder["ledger.db"])).Error, StringComparison.Ordinal);
        Assert.Empty(CommandLine.Run(Question(folder["ledger.db"])).Error);
    }

    [Fact]
    public void No_ledger_leaves_no_trace()
    {
        using var folder = new TemporaryFolder();
        _ = GnomonProcess.Run(folder.Path, "ab", "--counts", "A=500/11034,B=420/11037", "--no-ledger");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Entries_are_listed_shown_verified_exported_and_overridden()
    {
        using var folder = new TemporaryFolder();
        var ledger = folder["ledger.db"];
        Assert.Equal(0, CommandLine.Run(Question(ledger)).Code);

        using (var list = JsonDocument.Parse(Ledger("list", "--json").Out))
        {
            var entry = Assert.Single(list.RootElement.GetProperty("entries").EnumerateArray());
            Assert.Equal(("ab", 1), (entry.GetProperty("verb").GetString(), entry.GetProperty("sequence").GetInt32()));
        }

        Assert.Contains("Hash", Ledger("show", "1").Out, StringComparison.Ordinal);
        using (var shown = JsonDocument.Parse(Ledger("show", "1", "--json").Out))
        {
            Assert.Equal("gnomon.finding/1", shown.RootElement.GetProperty("finding").GetProperty("schema").GetString());
        }

        Assert.Equal(0, Ledger("override", "1", "--action", "ship", "--by", "Ada", "--reason", "The contract says so.").Code);
        Assert.Contains("(overridden)", Ledger("list").Out, StringComparison.Ordinal);
        var verified = Ledger("verify");
        Assert.Equal(0, verified.Code);
        Assert.Contains("head ", verified.Out, StringComparison.Ordinal);

        var export = folder.Write("export.jsonl", Ledger("export").Out);
        Assert.Equal(0, CommandLine.Run("ledger", "import", export, "--ledger", folder["second.db"]).Code);
        Assert.Equal(2, CommandLine.Run("ledger", "import", export, "--ledger", folder["second.db"]).Code);

        CommandResult Ledger(params string[] words) => CommandLine.Run(["ledger", .. words, "--ledger", ledger]);
    }

    [Theory]
    [InlineData("show", "Which entry?")]
    [InlineData("lst", "Did you mean 'list'?")]
    public void A_wrong_word_is_explained(string word, string message)
    {
        using var folder = new TemporaryFolder();
        _ = CommandLine.Run(Question(folder["ledger.db"]));
        var result = CommandLine.Run("ledger", word, "--ledger", folder["ledger.db"]);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ledger_that_is_not_there_is_one_message()
    {
        var result = CommandLine.Run("ledger", "list", "--ledger", "/no/such/ledger.db");
        Assert.Equal(2, result.Code);
        Assert.Contains("/no/such/ledger.db", result.Error, StringComparison.Ordinal);
    }
}
