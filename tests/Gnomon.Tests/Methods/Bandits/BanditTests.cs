using Gnomon.Methods;
using Gnomon.Methods.Bandits;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Bandits;

/// <summary>Bandits against plain loops in numpy and scipy's quadrature (tests/reference/bandits/make.py).</summary>
public sealed class BanditTests
{
    // Two arms: a finite sum, 1e-11. More arms: 400 steps of the belief, 1e-5.
    [Fact]
    public void The_chance_to_be_the_best_agrees_with_quadrature()
    {
        foreach (var c in MethodReference.Load("bandits/bandits.json").GetProperty("shares").EnumerateArray())
        {
            long[] successes = [.. c.Numbers("successes").Select(v => (long)v)], trials = [.. c.Numbers("trials").Select(v => (long)v)];
            var chances = new double[trials.Length];
            BanditPolicy.BestChances(successes, trials, chances);
            var expected = c.Numbers("chances");
            for (var a = 0; a < chances.Length; a++)
            {
                Assert.Equal(expected[a], chances[a], trials.Length == 2 ? 1e-11 : 1e-5);
            }
        }
    }

    [Fact]
    public void Weighted_means_and_differences_agree_with_numpy()
    {
        var e = MethodReference.Load("bandits/bandits.json").GetProperty("adaptive");
        var log = new ChoiceLog(3, [.. e.Numbers("arm").Select(v => (int)v)], e.Numbers("reward"), e.Numbers("probabilities"));
        var fit = AdaptiveMeans.Of(log);
        MethodReference.Close(e.Number("effective"), fit.EffectiveRows, 1e-11);
        foreach (var (name, estimates) in new[] { ("means", fit.Means), ("differences", fit.Differences) })
        {
            var i = 0;
            foreach (var expected in e.GetProperty(name).EnumerateArray())
            {
                MethodReference.Close(expected.Number("value"), estimates[i].Value, 1e-11);
                MethodReference.Close(expected.Number("se"), estimates[i].StandardError, 1e-11);
                MethodReference.Close(expected.Number("p"), estimates[i++].PValue, 1e-9);
            }
        }
    }

    [Fact]
    public void Off_policy_values_agree_with_numpy()
    {
        var e = MethodReference.Load("bandits/bandits.json").GetProperty("offpolicy");
        var n = e.Numbers("reward").Length;
        var value = OffPolicy.Evaluate(e.Numbers("reward"), e.Numbers("propensity"), e.Numbers("target"), e.Numbers("chosen"), [.. Enumerable.Repeat(e.Number("policy"), n)], e.Number("clip"));
        foreach (var (name, got) in new[] { ("ips", value.Ips), ("snips", value.SelfNormalised), ("dr", value.DoublyRobust!), ("logged", value.Logged), ("difference", value.Difference) })
        {
            MethodReference.Close(e.GetProperty(name).Number("value"), got.Value, 1e-11);
            MethodReference.Close(e.GetProperty(name).Number("se"), got.StandardError, 1e-11);
        }

        MethodReference.Close(e.Number("effective"), value.EffectiveRows, 1e-11);
        MethodReference.Close(e.Number("weight"), value.MeanWeight, 1e-11);
        MethodReference.Close(e.Number("weight_se"), value.MeanWeightError, 1e-9);
        Assert.Equal(e.Number("clipped"), value.ClippedShare, 1e-12);
        Assert.Equal(2.5, value.LargestWeight);
    }

