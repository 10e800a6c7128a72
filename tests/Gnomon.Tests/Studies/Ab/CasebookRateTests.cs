using Gnomon.Core.Findings;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Factorial;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Rates that cases of the casebook promise, counted over as many draws as each case names; what clusters and switchbacks promise is counted beside their methods.</summary>
[Trait("speed", "slow")]
public sealed class CasebookRateTests
{
    // Bandit: Thompson over two arms at 21 %, 300 impressions a day for three weeks, updated each night, 1 % kept for every arm as in the log of the case (without it the gap is there in 23 %). A gap of two points in 21 +/- 2 % of runs, plain means 0.43 +/- 0.05 points low; the weighted interval
    // covers in 93 to 97 %, also with three points more at weekends, where the plain test is below.
    [Fact]
    public void A_bandit_over_equal_arms_shows_a_gap_as_often_as_told_and_the_weighted_interval_covers()
    {
        var plan = new BanditPlan(new BanditPolicy(BanditRule.Thompson, Floor: 0.01), [0.21, 0.21], 300, 21);
        var free = BanditSimulation.Run(plan with { Weighs = false }, 0.02, 8_000);
        var weekend = plan with { DaySwing = [0, 0, 0, 0, 0, 0.03, 0.03] };
        var weighed = BanditSimulation.Run(weekend, 0.02, 2_000);
        var text = $"gap {free.GapShare:0.0000}, bias {free.Bias:0.00000}; with weekends: weighted covers {weighed.WeightedCovers:0.0000}, plain {1 - weighed.NaiveRejects:0.0000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(free.GapShare is >= 0.19 and <= 0.23 && free.Bias is >= -0.0048 and <= -0.0038, text);
        Assert.True(weighed.WeightedCovers is >= 0.93 and <= 0.97 && 1 - weighed.NaiveRejects < weighed.WeightedCovers, text);
    }

    // Tutorial and push: 13,649 users a cell find an interaction of two points on 20, 22, 22 and 26 % with power 0.8, a quarter of it main effects of two points (6,509 a margin); 2,000 runs, +/- 2 points. The additive twin is
    // called an interaction in 5 %.
    [Fact]
    public void A_factorial_of_the_planned_size_finds_its_interaction_and_rarely_another()
    {
        const int runs = 2_000;
        var grid = new FactorialGrid([2, 2]);
        var rng = new Rng(7).Stream("factorial rates");
        Moments Cell(int n, double rate) => rng.NextBinomial(n, rate) is var k ? new Moments(n, k / (double)n, k * (1 - k / (double)n)) : Moments.Empty;
        FactorialFit Fit(int n, params double[] rates) => FactorialFit.Of(grid, [.. rates.Select((r, c) => new FactorialRun(c, 0, Cell(n, r)))]);
        var (found, twin, main) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            found += Fit(13_649, 0.20, 0.22, 0.22, 0.26).Test([0, 1]).PValue < 0.05 ? 1 : 0;
            twin += Fit(13_649, 0.20, 0.22, 0.22, 0.24).Test([0, 1]).PValue < 0.05 ? 1 : 0;

            // Two levels of the tutorial at 20 and 22 %, whatever the push does: 6,509 users at each.
            main += Fit(6_509 / 2, 0.20, 0.20, 0.22, 0.22).Test([0]).PValue < 0.05 ? 1 : 0;
        }

