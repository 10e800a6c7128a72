using Gnomon.Methods;
using Gnomon.Methods.Bandits;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Bandits;

/// <summary>Bandits with contexts before launch, against numpy (tests/reference/bandits/contextual.py), closed forms and their own threads.</summary>
public sealed class ContextualSimulationTests
{
    private static readonly double[][] Rates = [[0.20, 0.28], [0.20, 0.16], [0.30, 0.25], [0.10, 0.16]];

    // Two simulations of one law: 3.3 of their joint Monte Carlo errors.
    [Fact]
    public void Regret_best_share_and_what_is_left_to_lose_are_those_of_numpy()
    {
        var expected = MethodReference.Load("bandits/contextual.json");
        var plan = new ContextualPlan(expected.GetProperty("perDay").GetInt32(), expected.GetProperty("days").GetInt32());
        foreach (var rule in expected.Items("rules"))
        {
            var kind = rule.GetProperty("rule").GetString() == "ucb" ? ContextualRule.LinearUpperBound : ContextualRule.LinearThompson;
            var seen = ContextualSimulation.Run(kind, _ => World(), plan with { Exploration = rule.Number("exploration") }, 1_000, 5);
            Assert.Equal(rule.Number("regret"), seen.Regret, 3.3 * Math.Sqrt(Square(rule.Number("regretError")) + Square(seen.RegretError)));
            Assert.Equal(rule.Number("best"), seen.BestShare, 3.3 * Math.Sqrt(2.5) * rule.Number("bestError"));
            Assert.Equal(rule.Number("after"), seen.LossAfter, 3.3 * Math.Sqrt(2.5) * rule.Number("afterError"));
        }
    }

    [Fact]
    public void Even_shares_and_the_one_best_arm_lose_what_arithmetic_says()
    {
        var world = World();
        Assert.Equal((0.08 + 0.04 + 0.05 + 0.06) / 8, world.LossOfEven, 1e-12);
        Assert.Equal((0.04 + 0.05) / 4, world.LossOfBestArm, 1e-12);
        var seen = ContextualSimulation.Run(ContextualRule.TestThenLines, _ => world, new ContextualPlan(100, 10), 400, 3);
        Assert.Equal(1_000 * world.LossOfEven, seen.EvenRegret, 1e-9);
        Assert.Equal(seen.EvenRegret, seen.Regret, 3.3 * seen.RegretError);
        Assert.Equal(0.5, seen.BestShare, 0.01);
    }

    // 2,000 runs: 0.05 within 3.3 binomial errors.
    [Fact]
    public void The_fixed_test_has_its_size_and_then_keeps_the_control()
    {
        var seen = ContextualSimulation.Run(ContextualRule.TestThenWinner, r => ContextualWorlds.Groups(3, 3, 0.3, 0, 0, r), new ContextualPlan(300, 5), 2_000, 8);
        Assert.InRange(seen.PlainRejects, 0.05 - 0.0161, 0.05 + 0.0161);
        Assert.Equal(0, seen.LossAfter, 1e-12);
        Assert.Equal(0, seen.Regret, 1e-12);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        ContextualBehaviour On(int threads) => ContextualSimulation.Run(ContextualRule.LinearThompson, r => ContextualWorlds.Groups(4, 2, 0.2, 0.03, 0.05, r), new ContextualPlan(50, 6), 60, 4, threads);
        Assert.Equal(On(1), On(2));
    }

    [Fact]
    public void Groups_have_the_mean_and_the_spread_that_were_stated()
    {
        var world = ContextualWorlds.Groups(6, 3, 0.3, 0.04, 0.05, new Rng(2));
        double[] last = [.. world.Rates.Select(r => r[2] - r[0])], middle = [.. world.Rates.Select(r => r[1] - r[0])];
        Assert.Equal(0.04, last.Average(), 1e-12);
        Assert.Equal(0, middle.Average(), 1e-12);
        Assert.Equal(0.05, Math.Sqrt(last.Average(v => Square(v - 0.04))), 1e-12);
        Assert.All(world.Rates, r => Assert.Equal(0.3, r[0]));
    }

    // Lines of a log are unbiased where they are strong and flat where there is nothing but noise.
    [Fact]
    public void A_log_gives_back_its_lines_and_no_lines_of_noise()
    {
        var rng = new Rng(7).Stream("log");
        double[][] features = [.. Enumerable.Range(0, 20_000).Select(_ => new[] { 1.0, rng.NextNormal() })];
        int[] chosen = [.. features.Select(_ => rng.NextInt(2))];
        double[] strong = [.. features.Select((x, i) => rng.NextDouble() < 0.4 + (chosen[i] == 1 ? 0.06 : -0.02) * x[1] ? 1.0 : 0.0)], noise = [.. features.Select(_ => rng.NextDouble() < 0.4 ? 1.0 : 0.0)];
        double Spread(double[] reward, int arm)
        {
            var world = ContextualWorlds.OfLog(features, chosen, reward, 2);
            double[] values = [.. world.Rates.Select(r => r[arm])];
            return Math.Sqrt(values.Average(v => Square(v - values.Average())));
        }

        Assert.Equal(0.06, Spread(strong, 1), 0.012);
        Assert.Equal(0.02, Spread(strong, 0), 0.015);
        Assert.InRange(Spread(noise, 1), 0, 0.01);
        Assert.Throws<TooFewRowsException>(() => ContextualWorlds.OfLog(features[..3], [0, 1, 0], [1, 0, 1], 2));
        Assert.Throws<NotEstimableException>(() => ContextualWorlds.OfLog([.. features.Take(100).Select(_ => new[] { 1.0, 2.0 })], chosen[..100], strong[..100], 2));
    }

    [Fact]
    public void A_world_that_cannot_be_is_refused() =>
        Assert.ThrowsAny<Exception>(() => ContextualSimulation.Run(ContextualRule.Thompson, _ => new([[1.0]], [[0.2, 1.4]]), new ContextualPlan(10, 1), 50));

    private static double Square(double v) => v * v;

    private static ContextualWorld World() => new([.. Enumerable.Range(0, 4).Select(g => Enumerable.Range(0, 4).Select(j => j == 0 || j == g ? 1.0 : 0.0).ToArray())], Rates);
}