    [Fact]
    public void A_log_of_chosen_probabilities_tells_the_others_where_it_can()
    {
        var two = ChoiceLog.OfChosen(2, [0, 1], [1, 0], [0.3, 0.6], [0, 0]);
        Assert.Equal(0.7, two.Probability(0, 1), 1e-15);
        Assert.Equal(0.4, two.Probability(1, 0), 1e-15);
        var three = ChoiceLog.OfChosen(3, [0, 1, 0], [1, 0, 1], [0.3, 0.5, 0.3], [4, 4, 4]);
        Assert.Equal(0.2, three.Probability(2, 2), 1e-12);
        Assert.Throws<NotEstimableException>(() => ChoiceLog.OfChosen(3, [0, 0], [1, 0], [0.3, 0.3], [0, 0]));
        Assert.Throws<NotEstimableException>(() => ChoiceLog.OfChosen(3, [0, 0, 1], [1, 0, 1], [0.3, 0.4, 0.5], [0, 0, 0]));
        Assert.Throws<ArgumentException>(() => new ChoiceLog(2, [0], [1], [0.0, 1.0]));
        var batches = ChoiceLog.OfBatches(2, [0, 1, 1, 0], [1, 0, 1, 1], [0, 0, 0, 1], out var left);
        Assert.Equal(1, left);
        Assert.Equal(2.0 / 3, batches.Probability(0, 1), 1e-15);
        Assert.Throws<NotEstimableException>(() => ChoiceLog.OfBatches(2, [0, 1], [1, 0], [0, 1], out _));
        Assert.Throws<TooFewRowsException>(() => AdaptiveMeans.Of(new ChoiceLog(2, [0, 0], [1, 0], [0.5, 0.5, 0.5, 0.5])));
        Assert.Throws<NotEstimableException>(() => OffPolicy.Evaluate([1, 2], [0.5, 0.5], [0, 0]));
        Assert.Throws<TooFewRowsException>(() => OffPolicy.Evaluate([1], [0.5], [0.5]));
    }

    // Three weeks of 300 rows a day, both arms 21 %, updated each night: with 4,000 runs of numpy the plain means differ by 2 points or more in 22 % (0.7 % error) and lie 0.44 points low.
    [Fact]
    [Trait("speed", "slow")]
    public void A_thompson_bandit_over_equal_arms_fools_plain_means_and_not_weighted_ones()
    {
        var plan = new BanditPlan(new BanditPolicy(BanditRule.Thompson, Floor: 0.02), [0.21, 0.21], 300, 21);
        var free = BanditSimulation.Run(plan with { Policy = new BanditPolicy(BanditRule.Thompson), Weighs = false }, 0.02, 4_000);
        Assert.InRange(free.GapShare, 0.20, 0.245);
        Assert.InRange(free.Bias, -0.0052, -0.0036);
        Assert.Equal(0, free.Regret);
        var weighed = BanditSimulation.Run(plan, 0.02, 2_000);
        Assert.InRange(weighed.WeightedCovers!.Value, 0.935, 0.965);
        Assert.InRange(weighed.WeightedRejects!.Value, 0.035, 0.066);
        Assert.Equal(weighed, BanditSimulation.Run(plan, 0.02, 2_000, threads: 1));

        // Good days for all arms do not become a good arm.
        var swinging = BanditSimulation.Run(plan with { DaySwing = [0, 0, 0, 0, 0, 0.06, 0.06] }, 0.02, 2_000);
        Assert.InRange(swinging.WeightedCovers!.Value, 0.935, 0.965);
    }

