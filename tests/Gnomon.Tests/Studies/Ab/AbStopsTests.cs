using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Data.Ledger;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Programme;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>A look that ended a test stays the answer of the looks after it.</summary>
public sealed class AbStopsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-ab-stops").FullName;
    private readonly SqliteLedger _ledger;

    public AbStopsTests() => _ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));

    public void Dispose()
    {
        _ledger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Half of the plan: z = -0.28, where -0.55 and less is not needed to be futile; the end: z = 2.31, beyond every bound.
    [Fact]
    public void A_binding_futility_stop_is_the_answer_of_later_looks()
    {
        var plan = Plan("binding");
        Read(plan, 500, 100);
        var stopped = Read(plan, 1_000, 195);
        Assert.Equal(DecisionAction.DoNotShip, stopped.Decision.Action);
        Read(plan, 1_500, 345);
        var finding = Read(plan, 2_000, 460);
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.StartsWith("Stopped for futility, by a bound that binds", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal("stopped at look 2: no gain in sight", Look(finding)[^1]);
        Same(stopped, finding);
        var check = AbData.Check(finding, "plan-incomplete");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("look 2 crossed it for converted in B, and the test went on", check.Evidence, StringComparison.Ordinal);

        // rpact 3.3.4 has 2.014 at the fourth look of the same rule without credit; here plannedZ is 2.85, which it does not depend on.
        Assert.Contains(finding.Limitations, l => l.Contains("would need z of 2.01; it is 2.31", StringComparison.Ordinal));
    }

    // z = 0.2, -0.8 and -2.4: the second look is futile, the fourth shows harm. The effect told with it has the sign of every count.
    [Fact]
    public void Harm_after_a_binding_futility_stop_has_the_sign_of_the_data()
    {
        var plan = Plan("binding");
        Read(plan, 500, 103);
        Assert.StartsWith("Stop for futility", Read(plan, 1_000, 185).Decision.Summary, StringComparison.Ordinal);
        var harm = Read(plan, 2_000, 338);
        Assert.Equal(DecisionAction.DoNotShip, harm.Decision.Action);
        Assert.Contains("that is worse", harm.Decision.Summary, StringComparison.Ordinal);
        var effect = AbData.Primary(harm);
        Assert.InRange(effect.Value, -0.032, -0.029);
        Assert.True(effect.High < 0, $"{effect.Low} to {effect.High}");
        Assert.True(AbData.Primary(harm, "lift").High < 0);
        Assert.Contains("that look ended the search for a gain", AbData.Check(harm, "plan-incomplete").Evidence, StringComparison.Ordinal);

        // The same counts without a bound that binds: within a tenth of a point, since only the looks differ.
        var advice = Plan("nonbinding");
        Read(advice, 500, 103, "advised");
        Read(advice, 1_000, 185, "advised");
        Assert.Equal(AbData.Primary(Read(advice, 2_000, 338, "advised")).Value, effect.Value, 1e-3);
    }

    // No days are named: the looks on record are drawn with what they read, the stop among them.
    [Fact]
    public void The_boundary_plot_shows_the_looks_taken_without_days()
    {
        var plan = Plan("none");
        double[] z = [.. new[] { Read(plan, 500, 105), Read(plan, 1_000, 270), Read(plan, 2_000, 440) }.Select(f => (double)Look(f)[2]!)];
        var last = Read(plan, 2_000, 440);
        var taken = last.Plots.Single(p => p.Id == "boundary").VegaLite["data"]!["values"]!.AsArray().Where(v => (bool?)v!["taken"] == true).Select(v => ((string)v!["series"]!, (double)v["x"]!, (double)v["value"]!)).ToList();
        Assert.Equal(["look 1", "look 2", "look 3, now"], taken.Select(t => t.Item1));
        Assert.Equal([1_000.0, 2_000.0, 4_000.0], taken.Select(t => t.Item2));
        Assert.All(taken.Zip(z), t => Assert.Equal(t.Second, t.First.Item3, 1e-9));
    }

    // Clean twins: advice may be overruled, and a test that never crossed the bound keeps the credit for it (bound 1.93, 2.01 without).
    [Fact]
    public void Futility_that_was_advice_or_not_crossed_stops_nothing_later()
    {
        var advice = Plan("nonbinding");
        Read(advice, 500, 100, "advised");
        Assert.Contains("Stop for futility", Read(advice, 1_000, 195, "advised").Decision.Summary, StringComparison.Ordinal);
        var won = Read(advice, 2_000, 460, "advised");
        Assert.Equal(DecisionAction.Ship, won.Decision.Action);
        Assert.Equal(CheckStatus.Pass, AbData.Check(won, "plan-incomplete").Status);

        var binding = Plan("binding");
        Read(binding, 500, 110, "credit");
        Assert.Equal("go on", Look(Read(binding, 1_000, 220, "credit"))[^1]);
        Assert.Equal("go on", Look(Read(binding, 1_500, 335, "credit"))[^1]);
        var end = Read(binding, 2_000, 451, "credit");
        Assert.InRange((double)Look(end)[2]!, 1.94, 2.0);
        Assert.Equal(DecisionAction.Ship, end.Decision.Action);
    }

    // Ship at half of the plan; then units that add nothing, then the other sign, then past the end.
    [Fact]
    public void A_crossed_bound_is_the_answer_of_later_looks_also_past_the_end()
    {
        var plan = Plan("none");
        Assert.Equal(DecisionAction.KeepRunning, Read(plan, 500, 105).Decision.Action);
        var stopped = Read(plan, 1_000, 270);
        Assert.Equal(DecisionAction.Ship, stopped.Decision.Action);
        foreach (var (perArm, treated, speaksAgainst) in new[] { (1_500, 360, false), (2_000, 380, true), (2_500, 480, true) })
        {
            var later = Read(plan, perArm, treated);
            Assert.Equal(DecisionAction.Ship, later.Decision.Action);
            Assert.Equal("stopped at look 2: better", Look(later)[^1]);
            Assert.Contains($"The test stopped at look 2 (2,000 units), and that look is the answer; {2 * perArm - 2_000:N0} units came after it", later.Decision.Summary, StringComparison.Ordinal);
            Assert.Equal(speaksAgainst, later.Decision.Summary.Contains("and speak against it", StringComparison.Ordinal));
            Same(stopped, later);
        }

        // The list of experiments reads the look that stopped.
        using var file = LedgerFile.Open(_ledger.Location);
        var row = LedgerProgramme.List(file);
        Assert.Equal(AbData.Primary(stopped).P!.Value, (double)row.Columns[1].Cell(0)!, 1e-12);
        Assert.Equal("ship", row.Columns.Single(c => c.Name == "decision").Cell(0));
    }

    // Clean twin: without a crossing every look is read for itself.
    [Fact]
    public void Without_a_stop_later_looks_are_read_for_themselves()
    {
        var plan = Plan("none");
        Read(plan, 500, 105);
        Read(plan, 1_000, 220);
        var end = Read(plan, 2_000, 480);
        Assert.Equal("stop: better", Look(end)[^1]);
        Assert.DoesNotContain(end.Limitations, l => l.Contains("came after look", StringComparison.Ordinal));
        Assert.DoesNotContain(end.Estimates, e => e.Method.Contains("deletion", StringComparison.Ordinal));
    }

    // Whitehead's deletion method by hand: looks at 0.25 and now, the bound of the first alone; the later units by information.
    [Fact]
    public void Data_after_the_stop_are_told_beside_it()
    {
        var plan = Plan("none");
        Read(plan, 500, 105);
        var stopped = Read(plan, 1_000, 270);
        var later = Read(plan, 2_000, 380);
        var once = later.Estimates.Single(e => e.Method.StartsWith("as if read once", StringComparison.Ordinal) && e.Name == "difference");
        var deleted = later.Estimates.Single(e => e.Method.Contains("deletion method", StringComparison.Ordinal));
        var bound = GroupSequential.Bounds([0.25, 0.5, 1], 0.05)[0].CriticalZ!.Value;
        var error = Math.Sqrt((0.2 * 0.8 / 1_999) + (0.19 * 0.81 / 1_999));
        var expected = StagewiseInference.At([0.25, 1], [-bound], [bound], once.Value, error);
        Assert.Equal(expected.Estimate, deleted.Value, 2e-4);
        Assert.Equal(expected.Low, deleted.Low, 2e-4);
        Assert.Equal(expected.PValue, deleted.P!.Value, 2e-3);

        // 110 of 1,000 against 200 of 1,000 among the units after the stop: -9 pp.
        var sentence = later.Limitations.Single(l => l.Contains("came after look 2", StringComparison.Ordinal));
        Assert.Contains("2,000 units came after look 2 had ended the test of converted in B", sentence, StringComparison.Ordinal);
        Assert.Contains("the later units alone -9.0 pp (-12.5 to -5.5 pp)", sentence, StringComparison.Ordinal);
        Assert.Contains(later.Limitations, l => l.StartsWith("What came after the stop speaks against it", StringComparison.Ordinal));

        // Twin: later units that bear the stop out contradict nothing.
        var borne = Read(plan, 2_000, 500);
        Assert.DoesNotContain(borne.Limitations, l => l.StartsWith("What came after the stop speaks against it", StringComparison.Ordinal));
        Same(stopped, borne);
    }

    [Fact]
    public void A_stop_is_turned_where_the_arms_are_compared_the_other_way_round()
    {
        var plan = Plan("none");
        var stopped = AbData.Primary(Read(plan, 1_000, 270));
        var turned = Read(plan, 1_500, 310, control: "B");
        var primary = AbData.Primary(turned);
        Assert.Equal(DecisionAction.DoNotShip, turned.Decision.Action);
        Assert.Equal((-stopped.Value, -stopped.High, -stopped.Low, "A - B"), (primary.Value, primary.Low, primary.High, primary.Contrast));
        Assert.Equal("stopped at look 1: worse", Look(turned)[^1]);
    }

    // The same data again are the same look; older and corrected data are not a new one.
    [Fact]
    public void Looks_that_are_repeated_out_of_order_or_corrected_change_no_stop()
    {
        var plan = Plan("none");
        var early = Read(plan, 500, 105);
        var stopped = Read(plan, 1_000, 270);
        Same(stopped, Read(plan, 1_000, 270));
        Assert.Equal("stop: better", Look(Read(plan, 1_000, 270))[^1]);
        Assert.Equal(early.Decision.Action, Read(plan, 500, 105).Decision.Action);
        var corrected = Read(plan, 900, 180);
        Assert.Equal(DecisionAction.Ship, corrected.Decision.Action);
        Same(stopped, corrected);
        Assert.Contains(corrected.Limitations, l => l.Contains("rows were changed or left out since. The stop stands as it was read", StringComparison.Ordinal));
    }

    // z = 3.2 at half of the plan would stop there, but three quarters had been read before: what that look could spend was spent.
    [Fact]
    public void A_look_at_less_than_was_read_before_stops_nothing()
    {
        var plan = Plan("none");
        Assert.Equal("go on", Look(Read(plan, 1_500, 320))[^1]);
        var back = Read(plan, 1_000, 262);
        Assert.Equal(DecisionAction.KeepRunning, back.Decision.Action);
        Assert.Contains("More units than these were read before", back.Decision.Summary, StringComparison.Ordinal);
        Assert.Null(Look(back)[3]);
        Assert.Equal("stop: better", Look(Read(plan, 1_000, 262, "twins"))[^1]);
    }

    // A stop of harm, and a later look at which the arms are alike.
    [Fact]
    public void A_stop_of_harm_is_remembered_too()
    {
        var plan = Plan("none");
        var stopped = Read(plan, 1_000, 135);
        Assert.Equal(DecisionAction.DoNotShip, stopped.Decision.Action);
        var later = Read(plan, 2_000, 400);
        Assert.Equal(DecisionAction.DoNotShip, later.Decision.Action);
        Assert.Contains("that is worse", later.Decision.Summary, StringComparison.Ordinal);
        Same(stopped, later);
    }

    // Findings of one ledger: the plan of design for four arms prints the bounds that ab holds each arm against; a decided arm leaves its share to the others.
    [Fact]
    public void Several_arms_are_held_against_the_bounds_that_design_prints()
    {
        var path = Path.Combine(_folder, "arms.json");
        Ask.Design(new Gnomon.Studies.Design.DesignOptions { Baseline = 0.2, Mde = "25%", Arms = 4, Looks = 3, Spending = "pocock", Metric = "converted", Unit = "unit", Experiment = "arms", Plan = path, Hypothesis = "h" }, new AskSettings { Ledger = _ledger });
        using var plan = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        var bounds = plan.RootElement.GetProperty("bounds").EnumerateArray().ToList();
        var n = bounds[0].GetProperty("units").GetInt32() / 4;
        Finding At(int perArm, params int[] treated) => Ask.Ab(
            AbData.Binary([("A", perArm / 5, perArm), .. treated.Select((t, i) => (((char)('B' + i)).ToString(), t, perArm))]), AbData.Options("converted") with { Experiment = "arms" }, new AskSettings { Ledger = _ledger });
        var first = At(n, n / 5, n / 5, n / 5);
        var rows = first.Tables.Single(t => t.Id == "this-look").Rows;
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.Equal(bounds[0].GetProperty("z").GetDouble(), (double)r[3]!, 3e-3));
        Assert.Equal(GroupSequential.Bounds([1.0 / 3], 0.05 / 3, AlphaSpending.Pocock)[0].CriticalZ!.Value, (double)rows[0][3]!, 3e-3);

        // While the test runs, the interval is the repeated one of the same bound.
        var primary = AbData.Primary(first);
        var error = Math.Sqrt(2 * 0.2 * 0.8 / n);
        Assert.StartsWith("repeated interval", primary.Method, StringComparison.Ordinal);
        Assert.Equal((double)rows[0][3]! * error, primary.High - primary.Value, 2e-3);

        // B is decided at the second look; C and D then share the size by two.
        var m = bounds[1].GetProperty("units").GetInt32() / 4;
        var second = At(m, (int)(m * 0.28), m / 5, m / 5).Tables.Single(t => t.Id == "this-look").Rows;
        Assert.Equal("stop: better", second[0][^1]);
        var share = GroupSequential.Bounds([1.0 / 3, 2.0 / 3], 0.05 / 2, AlphaSpending.Pocock)[1].CriticalZ!.Value;
        Assert.All(second.Skip(1), r => Assert.Equal(share, (double)r[3]!, 5e-3));
    }

    // Lost units of B made the first look cross the bound; what was found broken answered nothing.
    [Fact]
    public void A_look_at_broken_data_stops_nothing()
    {
        var plan = Plan("none");
        var broken = Ask.Ab(AbData.Binary(400_000, ("A", 200, 1_000), ("B", 270, 800)), AbData.Options("converted") with { Plan = plan, Experiment = "test" }, new AskSettings { Ledger = _ledger });
        Assert.Equal(DecisionAction.FixDataFirst, broken.Decision.Action);
        Assert.Equal("stop: better", Look(broken)[^1]);
        Assert.Equal("go on", Look(Read(plan, 1_500, 320))[^1]);
    }

    // A look at some of the rows is a look, and no stop of the test of all of them.
    [Theory]
    [InlineData(null, "stopped at look 1: better")]
    [InlineData("unit < 5000000", "go on")]
    public void A_stop_of_other_rows_is_none_of_these(string? where, string word)
    {
        var plan = Plan("none");
        string[] command = where is null ? ["ab", "--metric", "converted"] : ["ab", "--metric", "converted", "--where", where];
        Assert.Equal("stop: better", Look(Ask.Ab(
            AbData.Binary(400_000, ("A", 200, 1_000), ("B", 270, 1_000)), AbData.Options("converted") with { Plan = plan, Experiment = "test", Where = where }, new AskSettings { Ledger = _ledger, Command = command }))[^1]);
        Assert.Equal(word, Look(Read(plan, 1_500, 320))[^1]);
    }

    // Two metrics share the size in the plan, and one of them is read: the bounds stay those that were printed.
    [Fact]
    public void A_plan_for_several_metrics_keeps_its_bounds_where_one_is_read()
    {
        var path = Path.Combine(_folder, "metrics.json");
        Ask.Design(new Gnomon.Studies.Design.DesignOptions { Baseline = 0.2, Mde = "25%", Metrics = 2, Looks = 2, Metric = "converted", Unit = "unit", Experiment = "two", Plan = path, Hypothesis = "h" }, new AskSettings { Ledger = _ledger });
        using var plan = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        var first = plan.RootElement.GetProperty("bounds")[0];
        var n = first.GetProperty("units").GetInt32() / 2;
        var finding = Ask.Ab(AbData.Binary(("A", n / 5, n), ("B", n / 5, n)), AbData.Options("converted") with { Experiment = "two" }, new AskSettings { Ledger = _ledger });
        Assert.Equal(first.GetProperty("z").GetDouble(), (double)Look(finding)[3]!, 5e-3);
    }

    private static IReadOnlyList<object?> Look(Finding finding) => finding.Tables.Single(t => t.Id == "this-look").Rows[0];

    private static void Same(Finding stopped, Finding later)
    {
        foreach (var name in new[] { "difference", "lift" })
        {
            var (a, b) = (AbData.Primary(stopped, name), AbData.Primary(later, name));
            Assert.Equal((a.Value, a.Low, a.High, a.P, a.N, a.Method), (b.Value, b.Low, b.High, b.P, b.N, b.Method));
        }
    }

    private string Plan(string futility)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, $$"""{ "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "0.01", "unitsPerArm": 2000, "looks": 4, "power": 0.8, "plannedZ": 2.85, "stopping": "obrien-fleming", "futility": "{{futility}}" }""");
        return path;
    }

    // A fifth of control. Each experiment has users of its own: the same users in the same arms would be the same experiment.
    private Finding Read(string plan, int perArm, int treated, string name = "test", string? control = null) => Ask.Ab(
        AbData.Binary(100_000 * name.Length, ("A", perArm / 5, perArm), ("B", treated, perArm)), AbData.Options("converted") with { Plan = plan, Experiment = name, Control = control }, new AskSettings { Ledger = _ledger });
}
