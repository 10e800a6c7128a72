using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Data.Ledger;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>The plan on record rules: an edited file is reported, a plan held only in the ledger is applied whole, a late plan is called late.</summary>
public sealed class RulingPlanTests : IDisposable
{
    private const string OBrien = """{ "experiment": "e1", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "25%", "unitsPerArm": 2000, "stopping": "obrien-fleming", "looks": 4 }""";
    private const string Edited = """{ "experiment": "e1", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "5%", "unitsPerArm": 1000, "stopping": "obrien-fleming", "looks": 4 }""";
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-ab-plans").FullName;
    private readonly SqliteLedger _ledger;

    public RulingPlanTests() => _ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));

    public void Dispose()
    {
        _ledger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // 1,000 of 2,000 planned an arm: O'Brien-Fleming stops at |z| 2.963 here (rpact), and at 1.96 if this were the end, as the edited plan has it; z is 2.16.
    // The units lead to the plan on record, whose control nobody typed.
    [Fact]
    public void A_control_that_the_plan_on_record_names_is_told_with_the_experiment()
    {
        using var folder = new Gnomon.Tests.Data.Ledger.LedgerFolder();
        using var ledger = folder.Open();
        var path = Path.Combine(folder.Folder, "plan.json");
        File.WriteAllText(path, """{ "experiment": "colours", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "control": "A", "unitsPerArm": 2000 }""");
        var settings = new AskSettings { Ledger = ledger };
        Ask.Ab(AbData.Binary(("A", 100, 1_000), ("B", 110, 1_000)), AbData.Options("converted") with { Plan = path }, settings);
        var renamed = AbData.Binary(("old", 100, 1_000), ("new", 110, 1_000));
        var wrong = Assert.Throws<Core.Errors.GnomonError>(() => Ask.Ab(renamed, AbData.Options("converted"), settings));
        Assert.Contains("No unit has arm 'A', the control of the plan on record for colours", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("plan on record", wrong.Where);
        Assert.Equal("--plan", Assert.Throws<Core.Errors.GnomonError>(() => Ask.Ab(renamed, AbData.Options("converted") with { Plan = path })).Where);
        Assert.Equal("--control", Assert.Throws<Core.Errors.GnomonError>(() => Ask.Ab(renamed, AbData.Options("converted") with { Control = "A" })).Where);
        Assert.Equal("new - old", AbData.Primary(Ask.Ab(renamed, AbData.Options("converted") with { Control = "old" }, settings)).Contrast);
    }

    [Fact]
    public void A_plan_that_was_edited_after_the_data_is_reported_and_not_believed()
    {
        Ab(500, "plan", OBrien);
        var without = Ab(1_000);
        var finding = Ab(1_000, "edited", Edited);
        Assert.Equal(DecisionAction.KeepRunning, without.Decision.Action);
        Assert.Equal(without.Decision, finding.Decision);
        var check = AbData.Check(finding, "plan-incomplete");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("mde 5% for 25%", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("unitsPerArm 1000 for 2000", check.Evidence, StringComparison.Ordinal);

        // On record as an amendment, which does not rule later either.
        var next = Ab(1_200);
        Assert.Contains("an amendment of", AbData.Check(next, "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.Equal("60 % of the plan is reached", next.Decision.Summary.Split(';')[0]);
        using var file = LedgerFile.Open(Path.Combine(_folder, "ledger.db"));
        Assert.Equal(2, file.List(new LedgerFilter { Kind = "plan" }).Count);
    }

    // Clean twin: the same plan, written another way, is no edit.
    [Fact]
    public void The_same_plan_in_another_spelling_is_no_edit()
    {
        Ab(500, "plan", OBrien);
        var finding = Ab(1_000, "spelt", OBrien.Replace(", \"looks\": 4", string.Empty, StringComparison.Ordinal).Replace("\"unit\":", "\"looks\": 4,\n  \"unit\":", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "plan-incomplete").Status);
        Assert.DoesNotContain("edited", AbData.Check(finding, "plan-incomplete").Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e2")]
    [InlineData(null)]
    public void A_plan_held_only_in_the_ledger_is_applied_whole(string? name)
    {
        var plan = """{ "experiment": "e2", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "guardrails": ["minutes>=-5%"], "split": "95/5", "mde": "50%", "level": 0.9, "unitsPerArm": 300 }""";
        if (name is null)
        {
            // Found by the units of an earlier look.
            Ask.Ab(Uneven(0.9), AbData.Options("converted") with { Plan = Written("plan", plan) }, Settings);
        }
        else
        {
            Ask.Ab(Uneven(0.9), AbData.Options("converted") with { Plan = Written("plan", plan) }, new AskSettings());
            _ledger.Append(new Core.Ledger.LedgerEntry(DateTimeOffset.UnixEpoch, "design", string.Empty, new Core.Ledger.LedgerTrace
            {
                Experiment = new Core.Ledger.ExperimentKey("ab|unit=unit|variant=|control=", "e2", [], 0), DataState = string.Empty, PlanJson = plan,
            }, "answer"));
        }

        var finding = Ask.Ab(Uneven(1), AbData.Options("converted") with { Experiment = name }, Settings);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "sample-ratio-mismatch").Status);
        Assert.Contains("planned 95 %", AbData.Check(finding, "sample-ratio-mismatch").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Estimates, e => e.Metric == "minutes" && e.Role == "guardrail");
        Assert.Equal(0.9, AbData.Primary(finding).Level, 1e-12);
        Assert.DoesNotContain(finding.Limitations, l => l.Contains("No split was declared", StringComparison.Ordinal) || l.Contains("no worthwhile effect", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_written_after_the_first_look_is_called_late_and_its_stopping_rule_does_not_count()
    {
        Ab(500);
        var finding = Ab(1_000, "plan", OBrien);
        var check = AbData.Check(finding, "plan-incomplete");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("written after 1 look at the data", check.Evidence, StringComparison.Ordinal);
        Assert.NotEqual(CheckStatus.Pass, AbData.Check(finding, "optional-stopping").Status);
        Assert.DoesNotContain(finding.Tables, t => t.Id == "this-look");

        // The same run again, with the plan now on record, says the same.
        Assert.Equal(check.Evidence, AbData.Check(Ab(1_000), "plan-incomplete").Evidence);
    }

    [Fact]
    public void A_plan_designed_after_the_first_look_says_that_it_does_not_rule()
    {
        Ab(500, "plan", OBrien);
        var path = Path.Combine(_folder, "again.json");
        var design = Ask.Design(new DesignOptions { Baseline = 0.2, Mde = "25%", Plan = path, Experiment = "e1", Hypothesis = "h", Unit = "unit", Metric = "converted", Predicted = "12%" }, settings: Settings);
        Assert.Contains(design.Limitations, l => l.Contains("goes on record as an amendment", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Warn, AbData.Check(design, "plan-incomplete").Status);
        using var plan = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal("12%", plan.RootElement.GetProperty("predicted").GetString());
        Assert.Contains("60 % of the plan", Ab(1_200).Decision.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another name", "unit", "arm", null)]
    [InlineData(null, null, "arm", null)]
    [InlineData(null, "unit", "group", null)]
    [InlineData(null, "unit", "arm", "B")]
    public void Looks_are_counted_whatever_the_experiment_its_columns_and_its_control_are_called(string? name, string? unit, string variant, string? control)
    {
        Ask.Ab(Data(500), AbData.Options("converted"), Settings);
        Ask.Ab(Data(700), AbData.Options("converted"), Settings);
        var table = Data(1_000);
        var renamed = Table.With("unit", Enumerable.Range(0, table.Rows).Select(i => (long)table.Columns[0].Cell(i)!)).And(variant, Enumerable.Range(0, table.Rows).Select(i => (string?)table.Columns[1].Cell(i))).And("converted", Enumerable.Range(0, table.Rows).Select(i => (long)table.Columns[2].Cell(i)!));
        var finding = Ask.Ab(renamed, new AbOptions { Unit = unit, Variant = variant, Metric = ["converted"], Experiment = name, Control = control }, Settings);
        Assert.Contains("3 looks", AbData.Check(finding, "optional-stopping").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_unit_or_a_name_say_what_cannot_be_known()
    {
        var finding = Ask.Ab(Data(500), new AbOptions { Variant = "arm", Metric = ["converted"] }, Settings);
        Assert.Contains(finding.Limitations, l => l.Contains("looks are counted only as far as they can be told", StringComparison.Ordinal));
        Assert.DoesNotContain(Ask.Ab(Data(500), new AbOptions { Variant = "arm", Metric = ["converted"] }, new AskSettings()).Limitations, l => l.Contains("as far as they can be told", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "plan-not-json", "holds a list")]
    [InlineData("3", "plan-not-json", "single value")]
    [InlineData("""{ "level": 1.5 }""", "plan-out-of-range", "level 1.5")]
    [InlineData("""{ "unitsPerArm": -5 }""", "plan-out-of-range", "unitsPerArm")]
    [InlineData("""{ "stoping": "pocock" }""", "plan-field", "no field 'stoping'")]
    [InlineData("""{ "guardrial": ["y>=-1%"] }""", "plan-field", "no field 'guardrial'")]
    [InlineData("""{ "predicted": "much" }""", "plan-out-of-range", "predicted 'much'")]
    public void A_plan_that_cannot_be_read_is_refused_by_name(string json, string code, string says)
    {
        var error = Assert.Throws<GnomonError>(() => Ab(500, "bad", json));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_of_ones_own_is_no_error_and_is_said_to_be_unread()
    {
        var finding = Ab(500, "own", """{ "hypothesis": "h", "ticket number": "GX-17" }""");
        Assert.Contains(finding.Limitations, l => l.Contains("'ticket number', which nothing reads", StringComparison.Ordinal));
    }

    [Fact]
    public void A_design_advises_no_more_looks_than_it_takes_and_knows_a_relative_effect()
    {
        var design = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "1%", Traffic = "500/day" });
        Assert.Contains(design.Next, n => n.EndsWith("--looks 50.", StringComparison.Ordinal));
        Assert.Equal("option-out-of-range", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "1%", Predicted = "much" })).Code);
    }

    // The end is passed and read: nothing of the size is left. Normal formula for a new test at 0.05 and power 0.8.
    [Fact]
    public void Past_the_planned_end_a_new_test_is_sized_by_the_declared_level()
    {
        var plan = OBrien.Replace("2000", "400", StringComparison.Ordinal);
        Ab(450, "plan", plan);
        var finding = Ab(500);
        var next = finding.Next.Single(n => n.Contains("in 80 % of such tests", StringComparison.Ordinal));
        Assert.DoesNotContain("Infinity", next, StringComparison.Ordinal);
        Assert.DoesNotContain("9,223", next, StringComparison.Ordinal);
        Assert.Contains(finding.Next, n => n.Contains("the size of the test is spent", StringComparison.Ordinal));
    }

    // Kohavi, Deng and Vermeer 2022: 2 of 12 wins, (2/12 - 0.025) / 0.775 = 18 % of ideas work, 0.025 * 0.817 / (0.025 * 0.817 + 0.8 * 0.183) = 12 %.
    [Fact]
    public void A_win_is_told_what_the_ledgers_base_rate_makes_of_it()
    {
        for (var e = 0; e < 12; e++)
        {
            Ask.Ab(Numbered(100_000 * e, e < 2 ? 2_400 : 2_010), AbData.Options("converted") with { Experiment = $"past {e}" }, Settings);
        }

        var win = Ask.Ab(Numbered(9_000_000, 2_300), AbData.Options("converted") with { Experiment = "new" }, Settings);
        var says = win.Limitations.Single(l => l.Contains("other experiments in the ledger", StringComparison.Ordinal));
        Assert.Contains("Of 12 other experiments in the ledger 2 won", says, StringComparison.Ordinal);
        Assert.Contains("(18 %, at a power of 0.8), 12 % of significant wins", says, StringComparison.Ordinal);
        Assert.DoesNotContain(Ask.Ab(Numbered(9_500_000, 2_000), AbData.Options("converted"), Settings).Limitations, l => l.Contains("other experiments in the ledger", StringComparison.Ordinal));
    }

    private AskSettings Settings => new() { Ledger = _ledger };

    private string Written(string name, string json)
    {
        var path = Path.Combine(_folder, name + ".json");
        File.WriteAllText(path, json);
        return path;
    }

    // What gnomon assign writes into a copy of the plan on record is no edit: the assignment, the arms' names in the same split, a control that was left open. Another split is one.
    [Fact]
    public void A_copy_with_the_assignment_changes_nothing_that_was_promised()
    {
        const string Before = """{ "experiment": "e1", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "25%", "unitsPerArm": 2000, "split": "50/50" }""";
        string Assigned(string split) => $$"""{ "experiment": "e1", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "25%", "unitsPerArm": 2000, "split": "{{split}}", "control": "A", "assignment": { "kind": "hashed", "salt": "s" } }""";
        Ab(500, "plan", Before);
        var same = AbData.Check(Ab(1_000, "assigned", Assigned("A=50,B=50")), "plan-incomplete");
        Assert.DoesNotContain("not the one on record", same.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("amendment", same.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("amendment", AbData.Check(Ab(1_200), "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.Contains("split A=60,B=40 for 50/50", AbData.Check(Ab(1_400, "other", Assigned("A=60,B=40")), "plan-incomplete").Evidence, StringComparison.Ordinal);
    }

    // A plan that design wrote, and a first look that does not give its name: nothing can tell that it is this experiment, but it is not passed over.
    [Fact]
    public void A_plan_that_nothing_was_read_under_is_remembered_at_a_look_at_the_same_question()
    {
        _ledger.Append(new Core.Ledger.LedgerEntry(DateTimeOffset.UnixEpoch, "design", string.Empty, new Core.Ledger.LedgerTrace { Experiment = new Core.Ledger.ExperimentKey("ab|unit=unit|variant=|control=", "e1", [], 0), DataState = string.Empty, PlanJson = OBrien }, "answer"));
        Assert.Contains(Ab(500).Limitations, l => l.Contains("a plan for 'e1'", StringComparison.Ordinal));
        var other = Ask.Ab(Data(500), AbData.Options("minutes"), Settings);
        Assert.DoesNotContain(other.Limitations, l => l.Contains("a plan for", StringComparison.Ordinal));
        var named = Ask.Ab(Data(600), AbData.Options("converted") with { Experiment = "e1" }, Settings);
        Assert.DoesNotContain(named.Limitations, l => l.Contains("a plan for", StringComparison.Ordinal));
        Assert.DoesNotContain(Ab(700).Limitations, l => l.Contains("a plan for", StringComparison.Ordinal));
    }

    private Finding Ab(int perArm, string? name = null, string? plan = null) =>
        Ask.Ab(Data(perArm), AbData.Options("converted") with { Plan = plan is null ? null : Written(name!, plan) }, Settings);

    // Units alternate between the arms, so that a longer list holds the shorter one; 20 % against 24 %, laid out.
    private static Table Data(int perArm) => Rows(0, [.. Enumerable.Range(0, 2 * perArm).Select(i => (i % 2 == 0 ? "A" : "B", (long)(i / 2 * 7919L % 1000 < (i % 2 == 0 ? 200 : 240) ? 1 : 0)))]);

    private static Table Numbered(long first, int treated) => Rows(first, [.. Enumerable.Range(0, 20_000).Select(i => (i % 2 == 0 ? "A" : "B", (long)(i / 2 < (i % 2 == 0 ? 2_000 : treated) ? 1 : 0)))]);

    private static Table Uneven(double part) => Rows(0, [.. Enumerable.Range(0, (int)(20_000 * part)).Select(i => (i % 20 == 7 ? "B" : "A", (long)(i * 7919L % 1000 < 200 ? 1 : 0)))]);

    private static Table Rows(long first, (string Arm, long Value)[] rows) => Table.With("unit", rows.Select((_, i) => first + i)).And("arm", rows.Select(r => (string?)r.Arm)).And("converted", rows.Select(r => r.Value))
        .And("minutes", rows.Select((_, i) => 10.0 + i * 31 % 17));
}
