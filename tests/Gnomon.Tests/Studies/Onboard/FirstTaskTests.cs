using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Render.Json;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Onboard;

/// <summary>First tasks: open at first, marked when they are done, and not when they only look like it.</summary>
public sealed class FirstTaskTests
{
    [Fact]
    public void All_three_are_set_and_open()
    {
        using var project = new TestProject();
        var finding = project.Run();
        Assert.Equal([("reproduce", "open"), ("fix-a-check", "open"), ("add-a-feature", "open")], States(finding));
        Assert.Equal([1L, 2L, 3L], Table(finding, "tasks").Rows.Select(r => r[0]));
        Assert.Equal(0L, Table(finding, "progress").Rows[1][1]);
        Assert.Contains("Task 1, Reproduce fit. In work/, run: gnomon regress homes.csv --target price --on area,rooms --json --seed 1 --no-ledger > answers/reproduce.json.", finding.Next);
    }

    [Fact]
    public void A_handed_in_finding_counts_when_its_number_and_its_data_are_those_on_record()
    {
        using var project = new TestProject();
        _ = project.Run();
        var answer = Path.Combine(project.Work, "answers", "reproduce.json");
        File.WriteAllText(answer, FindingJson.Write(Fit("homes.csv", "area,age")));
        Assert.Equal("not yet", State(project, 0)); // another model
        File.AppendAllText(Path.Combine(project.Work, "homes.csv"), "\n");
        File.WriteAllText(answer, FindingJson.Write(Fit("homes.csv", "area,rooms")));
        Assert.Equal("not yet", State(project, 0)); // the same number from a file with other bytes
        File.Copy(Path.Combine(project.Folder, "homes.csv"), Path.Combine(project.Work, "homes.csv"), overwrite: true);
        File.WriteAllText(answer, FindingJson.Write(Fit("homes.csv", "area,rooms")));
        Assert.Equal("done", State(project, 0));
        File.WriteAllText(answer, "{ \"estimates\": 3 }");
        Assert.Equal("not yet", State(project, 0));
        File.WriteAllText(answer, "no JSON");
        Assert.Equal("not yet", State(project, 0));

        Finding Fit(string file, string on) => Ask.Regress(new RegressOptions { Data = Path.Combine(project.Work, file), Target = "price", On = on.Split(',') });
    }

    [Fact]
    public void The_mended_file_counts_when_every_row_is_there_once()
    {
        using var project = new TestProject();
        _ = project.Run();
        var file = Path.Combine(project.Work, "practice", "homes.csv");
        var lines = File.ReadAllLines(file);
        Assert.True(lines.Length > 81, "rows were written twice");
        File.WriteAllLines(file, lines.Distinct().Take(70));
        Assert.Equal("not yet", State(project, 1)); // rows were thrown away
        File.WriteAllLines(file, lines.Distinct().Select((l, i) => i == 5 ? "h004,1,1,1,1" : l));
        Assert.Equal("not yet", State(project, 1)); // a row was changed
        File.WriteAllText(file, "\0\0");
        Assert.Equal("not yet", State(project, 1));
        File.WriteAllLines(file, lines.Distinct());
        Assert.Equal("done", State(project, 1));
    }

    [Fact]
    public void A_feature_counts_when_it_is_described_named_and_fitted()
    {
        using var project = new TestProject();
        _ = project.Run();
        var file = Path.Combine(project.Work, "project.json");
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
        var feature = new JsonObject { ["id"] = "years", ["from"] = new JsonArray("homes.age") };
        ((JsonArray)json["features"]!).Add(feature);
        Save();
        Assert.Equal("not yet", State(project, 2)); // no model has it
        ((JsonArray)json["models"]![0]!["features"]!).Add("years");
        Save();
        Assert.Equal("not yet", State(project, 2)); // nobody says what it is
        (feature["owner"], feature["description"]) = ("ben", "Years since it was built.");
        Save();
        Assert.Equal("not yet", State(project, 2)); // it is not fitted
        json["jobs"]![0]!["command"] = "gnomon regress homes.csv --target price --on area,rooms,age";
        Save();
        Assert.Equal("done", State(project, 2));
        json["jobs"]![0]!["command"] = "gnomon regress /etc/hosts --target price --on area,rooms,age";
        Save();
        Assert.Equal("not yet", State(project, 2));
        File.WriteAllText(file, "{");
        Assert.Equal("not yet", State(project, 2));

        void Save() => File.WriteAllText(file, json.ToJsonString());
    }

    [Fact]
    public void What_was_done_stays_when_the_command_runs_again()
    {
        using var project = new TestProject();
        _ = project.Run();
        var mine = Path.Combine(project.Work, "homes.csv");
        File.AppendAllText(mine, "mine\n");
        File.WriteAllText(Path.Combine(project.Sandbox, "tour", "left-over.txt"), "x");
        Assert.Equal("the same", Table(project.Run(), "tour").Rows[0][5]);
        Assert.EndsWith("mine\n", File.ReadAllText(mine), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(project.Sandbox, "tour", "left-over.txt")));
    }

    private static List<(string, string)> States(Finding finding) => [.. Table(finding, "tasks").Rows.Select(r => ((string)r[1]!, (string)r[5]!))];

    private static string State(TestProject project, int task) => (string)Table(project.Run(), "tasks").Rows[task][5]!;

    private static ResultTable Table(Finding finding, string id) => finding.Tables.Single(t => t.Id == id);
}