        var text = $"interaction {found / (double)runs:0.0000}, additive twin {twin / (double)runs:0.0000}, main effect {main / (double)runs:0.0000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(found / (double)runs is >= 0.78 and <= 0.82 && main / (double)runs is >= 0.78 and <= 0.82 && twin / (double)runs is >= 0.034 and <= 0.066, text);
    }

    // Thumbnails: three metrics that correlate by 0.5 and do not move. Uncorrected any of them is called in 12.52 +/- 0.2 % of draws; corrected by max-T for how they move together, in 4.4 to 5.6 % of 10,000 experiments.
    [Fact]
    public void Three_metrics_without_an_effect_are_called_as_often_as_told()
    {
        const int draws = 400_000, runs = 10_000, units = 200;
        var rng = new Rng(11).Stream("thumbnails");
        var (any, line) = (0, Normal.UpperQuantile(0.025));
        for (var d = 0; d < draws; d++)
        {
            any += Three(rng).Any(z => Math.Abs(z) > line) ? 1 : 0;
        }

        var critical = MaxTNormal.Critical([1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1], 3);
        var (plain, corrected, holm) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var arms = new[] { new double[3][], new double[3][] };
            foreach (var arm in arms)
            {
                (arm[0], arm[1], arm[2]) = (new double[units], new double[units], new double[units]);
                for (var i = 0; i < units; i++)
                {
                    var v = Three(rng);
                    (arm[0][i], arm[1][i], arm[2][i]) = (v[0], v[1], v[2]);
                }
            }

            double[] p = [.. Enumerable.Range(0, 3).Select(m => WelchT.Test(Moments.Of(arms[1][m]), Moments.Of(arms[0][m])).PValue)];
            plain += p.Min() < 0.05 ? 1 : 0;
            holm += Multiplicity.Holm(p).Min() < 0.05 ? 1 : 0;
            corrected += Normal.UpperQuantile(p.Min() / 2) > critical ? 1 : 0;
        }

        var text = $"any of three {any / (double)draws:0.0000}; of {runs} experiments uncorrected {plain / (double)runs:0.0000}, max-T {corrected / (double)runs:0.0000}, Holm {holm / (double)runs:0.0000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(Math.Abs(any / (double)draws - 0.1252) <= 0.002 && corrected / (double)runs is >= 0.044 and <= 0.056 && holm <= corrected, text);
    }

    // Thumbnails: minutes per click; the error by users against 6,000 resamples of users, within 3 %.
    [Fact]
    public void The_error_of_minutes_per_click_is_that_of_resampled_users()
    {
        const int users = 4_000, resamples = 6_000;
        var rng = new Rng(12).Stream("minutes per click");
        var (clicks, minutes) = (new double[users], new double[users]);
        for (var u = 0; u < users; u++)
        {
            clicks[u] = rng.NextPoisson(2 * rng.NextGamma(2));
            minutes[u] = clicks[u] * 3.2 * Math.Exp(0.3 * rng.NextNormal());
        }

        var estimate = RatioMetric.Estimate(CoMoments.OfColumns([minutes, clicks]));
        var ratios = new double[resamples];
        for (var b = 0; b < resamples; b++)
        {
            var (top, bottom) = (0.0, 0.0);
            for (var u = 0; u < users; u++)
            {
                var i = rng.NextInt(users);
                (top, bottom) = (top + minutes[i], bottom + clicks[i]);
            }

            ratios[b] = top / bottom;
        }

        var resampled = Moments.Of(ratios).StandardDeviation;
        var text = $"delta method {estimate.StandardError:0.000000}, resampled {resampled:0.000000}, ratio {estimate.StandardError / resampled:0.0000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(Math.Abs(estimate.StandardError / resampled - 1) <= 0.03, text);
    }

    // A significant but tiny lift: 114,000 users an arm at 5 % and no effect are shipped in half of the size: 2.5 +/- 0.5 %.
    [Fact]
    public void An_experiment_without_an_effect_is_shipped_as_rarely_as_told()
    {
        const int runs = 3_000;
        var shipped = 0;
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run =>
        {
            var rng = new Rng(run).Stream("tiny lift");
            var finding = Ask.Ab(new AbOptions { Counts = [$"A={rng.NextBinomial(114_000, 0.05)}/114000", $"B={rng.NextBinomial(114_000, 0.05)}/114000"] });
            Interlocked.Add(ref shipped, finding.Decision.Action == DecisionAction.Ship ? 1 : 0);
        });
        var text = $"shipped {shipped / (double)runs:0.0000} of {runs}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(shipped / (double)runs is >= 0.02 and <= 0.03, text);
    }

    // Normal, each pair with a correlation of 0.5.
    private static double[] Three(Rng rng)
    {
        var shared = rng.NextNormal();
        return [.. Enumerable.Range(0, 3).Select(_ => Math.Sqrt(0.5) * (shared + rng.NextNormal()))];
    }
}
