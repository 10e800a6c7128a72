using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Several arms: each is judged by itself, and the decision hangs on the one that would be shipped.</summary>
public sealed class AbArmsTests
{
    [Fact]
    public void A_worse_arm_contradicts_no_better_one()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=500/10000", "B=620/10000", "C=400/10000"] });
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains("B raises converted", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("C is worse than A", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "metric-switching").Status);
    }

    // C is settled, it is worse (p = 0.001); what is open is B.
    [Fact]
    public void What_is_not_settled_is_an_arm_that_is_open()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=500/5000", "B=540/5000", "C=400/5000"] });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.StartsWith("Not settled: for converted in B the data allow anything from -0.4 to +2.0 pp. C is worse than A.", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // The planted flaw in one of three arms: its metrics point apart, and no other arm is there to ship.
    [Fact]
    public void Two_metrics_of_one_arm_that_point_apart_are_named_with_the_arm()
    {
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0, 0), ("C", 0.5, -0.5)), AbData.Options("clicks", "time"));
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains("clicks improved while time got worse (C - A)", AbData.Check(finding, "metric-switching").Evidence, StringComparison.Ordinal);

        // Beside an arm that is better in both, the trade of another one is no matter.
        finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.5, 0.5), ("C", 0.5, -0.5)), AbData.Options("clicks", "time"));
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "metric-switching").Status);
    }

    // Metrics of different arms that point apart, and none clearly better in all: nothing is traded within an arm.
    [Fact]
    public void Metrics_of_different_arms_are_not_traded()
    {
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.5, 0), ("C", 0, -0.5)), AbData.Options("clicks", "time"));
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "metric-switching").Status);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.StartsWith("B raises clicks", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_losing_arm_that_hurts_a_guardrail_is_named_and_stops_no_other()
    {
        var options = AbData.Options("clicks") with { Guardrail = ["time>=-3%"] };
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.5, 0), ("C", 0, -0.8)), options);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains("B raises clicks", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("Guardrails hold: time. C hurts time.", finding.Decision.Summary, StringComparison.Ordinal);
        var check = AbData.Check(finding, "guardrail-metric-regression");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("(C - A)", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("B is the arm that would be shipped", check.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guardrail_of_the_arm_that_would_be_shipped_stops_it()
    {
        var options = AbData.Options("clicks") with { Guardrail = ["time>=-3%"] };
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.5, -0.8), ("C", 0, 0)), options);
        Assert.Equal((DecisionAction.DoNotShip, "guardrail-metric-regression"), (finding.Decision.Action, Assert.Single(finding.Decision.Because)));
        Assert.Contains("time>=-3% (B - A)", AbData.Check(finding, "guardrail-metric-regression").Evidence, StringComparison.Ordinal);

        // The second best arm is shipped where it is free of harm.
        finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.8, -0.8), ("C", 0.5, 0)), options);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.StartsWith("C raises clicks", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("B hurts time", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // Every arm hurts what it must not: there is nobody left to ship.
    [Fact]
    public void Harm_in_every_arm_stops_the_experiment()
    {
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0, -0.8), ("C", 0, -0.8)), AbData.Options("clicks") with { Guardrail = ["time>=-3%"] });
        Assert.Equal((DecisionAction.DoNotShip, "guardrail-metric-regression"), (finding.Decision.Action, Assert.Single(finding.Decision.Because)));
    }

    // Clean twin.
    [Fact]
    public void Guardrails_that_hold_in_all_arms_raise_nothing()
    {
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.5, 0), ("C", 0, 0)), AbData.Options("clicks") with { Guardrail = ["time>=-5%"] });
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "guardrail-metric-regression").Status);
        Assert.DoesNotContain("hurts", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // Harm that is shown stops the launch although the margin is wide, and the remedy is a waiver.
    [Fact]
    public void Clear_harm_inside_its_margin_stops_and_asks_for_a_waiver()
    {
        var finding = Ask.Ab(Table(("A", 0, 0), ("B", 0.5, -0.25)), AbData.Options("clicks") with { Guardrail = ["time>=-10%"] });
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        var check = AbData.Check(finding, "guardrail-metric-regression");
        Assert.Contains("the harm stays within its margin", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("waive", check.Remedy, StringComparison.Ordinal);
    }

    // Numbers around 10 with a spread of 2, 3,000 units an arm: a shift of 0.5 is 9.7 standard errors.
    private static Table Table(params (string Arm, double Clicks, double Time)[] arms)
    {
        const int units = 3_000;
        var rng = new Rng(31).Stream("arms");
        var rows = arms.SelectMany(a => Enumerable.Range(0, units).Select(_ => (a.Arm, Clicks: 10 + a.Clicks + 2 * rng.NextNormal(), Time: 10 + a.Time + 2 * rng.NextNormal()))).ToArray();
        return Core.Tables.Table.With("unit", Enumerable.Range(0, rows.Length).Select(i => (long)i)).And("arm", rows.Select(r => (string?)r.Arm)).And("clicks", rows.Select(r => r.Clicks)).And("time", rows.Select(r => r.Time));
    }
}
