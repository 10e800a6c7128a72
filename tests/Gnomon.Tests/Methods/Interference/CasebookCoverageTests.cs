using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Methods.Planning;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>What cases of the casebook promise over many runs: coverage of switchback and pods, false alarms, power. The data are those of the cases, drawn again for every run.</summary>
public sealed class CasebookCoverageTests
{
    // Surge warnings: 24 zones, six weeks of two-hour blocks; a warning lifts its block by 10 % and takes 8 % from the next: 2 % in all. 500 runs; 0.95 within 93 to 97 %, as the case asks.
    [Fact]
    [Trait("speed", "slow")]
    public void A_switchback_after_its_burn_in_covers_the_effect_on_the_market()
    {
        const int runs = 500, zones = 24, blocks = 6 * 7 * 12;
        var (covered, naive) = (0, 0);
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run =>
        {
            var rng = new Rng(run).Stream("surge");
            var (arms, sums) = (new int[zones][], new double[zones * blocks]);
            var truth = 0.0;
            for (var z = 0; z < zones; z++)
            {
                arms[z] = new int[blocks];
                var (level, before) = (280 + 40 * rng.NextDouble(), false);
                for (var b = 0; b < blocks; b++)
                {
                    var on = rng.NextDouble() < 0.5;
                    var usual = level * (1 + 0.1 * Math.Sin(2 * Math.PI * b / 12));
                    arms[z][b] = on ? 1 : 0;
                    sums[z * blocks + b] = rng.NextPoisson(usual * (1 + (on ? 0.10 : 0) - (before ? 0.08 : 0)));
                    truth += 0.02 * usual / (zones * blocks);
                    before = on;
                }
            }

            int[] all = [.. Enumerable.Range(0, zones * blocks)];
            var cells = new SwitchbackCells(arms, [.. all.Select(i => i / blocks)], [.. all.Select(i => i % blocks)], new int[all.Length], sums, [.. all.Select(_ => 1.0)], 1);
            Interlocked.Add(ref covered, Switchback.Estimate(cells, 1).Hajek is { } h && h.Low <= truth && truth <= h.High ? 1 : 0);
            Interlocked.Add(ref naive, Switchback.Estimate(cells).Hajek is { } n && n.Low <= truth && truth <= n.High ? 1 : 0);
        });
        var text = $"switchback covers {covered / (double)runs:0.000}, without burn-in {naive / (double)runs:0.000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(covered / (double)runs is >= 0.93 and <= 0.97 && naive == 0, text);
    }

    // Matchmaking: 200 pods, a twentieth of the matches between pods, +2 points for players of the new rule and -1.5 for facing them only: +0.5 in all, which decides. 500 runs; 92 to 98 %, as the case asks. The twin has no
    // spill-over: +2, covered as often, and the bend of the line is called in at most 2 % (p < 0.01). Pods of 25 instead of 100 players here.
    [Fact]
    [Trait("speed", "slow")]
    public void Pods_cover_the_effect_of_everybody_against_nobody()
    {
        const int runs = 500, pods = 200, size = 25;
        var (covered, raw, twin, bent) = (0, 0, 0, 0);
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run =>
        {
            var rng = new Rng(run).Stream("pods");
            var n = pods * size;
            var on = Enumerable.Range(0, pods).OrderBy(_ => rng.NextDouble()).Take(pods / 2).ToHashSet();
            bool[] arms = [.. Enumerable.Range(0, n).Select(i => on.Contains(i / size))];
            var (from, to) = (new List<int>(), new List<int>());
            for (var m = 0; m < 5 * n; m++)
            {
                var (one, other) = (m / 5, rng.NextDouble() < 0.05 ? rng.NextInt(n) : m / 5 / size * size + rng.NextInt(size));
                if (one != other)
                {
                    from.Add(one);
                    to.Add(other);
                }
            }

            var graph = UnitGraph.Of(n, [.. from], [.. to]);
            int[] cluster = [.. Enumerable.Range(0, n).Select(i => i / size)];
            var level = Enumerable.Range(0, pods).Select(_ => 50 + 0.3 * rng.NextNormal()).ToArray();
            double[] clean = [.. Enumerable.Range(0, n).Select(i => level[i / size] + (arms[i] ? 2 : 0) + 1.5 * rng.NextNormal())];
            double[] y = [.. clean.Select((v, i) => graph.Neighbours(i).ToArray() is var around ? v - 1.5 * around.Count(j => arms[j]) / Math.Max(1, around.Length) : v)];
            var design = new ExposureDesign(graph, arms, cluster, new ExposureOptions { Draws = 199, Seed = (ulong)run });
            var total = design.Estimate(y).Total!;
            var full = FullExposure.Of(design, y, total)!.Difference;
            Interlocked.Add(ref covered, full.Low <= 0.5 && full.High >= 0.5 ? 1 : 0);
            Interlocked.Add(ref raw, total.Difference.Low <= 0.5 && total.Difference.High >= 0.5 ? 1 : 0);
            var without = FullExposure.Of(design, clean, design.Estimate(clean).Total!)!.Difference;
            Interlocked.Add(ref twin, without.Low <= 2 && without.High >= 2 ? 1 : 0);
            Interlocked.Add(ref bent, ExposureCurve.Test(design, clean) is { PValue: < 0.01 } ? 1 : 0);
        });
        var text = $"{size} players a pod: everybody against nobody covers {covered / (double)runs:0.000}, as met {raw / (double)runs:0.000}; without spill-over {twin / (double)runs:0.000}, bend called {bent / (double)runs:0.000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(covered / (double)runs is >= 0.92 and <= 0.98 && twin / (double)runs is >= 0.92 and <= 0.98 && bent / (double)runs <= 0.02, text);
    }

    // Users who saw both variants: 3.1 sessions each with an intra-class correlation of 0.25 and no effect; arms by user. By session the false alarms are above nominal, by user 4 to 6 % of 2,000 runs.
    [Fact]
    [Trait("speed", "slow")]
    public void Sessions_of_users_raise_false_alarms_and_users_do_not()
    {
        const int runs = 2_000, users = 600;
        var (bySession, byUser) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("sessions");
            var (sums, sizes, rows) = (new List<double>[] { [], [] }, new List<double>[] { [], [] }, new List<double>[] { [], [] });
            for (var u = 0; u < users; u++)
            {
                var (arm, level, sessions) = (u % 2, 0.5 * rng.NextNormal(), 1 + rng.NextPoisson(2.1));
                var total = 0.0;
                for (var s = 0; s < sessions; s++)
                {
                    var y = level + Math.Sqrt(0.75) * rng.NextNormal();
                    total += y;
                    rows[arm].Add(y);
                }

                sums[arm].Add(total);
                sizes[arm].Add(sessions);
            }

            bySession += WelchT.Test(Moments.Of([.. rows[1]]), Moments.Of([.. rows[0]])).PValue < 0.05 ? 1 : 0;
            byUser += ClusterComparison.Compare(new([.. sums[1]], [.. sizes[1]]), new([.. sums[0]], [.. sizes[0]])).Difference.PValue < 0.05 ? 1 : 0;
        }

        var text = $"by session {bySession / (double)runs:0.000}, by user {byUser / (double)runs:0.000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(bySession / (double)runs > 0.06 && byUser / (double)runs is >= 0.04 and <= 0.06, text);
    }

    // A/A of two proportions at 20 %, 2,000 users each: 5 % within 0.6 points over 5,000 runs. Power of 14,751 a side for 10 against 11 %: 0.80 within 0.008 over 10,000 runs.
    [Fact]
    [Trait("speed", "slow")]
    public void Twins_of_an_experiment_differ_as_rarely_as_they_should_and_a_planned_one_finds_its_effect()
    {
        var (alarms, found) = (0, 0);
        var rng = new Rng(20).Stream("twins");
        for (var run = 0; run < 5_000; run++)
        {
            alarms += TwoProportions.Compare(Binomial(rng, 2_000, 0.2), 2_000, Binomial(rng, 2_000, 0.2), 2_000).PValue < 0.05 ? 1 : 0;
        }

        for (var run = 0; run < 10_000; run++)
        {
            found += TwoProportions.Compare(Binomial(rng, 14_751, 0.11), 14_751, Binomial(rng, 14_751, 0.10), 14_751).PValue < 0.05 ? 1 : 0;
        }

        var text = $"false alarms {alarms / 5_000.0:0.0000}, power {found / 10_000.0:0.0000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(alarms / 5_000.0 is >= 0.044 and <= 0.056 && found / 10_000.0 is >= 0.792 and <= 0.808, text);
    }

    // Normal with the binomial's mean and spread, rounded: at these sizes the difference from the exact law lies far below the tolerance.
    private static long Binomial(Rng rng, int n, double p) => (long)Math.Round(n * p + Math.Sqrt(n * p * (1 - p)) * rng.NextNormal());
}
