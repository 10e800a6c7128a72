using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Metrics;

/// <summary>Outcomes whose order cannot be are counted and named.</summary>
public sealed class OutcomeOrderTests
{
    [Theory]
    [InlineData(0, CheckStatus.Pass)]
    [InlineData(7, CheckStatus.Warn)]
    public void A_step_without_the_one_before_is_counted(int impossible, CheckStatus expected)
    {
        var finding = Ask.Ab(Visits(impossible), AbData.Options() with { Funnel = ["view", "cart", "buy"] });
        var check = AbData.Check(finding, "event-order-violation");
        Assert.Equal(expected, check.Status);
        Assert.Equal(impossible > 0, check.Evidence.Contains($"{impossible} of ", StringComparison.Ordinal) && check.Evidence.Contains("reached buy did so without cart", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, CheckStatus.Pass)]
    [InlineData(5, CheckStatus.Warn)]
    public void A_unit_last_seen_before_its_assignment_is_counted(int impossible, CheckStatus expected)
    {
        var finding = Ask.Ab(Returns(impossible), AbData.Options() with { Retention = "seen:1,7", Time = "day" });
        var check = AbData.Check(finding, "event-order-violation");
        Assert.Equal(expected, check.Status);
        Assert.Equal(impossible > 0, check.Evidence.Contains($"{impossible} of 4,000 rows have seen before day", StringComparison.Ordinal));
    }

    private static Table Visits(int impossible)
    {
        var rng = new Rng(6).Stream("visits");
        var rows = Enumerable.Range(0, 4_000).Select(i =>
        {
            var view = rng.NextDouble() < 0.6;
            var cart = view && rng.NextDouble() < 0.5;
            var buy = cart && rng.NextDouble() < 0.4;
            return i < impossible ? (View: true, Cart: false, Buy: true) : (View: view, Cart: cart, Buy: buy);
        }).ToArray();
        return Table.With("unit", Enumerable.Range(0, 4_000).Select(i => (long)i)).And("arm", rows.Select((_, i) => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("view", rows.Select(r => r.View ? 1L : 0)).And("cart", rows.Select(r => r.Cart ? 1L : 0)).And("buy", rows.Select(r => r.Buy ? 1L : 0));
    }

    private static Table Returns(int impossible)
    {
        var rng = new Rng(8).Stream("returns");
        var day = Enumerable.Range(0, 4_000).Select(i => new DateOnly(2026, 3, 1).AddDays(i % 14)).ToArray();
        return Table.With("unit", Enumerable.Range(0, 4_000).Select(i => (long)i)).And("arm", day.Select((_, i) => (string?)(i % 2 == 0 ? "A" : "B"))).And("day", day)
            .And("seen", day.Select((d, i) => d.AddDays(i < impossible ? -2 : rng.NextInt(20))));
    }
}
