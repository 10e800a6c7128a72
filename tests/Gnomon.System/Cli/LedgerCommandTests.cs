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

    [Fact]
    public void Discoveries_are_counted_over_the_stream_of_experiments()
    {
        using var folder = new TemporaryFolder();
        var ledger = folder["ledger.db"];
        (string Name, string Counts)[] stream =
        [
            ("strong", "A=500/10000,B=680/10000"), ("weak", "A=500/10000,B=563/10000"), ("none", "A=500/10000,B=502/10000"), ("again", "A=500/10000,B=505/10000"), ("again", "A=1000/20000,B=1300/20000"),
        ];
        foreach (var (name, counts) in stream)
        {
            Assert.Equal(0, CommandLine.Run("ab", "--counts", counts, "--experiment", name, "--ledger", ledger).Code);
        }

        using var json = JsonDocument.Parse(Discoveries("--json").Out);
        var tests = json.RootElement.GetProperty("tests").EnumerateArray().ToList();
        Assert.Equal(["strong", "weak", "none", "again"], tests.Select(t => t.GetProperty("experiment").GetString()));
        Assert.Equal([1, 1, 1, 2], tests.Select(t => t.GetProperty("looks").GetInt32()));

        // The weak result has p = 0.047: below 0.05, and not among the discoveries.
        Assert.Equal([true, false, false, true], tests.Select(t => t.GetProperty("saffron").GetBoolean()));
        Assert.InRange(tests[1].GetProperty("p").GetDouble(), 0.04, 0.05);

        // SAFFRON's first size: (1 - lambda) alpha times half of it in store, times the first share 0.4375.
        Assert.Equal(0.5 * 0.05 * 0.5 * 0.4374901657744737, tests[0].GetProperty("saffronThreshold").GetDouble(), 1e-12);
        var text = Discoveries().Out;
        Assert.Contains("2 of 4 primary results are discoveries", text, StringComparison.Ordinal);
        Assert.Contains("read more than once", text, StringComparison.Ordinal);
        Assert.Equal(2, Discoveries("--rate", "2").Code);

        CommandResult Discoveries(params string[] words) => CommandLine.Run(["ledger", "discoveries", .. words, "--ledger", ledger]);
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
