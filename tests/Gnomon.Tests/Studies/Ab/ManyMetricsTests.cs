using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Many metrics without an effect: some of their intervals miss 0 on either side, and nothing may be made of it.</summary>
public sealed class ManyMetricsTests
{
    private const int Metrics = 60;

    [Fact]
    public void Sixty_metrics_without_an_effect_contradict_nothing()
    {
        var fired = Enumerable.Range(1, 20).Count(seed => AbData.Check(Ask(seed, 0), "metric-switching").Status == CheckStatus.Fail);
        Assert.InRange(fired, 0, 2);
    }

    [Fact]
    public void Sixty_metrics_without_an_effect_are_no_reason_to_stop()
    {
        var stopped = Enumerable.Range(1, 20).Count(seed => Ask(seed, 0).Decision.Action is DecisionAction.DoNotShip or DecisionAction.Ship);
        Assert.InRange(stopped, 0, 4);
        Assert.Equal(DecisionAction.DoNotShip, Ask(1, -0.6, moving: 1).Decision.Action);
    }

    [Fact]
    public void Two_that_move_apart_among_sixty_are_seen() =>
        Assert.Equal(CheckStatus.Fail, AbData.Check(Ask(1, 0.6), "metric-switching").Status);

    // 400 units; the first metric rises by the effect, the second falls by it.
    private static Finding Ask(int seed, double effect, int moving = 2)
    {
        var all = Enumerable.Range(0, 400).ToArray();
        var table = Table.With("unit", all.Select(i => (long)i)).And("arm", all.Select(i => (string?)(i % 2 == 1 ? "B" : "A")));
        for (var m = 0; m < Metrics; m++)
        {
            var rng = new Rng((ulong)(1_000 * seed + m));
            var shift = m == 0 ? effect : m == 1 && moving == 2 ? -effect : 0;
            table = table.And($"m{m}", all.Select(i => 10 + rng.NextNormal() + (i % 2 == 1 ? shift : 0)));
        }

        return Gnomon.Ask.Ab(table, AbData.Options([.. Enumerable.Range(0, Metrics).Select(m => $"m{m}")]));
    }
}
