using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Bandits;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Bandits;

/// <summary>Against numpy, where A is inverted anew for every row (tests/reference/bandits/replay.json; the rows kept are the same, coefficients to 1e-9, intervals to 1e-10).</summary>
public sealed class ReplayTests
{
    // Without drawn logs the intervals are those of the rows kept.
    private static readonly BanditReplayOptions Plain = new() { Resamples = 0 };

    [Fact]
    public void LinUCB_keeps_the_rows_and_learns_the_lines_of_numpy()
    {
        var e = ReferenceFile.Open("bandits", "replay.json").GetProperty("linear");
        double[][] x = [.. e.GetProperty("x").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        int[] chosen = [.. e.Numbers("chosen").Select(v => (int)v)];
        var bandit = new LinearBandit(4, 3, LinearRule.UpperBound);
        Same(e, BanditReplay.Run(() => ReplayedRule.Of(bandit, x), 4, chosen, e.Numbers("reward"), Plain));
        foreach (var (theta, arm) in e.GetProperty("coefficients").EnumerateArray().Select((t, a) => (t, a)))
        {
            Assert.All(theta.EnumerateArray().Select(v => v.GetDouble()).Zip(bandit.Coefficients(arm)), p => Close.Absolute(p.First, p.Second, 1e-9));
        }
    }

    [Fact]
    public void The_upper_bound_rule_keeps_the_rows_of_numpy()
    {
        var file = ReferenceFile.Open("bandits", "replay.json");
        int[] chosen = [.. file.GetProperty("linear").Numbers("chosen").Select(v => (int)v)];
        var e = file.GetProperty("ucb");
        var result = BanditReplay.Run(() => ReplayedRule.Of(new BanditPolicy(BanditRule.UpperBound), 4), 4, chosen, e.Numbers("reward"), Plain);
        Same(e, result);
        Assert.Equal(e.Numbers("byArm").Select(v => (int)v), result.ByArm);
    }

    [Fact]
    public void Thompson_on_lines_draws_scores_of_the_stated_law()
    {
        var bandit = new LinearBandit(2, 1, LinearRule.Thompson, exploration: 0.5, ridge: 2);
        bandit.Learn(1, [1], 3);

        // Arm 1 has mean 3/3 = 1 and deviation 0.5 sqrt(1/3), arm 0 mean 0 and 0.5 sqrt(1/2): it wins with chance Phi(1 / (0.5 sqrt(5/6))).
        var rng = new Rng(4);
        var wins = Enumerable.Range(0, 20_000).Count(_ => bandit.Choose([1], rng) == 1) / 20_000.0;
        Close.Absolute(Gnomon.Numerics.Distributions.Normal.Cdf(1 / (0.5 * Math.Sqrt(5.0 / 6))), wins, 0.004);
        Assert.Throws<ArgumentException>(() => bandit.Choose([1, 2], rng));
        Assert.Throws<ArgumentOutOfRangeException>(() => bandit.Learn(0, [1], double.NaN));
    }

    [Fact]
    public void Too_few_matches_and_rewards_that_never_vary_are_refused()
    {
        int[] chosen = [.. Enumerable.Range(0, 30).Select(i => i % 10)];
        Assert.Throws<TooFewRowsException>(() => BanditReplay.Run(() => ReplayedRule.Of(new BanditPolicy(BanditRule.Thompson), 10), 10, chosen, new double[30]));
        Assert.Throws<NotEstimableException>(() => BanditReplay.Run(() => ReplayedRule.Of(new BanditPolicy(BanditRule.Thompson), 2), 2, [.. Enumerable.Range(0, 90).Select(i => i % 2)], new double[90]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_replay_is_unbiased_and_its_interval_covers()
    {
        // What the rule earns over its first 200 rows, run live, against replays cut to about that length.
        double[] rates = [0.3, 0.5, 0.4];
        const int runs = 1_500;
        var live = 0.0;
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("live");
            var rule = ReplayedRule.Of(new BanditPolicy(BanditRule.Thompson), 3);
            for (var i = 0; i < 200; i++)
            {
                var arm = rule.Choose(i, rng);
                var reward = rng.NextDouble() < rates[arm] ? 1.0 : 0.0;
                rule.Learn(i, arm, reward);
                live += reward / (200.0 * runs);
            }
        }

        var (mean, covered) = (0.0, 0);
        const int logs = 400;
        for (var run = 0; run < logs; run++)
        {
            var rng = new Rng(run).Stream("log");
            int[] chosen = [.. Enumerable.Range(0, 600).Select(_ => rng.NextInt(3))];
            double[] reward = [.. chosen.Select(a => rng.NextDouble() < rates[a] ? 1.0 : 0.0)];
            var result = BanditReplay.Run(() => ReplayedRule.Of(new BanditPolicy(BanditRule.Thompson), 3), 3, chosen, reward, new() { Seed = (ulong)run, Resamples = 40 });
            mean += result.Value.Value / logs;
            covered += result.Value.Low <= live && live <= result.Value.High ? 1 : 0;
        }

        Close.Absolute(live, mean, 0.009);
        Assert.InRange(covered / (double)logs, 0.915, 0.985);
    }

    private static void Same(JsonElement e, BanditReplayResult result)
    {
        Assert.Equal(e.Count("kept"), result.Kept);
        Close.Relative(e.Number("value"), result.Value.Value, 1e-12, "value");
        Close.Relative(e.Number("low"), result.Value.Low, 1e-10, "low");
        Close.Relative(e.Number("high"), result.Value.High, 1e-10, "high");
        Close.Relative(e.Number("logged"), result.Logged.Value, 1e-12, "logged");
        Close.Relative(e.Number("difference"), result.Difference.Value, 1e-10, "difference");
        Close.Relative(e.Number("differenceLow"), result.Difference.Low, 1e-9, "low");
        Close.Relative(e.Number("differenceHigh"), result.Difference.High, 1e-9, "high");
        Close.Relative(e.Number("firstHalf"), result.FirstHalf, 1e-12, "first half");
        Close.Relative(e.Number("secondHalf"), result.SecondHalf, 1e-12, "second half");
    }
}
