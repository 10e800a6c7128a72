using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Data.Ledger;
using Gnomon.Programme;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Programme;
using Gnomon.Tests.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Programme;

/// <summary>The programme's page over a ledger: experiments are counted, not comparisons, and each is read as its plan allows.</summary>
public sealed class LedgerProgrammeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-ledger-programme").FullName;
    private readonly SqliteLedger _ledger;
    private long _users;

    public LedgerProgrammeTests() => _ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));

    public void Dispose()
    {
        _ledger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Several_arms_and_metrics_are_one_experiment_with_one_decision_and_one_override()
    {
        Ab("banner", ("A", 400, 4_000), ("B", 410, 4_000));
        Ask.Ab(Wide(), new AbOptions { Unit = "unit", Variant = "arm", Metric = ["converted", "minutes"], Experiment = "three arms" }, Settings);
        using (var file = Open())
        {
            file.Override(2, "Jo", "ship", "Promised to a customer.", DateTimeOffset.UnixEpoch);
        }

        var finding = Report();
        var programme = Rows(finding, "programme").ToDictionary(r => (string)r[0]!, r => r[1]);
        Assert.Equal((2L, 2L, 1L, 1L), (programme["experiments with a result"], programme["looks in all"], programme["launched"], programme["decisions overridden by a person"]));
        Assert.Equal(["banner", "three arms"], Rows(finding, "experiments").Select(r => (string)r[0]!).Order());
        Assert.Equal(["three arms", "ship", "Jo", "Promised to a customer."], Rows(finding, "overrides").Single().Where((_, i) => i != 1).Select(c => (string)c!));

        // Bonferroni over 2 arms x 2 metrics of the one experiment.
        using var again = Open();
        var smallest = again.PrimaryTests().Where(t => t.Experiment == "three arms").ToList();
        Assert.Equal(4, smallest.Count);
        var list = LedgerProgramme.List(again);
        Assert.Equal(Math.Min(1, 4 * smallest.Min(t => t.PValue)), (double)list.Columns[1].Cell(1)!, 1e-12);
    }

    // Five looks, each valid by itself: the p-value of the sequence is the result, and nothing is corrected again. The same looks without a rule are.
    [Fact]
    public void An_experiment_without_a_planned_end_is_read_by_its_sequence()
    {
        for (var look = 1; look <= 5; look++)
        {
            Ask.Ab(Slow(look), AbData.Options("converted") with { Experiment = "open", OpenEnded = true }, Settings);
        }

        using (var file = Open())
        {
            var shown = AbData.Primary(Gnomon.Render.Json.FindingJson.Read(file.Show(5).FindingJson!)).P!.Value;
            var list = LedgerProgramme.List(file);
            object? Cell(string name) => list[name].Cell(0);
            Assert.InRange(shown, 0.0001, 0.04);
            Assert.Equal(shown, (double)Cell("p")!, 1e-12);
            Assert.Equal((5.0, true), ((double)Cell("looks")!, (bool)Cell("looks_counted")!));
        }

        var finding = Report();
        Assert.DoesNotContain(finding.Checks, c => c.Id == "optional-stopping" && c.Status != CheckStatus.Pass);
        Assert.Equal(5L, Rows(finding, "programme").Single(r => (string)r[0]! == "looks in all")[1]);
        Assert.Contains("looks", finding.Tables.Single(t => t.Id == "experiments").Columns);
        Assert.DoesNotContain("best-look p", finding.Tables.Single(t => t.Id == "experiments").Columns);

        for (var look = 1; look <= 5; look++)
        {
            Ask.Ab(Slow(look, 5_000_000), AbData.Options("converted") with { Experiment = "peeked" }, Settings);
        }

        var both = Report();
        var warned = both.Checks.Single(c => c.Id == "optional-stopping");
        Assert.Equal(CheckStatus.Warn, warned.Status);
        Assert.StartsWith("5 looks at 0.05", warned.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("also", warned.Evidence, StringComparison.Ordinal);
        Assert.Equal(10L, Rows(both, "programme").Single(r => (string)r[0]! == "looks in all")[1]);
    }

    // 10 % and 12 %, 2,000 units more at every look.
    private static Table Slow(int look, long first = 0)
    {
        var n = 4_000 * look;
        return Table.With("unit", Enumerable.Range(0, n).Select(i => first + i)).And("arm", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("converted", Enumerable.Range(0, n).Select(i => i / 2 * 7919L % 1000 < (i % 2 == 0 ? 100 : 120) ? 1L : 0L));
    }

    [Fact]
    public void A_broken_split_on_record_stops_the_report_as_it_does_in_a_list()
    {
        Ab("sound", ("A", 400, 4_000), ("B", 520, 4_000));
        Ab("broken", ("A", 400, 4_000), ("B", 520, 3_500));
        var finding = Report();
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Contains("The split of broken is broken", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Checks, c => c.Id == "sample-ratio-mismatch" && c.Status == CheckStatus.Fail);
    }

    // Clean twin: every split holds.
    [Fact]
    public void Sound_splits_raise_nothing()
    {
        Ab("one", ("A", 400, 4_000), ("B", 520, 4_000));
        Ab("two", ("A", 400, 4_000), ("B", 405, 4_000));
        var finding = Report();
        Assert.DoesNotContain(finding.Checks, c => c.Id == "sample-ratio-mismatch" && c.Status is CheckStatus.Fail or CheckStatus.Warn && c.Id == "sample-ratio-mismatch");
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
    }

    // Two looks that the plan allows, the second one a stop: its stagewise p counts both, so they are not corrected again. The plan is found by name alone.
    [Theory]
    [InlineData("obrien-fleming")]
    [InlineData("pocock")]
    public void Looks_that_a_plan_allows_are_not_corrected_again(string rule)
    {
        Plan(rule);
        Grow("e1", 500, 200);
        var stopped = Grow("e1", 1_000, 300);
        Assert.Equal(DecisionAction.Ship, stopped.Decision.Action);
        var finding = Report();
        Assert.Equal(2L, Rows(finding, "programme").Single(r => (string)r[0]! == "looks in all")[1]);
        Assert.DoesNotContain("best-look p", finding.Tables.Single(t => t.Id == "experiments").Columns);
        Assert.DoesNotContain(finding.Checks, c => c.Id == "optional-stopping" && c.Status != CheckStatus.Pass);
        Assert.DoesNotContain("0 of 5", finding.Checks.Single(c => c.Id == "plan-incomplete").Evidence, StringComparison.Ordinal);
        using var file = Open();
        Assert.Equal(AbData.Primary(stopped).P!.Value, (double)LedgerProgramme.List(file).Columns[1].Cell(0)!, 1e-12);
        Assert.Equal(0.03, (double)LedgerProgramme.List(file)["predicted"].Cell(0)!, 1e-12);
    }

    // The second look crossed the bound for a gain, a fourth one the bound for a loss; the findings of the looks after the second do not know that it was over.
    [Fact]
    public void In_a_ledger_of_an_older_version_the_first_stop_is_the_result()
    {
        Plan("obrien-fleming");
        Grow("e1", 500, 200);
        var stopped = Grow("e1", 1_000, 300);
        var older = new OlderVersion(_ledger);
        Assert.DoesNotContain("The test stopped at look 2", Grow("e1", 1_500, 190, older).Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.DoNotShip, Grow("e1", 2_000, 120, older).Decision.Action);
        using var file = Open();
        var list = LedgerProgramme.List(file);
        Assert.Equal(AbData.Primary(stopped).P!.Value, (double)list["p"].Cell(0)!, 1e-12);
        Assert.Equal(AbData.Primary(stopped, "lift").Value, (double)list["lift"].Cell(0)!, 1e-12);
        Assert.Equal(("ship", 4.0), ((string)list["decision"].Cell(0)!, (double)list["looks"].Cell(0)!));
    }

    [Fact]
    public void A_test_that_still_runs_under_its_plan_has_no_result_yet()
    {
        Plan("obrien-fleming");
        Assert.Equal(DecisionAction.KeepRunning, Grow("e1", 500, 220).Decision.Action);
        var none = Assert.Throws<GnomonError>(Report);
        Assert.Equal("no-experiments", none.Code);
        Assert.Contains("e1 is still running", none.Message, StringComparison.Ordinal);
        Ab("done", ("A", 400, 4_000), ("B", 520, 4_000));
        var finding = Report();
        Assert.Equal("done", Assert.Single(Rows(finding, "experiments"))[0]);
        Assert.Contains(finding.Limitations, l => l.Contains("1 row without a result is left out", StringComparison.Ordinal));
    }

    // Churn: less is better. The report keeps the direction that the finding was read with.
    [Fact]
    public void Where_less_is_better_the_report_launches_the_fall()
    {
        Table[] data = [AbData.Binary(1_000_000, ("A", 1_000, 10_000), ("B", 800, 10_000)), AbData.Binary(2_000_000, ("A", 1_000, 10_000), ("B", 1_200, 10_000))];
        string[] names = ["falls", "rises"];
        for (var i = 0; i < 2; i++)
        {
            Ask.Ab(data[i], AbData.Options("converted") with { Experiment = names[i], LowerIsBetter = ["converted"] }, Settings);
        }

        var rows = Rows(Report(), "experiments").ToDictionary(r => (string)r[0]!, r => r);
        Assert.Equal("launch", rows["falls"][^1]);
        Assert.NotEqual("launch", rows["rises"][^1]);
        using var file = Open();
        var list = LedgerProgramme.List(file);
        Assert.Equal([0.2, -0.2], Enumerable.Range(0, 2).Select(i => Math.Round((double)list["lift"].Cell(i)!, 3)));
    }

    // Losses as negative numbers: a percentage of -10 has the other sign, and the difference says which arm is better.
    [Fact]
    public void A_control_below_zero_turns_nothing_round()
    {
        var at = 1_000_000L;
        foreach (var (name, shift) in new[] { ("smaller loss", 0.5), ("larger loss", -0.5) })
        {
            var rng = new Gnomon.Numerics.Random.Rng(9).Stream(name);
            var all = Enumerable.Range(0, 4_000).ToArray();
            var table = Table.With("unit", all.Select(i => at + i)).And("arm", all.Select(i => (string?)(i % 2 == 0 ? "A" : "B"))).And("result", all.Select(i => -10 + (i % 2) * shift + 2 * rng.NextNormal()));
            Ask.Ab(table, AbData.Options("result") with { Experiment = name }, Settings);
            at += 1_000_000;
        }

        var rows = Rows(Report(), "experiments").ToDictionary(r => (string)r[0]!, r => r);
        Assert.Equal("launch", rows["smaller loss"][^1]);
        Assert.NotEqual("launch", rows["larger loss"][^1]);
        using var file = Open();
        var list = LedgerProgramme.List(file);
        Assert.Equal([1, -1], Enumerable.Range(0, 2).Select(i => Math.Sign((double)list["effect"].Cell(i)!)));
    }

    // A clear gain that its own finding holds back, for its size, is no launch; the clean twin beside it is one.
    [Fact]
    public void What_its_own_finding_holds_back_is_not_launched()
    {
        Ask.Ab(AbData.Binary(1_000_000, ("A", 2_340, 23_500), ("B", 2_520, 23_600)), AbData.Options("converted") with { Experiment = "trivial", Mde = "50%" }, Settings);
        Ab("sound", ("A", 400, 4_000), ("B", 520, 4_000));
        var finding = Report();
        var rows = Rows(finding, "experiments").ToDictionary(r => (string)r[0]!, r => (string)r[^1]!);
        Assert.Equal("launch", rows["sound"]);
        Assert.Equal("no: its own finding says do not ship", rows["trivial"]);
        Assert.Contains("launch sound", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("trivial is better on the metric that leads, and its own finding says do not ship", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // Wins of things tested against themselves are luck: they are no ideas that worked.
    [Fact]
    public void Tests_of_a_thing_against_itself_are_no_past_ideas()
    {
        string[] names = ["aa_home", "aa2", "A/A one", "idea 1", "idea 2"];
        for (var i = 0; i < names.Length; i++)
        {
            Ab(names[i], ("A", 400, 4_000), ("B", i < 3 ? 520 : 405, 4_000));
        }

        Assert.Equal(2, _ledger.PastEffects(new Core.Ledger.ExperimentKey("ab", "new", [], 0)).Count);
        Assert.Equal(["aa", "aa", "aa", "ab", "ab"], KindsOf());

        IEnumerable<string> KindsOf()
        {
            using var file = Open();
            var list = LedgerProgramme.List(file);
            return [.. Enumerable.Range(0, list.Rows).Select(i => (string)list["kind"].Cell(i)!)];
        }
    }

    // Every idea would have to work for so many wins: nothing is learned, and nothing is printed as if it were.
    [Fact]
    public void Where_every_test_won_the_share_of_false_wins_is_not_told()
    {
        Ab("only", ("A", 400, 4_000), ("B", 520, 4_000));
        var finding = Report();
        Assert.DoesNotContain(Rows(finding, "chance"), r => (string)r[0]! is "false among uncorrected wins" or "share of ideas that work");
        Assert.Contains(finding.Limitations, l => l.Contains("cannot be told", StringComparison.Ordinal));
        Assert.DoesNotContain(Rows(Ask.Programme(new ProgrammeOptions { Wins = "12/12" }), "chance"), r => (string)r[0]! == "false among uncorrected wins");
        Assert.Contains(Rows(Ask.Programme(new ProgrammeOptions { Wins = "4/15" }), "chance"), r => (string)r[0]! == "false among uncorrected wins");
    }

    private AskSettings Settings => new() { Ledger = _ledger };

    private LedgerFile Open() => LedgerFile.Open(Path.Combine(_folder, "ledger.db"));

    private Finding Report()
    {
        using var file = Open();
        return LedgerProgramme.Report(file, new ProgrammeOptions(), new AskSettings());
    }

    private void Ab(string name, params (string Arm, int Yes, int Units)[] arms) =>
        Ask.Ab(AbData.Binary(_users += 1_000_000, arms), AbData.Options("converted") with { Experiment = name }, Settings);

    // On record before the data, as design records it.
    private void Plan(string rule) => _ledger.Append(new Core.Ledger.LedgerEntry(DateTimeOffset.UnixEpoch, "design", string.Empty, new Core.Ledger.LedgerTrace
    {
        Experiment = new Core.Ledger.ExperimentKey("ab|unit=unit|variant=|control=", "e1", [], 0),
        DataState = string.Empty,
        PlanJson = $$"""{ "experiment": "e1", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "25%", "unitsPerArm": 2000, "stopping": "{{rule}}", "predicted": "3%" }""",
    }, "answer"));

    private Finding Grow(string name, int perArm, int treated) => Grow(name, perArm, treated, _ledger);

    private static Finding Grow(string name, int perArm, int treated, Core.Ledger.ILedger ledger) => Ask.Ab(
        Table.With("unit", Enumerable.Range(0, 2 * perArm).Select(i => (long)i)).And("arm", Enumerable.Range(0, 2 * perArm).Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("converted", Enumerable.Range(0, 2 * perArm).Select(i => i / 2 * 7919L % 1000 < (i % 2 == 0 ? 200 : treated) ? 1L : 0L)),
        AbData.Options("converted") with { Experiment = name }, new AskSettings { Ledger = ledger });

    // Versions before stops were kept read the looks on record and not what they had found.
    private sealed class OlderVersion(SqliteLedger ledger) : Core.Ledger.ILedger
    {
        public string? Location => ledger.Location;

        public IReadOnlyList<Core.Ledger.Look> LooksAt(Core.Ledger.ExperimentKey experiment) => ledger.LooksAt(experiment);

        public Core.Ledger.RecordedPlan? PlanFor(Core.Ledger.ExperimentKey experiment) => ledger.PlanFor(experiment);

        public IReadOnlyList<Core.Ledger.RecordedPlan> PlansFor(Core.Ledger.ExperimentKey experiment) => ledger.PlansFor(experiment);

        public long Append(Core.Ledger.LedgerEntry entry) => ledger.Append(entry);
    }

    private static Table Wide()
    {
        string[] arms = ["A", "B", "C"];
        return Table.With("unit", Enumerable.Range(50_000_000, 6_000).Select(i => (long)i)).And("arm", Enumerable.Range(0, 6_000).Select(i => (string?)arms[i % 3]))
            .And("converted", Enumerable.Range(0, 6_000).Select(i => i / 3 % 1000 < 100 + 5 * (i % 3) ? 1L : 0L)).And("minutes", Enumerable.Range(0, 6_000).Select(i => i * 31 % 97 / 10.0 + 0.1 * (i % 3)));
    }

    private static IReadOnlyList<IReadOnlyList<object?>> Rows(Finding finding, string id) => finding.Tables.Single(t => t.Id == id).Rows;
}
