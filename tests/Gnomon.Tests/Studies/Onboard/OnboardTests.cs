using System.Text.Json.Nodes;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Data.Ledger;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Tests.Studies.Onboard;

/// <summary>The verb <c>onboard</c>: what is missing is named, what was recorded comes out again, nobody is named, nothing of the project is touched.</summary>
public sealed class OnboardTests
{
    [Fact]
    public void A_whole_project_has_no_gap_and_its_run_comes_out_again()
    {
        using var project = new TestProject();
        var finding = project.Run();
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.DoesNotContain(finding.Tables, t => t.Id == "gaps");
        var row = Assert.Single(Table(finding, "tour").Rows);
        Assert.Equal("the same", row[5]);
        Assert.InRange(Math.Abs((TestProject.Number(row[3]) / TestProject.Number(row[4])) - 1), 0, 1e-12);
        Assert.Equal(CheckStatus.Pass, Check(finding, "not-reproducible").Status);
        Assert.Equal(0, Check(finding, "incomplete-documentation").Statistic);
    }

    // The recorded slope is a slope of these data: least squares by the normal equations, worked out here.
    [Fact]
    public void The_recorded_number_is_the_slope_of_the_data()
    {
        using var project = new TestProject();
        var rows = File.ReadLines(Path.Combine(project.Folder, "homes.csv")).Skip(1).Select(l => l.Split(',').Skip(1).Select(c => double.Parse(c, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();
        var (a, r, p) = (rows.Average(x => x[0]), rows.Average(x => x[1]), rows.Average(x => x[3]));
        double S(Func<double[], double> f) => rows.Sum(f);
        var (aa, rr, ar) = (S(x => (x[0] - a) * (x[0] - a)), S(x => (x[1] - r) * (x[1] - r)), S(x => (x[0] - a) * (x[1] - r)));
        var slope = ((S(x => (x[0] - a) * (x[3] - p)) * rr) - (S(x => (x[1] - r) * (x[3] - p)) * ar)) / ((aa * rr) - (ar * ar));
        Assert.Equal(slope, TestProject.Number(Table(project.Run(), "tour").Rows[0][4]), 1e-10);
    }

    [Fact]
    public void Nothing_of_the_project_is_touched()
    {
        using var project = new TestProject();
        var before = project.Bytes();
        _ = project.Run();
        _ = project.Run();
        Assert.Equal(before, project.Bytes());
    }

    [Theory]
    [InlineData("value", "off by")]
    [InlineData("sha", "other inputs: homes.csv")]
    [InlineData("seed", "record lacks seed")]
    [InlineData("metric", "no such number")]
    [InlineData("command", "no column")]
    public void A_record_that_does_not_come_out_again_stops(string flaw, string says)
    {
        using var project = new TestProject(json =>
        {
            var job = (JsonObject)json["jobs"]![0]!;
            var record = (JsonObject)job["record"]!;
            _ = flaw switch
            {
                "value" => record["value"] = record["value"]!.GetValue<double>() * (1 + 1e-8),
                "sha" => record["inputs"]!["homes.csv"] = new string('0', 64),
                "seed" => record.Remove("seed"),
                "metric" => record["metric"]!["metric"] = "balcony",
                _ => job["command"] = "regress homes.csv --target price --on area,gardens",
            };
        });
        var finding = project.Run();
        Assert.Equal((DecisionAction.DoNotDeploy, CheckStatus.Fail), (finding.Decision.Action, Check(finding, "not-reproducible").Status));
        Assert.Contains(says, (string)Table(finding, "tour").Rows[0][5]!, StringComparison.Ordinal);
        Assert.Contains("1 of 1 recorded run does not", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // Bytes can be compared without running anything.
    [Fact]
    public void Changed_inputs_are_seen_without_a_sandbox()
    {
        using var project = new TestProject();
        Assert.Equal(CheckStatus.Skipped, Check(project.Run(sandbox: false), "not-reproducible").Status);
        File.AppendAllText(Path.Combine(project.Folder, "homes.csv"), "h999,50,2,10,200\n");
        Assert.Equal(CheckStatus.Fail, Check(project.Run(sandbox: false), "not-reproducible").Status);
    }

    [Theory]
    [InlineData("tables", 0, "owner", "no owner")]
    [InlineData("features", 1, "description", "no description")]
    [InlineData("tables", 1, "grain", "no grain")]
    [InlineData("tables", 1, "refresh", "no refresh")]
    [InlineData("models", 0, "intendedUse", "no intended use")]
    [InlineData("models", 0, "window", "no data window")]
    [InlineData("models", 0, "failureModes", "no failure modes")]
    [InlineData("jobs", 0, "command", "no command")]
    [InlineData("jobs", 0, "record", "no recorded run")]
    [InlineData("jobs", 0, "description", "no description")]
    [InlineData("jobs", 0, "from", "no inputs")]
    [InlineData("incidents", 0, "cause", "no cause")]
    [InlineData("incidents", 0, "impact", "no impact")]
    [InlineData("incidents", 0, "test", "no test against its return")]
    [InlineData("decisions", 0, "description", "no description")]
    public void A_field_that_is_taken_out_is_the_one_gap(string list, int at, string field, string kind)
    {
        using var project = new TestProject(json => ((JsonObject)json[list]![at]!).Remove(field));
        var finding = project.Run(sandbox: false);
        Assert.Equal(kind, Assert.Single(Table(finding, "gaps").Rows)[1]);
        Assert.Equal(1, Check(finding, "incomplete-documentation").Statistic);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
    }

    [Fact]
    public void What_is_written_down_and_wrong_is_named_too()
    {
        using var project = new TestProject(json =>
        {
            var homes = json["tables"]![0]!;
            homes["columns"]![0]!["name"] = "garden";
            homes["owner"] = "eve";
            homes["reviewed"] = "2026-01-01";
            json["features"]![0]!["from"] = new JsonArray("homs.area");
            json["tables"]![1]!["path"] = "lost.csv";
        });
        var gaps = Table(project.Run(sandbox: false), "gaps").Rows.Select(r => $"{r[0]}: {r[1]}: {r[2]}").ToList();
        Assert.Contains(gaps, g => g.StartsWith("homes: unknown person: 'eve'", StringComparison.Ordinal));
        Assert.Contains("homes: columns without a description: 1 column of 5 without a description: home_id", gaps);
        Assert.Contains("homes: stale description: 1 column described that the file does not have: garden", gaps);
        Assert.Contains("homes: stale description: last read on 2026-01-01, before the incident of 2026-02-01 (zero-area)", gaps);
        Assert.Contains(gaps, g => g.StartsWith("size: dead reference: it names 'homs.area'", StringComparison.Ordinal));
        Assert.Contains("buyers: no file: its file lost.csv is not there", gaps);
    }

    [Fact]
    public void Examples_name_nobody_and_no_line_is_a_persons()
    {
        using var project = new TestProject();
        var columns = Table(project.Run(sandbox: false, o => o with { Examples = 10 }), "columns").Rows;
        var all = string.Join('\n', columns.Select(r => string.Join('|', r)));
        Assert.DoesNotContain("@", all, StringComparison.Ordinal);
        Assert.DoesNotContain("fox", all, StringComparison.Ordinal);
        Assert.Contains("hidden: e-mail addresses", all, StringComparison.Ordinal);
        Assert.Contains("hidden: personal data, as the project says", all, StringComparison.Ordinal);

        // Homes are no people: a line is a row. Buyers are: home and budget of a line come from different rows.
        var lines = File.ReadLines(Path.Combine(project.Folder, "homes.csv")).ToList();
        var shown = columns.Where(r => (string)r[0]! == "homes").Select(r => ((string)r[5]!).Split(" | ")).ToList();
        var numbers = lines.Skip(1).Select(l => l.Split(',').Skip(1).Select(c => double.Parse(c, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Contains(numbers, n => n[0] == TestProject.Number(shown[1][0]) && n[3] == TestProject.Number(shown[4][0]));
        var budget = ((string)columns.Single(r => (string)r[0]! == "buyers" && (string)r[1]! == "budget")[5]!).Split(" | ").Select(b => double.Parse(b, System.Globalization.CultureInfo.InvariantCulture) - 200).ToList();
        Assert.Equal(10, budget.Distinct().Count());
        Assert.DoesNotContain(Table(project.Run(sandbox: false, o => o with { Examples = 0 }), "columns").Rows, r => !string.IsNullOrEmpty((string?)r[5]));
    }

    [Fact]
    public void Rows_of_the_data_are_not_kept_in_the_ledger_and_the_timeline_reads_it()
    {
        using var project = new TestProject();
        using var ledger = new SqliteLedger(Path.Combine(project.Sandbox, "ledger.db"));
        var settings = new AskSettings { Ledger = ledger };
        _ = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%" }, settings);
        var finding = project.Run(sandbox: false, settings: settings);
        _ = project.Run(sandbox: false, settings: settings);
        var timeline = Table(finding, "timeline").Rows;
        Assert.Equal(["decision", "incident"], timeline.Take(2).Select(r => (string)r[1]!));
        Assert.Contains(timeline, r => ((string)r[1]!).StartsWith("ledger", StringComparison.Ordinal) && ((string)r[5]!).Contains("gnomon design", StringComparison.Ordinal));
        Assert.DoesNotContain(timeline, r => ((string)r[5]!).Contains("gnomon onboard", StringComparison.Ordinal));
        using var file = LedgerFile.Open(ledger.Location);
        Assert.DoesNotContain("\"columns\",\"title\"", file.Show(file.Entries).FindingJson!.Replace(" ", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("Columns of the tables", file.Show(file.Entries).FindingJson!, StringComparison.Ordinal);
    }

    // Differences and ratio of Welch: scipy 1.10.1, ttest_ind(equal_var=False) with confidence intervals by statsmodels 0.13.5, 2026-11-23, on days and on their logarithms.
    [Fact]
    public void A_claim_is_held_against_its_hires()
    {
        using var project = new TestProject(json => json["claims"] = JsonNode.Parse("""[{ "says": "The first change comes 31 % sooner", "difference": -3.7, "with": [7, 9, 8, 10, 6.5, 8.5], "without": [12, 11, 13, 12.5, 10.5] }]"""));
        var finding = project.Run(sandbox: false);
        var days = finding.Estimates.Single(e => e.Name == "difference");
        var ratio = finding.Estimates.Single(e => e.Name == "lift");
        double[] seen = [days.Value, days.Low, days.High, days.P!.Value, ratio.Value, ratio.Low, ratio.High];
        double[] expected = [-3.6333333333333346, -5.2213904091431615, -2.0452762575235077, 0.0005830974222998947, -0.31303098252062905, -0.42391245161059876, -0.18080779163520858];
        Assert.All(seen.Zip(expected), x => Assert.Equal(x.Second, x.First, 1e-9 * Math.Abs(x.Second) + 1e-12));
        Assert.Equal(CheckStatus.Pass, Check(finding, "relative-effect-without-absolute").Status);
        Assert.Equal(CheckStatus.Warn, Check(finding, "reported-result-inconsistent").Status); // -3.7 is not -3.6
    }

    [Theory]
    [InlineData("""{ "says": "25 % faster", "with": [9], "without": [12, 11, 13] }""", true)]
    [InlineData("""{ "says": "25 % faster", "difference": -3, "with": [9], "without": [12, 11, 13] }""", true)]
    [InlineData("""{ "says": "25 % faster", "with": [9, 10, 8], "without": [12, 11, 13] }""", true)]
    [InlineData("""{ "says": "25 % faster", "difference": -3, "with": [9, 10, 8], "without": [12, 11, 13] }""", false)]
    public void A_percentage_takes_days_and_hires(string claim, bool fires)
    {
        using var project = new TestProject(json => json["claims"] = new JsonArray(JsonNode.Parse(claim)));
        Assert.Equal(fires ? CheckStatus.Warn : CheckStatus.Pass, Check(project.Run(sandbox: false), "relative-effect-without-absolute").Status);
    }

    private static CheckReport Check(Finding finding, string id) => finding.Checks.Single(c => c.Id == id);

    private static ResultTable Table(Finding finding, string id) => finding.Tables.Single(t => t.Id == id);
}
