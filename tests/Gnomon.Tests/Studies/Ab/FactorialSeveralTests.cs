using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Factorial;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary><c>ab --factors</c> with several metrics, guardrails and a plan. Reference: tests/reference/factorial/several.json (R, t.test and p.adjust).</summary>
public sealed class FactorialSeveralTests : IDisposable
{
    private const string Both = "a=1, b=1 - a=0, b=0";
    private static readonly AbOptions Two = new() { Unit = "unit", Factors = ["a", "b"], Metric = ["kept", "revenue"] };
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-factorial").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // 1e-9: sums of 240 values with one digit, and p in the far tail.
    [Fact]
    public void Effects_holm_over_all_metrics_and_guardrails_are_those_of_another_tool()
    {
        var r = MethodReference.Load("factorial/several.json");
        var finding = Ask.Ab(Data(), Two with { Guardrail = ["refunds<=+15%"] });
        foreach (var name in new[] { "kept", "revenue" })
        {
            var terms = finding.Estimates.Where(e => e.Metric == name && e.Name is "interaction" or "main effect" && e.Metric == name).ToList();
            var (values, p) = (r.GetProperty(name).Numbers("value"), r.GetProperty(name).Numbers("p"));
            Assert.Equal(3, terms.Count);
            Assert.All(terms, (t, i) => Assert.Equal(values[i], t.Value, 1e-9));
            Assert.All(terms, (t, i) => Assert.Equal(p[i], t.P!.Value, 1e-9));
        }

        var holm = r.Numbers("holm");
        var shown = finding.Tables.Where(t => t.Id is "terms" or "terms-2").SelectMany(t => t.Rows.Select(row => (double)row[t.Columns.ToList().IndexOf("Holm p")]!)).ToList();
        Assert.All(shown, (h, i) => Assert.Equal(holm[i], h, 1e-9));

        var guard = finding.Tables.Single(t => t.Id == "guardrails").Rows[0];
        Assert.Equal(Both, guard[1]);
        MethodReference.Close(r.Number("relative"), (double)guard[6]!, 1e-9);
        var absolute = Ask.Ab(Data(), Two with { Guardrail = ["refunds<=+0.6"] });
        MethodReference.Close(r.Number("absolute"), (double)absolute.Tables.Single(t => t.Id == "guardrails").Rows[0][6]!, 1e-9);
        var interval = absolute.Estimates.Single(e => e is { Metric: "refunds", Name: "difference" });
        var expected = r.Numbers("interval");
        Assert.Equal(expected[0], interval.Low, 1e-9);
        Assert.Equal(expected[1], interval.High, 1e-9);
        Assert.Equal(DecisionAction.Ship, absolute.Decision.Action);
        Assert.Contains("Guardrails hold: refunds", absolute.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("revenue there:", absolute.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guardrail_of_a_cell_is_that_of_two_arms()
    {
        var cells = new FactorialGrid([2, 2]);
        Moments[] values = [new(300, 4, 900), new(250, 4.4, 800), new(310, 3.9, 1100), new(290, 4.5, 700)];
        var fit = FactorialFit.Of(cells, [.. values.Select((v, c) => new FactorialRun(c, 0, v))]);
        var two = GuardrailTest.Relative(values[3], values[0], 0.2, DesiredDirection.Lower);
        var scaled = fit.ScaledDifference(3, 0, 1.2)!;
        MethodReference.Close(two.MarginStatistic, -scaled.Statistic, 1e-12);
        MethodReference.Close(two.MarginDegreesOfFreedom, scaled.DegreesOfFreedom!.Value, 1e-12);
    }

    [Fact]
    public void A_guardrail_that_varies_nowhere_is_named_and_stays_open()
    {
        var data = Data();
        var finding = Ask.Ab(data.And("crashes", Enumerable.Repeat(0.0, data.Rows)), Two with { Guardrail = ["crashes<=+0.1"] });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains("crashes", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.StartsWith("Not compared: crashes", StringComparison.Ordinal));
        Assert.Equal(Ask.Ab(data, Two).Estimates, finding.Estimates);
    }

    [Fact]
    public void A_guardrail_that_is_not_cleared_leaves_it_open_and_one_that_is_hurt_ends_it()
    {
        var open = Ask.Ab(Data(), Two with { Guardrail = ["refunds<=+1%"] });
        Assert.Equal(DecisionAction.Inconclusive, open.Decision.Action);
        Assert.Contains("harm to refunds beyond the margin is not ruled out in a=1, b=1", open.Decision.Summary, StringComparison.Ordinal);
        var hurt = Ask.Ab(Data(refunds: 1.5), Two with { Guardrail = ["refunds<=+1%"] });
        Assert.Equal(DecisionAction.DoNotShip, hurt.Decision.Action);
        Assert.Equal(CheckStatus.Fail, AbData.Check(hurt, "guardrail-metric-regression").Status);
    }

    [Fact]
    public void A_second_metric_that_is_worse_in_the_cell_stops_it()
    {
        var finding = Ask.Ab(Data(revenue: -1.5), Two);
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.StartsWith("revenue is worse in a=1, b=1.", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("revenue there: -1.47", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interaction_that_the_analysis_shows_is_not_called_ignored()
    {
        var finding = Ask.Ab(Data(), Two);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interaction-ignored").Status);
        Assert.Contains("do not add up", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ratio_and_a_secondary_metric_are_read_beside()
    {
        var finding = Ask.Ab(Data(), new AbOptions { Unit = "unit", Factors = ["a", "b"], Metric = ["kept"], Ratio = ["revenue/refunds"], Secondary = ["refunds"] });
        Assert.Contains(finding.Estimates, e => e is { Metric: "revenue/refunds", Role: "primary", Unit: "ratio" });
        Assert.Contains(finding.Estimates, e => e is { Metric: "refunds", Role: "secondary" });
    }

    [Fact]
    public void A_plan_is_held_to_by_cell()
    {
        var plan = Write("""{ "schema": "gnomon.plan/1", "hypothesis": "h", "unit": "unit", "factors": ["a", "c"], "control": "0,0", "primary": ["kept"], "guardrails": ["refunds<=+1%"], "mde": "5%", "level": 0.9, "unitsPerArm": 400 }""");
        var finding = Ask.Ab(Data(), Two with { Plan = plan, Control = "1,0" });
        var said = AbData.Check(finding, "plan-incomplete").Evidence + string.Join(" ", finding.Limitations);
        Assert.Contains("960 of 1,600 planned units are in", said, StringComparison.Ordinal);
        Assert.Contains("planned factors a, c, analysed by a, b", said, StringComparison.Ordinal);
        Assert.Contains("planned reference levels 0,0, compared with 1,0", said, StringComparison.Ordinal);
        Assert.Contains("revenue is read as primary and was not planned", said, StringComparison.Ordinal);
        Assert.Contains(finding.Estimates, e => e is { Metric: "refunds", Role: "guardrail" });
        Assert.Equal(0.9, finding.Estimates[0].Level, 1e-12);
        var idle = Ask.Ab(Data(0, 0, 0, 0), new AbOptions { Unit = "unit", Factors = ["a", "b"], Metric = ["kept"], Plan = plan });
        Assert.Equal(DecisionAction.KeepRunning, idle.Decision.Action);
        Assert.Contains("60 % of the plan is reached", idle.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_go_together_is_refused_by_name()
    {
        var looks = Write("""{ "schema": "gnomon.plan/1", "unitsPerArm": 400, "stopping": "pocock" }""");
        Assert.Equal("plan-stopping", Assert.Throws<GnomonError>(() => Ask.Ab(Data(), Two with { Plan = looks })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Ab(Data(), Two with { Guardrail = ["refunds:p90<=+5%"] })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Ab(Data(), Two with { Metric = ["refunds"], Guardrail = ["refunds<=+5%"] })).Code);
        Assert.NotEmpty((Two with { OpenEnded = true }).Validate());
        Assert.NotEmpty((Two with { Cluster = "a" }).Validate());
    }

    // 120 experiments with two idle metrics: something is launched in no more than a twentieth of them (3.3 binomial errors above).
    [Fact]
    [Trait("speed", "slow")]
    public void Two_idle_metrics_launch_nothing()
    {
        const int draws = 120;
        var launched = 0;
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("several");
            var rows = Enumerable.Range(0, 400).Select(i => (A: (long)(i & 1), B: (long)(i >> 1 & 1), Y: rng.NextNormal(), Z: 5 + 3 * rng.NextNormal())).ToArray();
            var table = Table.With("unit", rows.Select((_, i) => (long)i)).And("a", rows.Select(r => r.A)).And("b", rows.Select(r => r.B)).And("y", rows.Select(r => r.Y)).And("z", rows.Select(r => r.Z));
            launched += Ask.Ab(table, new AbOptions { Unit = "unit", Factors = ["a", "b"], Metric = ["y", "z"] }).Decision.Action is DecisionAction.Inconclusive ? 0 : 1;
        }

        Assert.InRange(launched, 0, 13);
    }

    // A cell exactly at the margin, cells of unlike spread and size: cleared in a fortieth of 4,000 draws, within 3.3 binomial errors.
    [Fact]
    public void A_guardrail_at_its_margin_is_cleared_as_often_as_its_size_says()
    {
        const int draws = 4_000;
        var (grid, cleared) = (new FactorialGrid([2, 2]), 0);
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("margin");
            Moments Of(int n, double mean, double sd) => Moments.Of([.. Enumerable.Range(0, n).Select(_ => mean + sd * rng.NextNormal())]);
            var fit = FactorialFit.Of(grid, [new(0, 0, Of(40, 10, 1)), new(1, 0, Of(30, 10, 1)), new(2, 0, Of(30, 10, 2)), new(3, 0, Of(25, 10.5, 2.5))]);
            var beyond = fit.ScaledDifference(3, 0, 1.05)!;
            cleared += StudentT.Sf(-beyond.Statistic, beyond.DegreesOfFreedom!.Value) < 0.025 ? 1 : 0;
        }

        Assert.InRange(cleared / (double)draws, 0.025 - 0.0082, 0.025 + 0.0082);
    }

    private string Write(string json)
    {
        var path = Path.Combine(_folder, $"{Directory.GetFiles(_folder).Length}.json");
        File.WriteAllText(path, json);
        return path;
    }

    // The data of tests/reference/factorial/several.R.
    private static Table Data(double revenue = 0.5, double refunds = 0.1, double kept = 1.2, double together = 1.6)
    {
        var rows = Enumerable.Range(0, 960).Select(i => (I: i, A: (long)(i % 2), B: (long)(i / 2 % 2))).ToArray();
        return Table.With("unit", rows.Select(r => (long)r.I)).And("a", rows.Select(r => r.A)).And("b", rows.Select(r => r.B))
            .And("kept", rows.Select(r => r.I * 37 % 101 / 10.0 + kept * r.A + 0.75 * kept * r.B + together * r.A * r.B))
            .And("revenue", rows.Select(r => r.I * 53 % 97 / 20.0 + revenue * r.A + (revenue > 0 ? 0.2 : 0) * r.B))
            .And("refunds", rows.Select(r => r.I * 29 % 83 / 10.0 + refunds * r.A));
    }
}
