using System.Text.Json;
using Xunit;

namespace Gnomon.System.Cli;

/// <summary><c>gnomon onboard</c> and <c>gnomon ledger onboard</c>, from a project file to pages and marks.</summary>
public sealed class OnboardTests
{
    private const string Project = """
        { "schema": "gnomon.project/1", "name": "Rooms",
          "tables": [{ "id": "rooms", "path": "rooms.csv", "description": "Rooms.", "grain": "one room", "refresh": "never", "columns": [{ "name": "area", "description": "m2." }, { "name": "rent", "description": "Euro." }] }],
          "jobs": [{ "id": "fit", "description": "A line.", "owner": "ada", "from": ["rooms"], "command": "gnomon regress rooms.csv --target rent --on area", "record": { "metric": { "of": "slope", "metric": "area" } } }] }
        """;

    [Fact]
    public void The_handbook_of_a_project_with_what_its_ledger_recorded()
    {
        using var folder = new TemporaryFolder();
        var project = folder.Write("draft.json", Project);
        folder.Write("rooms.csv", "area,rent\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{20 + i},{300 + (9 * i) + (i % 7)}\n"))));
        var ledger = folder["elsewhere.db"];
        Assert.Equal(0, CommandLine.Run("ab", "--counts", "A=800/8000,B=1010/8000", "--experiment", "checkout", "--ledger", ledger).Code);

        // A record is written first; the project that holds it is then run against it.
        Assert.Equal(0, CommandLine.Run("onboard", project, "--sandbox", folder["first"], "--record", folder["project.json"], "--no-ledger").Code);
        var run = CommandLine.Run("ledger", "onboard", folder["project.json"], "--sandbox", folder["box"], "--ledger", ledger, "--json", "--html", folder["handbook.html"]);
        Assert.Equal(0, run.Code);
        using var document = JsonDocument.Parse(run.Out);
        var finding = document.RootElement;
        Assert.Equal(("onboard", "investigate"), (finding.GetProperty("question").GetString(), finding.GetProperty("decision").GetProperty("action").GetString()));
        var tables = finding.GetProperty("tables").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetString()!, t => t.GetProperty("rows"), StringComparer.Ordinal);
        Assert.Equal("the same", tables["tour"][0][5].GetString());
        Assert.Equal("no owner", Assert.Single(tables["gaps"].EnumerateArray())[1].GetString());
        Assert.Contains(tables["timeline"].EnumerateArray(), r => r[5].GetString()!.Contains("checkout", StringComparison.Ordinal) || r[3].GetString()!.Contains("checkout", StringComparison.Ordinal));
        var page = File.ReadAllText(folder["handbook.html"]);
        Assert.Contains("<h1 dir=\"auto\">Rooms</h1>", page, StringComparison.Ordinal);
        Assert.Contains("id=\"a-rooms\"", page, StringComparison.Ordinal);
        var terminal = CommandLine.Run("onboard", folder["project.json"], "--no-ledger");
        Assert.Equal(0, terminal.Code);
        Assert.Contains("Also in --json and --html: The project (1), What there is (2)", terminal.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_has_one_message()
    {
        using var folder = new TemporaryFolder();
        var missing = CommandLine.Run("ledger", "onboard", folder["none.json"], "--no-ledger");
        Assert.Equal((2, true), (missing.Code, missing.Error.Contains("cannot be read", StringComparison.Ordinal)));
        var late = CommandLine.Run("ledger", "--json", "onboard");
        Assert.Equal((2, true), (late.Code, late.Out.Contains("right after ledger", StringComparison.Ordinal) || late.Error.Contains("right after ledger", StringComparison.Ordinal)));
    }
}
