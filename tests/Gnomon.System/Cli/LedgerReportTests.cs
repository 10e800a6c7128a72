using System.Text.Json;
using Xunit;

namespace Gnomon.System.Cli;

/// <summary><c>gnomon ledger report</c> over ledgers that real commands filled.</summary>
public sealed class LedgerReportTests
{
    [Fact]
    public void A_ledger_is_read_as_one_programme()
    {
        using var folder = new TemporaryFolder();
        var ledger = folder["ledger.db"];
        File.WriteAllText(folder["plan.json"], """{ "schema": "gnomon.plan/1", "hypothesis": "shorter is better", "primary": ["converted"], "mde": "5%", "unitsPerArm": 8000, "predicted": "40%" }""");
        Ab("A=800/8000,B=1010/8000", "checkout", "--plan", folder["plan.json"]);
        Ab("A=800/8000,B=860/8000", "banner");
        Ab("A=1600/16000,B=1700/16000", "banner");
        Ab("A=800/8000,B=790/8000", "footer");
        Ab("A=800/8000,B=812/8000", "aa week 3");
        Assert.Equal(0, CommandLine.Run("ledger", "override", "3", "--action", "ship", "--by", "Ada", "--reason", "The contract says so.", "--ledger", ledger).Code);

        var report = CommandLine.Run("ledger", "report", "--ledger", ledger, "--json", "--html", folder["report.html"]);
        Assert.Equal(0, report.Code);
        using var document = JsonDocument.Parse(report.Out);
        var finding = document.RootElement;
        Assert.Equal(("programme", "ship"), (finding.GetProperty("question").GetString(), finding.GetProperty("decision").GetProperty("action").GetString()));
        Assert.Contains("launch checkout", finding.GetProperty("decision").GetProperty("summary").GetString(), StringComparison.Ordinal);
        var experiments = Rows("experiments");
        Assert.Equal(["checkout", "banner", "footer"], experiments.Select(r => r[0].GetString()).OrderBy(n => Array.IndexOf(["checkout", "banner", "footer"], n)));
        var banner = experiments.Single(r => r[0].GetString() == "banner");
        Assert.Contains(banner, c => c.ValueKind == JsonValueKind.Number && c.GetDouble() == 32_000); // the newest look
        var programme = Rows("programme").ToDictionary(r => r[0].GetString()!, r => r[1].GetDouble(), StringComparer.Ordinal);
        Assert.Equal((3, 1, 4), (programme["experiments with a result"], programme["decisions overridden by a person"], programme["looks in all"]));
        Assert.Equal("ledger.db", finding.GetProperty("provenance").GetProperty("data")[0].GetProperty("source").GetString());
        Assert.Contains("<html", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);

        void Ab(string counts, string name, params string[] more) => Assert.Equal(0, CommandLine.Run(["ab", "--counts", counts, "--experiment", name, "--ledger", ledger, .. more]).Code);

        List<JsonElement[]> Rows(string id) => [.. finding.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("id").GetString() == id).GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().ToArray())];
    }

    [Fact]
    public void A_ledger_without_a_result_is_refused()
    {
        using var folder = new TemporaryFolder();
        var ledger = folder["ledger.db"];
        Assert.Equal(0, CommandLine.Run("design", "--baseline", "0.1", "--mde", "5%", "--ledger", ledger).Code);
        var report = CommandLine.Run("ledger", "report", "--ledger", ledger);
        Assert.Equal(2, report.Code);
        Assert.Contains("no primary result", report.Error, StringComparison.Ordinal);
    }
}
