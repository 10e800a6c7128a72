using System.Globalization;
using System.Text.Json.Nodes;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Onboard;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>onboard</c>: a project that is written down and as it was recorded is left alone.</summary>
public sealed class OnboardFamilyWiseTests
{
    [Fact]
    public void A_described_project_stays_quiet() => FamilyWise.StaysQuiet(seed => Project(seed, 0), draws: 40);

    [Fact]
    public void A_record_that_is_off_is_caught() => FamilyWise.Catches("not-reproducible", seed => Project(seed, 1e-8), draws: 20);

    private static Finding Project(int seed, double off)
    {
        var folder = Directory.CreateTempSubdirectory("gnomon-onboard-").FullName;
        try
        {
            var rng = new Rng(seed).Stream("onboard-clean");
            var rows = Enumerable.Range(0, 60).Select(_ => (X: rng.NextNormal(), Y: rng.NextNormal())).ToList();
            File.WriteAllLines(Path.Combine(folder, "rows.csv"), rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.X:0.000},{r.Y:0.000}")).Prepend("x,y"));
            var (draft, recorded) = (Path.Combine(folder, "draft.json"), Path.Combine(folder, "project.json"));
            File.WriteAllText(draft, """
                { "schema": "gnomon.project/1", "name": "two columns", "people": [{ "id": "ada" }],
                  "tables": [{ "id": "rows", "path": "rows.csv", "description": "Rows.", "owner": "ada", "grain": "one draw", "refresh": "never", "columns": [{ "name": "x", "description": "Cause." }, { "name": "y", "description": "Outcome." }] }],
                  "jobs": [{ "id": "fit", "description": "A line.", "owner": "ada", "from": ["rows"], "command": "regress rows.csv --target y --on x", "record": { "metric": { "of": "slope", "metric": "x" } } }] }
                """);
            _ = Ask.Onboard(new OnboardOptions { Data = draft, Sandbox = Path.Combine(folder, "a"), Record = recorded });
            var json = JsonNode.Parse(File.ReadAllText(recorded))!;
            var record = json["jobs"]![0]!["record"]!;
            record["value"] = record["value"]!.GetValue<double>() * (1 + off);
            File.WriteAllText(recorded, json.ToJsonString());
            return Ask.Onboard(new OnboardOptions { Data = recorded, Sandbox = Path.Combine(folder, "b") });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
