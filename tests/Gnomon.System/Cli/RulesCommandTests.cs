using Xunit;

namespace Gnomon.System.Cli;

/// <summary>Rules of a table as a gate in CI: exit codes and files.</summary>
public sealed class RulesCommandTests
{
    [Fact]
    public void A_broken_rule_ends_with_one_and_is_named_in_the_reports()
    {
        using var folder = new TemporaryFolder();
        var may = folder.Write("may.csv", Rows(i => i % 2 == 0 ? "open" : "paid"));
        var june = folder.Write("june.csv", Rows(i => i % 4 == 0 ? "Paid" : "open"));
        Assert.Equal(0, CommandLine.Run("profile", may, "--write-rules", folder["rules.json"], "--no-ledger").Code);
        Assert.Equal(0, CommandLine.Run("profile", may, "--rules", folder["rules.json"], "--fail-on", "rules", "--no-ledger").Code);
        var result = CommandLine.Run("profile", june, "--rules", folder["rules.json"], "--fail-on", "rules", "--junit", folder["j.xml"], "--sarif", folder["s.sarif"], "--no-ledger");
        Assert.Equal(1, result.Code);
        Assert.Contains("status-values", result.Out, StringComparison.Ordinal);
        Assert.Contains("row 1: Paid", File.ReadAllText(folder["j.xml"]), StringComparison.Ordinal);
        Assert.Contains("rules.json", File.ReadAllText(folder["s.sarif"]), StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run("profile", june, "--rules", folder["rules.json"], "--fail-on", "never", "--no-ledger").Code);
    }

    [Fact]
    public void A_wrong_file_of_rules_is_one_message_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("a.csv", Rows(_ => "open"));
        var rules = folder.Write("rules.json", "{ \"schema\": \"gnomon.rules/1\",\n  \"rules\": [\n    { \"kind\": \"rang\", \"column\": \"a\" } ] }");
        var result = CommandLine.Run("profile", data, "--rules", rules, "--no-ledger");
        Assert.Equal(2, result.Code);
        Assert.Contains("rules.json line 3: the file has the kind 'rang'", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_never_overwrite_the_data()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("a.csv", Rows(_ => "open"));
        var result = CommandLine.Run("profile", data, "--write-rules", data, "--no-ledger");
        Assert.Equal(2, result.Code);
        Assert.Contains("would overwrite the data", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static string Rows(Func<int, string> status) => "id,status,price\n" + string.Concat(Enumerable.Range(0, 300).Select(i => FormattableString.Invariant($"{1000 + i},{status(i)},{10 + (i * 37 % 90)}\n")));
}
