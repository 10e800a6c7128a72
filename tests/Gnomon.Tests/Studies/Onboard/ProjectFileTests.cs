using System.Text.Json.Nodes;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Studies.Onboard;
using Xunit;

namespace Gnomon.Tests.Studies.Onboard;

/// <summary>What a project file and a sandbox may be, and what is refused with which words.</summary>
public sealed class ProjectFileTests
{
    [Theory]
    [InlineData("{", "project-not-json", "is not valid JSON: line 1")]
    [InlineData("[]", "project-field", "should be an object of fields; it is a list")]
    [InlineData("{}", "project-field", "has no schema")]
    [InlineData("""{ "schema": "gnomon.plan/1", "name": "x" }""", "project-schema", "is a 'gnomon.plan/1', not a 'gnomon.project/1'")]
    [InlineData("""{ "schema": "gnomon.project/1" }""", "project-field", "has no name")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x" }""", "project-empty", "names no table, feature, model or job")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "tabels": [] }""", "project-field", "has a field 'tabels'")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "tables": {} }""", "project-field", "tables should be a list; it is an object")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "features": [{ "id": "a b" }] }""", "project-id", "features[0]: the id 'a b'")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "features": [{ "id": "a" }, { "id": "a" }] }""", "project-id-repeated", "'a' is given 2 times")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "tables": [{ "id": "a" }] }""", "project-field", "tables[0] has no path")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "features": [{ "id": "a", "owner": 3 }] }""", "project-field", "owner should be a text; it is 3")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "features": [{ "id": "a", "reviewed": "May" }] }""", "project-field", "reviewed should be a date as 2026-03-31")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "incidents": [{ "id": "a", "title": "b" }] }""", "project-field", "incidents[0] has no date")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "jobs": [{ "id": "a", "record": { "metric": { "of": "slope", "field": "size" } } }] }""", "project-field", "the field 'size' is none of value, low")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "claims": [{ "says": "a", "with": [0] }] }""", "project-field", "with should be a list of numbers above 0")]
    [InlineData("""{ "schema": "gnomon.project/1", "name": "x", "claims": [{ "says": "a", "change": "a lot" }] }""", "project-field", "change should be a share")]
    public void A_wrong_file_is_refused_with_its_place(string json, string code, string says)
    {
        using var project = new TestProject(recorded: false);
        File.WriteAllText(project.File_, json);
        var wrong = Assert.Throws<GnomonError>(() => project.Run(sandbox: false));
        Assert.Equal(code, wrong.Code);
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
        Assert.NotNull(wrong.Hint);
    }

    [Fact]
    public void A_misspelt_field_is_guessed() => Assert.Equal("Did you mean 'owner'?", Refused(json => ((JsonObject)json["tables"]![0]!)["ownr"] = "ada").Hint);

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Equal("project-unreadable", Assert.Throws<GnomonError>(() => Ask.Onboard(new OnboardOptions { Data = Path.Combine(Path.GetTempPath(), "no-such-project.json") })).Code);

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Assert.Equal("data-missing", Assert.Throws<GnomonError>(() => Ask.Onboard(new OnboardOptions())).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Onboard(new OnboardOptions { Data = "p.json", Where = "a > 1" })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Onboard(new OnboardOptions { Data = "p.json", Record = "r.json" })).Code);
    }

    [Fact]
    public void A_sandbox_never_lies_on_what_is_there()
    {
        using var project = new TestProject();
        Assert.Equal("sandbox-is-project", Code(o => o with { Sandbox = project.Folder }));
        Assert.Equal("sandbox-is-project", Code(o => o with { Sandbox = Path.GetDirectoryName(project.Folder)! }));
        Directory.CreateDirectory(project.Sandbox);
        File.WriteAllText(Path.Combine(project.Sandbox, "mine.txt"), "x");
        Assert.Equal("sandbox-not-empty", Code(o => o));
        Assert.Equal("sandbox-not-empty", Code(o => o with { Sandbox = project.File_ }));
        File.WriteAllText(Path.Combine(project.Folder, "there.json"), "x");
        Assert.Equal("file-exists", Code(o => o with { Record = Path.Combine(project.Folder, "there.json") }));

        // Inside the project's folder is a good place.
        Assert.Equal("the same", project.Run(with: o => o with { Sandbox = Path.Combine(project.Folder, "copies") }).Tables.Single(t => t.Id == "tour").Rows[0][5]);

        string Code(Func<OnboardOptions, OnboardOptions> with) => Assert.Throws<GnomonError>(() => project.Run(with: with)).Code;
    }

    [Theory]
    [InlineData("regress ../outside.csv --target price --on area", "does not lie in the project's folder")]
    [InlineData("regress /etc/hosts --target price --on area", "does not lie in the project's folder")]
    [InlineData("regress postgres://u@h/d?table=t --target price --on area", "does not lie in the project's folder")]
    [InlineData("profile homes.csv --write-rules ../rules.json", "does not lie in the project's folder")]
    [InlineData("onboard project.json", "cannot be its own handbook")]
    [InlineData("train homes.csv", "There is no verb 'train'")]
    [InlineData("regress homes.csv --target", "--target needs a value")]
    public void A_job_stays_in_the_copy(string command, string says)
    {
        using var project = new TestProject(json => json["jobs"]![0]!["command"] = command);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(project.Folder)!, "outside.csv"), "area,price\n1,2\n");
        var finding = project.Run();
        Assert.Contains(says, (string)finding.Tables.Single(t => t.Id == "tour").Rows[0][5]!, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.DoNotDeploy, finding.Decision.Action);
        Assert.False(File.Exists(Path.Combine(project.Sandbox, "rules.json")));
    }

    // Files that a job writes land in the copy; a query reads its files there.
    [Fact]
    public void What_a_job_writes_and_queries_is_in_the_copy()
    {
        using var project = new TestProject(json => json["jobs"]![0]!["command"] = "regress --query \"SELECT price, area, rooms FROM 'homes.csv' WHERE area > 0\" --target price --on area,rooms --design design.csv --html page.html --quiet");
        var finding = project.Run();
        Assert.Equal("the same", finding.Tables.Single(t => t.Id == "tour").Rows[0][5]);
        Assert.True(File.Exists(Path.Combine(project.Sandbox, "tour", "design.csv")));
        Assert.False(File.Exists(Path.Combine(project.Folder, "design.csv")));
    }

    [Fact]
    public void The_record_holds_what_a_rerun_takes()
    {
        using var project = new TestProject();
        var record = JsonNode.Parse(File.ReadAllText(project.File_))!["jobs"]![0]!["record"]!;
        Assert.Equal(["metric", "value", "inputs", "version", "seed", "at"], record.AsObject().Select(f => f.Key));
        Assert.Equal(["homes.csv"], record["inputs"]!.AsObject().Select(f => f.Key));
        Assert.Matches("^[0-9a-f]{64}$", record["inputs"]!["homes.csv"]!.GetValue<string>());
    }

    // A metric that is named and not recorded yet is a gap, not a run that failed.
    [Fact]
    public void A_draft_is_no_record()
    {
        using var project = new TestProject(recorded: false);
        var finding = project.Run();
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Equal("no recorded run", Assert.Single(finding.Tables.Single(t => t.Id == "gaps").Rows)[1]);
        Assert.DoesNotContain(finding.Checks, c => c.Id == "not-reproducible");
        Assert.NotNull(finding.Tables.Single(t => t.Id == "tour").Rows[0][4]);
    }

    private static GnomonError Refused(Action<JsonObject> change)
    {
        using var project = new TestProject(change, recorded: false);
        return Assert.Throws<GnomonError>(() => project.Run(sandbox: false));
    }
}
