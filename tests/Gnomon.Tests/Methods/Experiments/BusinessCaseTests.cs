using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Source: tests/reference/experiments/business.py (flows summed month by month, losses and preposterior by scipy quad).</summary>
public sealed class BusinessCaseTests
{
    [Fact]
    public void Worth_losses_and_information_agree_with_quadrature()
    {
        foreach (var c in MethodReference.Load("experiments/business.json").Items("cases"))
        {
            var r = BusinessCase.Of(c.Number("effect"), c.Number("se"), c.Number("money"), c.Number("cost"), c.Number("months"), c.Number("rate"));
            var scale = Math.Abs(c.Number("high") - c.Number("low"));
            MethodReference.Close(c.Number("monthly"), r.Monthly, 1e-12);
            Assert.Equal(c.Number("net"), r.Net, 1e-9 * scale);
            Assert.Equal(c.Number("low"), r.NetInterval.Low, 1e-9 * scale);
            Assert.Equal(c.Number("high"), r.NetInterval.High, 1e-9 * scale);
            Assert.Equal(c.Number("pays"), r.ChanceItPays, 1e-12);
            Assert.Equal(c.Number("launch"), r.LossOfLaunching, 1e-8 * scale);
            Assert.Equal(c.Number("leave"), r.LossOfLeaving, 1e-8 * scale);
            Assert.Equal(c.Number("certainty"), r.ValueOfCertainty, 1e-8 * scale);
            Assert.Equal(c.Number("again"), r.ValueOfSameAgain, 1e-8 * scale);
        }
    }

    // 2,000 a month against 500,000: 250 months, and -406,000 over five years at 10 %.
    [Fact]
    public void The_textbook_case_pays_back_in_250_months()
    {
        var r = BusinessCase.Of(0.002, 0.001, 1e6, 500_000, 60, 0.1);
        Assert.Equal(250, r.PaybackMonths!.Value, 1e-9);
        Assert.InRange(r.Net, -406_500, -405_500);
        Assert.Null(BusinessCase.Of(-1, 1, 1, 5, 12).PaybackMonths);
        Assert.Equal(0, BusinessCase.Of(-1, 1, 1, 0, 12).PaybackMonths);
        Assert.Equal(12, BusinessCase.Annuity(12, 0));
    }

    [Fact]
    public void A_win_that_does_not_earn_its_cost_is_not_shipped()
    {
        var counts = new AbOptions { Counts = ["A=5700/114000", "B=5928/114000"], Value = 20, Reach = "50000/month", Cost = 500_000, Horizon = 60, Discount = 0.1 };
        var poor = Ask.Ab(counts);
        Assert.Equal(DecisionAction.DoNotShip, poor.Decision.Action);
        Assert.StartsWith("It works and does not pay.", poor.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("250 months", poor.Decision.Summary, StringComparison.Ordinal);

        // At 10,000 the lower end of the interval (200 a month over 60 months, 9,400 now) falls short of the cost; at 5,000 it does not.
        Assert.Equal(DecisionAction.Inconclusive, Ask.Ab(counts with { Cost = 10_000 }).Decision.Action);
        var rich = Ask.Ab(counts with { Cost = 5_000 });
        Assert.Equal(DecisionAction.Ship, rich.Decision.Action);
        Assert.Contains(rich.Tables, t => t.Id == "business");
        Assert.Contains(rich.Estimates, e => e.Name == "net worth");
    }

    [Fact]
    public void Half_a_business_case_is_refused()
    {
        var counts = new AbOptions { Counts = ["A=50/1000", "B=60/1000"] };
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Ab(counts with { Value = 3 })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Ab(counts with { Cost = 3 })).Code);
        Assert.Equal("bad-reach", Assert.Throws<GnomonError>(() => Ask.Ab(counts with { Value = 3, Reach = "many" })).Code);
        Assert.Throws<ArgumentOutOfRangeException>(() => BusinessCase.Of(1, 0, 1, 1, 12));
    }
}