    [Fact]
    public void Every_rule_earns_more_than_even_shares_and_keeps_its_floor()
    {
        foreach (var rule in new[] { BanditRule.Thompson, BanditRule.UpperBound, BanditRule.EpsilonGreedy })
        {
            var run = BanditSimulation.Run(new BanditPlan(new BanditPolicy(rule), [0.10, 0.20, 0.12], 200, 20, EachRow: true), 0.02, 200);
            Assert.True(run.Regret < 0.9 * run.EvenRegret, $"{rule}: {run.Regret} beside {run.EvenRegret}");
            Assert.True(run.BestLeads > 0.95, $"{rule}: {run.BestLeads}");
        }

        var even = BanditSimulation.Run(new BanditPlan(new BanditPolicy(BanditRule.Even), [0.21, 0.21], 300, 21), 0.02, 1_000);
        Assert.InRange(even.NaiveRejects, 0.03, 0.072);
        Assert.InRange(even.WeightedRejects!.Value, 0.03, 0.072);
        Assert.InRange(even.LargestShare, 0.5, 0.52);
        var shares = new double[3];
        new BanditPolicy(BanditRule.UpperBound, Floor: 0.1).Shares([10, 90, 10], [100, 100, 100], shares);
        Assert.Equal([0.1, 0.8, 0.1], shares.Select(v => Math.Round(v, 12)));
        new BanditPolicy(BanditRule.EpsilonGreedy, Epsilon: 0.3).Shares([10, 90, 10], [100, 100, 100], shares);
        Assert.Equal([0.1, 0.8, 0.1], shares.Select(v => Math.Round(v, 12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BanditPolicy(BanditRule.Thompson, Floor: 0.5).Shares([1, 1, 1], [2, 2, 2], new double[3]));
    }

    // 500 logs of a softmax-like policy: the interval of another policy's value holds the truth.
    [Fact]
    [Trait("speed", "slow")]
    public void Off_policy_intervals_cover()
    {
        var covered = new int[3];
        const int runs = 1_000, rows = 1_000;
        double[] mean = [0.1, 0.3, 0.5], target = [0.2, 0.2, 0.6];
        var truth = mean.Zip(target, (m, t) => m * t).Sum();
        for (var r = 0; r < runs; r++)
        {
            var rng = new Rng(r).Stream("off-policy");
            double[] reward = new double[rows], p = new double[rows], t = new double[rows], a = new double[rows], q = new double[rows];
            for (var i = 0; i < rows; i++)
            {
                double[] b = [0.5, 0.3, 0.2];
                var u = rng.NextDouble();
                var arm = u < b[0] ? 0 : u < b[0] + b[1] ? 1 : 2;
                (reward[i], p[i], t[i], a[i], q[i]) = (rng.NextDouble() < mean[arm] ? 1 : 0, b[arm], target[arm], 0.3, 0.3);
            }

            var value = OffPolicy.Evaluate(reward, p, t, a, q);
            PolicyValue[] three = [value.Ips, value.SelfNormalised, value.DoublyRobust!];
            for (var k = 0; k < 3; k++)
            {
                covered[k] += three[k].Low <= truth && truth <= three[k].High ? 1 : 0;
            }
        }

        Assert.All(covered, c => Assert.InRange(c / (double)runs, 0.928, 0.972));
    }

    [Fact]
    public void Shares_that_follow_outcomes_are_told_from_a_ramp()
    {
        var rng = new Rng(3).Stream("ramp");
        Assert.Null(ShareFollowsOutcome.PValue([.. Enumerable.Repeat(new ShareDay(50, 50, 10, 11, 8, 8), 4)]));
        Assert.Null(ShareFollowsOutcome.PValue([.. Enumerable.Repeat(new ShareDay(50, 0, 10, 0, 8, 0), 20)]));
        var alarms = 0;
        for (var run = 0; run < 300; run++)
        {
            // The calendar moves the share from 10 to 50 %, and no outcome does.
            var days = Enumerable.Range(0, 21).Select(d =>
            {
                var b = rng.NextBinomial(600, 0.1 + 0.02 * d);
                var (x, y) = (rng.NextBinomial(600 - b, 0.2), rng.NextBinomial(b, 0.2));
                return new ShareDay(600 - b, b, x, y, x * (1 - x / (600.0 - b)), y * (1 - (double)y / b));
            }).ToList();
            alarms += ShareFollowsOutcome.PValue(days) < 0.01 ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 12);
    }

    // 30 of 40 where 20 are expected (variance 10) and 22 of 40 in a second batch: chi-square 10 + 0.4 on 2 degrees of freedom, two arms alike. scipy.stats.chi2.sf(10.4, 2) = 0.005516564420760772.
    [Fact]
    public void Arms_are_held_against_the_logged_chances_by_batch()
    {
        int[] chosen = [.. Enumerable.Range(0, 40).Select(t => t < 30 ? 1 : 0), .. Enumerable.Range(0, 40).Select(t => t < 22 ? 1 : 0)];
        int[] batch = [.. Enumerable.Range(0, 80).Select(t => t / 40)];
        var log = ChoiceLog.OfChosen(2, chosen, new double[80], Enumerable.Repeat(0.5, 80).ToArray(), batch);
        var fit = LoggedChances.Fit(log, batch);
        Assert.Equal(2 * 0.005516564420760772, fit.PValue, 1e-13);
        Assert.Equal((0, 40L, 20.0), (fit.Batch, fit.Rows, fit.Expected));
        Assert.Equal(fit.Arm == 1 ? 30 : 10, fit.Shown);
        Assert.Equal(1.0, LoggedChances.Fit(ChoiceLog.OfChosen(2, [0, 1, 1], new double[3], [0.5, 0.5, 0.5], [0, 0, 0]), [0, 0, 0]).PValue);
    }

    [Fact]
    public void A_log_that_is_right_is_rarely_doubted_whatever_moved_its_shares()
    {
        const int runs = 400, days = 14, perDay = 200;
        var alarms = 0;
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("logged chances");
            var (chosen, chance, batch) = (new int[days * perDay], new double[days * perDay], new int[days * perDay]);
            var share = 0.5;
            for (var t = 0; t < chosen.Length; t++)
            {
                if (t % perDay == 0)
                {
                    share = Math.Clamp(share + 0.2 * (rng.NextDouble() - 0.5), 0.05, 0.95);
                }

                batch[t] = t / perDay;
                chosen[t] = rng.NextDouble() < share ? 1 : 0;
                chance[t] = chosen[t] == 1 ? share : 1 - share;
            }

            alarms += LoggedChances.Fit(ChoiceLog.OfChosen(2, chosen, new double[chosen.Length], chance, batch), batch).PValue < 0.05 ? 1 : 0;
        }

        // The two arms tell the same thing, so the corrected size is near a half of 5 %.
        Assert.InRange(alarms, 1, 20);
    }

    // Constant probabilities: the score test of a proportion, (shown - n p) / sqrt(n p (1 - p)), in closed form.
    [Fact]
    public void Arms_shown_as_often_as_their_probabilities_say_are_the_test_of_a_proportion()
    {
        int[] chosen = [.. Enumerable.Range(0, 1_000).Select(i => i < 230 ? 1 : 0)];
        double[] chance = [.. chosen.Select(a => a == 1 ? 0.2 : 0.8)];
        var fit = ChosenChances.Fit(2, chosen, chance);
        Assert.Equal(2 * 2 * Gnomon.Numerics.Distributions.Normal.Sf((230 - 200) / Math.Sqrt(1_000 * 0.2 * 0.8)), fit.PValue, 1e-12);
        Assert.Equal(fit.Arm == 1 ? 200 : 800, fit.Expected, 1e-9);
        Assert.Equal(-1, ChosenChances.Fit(2, [0, 1], [0.5, 0.5]).Arm);
        Assert.Throws<ArgumentException>(() => ChosenChances.Fit(2, [0, 1], [0.5, 0.0]));
        Assert.Throws<ArgumentException>(() => ChosenChances.Fit(2, [0, 1], [0.5]));
    }

    // Probabilities that change from row to row, 20 arms: the size holds, and a log that says 1/20 of arms shown by another rule is found.
    [Fact]
    public void The_calibration_of_chosen_probabilities_keeps_its_size()
    {
        const int draws = 1_000, rows = 3_000, arms = 20;
        var (alarms, found) = (0, 0);
        for (var seed = 0; seed < draws; seed++)
        {
            var rng = new Rng(seed).Stream("chosen chances");
            var (chosen, right, wrong) = (new int[rows], new double[rows], new double[rows]);
            for (var t = 0; t < rows; t++)
            {
                // Arm 0 is shown with a chance between 2 and 30 %, the others share the rest.
                var first = 0.02 + (0.28 * rng.NextDouble());
                chosen[t] = rng.NextDouble() < first ? 0 : 1 + (int)(rng.NextDouble() * (arms - 1));
                right[t] = chosen[t] == 0 ? first : (1 - first) / (arms - 1);
                wrong[t] = 1.0 / arms;
            }

            alarms += ChosenChances.Fit(arms, chosen, right).PValue < 0.05 ? 1 : 0;
            found += ChosenChances.Fit(arms, chosen, wrong).PValue < 0.001 ? 1 : 0;
        }

        Assert.InRange(alarms / (double)draws, 0, 0.05 + 3.3 * Math.Sqrt(0.05 * 0.95 / draws));
        Assert.Equal(draws, found);
    }
}
