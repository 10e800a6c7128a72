using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Tests.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>What <c>design</c> plans, <c>ab</c> reads: times to an event, the way of a wanted change, and kinds that it has no form of.</summary>
public sealed class PlannedKindTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Mean time up to the end of follow-up with a constant hazard: share / -log(1 - share). 0.3 gives 0.8411, and 1 - 0.7^0.75 = 0.2347 gives 0.8774: 4.32 % more.
    [Theory]
    [InlineData("days/left:30")]
    [InlineData("days until left")]
    [InlineData("days/left")]
    [InlineData("days")]
    public void A_survival_plan_is_followed_under_the_names_it_may_have(string metric)
    {
        var plan = Designed(new DesignOptions { Kind = "survival", Baseline = 0.3, Mde = "-25%", Metric = metric });
        var written = AbPlan.Load(plan);
        Assert.Equal(("4.318%", 0, "survival"), (written.Mde, written.LowerIsBetter.Count, written.Kind));
        Assert.Equal(0.04318, (PowerRestrictedMean.Mean(1 - Math.Pow(0.7, 0.75)) / PowerRestrictedMean.Mean(0.3)) - 1, 1e-5);
        var finding = Read(plan);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal("days until left", AbData.Primary(finding).Metric);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "metric-switching").Status);
        Assert.DoesNotContain("deviation", AbData.Check(finding, "plan-incomplete").Evidence.Replace("0 deviations", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    // Planned on another metric, the same reading is a switch.
    [Fact]
    public void A_plan_for_another_time_is_another_metric() =>
        Assert.NotEqual(CheckStatus.Pass, AbData.Check(Read(Designed(new DesignOptions { Kind = "survival", Baseline = 0.3, Mde = "-25%", Metric = "weeks/left" })), "metric-switching").Status);

    // More of the event is wanted: less time without it.
    [Fact]
    public void A_higher_hazard_that_is_wanted_makes_less_time_better()
    {
        var plan = Designed(new DesignOptions { Kind = "survival", Baseline = 0.3, Mde = "25%", Metric = "days/left:30" });
        Assert.Equal(["days until left"], AbPlan.Load(plan).LowerIsBetter);
        Assert.Equal(DecisionAction.DoNotShip, Read(plan).Decision.Action);
    }

    [Fact]
    public void The_next_step_of_a_survival_plan_is_a_command_that_runs()
    {
        var finding = Ask.Design(Named(new DesignOptions { Kind = "rmst", Baseline = 0.3, Mde = "-0.07", Metric = "days/left:30" }));
        Assert.Contains(finding.Next, n => n.StartsWith("Analyse with: gnomon ab DATA --unit unit --variant ARM --survival days/left:30", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations.Concat(finding.Next), l => l.Contains("mean time without the event", StringComparison.Ordinal));
    }

    // A fall is planned: it is a win, and a rise is harm. Without a minus the other way round.
    [Theory]
    [InlineData("-0.02", 1_200, DecisionAction.Ship)]
    [InlineData("-0.02", 1_800, DecisionAction.DoNotShip)]
    [InlineData("0.02", 1_200, DecisionAction.DoNotShip)]
    [InlineData("0.02", 1_800, DecisionAction.Ship)]
    [InlineData("-20%", 1_200, DecisionAction.Ship)]
    public void The_way_of_the_planned_change_is_kept(string mde, int treated, DecisionAction action)
    {
        var plan = Designed(new DesignOptions { Baseline = 0.15, Mde = mde, Metric = "converted" });
        Assert.Equal(mde[0] == '-', AbPlan.Load(plan).LowerIsBetter.Contains("converted"));
        var finding = Ask.Ab(AbData.Binary(("A", 1_500, 10_000), ("B", treated, 10_000)), AbData.Options("converted") with { Plan = plan, Control = "A" });
        Assert.Equal(action, finding.Decision.Action);
    }

    [Fact]
    public void A_design_says_that_a_fall_is_wanted()
    {
        var options = Named(new DesignOptions { Baseline = 0.15, Mde = "-0.02", Metric = "converted" });
        Assert.Contains(Sentences(Ask.Design(options)), l => l.Contains("A fall of converted is wanted", StringComparison.Ordinal));
        Assert.DoesNotContain(Sentences(Ask.Design(options with { Mde = "0.02", Plan = Path.Combine(_folder.Folder, "rise.json") })), l => l.Contains("is wanted", StringComparison.Ordinal));
    }

    // The effect of a rank test is a chance of the higher value: 0.03 of it is not 0.03 of the metric.
    [Fact]
    public void A_kind_that_is_read_otherwise_lends_no_effect()
    {
        var plan = Designed(new DesignOptions { Kind = "rank", Mde = "0.03", Metric = "converted" });
        var finding = Ask.Ab(AbData.Binary(("A", 1_500, 10_000), ("B", 1_510, 10_000)), AbData.Options("converted") with { Plan = plan, Control = "A" });
        Assert.Contains("planned for a test of kind rank", AbData.Check(finding, "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("would matter", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("rank", JsonDocument.Parse(File.ReadAllText(plan)).RootElement.GetProperty("assumptions").GetProperty("kind").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sentences(Finding finding) => finding.Limitations.Concat(finding.Next);

    private DesignOptions Named(DesignOptions options) => options with { Unit = "unit", Control = "A", Hypothesis = "h", Experiment = "kinds", Plan = Path.Combine(_folder.Folder, "plan.json") };

    private string Designed(DesignOptions options)
    {
        var named = Named(options);
        Ask.Design(named);
        return named.Plan!;
    }

    private static Finding Read(string plan) => Ask.Ab(Times(), AbData.Options() with { Survival = "days/left:30", Plan = plan, Control = "A" });

    // 30 % of control have left by day 30; the hazard of B is 0.68 of that.
    private static Table Times()
    {
        var rng = new Rng(3).Stream("planned kinds");
        var hazard = -Math.Log(0.7) / 30;
        var times = Enumerable.Range(0, 1_600).Select(i => rng.NextExponential() / (i % 2 == 0 ? hazard : 0.68 * hazard)).ToArray();
        return Table.With("unit", Enumerable.Range(0, times.Length).Select(i => (long)i))
            .And("arm", [.. times.Select((_, i) => i % 2 == 0 ? "A" : "B")])
            .And("days", [.. times.Select(t => Math.Min(t, 30))])
            .And("left", [.. times.Select(t => t <= 30 ? 1L : 0L)]);
    }
}
