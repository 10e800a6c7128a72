using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Data.Ledger;
using Gnomon.Methods.Experiments;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Reading an experiment more than once: under a plan, without an end, and without having said so.</summary>
public sealed class AbSequentialTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-ab-looks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // 1,000 an arm of 2,000 planned. Pocock spending at half of the information leaves p = 0.031 (z = 2.157), O'Brien-Fleming 0.003 (z = 2.963): rpact.
    [Theory]
    [InlineData("pocock", 240, DecisionAction.Ship)]
    [InlineData("obrien-fleming", 240, DecisionAction.KeepRunning)]
    [InlineData("obrien-fleming", 270, DecisionAction.Ship)]
    [InlineData("haybittle-peto", 240, DecisionAction.KeepRunning)]
    [InlineData("pocock", 160, DecisionAction.DoNotShip)]
    [InlineData("kim-demets:1", 205, DecisionAction.KeepRunning)]
    public void A_look_stops_at_the_bound_of_its_rule(string rule, int treated, DecisionAction action)
    {
        var finding = Read(treated, Plan(rule));
        Assert.Equal(action, finding.Decision.Action);
        var look = finding.Tables.Single(t => t.Id == "this-look");
        Assert.Equal(action switch { DecisionAction.Ship => "stop: better", DecisionAction.DoNotShip => "stop: worse", _ => "go on" }, look.Rows[0][5]);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "optional-stopping").Status);

        // The repeated interval leaves out 0 exactly where the test may stop; the stagewise one does after a stop.
        var primary = AbData.Primary(finding);
        Assert.Equal(action == DecisionAction.KeepRunning, primary.Low < 0 && primary.High > 0);
        Assert.Contains(finding.Estimates, e => e.Role == "sensitivity" && e.Method.StartsWith("as if read once", StringComparison.Ordinal));
    }

    // rpact, getFinalConfidenceInterval for the same design and statistic: see peeking-r.json; here the wiring from plan to finding is held to the method.
    [Fact]
    public void After_a_stop_at_the_second_look_the_looks_are_counted()
    {
        using var ledger = Ledger();
        var plan = Plan("obrien-fleming");
        Read(210, plan, ledger, 500, "first");
        var finding = Read(270, plan, ledger, name: "first");
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        var naive = finding.Estimates.First(e => e.Name == "difference" && e.Role == "sensitivity");
        var bound = GroupSequential.Bounds([0.25, 0.5], 0.05)[0].CriticalZ!.Value;
        var se = Math.Sqrt(0.27 * 0.73 / 999 + 0.2 * 0.8 / 999);
        var expected = StagewiseInference.At([0.25, 0.5], [-bound], [bound], naive.Value, se);
        var shown = AbData.Primary(finding);
        Assert.Equal(expected.Estimate, shown.Value, 2e-4);
        Assert.Equal(expected.Low, shown.Low, 2e-4);
        Assert.Equal(expected.High, shown.High, 2e-4);
        Assert.Contains("looks counted", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(["taken", "now", "to come", "to come"], finding.Tables.Single(t => t.Id == "looks").Rows.Select(r => r[^1]));
    }

    [Theory]
    [InlineData("nonbinding")]
    [InlineData("binding")]
    public void A_gain_out_of_sight_stops_for_futility(string futility)
    {
        var finding = Read(195, Plan("obrien-fleming", futility));
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.Contains("Stop for futility", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.KeepRunning, Read(195, Plan("obrien-fleming")).Decision.Action);
    }

    [Fact]
    public void An_unfinished_plan_says_its_chances()
    {
        var finding = Read(220, Plan("obrien-fleming"));
        var row = finding.Tables.Single(t => t.Id == "this-look").Rows[0];
        var z = (double)row[2]!;
        var bounds = GroupSequential.Bounds([0.5, 0.75, 1], 0.05);
        var expected = SequentialPower.At(z, 0.5, [0.75, 1], [bounds[1].CriticalZ!.Value, bounds[2].CriticalZ!.Value], 2.85);
        var chances = finding.Tables.Single(t => t.Id == "chances").Rows[0];
        Assert.Equal(expected.OnTrend, (double)chances[2]!, 1e-9);
        Assert.Equal(expected.IfPlanned!.Value, (double)chances[3]!, 1e-9);
        Assert.Equal(expected.Predictive, (double)chances[5]!, 1e-9);
        Assert.DoesNotContain(Read(300, Plan("obrien-fleming")).Tables, t => t.Id == "chances");
        Assert.Contains("Chance to still end with an effect", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Plots, p => p.Id == "boundary");
    }

    [Fact]
    public void Without_a_planned_end_intervals_hold_at_every_look()
    {
        var options = AbData.Options("converted") with { OpenEnded = true };
        var open = Ask.Ab(AbData.Binary(("A", 200, 1_000), ("B", 250, 1_000)), options);
        Assert.Equal(DecisionAction.KeepRunning, open.Decision.Action);
        var (wide, once) = (AbData.Primary(open), open.Estimates.First(e => e.Role == "sensitivity"));
        Assert.True(wide.Low < once.Low && wide.High > once.High);

        // The exact sequence keeps a fifth of the size, so the asymptotic one has 96 %; tuned for 10,000 units, read at 2,000.
        var error = Math.Sqrt((0.2 * 0.8 / 999) + (0.25 * 0.75 / 999));
        Assert.Equal(AlwaysValid.Interval(0.05, error, 2_000, 10_000, 0.96).Low, wide.Low, 2e-4);
        Assert.Equal(DecisionAction.Ship, Ask.Ab(AbData.Binary(("A", 200, 1_000), ("B", 300, 1_000)), options).Decision.Action);

        // Fewer than 100 events in an arm: the exact sequence, at a fifth of the size.
        var small = AbData.Primary(Ask.Ab(AbData.Binary(("A", 10, 100), ("B", 30, 100)), options));
        var exact = BetaBinomialSequence.Difference(30, 100, 10, 100, 0.99);
        Assert.Equal(exact.Low, small.Low, 1e-12);
        Assert.StartsWith("beta-binomial", small.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Unplanned_looks_show_both_readings()
    {
        using var ledger = Ledger();
        for (var n = 300; n < 1_000; n += 300)
        {
            Ask.Ab(AbData.Binary(("A", n / 5, n), ("B", n / 5, n)), AbData.Options("converted") with { Experiment = "x" }, new AskSettings { Ledger = ledger });
        }

        var finding = Ask.Ab(AbData.Binary(("A", 240, 1_200), ("B", 280, 1_200)), AbData.Options("converted") with { Experiment = "x" }, new AskSettings { Ledger = ledger });
        var rows = finding.Tables.Single(t => t.Id == "readings").Rows;
        Assert.Equal("read once", rows[0][2]);
        var (nominal, corrected) = ((double)rows[0][6]!, (double)rows[1][6]!);
        Assert.Equal(0.047, nominal, 0.001);
        var z = Gnomon.Numerics.Distributions.Normal.UpperQuantile(nominal / 2);
        Assert.Equal(PeekingError.LargestOf([0.25, 0.5, 0.75, 1], z), corrected, 1e-9);
        Assert.True((double)rows[1][4]! < (double)rows[0][4]!);
        Assert.Contains(finding.Limitations, l => l.StartsWith("Read 4 times without a stopping rule", StringComparison.Ordinal));
    }

    // Armitage, McPherson and Rowe 1969: five looks at 5 % err in 0.142; their constant bound is Pocock's 2.413.
    [Fact]
    public void The_price_of_looks_is_the_published_one()
    {
        Assert.Equal(0.142, PeekingError.LargestOf([1, 2, 3, 4, 5], 1.959964), 0.0005);
        Assert.Equal(2.413, PeekingError.CriticalValue([1, 2, 3, 4, 5], 0.05), 0.0005);
        Assert.Equal(1, PeekingError.LargestOf([1, 2], 0));
    }

    [Fact]
    public void Harm_to_a_guardrail_stops_at_an_early_look_and_a_lucky_interval_does_not()
    {
        Assert.Equal(CheckStatus.Fail, Guard(140));
        Assert.Equal(CheckStatus.Warn, Guard(165));

        CheckStatus Guard(int kept) => AbData.Check(
            Ask.Ab(AbData.Binary(("A", 200, 1_000), ("B", kept, 1_000)), AbData.Options() with { Metric = ["converted=0"], Guardrail = ["converted>=-1%"], OpenEnded = true }), "guardrail-metric-regression").Status;
    }

    // Conjugate update by hand: prior N(0, 0.02^2), estimate 0.05, its standard error from the data.
    [Fact]
    public void A_posterior_stands_beside_the_test()
    {
        var table = AbData.Binary(("A", 200, 1_000), ("B", 250, 1_000));
        var finding = Ask.Ab(table, AbData.Options("converted") with { Bayes = "normal:0,0.02", Mde = "0.02" });
        var se2 = (0.2 * 0.8 / 1_000) + (0.25 * 0.75 / 1_000);
        var weight = 0.0004 / (0.0004 + se2);
        var row = finding.Tables.Single(t => t.Id == "posterior").Rows[0];
        Assert.Equal(0.05 * weight, (double)row[3]!, 2e-4);
        Assert.Equal(["normal(0 pp, 2 pp)", "flat", "sceptical normal(0, 1.02 pp)", "enthusiastic normal(+2 pp, 1.02 pp)"], finding.Tables.Single(t => t.Id == "posterior").Rows.Select(r => ((string)r[2]!).Replace("+0 pp", "0 pp", StringComparison.Ordinal)));
        Assert.Equal("prior-not-learned", Assert.Throws<GnomonError>(() => Ask.Ab(table, AbData.Options("converted") with { Bayes = "learned" })).Code);
    }

    [Fact]
    public void A_prior_is_learned_from_the_other_experiments_of_the_ledger()
    {
        using var ledger = Ledger();
        var settings = new AskSettings { Ledger = ledger };
        int[] treated = [2_040, 1_900, 2_160, 2_010, 2_200, 1_840];
        for (var i = 0; i < treated.Length; i++)
        {
            Ask.Ab(AbData.Binary(100_000 * (i + 1), ("A", 2_000, 10_000), ("B", treated[i], 10_000)), AbData.Options("converted") with { Experiment = $"past {i}" }, settings);
        }

        // A broken split teaches nothing.
        Ask.Ab(AbData.Binary(900_000, ("A", 2_000, 10_000), ("B", 4_000, 9_000)), AbData.Options("converted") with { Experiment = "broken" }, settings);
        Assert.Equal(6, ledger.PastEffects(new Core.Ledger.ExperimentKey("x", "new", [], 0)).Count);
        var own = AbData.Options("converted") with { Experiment = "past 0", Bayes = "learned" };
        var finding = Ask.Ab(AbData.Binary(100_000, ("A", 2_000, 10_000), ("B", 2_100, 10_000)), own, settings);
        Assert.Contains(finding.Limitations, l => l.Contains("learned from 5 past experiments", StringComparison.Ordinal));
        Assert.Contains("learned, normal", (string)finding.Tables.Single(t => t.Id == "posterior").Rows[0][2]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_from_design_is_read_by_ab()
    {
        var path = Path.Combine(_folder, "designed.json");
        Ask.Design(new DesignOptions { Baseline = 0.2, Mde = "25%", Looks = 4, Spending = "kim-demets:2", Futility = "nonbinding", Plan = path, Traffic = "200/day" });
        using var plan = JsonDocument.Parse(File.ReadAllText(path));
        var bounds = plan.RootElement.GetProperty("bounds");
        Assert.Equal("kim-demets:2", plan.RootElement.GetProperty("stopping").GetString());
        Assert.Equal(4, bounds.GetArrayLength());
        var look = bounds[1];
        var finding = Ask.Ab(AbData.Binary(("A", 120, look.GetProperty("units").GetInt32() / 2), ("B", 120, look.GetProperty("units").GetInt32() / 2)), AbData.Options("converted") with { Plan = path });
        var row = finding.Tables.Single(t => t.Id == "this-look").Rows[0];

        // One look at half of the information is not the plan's second: it has the error of both.
        Assert.Equal(GroupSequential.Bounds([0.5], 0.05, new StoppingRule { Spending = AlphaSpending.KimDeMets, Rho = 2 })[0].CriticalZ!.Value, (double)row[3]!, 5e-3);
        Assert.Equal("stop: no gain in sight", row[5]);
    }

    [Theory]
    [InlineData("bad-stopping-rule", "pockock", "none", 4)]
    [InlineData("bad-stopping-rule", "kim-demets:0", "none", 4)]
    [InlineData("option-missing", "pocock", "none", 1)]
    [InlineData("option-missing", "obf", "binding", 1)]
    public void A_rule_that_says_nothing_has_a_message(string code, string spending, string futility, int looks)
    {
        var error = Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%", Spending = spending, Futility = futility, Looks = looks }));
        Assert.Equal(code, error.Code);
        Assert.NotEmpty(error.Hint!);
    }

    [Fact]
    public void A_plan_with_an_unknown_rule_or_two_ends_is_refused()
    {
        Assert.Equal("plan-stopping", Assert.Throws<GnomonError>(() => Read(240, Plan("sometimes"))).Code);
        Assert.Equal("plan-stopping", Assert.Throws<GnomonError>(() => Read(240, Plan("fixed", "binding"))).Code);
        var endless = Path.Combine(_folder, "endless.json");
        File.WriteAllText(endless, """{ "stopping": "pocock", "looks": 4 }""");
        Assert.Equal("plan-stopping", Assert.Throws<GnomonError>(() => Read(240, endless)).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Ab(AbData.Binary(("A", 1, 10), ("B", 1, 10)), AbData.Options("converted") with { OpenEnded = true, Plan = Plan("pocock") })).Code);
        Assert.Equal("bad-prior", Assert.Throws<GnomonError>(() => Ask.Ab(AbData.Binary(("A", 1, 10), ("B", 1, 10)), AbData.Options("converted") with { Bayes = "normal:0,-1" })).Code);
    }

    [Fact]
    public void A_tilted_split_names_the_units_that_tilt_it()
    {
        var rows = Enumerable.Range(0, 8_000).Select(i => (Unit: (long)i, Arm: i % 2 == 0 ? "A" : "B", Device: (i / 2 % 4) switch { 0 => "ios", 1 => "web", _ => "android" }))
            .Where(r => r is not { Arm: "B", Device: "ios" } || r.Unit % 5 == 1).ToArray();
        var table = Core.Tables.Table.With("unit", rows.Select(r => r.Unit)).And("arm", rows.Select(r => (string?)r.Arm)).And("device", rows.Select(r => (string?)r.Device)).And("converted", rows.Select(r => r.Unit % 7 == 0 ? 1L : 0L));
        var finding = Ask.Ab(table, AbData.Options("converted") with { Segment = ["device"], Split = "50/50" });
        var slices = finding.Tables.SingleOrDefault(t => t.Id == "split-slices");
        Assert.NotNull(slices);
        Assert.Equal("device = ios", slices.Rows[0][0]);
        Assert.Contains(finding.Limitations, l => l.StartsWith("The imbalance is strongest among units with device = ios", StringComparison.Ordinal));
    }

    private SqliteLedger Ledger() => new(Path.Combine(_folder, "ledger.db"));

    private string Plan(string rule, string futility = "none")
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, $$"""{ "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "0.01", "unitsPerArm": 2000, "looks": 4, "power": 0.8, "plannedZ": 2.85, "stopping": "{{rule}}", "futility": "{{futility}}" }""");
        return path;
    }

    // 20 % of control; the treated of 1,000, or in proportion.
    private static Finding Read(int treated, string plan, SqliteLedger? ledger = null, int perArm = 1_000, string? name = null) => Ask.Ab(
        AbData.Binary(("A", 200 * perArm / 1_000, perArm), ("B", treated * perArm / 1_000, perArm)), AbData.Options("converted") with { Plan = plan, Experiment = name },
        ledger is null ? new AskSettings() : new AskSettings { Ledger = ledger });
}
