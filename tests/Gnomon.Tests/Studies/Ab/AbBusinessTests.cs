using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>A win is weighed in money: it pays, it does not, or nobody knows yet.</summary>
public sealed class AbBusinessTests
{
    // +1 point (0.38 to 1.62) of 50,000 units a month at 10 each: 5,000 a month (1,900 to 8,100), 60,000 a year (22,900 to 97,100).
    private static readonly AbOptions Win = new() { Counts = ["A=1000/20000", "B=1200/20000"], Value = 10, Reach = "50000/month" };

    [Theory]
    [InlineData(5_000, DecisionAction.Ship, CheckStatus.Pass)]
    [InlineData(40_000, DecisionAction.Inconclusive, CheckStatus.Warn)]
    [InlineData(90_000, DecisionAction.DoNotShip, CheckStatus.Warn)]
    public void A_win_ships_when_its_whole_interval_pays(double cost, DecisionAction action, CheckStatus check)
    {
        var finding = Ask.Ab(Win with { Cost = cost });
        Assert.Equal(action, finding.Decision.Action);
        Assert.Equal(check, AbData.Check(finding, "net-value-not-shown").Status);
        var net = finding.Estimates.Single(e => e.Name == "net worth");
        Assert.Equal(12 * 50_000 * 10 * 0.01 - cost, net.Value, 0.01);
        Assert.Equal(action == DecisionAction.Inconclusive, finding.Decision.Summary.StartsWith("It works; that it pays is not shown", StringComparison.Ordinal));
        Assert.Equal(action == DecisionAction.DoNotShip, finding.Decision.Summary.StartsWith("It works and does not pay", StringComparison.Ordinal));
    }

    // What nobody would launch has no net value to show.
    [Fact]
    public void Without_a_win_the_check_has_nothing_to_ask() =>
        Assert.DoesNotContain(Ask.Ab(Win with { Counts = ["A=1000/20000", "B=1010/20000"], Cost = 40_000 }).Checks, c => c.Id == "net-value-not-shown");

    // C is worth more and hurts nobody's guardrail here, but its gain is not clear: the arm that ships is the one that is weighed.
    [Fact]
    public void The_arm_that_would_ship_is_weighed()
    {
        var finding = Ask.Ab(Win with { Counts = ["A=1000/20000", "B=1200/20000", "C=1150/20000"], Cost = 20_000 });
        Assert.Contains("B brings", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.StartsWith("B is worth", AbData.Check(finding, "net-value-not-shown").Evidence, StringComparison.Ordinal);
    }
}
