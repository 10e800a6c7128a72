using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>Two parts, mean times and surrogate indexes by cluster. Reference: tests/reference/interference/parts.R (clubSandwich, survival). 1e-8: sums by cluster against least squares on rows.</summary>
public sealed class ClusterPartTests
{
    private const double Tight = 1e-8;
    private static readonly JsonElement Reference = MethodReference.Load("interference/parts.json");
    private static readonly int[] All = [.. Enumerable.Range(0, 1_440)];

    [Fact]
    public void Both_parts_and_their_product_are_those_of_clubSandwich()
    {
        var r = ClusteredTwoPart.Compare(Arm(1), Arm(0));
        Same("share", r.Share);
        Same("amount", r.Amount);
        Same("mean", r.Mean);
        Same("log share", r.LogShare!);
        Same("log amount", r.LogAmount!);
        Same("log mean", r.LogMean!);
        Assert.Equal(r.LogMean!.Value, r.LogShare!.Value + r.LogAmount!.Value, 1e-12);
        var joint = Reference.GetProperty("joint");
        Close.Relative(joint.Number("f"), r.JointStatistic, Tight, "F");
        Close.Relative(joint.Number("degrees"), r.JointDegrees!.Value, Tight, "degrees");
        Close.Relative(joint.Number("p"), r.JointPValue, Tight, "p");

        static TwoPartClusters Arm(int arm)
        {
            var zones = Enumerable.Range(0, 20).Where(z => z % 2 == arm).Select(z => All.Where(i => Zone(i) == z).ToArray()).ToList();
            return new([.. zones.Select(z => z.Sum(Spend))], [.. zones.Select(z => z.Sum(Any))], [.. zones.Select(z => (double)z.Length)]);
        }
    }

    [Fact]
    public void A_mean_time_by_cluster_is_that_of_survfit_residuals_in_clubSandwich()
    {
        var r = ClusterComparison.Compare(Times(1).Totals, Times(0).Totals);
        Same("restricted", r.Difference);

        // The contributions average to the arm's own restricted mean.
        var rows = All.Where(i => Zone(i) % 2 == 1).ToArray();
        Close.Relative(KaplanMeier.Fit([.. rows.Select(Seen)], [.. rows.Select(Ended)]).Mean(40).Mean, r.First.Mean, 1e-12, "mean");

        static ClusteredRestrictedMeanResult Times(int arm)
        {
            var rows = All.Where(i => Zone(i) % 2 == arm).ToArray();
            return ClusteredRestrictedMean.Of([.. rows.Select(Seen)], [.. rows.Select(Ended)], [.. rows.Select(i => Zone(i) / 2)], 10, 40);
        }
    }

    [Fact]
    public void An_index_carries_the_errors_of_clusters_and_of_a_clustered_history()
    {
        int[] past = [.. Enumerable.Range(0, 900)];
        double Visits(int h) => h * 7 % 10;
        double Shares(int h) => h * 13 % 4;
        var model = ClusteredSurrogateIndex.Fit([.. past.Select(h => 0.1 + 0.05 * Visits(h) + 0.03 * Shares(h) + h * 29 % 31 / 100.0 + h % 18 / 200.0)], [[.. past.Select(Visits)], [.. past.Select(Shares)]], [.. past.Select(h => h % 18)]);
        SurrogateClusters Arm(int arm)
        {
            var zones = Enumerable.Range(0, 20).Where(z => z % 2 == arm).Select(z => All.Where(i => Zone(i) == z).ToArray()).ToList();
            return new([[.. zones.Select(z => z.Sum(i => i * 11 % 10 + arm + Zone(i) / 10.0))], [.. zones.Select(z => z.Sum(i => (double)(i * 19 % 4)))]], [.. zones.Select(z => (double)z.Length)]);
        }

        var r = ClusteredSurrogateIndex.Compare(model, Arm(1), Arm(0));
        Same("index", r.Difference);
        Close.Relative(Reference.Number("model error"), r.ModelError, Tight, "model error");
        Close.Relative(r.Difference.Value, r.X.Mean - r.Y.Mean, 1e-12, "levels");
    }

    [Fact]
    public void The_error_of_a_history_is_the_same_whatever_compared_the_index()
    {
        int[] past = [.. Enumerable.Range(0, 300)];
        double Visits(int h) => h * 7 % 10;
        var model = ClusteredSurrogateIndex.Fit([.. past.Select(h => 0.1 + 0.05 * Visits(h) + h * 29 % 31 / 100.0 + h % 18 / 200.0)], [[.. past.Select(Visits)]], [.. past.Select(h => h % 18)]);
        SurrogateClusters Arm(int arm) => new([[.. Enumerable.Range(0, 9).Select(g => 40.0 + 2 * arm + g * 5 % 7)]], [.. Enumerable.Range(0, 9).Select(g => 8.0 + g % 3)]);
        var expected = ClusteredSurrogateIndex.Compare(model, Arm(1), Arm(0));
        var plain = ClusterComparison.Compare(expected.First, expected.Second).Difference;
        var gap = Arm(1).Sums[0].Sum() / Arm(1).Sizes.Sum() - Arm(0).Sums[0].Sum() / Arm(0).Sizes.Sum();
        var seen = SurrogateHistory.Add(model, plain, [gap]);
        Close.Relative(expected.Difference.Low, seen.Difference.Low, 1e-12);
        Close.Relative(expected.Difference.PValue, seen.Difference.PValue, 1e-10);
        Close.Relative(expected.Difference.DegreesOfFreedom!.Value, seen.Difference.DegreesOfFreedom!.Value, 1e-12);
        Close.Relative(expected.ModelError, seen.ModelError, 1e-12);
        Assert.Equal(plain, SurrogateHistory.Add(model, plain, [0]).Difference);
        Assert.Equal(1, SurrogateHistory.Add(model, plain with { PValue = 1 }, [gap]).Difference.PValue);
    }

    [Fact]
    public void Effects_on_several_outcomes_vary_together_as_in_clubSandwich()
    {
        var reference = MethodReference.Load("interference/effects.json");
        int[] rows = [.. Enumerable.Range(0, 480)];
        int Zone(int i) => i % 20 < 16 ? i % 20 : i % 5;
        foreach (var (name, arm) in new (string, Func<int, int>)[] { ("assigned", i => Zone(i) % 2), ("mixed", i => i / 3 % 2) })
        {
            double[][] y = [[.. rows.Select(i => 1 + i * 37 % 11 + Zone(i) / 3.0 + 0.5 * arm(i))], [.. rows.Select(i => i * 13 % 7 - Zone(i) / 5.0 - 0.2 * arm(i))], [.. rows.Select(i => i * 29 % 23 / 5.0 + Zone(i) % 3 + 0.1 * arm(i))]];
            var seen = ClusteredEffects.Of(y, [.. rows.Select(i => arm(i) == 1)], [.. rows.Select(Zone)]);
            for (var j = 0; j < 9; j++)
            {
                Assert.Equal(reference.GetProperty(name).Numbers("covariance")[j], seen.Covariance[j], 1e-10);
                Assert.Equal(reference.GetProperty(name).Numbers("effects")[j % 3], seen.Effects[j % 3], 1e-10);
            }

            Assert.Equal((16, name == "assigned"), (seen.Clusters, seen.AreAssigned));
        }

        Assert.Throws<TooFewRowsException>(() => ClusteredEffects.Of([[1, 2, 3, 4]], [true, true, false, false], [0, 0, 1, 2]));
    }

    [Fact]
    public void What_cannot_be_told_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => ClusteredTwoPart.Compare(new([1.0], [1.0], [2.0]), new([1.0, 2.0], [1.0, 1.0], [2.0, 2.0])));
        Assert.Throws<TooFewRowsException>(() => ClusteredTwoPart.Compare(new([1.0, 0], [1.0, 0], [2.0, 2.0]), new([1.0, 2.0], [1.0, 2.0], [2.0, 2.0])));
        Assert.Throws<NotEstimableException>(() => ClusteredRestrictedMean.Of([1, 2, 3], [false, true, false], [0, 1, 0], 2, 50));
        Assert.Throws<TooFewRowsException>(() => ClusteredSurrogateIndex.Fit([.. Enumerable.Range(0, 20).Select(i => (double)i)], [[.. Enumerable.Range(0, 20).Select(i => (double)(i % 3))]], new int[20]));
    }

    // Clusters with a spread of their own, 5 to 40 units each; no effect. 400 draws a cell: 0.95 within 3.3 binomial errors is 0.914 to 0.986.
    // 1,500 draws once, 10, 20 and 50 clusters: share 94.5, 94.8, 94.3 %; amount 95.0, 94.9, 95.7 %; mean 95.1, 95.0, 94.9 %; both parts 96.6, 94.5, 95.1 %; mean times 95.3, 95.0, 94.5 %; hazard ratio 95.4, 94.9, 94.1 %.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(50)]
    public void Intervals_by_cluster_cover_as_often_as_they_say(int clusters)
    {
        const int draws = 400;
        int share = 0, amount = 0, mean = 0, both = 0, time = 0, hazard = 0, made = 0;
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, d =>
        {
            var rng = new Rng(d).Stream("cluster parts", clusters);
            var (x, y) = (Draw(rng, clusters / 2), Draw(rng, clusters / 2));
            var r = ClusteredTwoPart.Compare(x.Part, y.Part);
            var t = ClusterComparison.Compare(x.Time, y.Time).Difference;
            Count(ref share, r.Share.PValue > 0.05);
            Count(ref amount, r.Amount.PValue > 0.05);
            Count(ref mean, r.Mean.PValue > 0.05);
            Count(ref both, r.JointPValue > 0.05);
            Count(ref time, t.PValue > 0.05);
            Count(ref hazard, Hazard(x, y).PValue > 0.05);
            Count(ref made, true);
        });
        var text = string.Join(", ", new[] { ("share", share), ("amount", amount), ("mean", mean), ("both", both), ("time", time), ("hazard", hazard) }.Select(c => $"{c.Item1} {(double)c.Item2 / made:0.000}"));
        TestContext.Current.SendDiagnosticMessage($"{clusters} clusters, {made} draws: {text}");
        Assert.All([share, amount, mean, both, time, hazard], c => Assert.True(c / (double)made is > 0.914 and < 0.99, text));

        static void Count(ref int counter, bool isIn)
        {
            if (isIn)
            {
                Interlocked.Increment(ref counter);
            }
        }
    }

    // Fewer than 12 clusters are assigned again: contributions to the arms' own curves, as ab does it. 1,000 draws of no effect at 10 clusters.
    [Fact]
    [Trait("speed", "slow")]
    public void Mean_times_of_few_clusters_are_called_different_as_rarely_as_they_should()
    {
        const int draws = 1_000;
        var called = 0;
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, d =>
        {
            var rng = new Rng(d).Stream("few clusters");
            var (x, y) = (Draw(rng, 5), Draw(rng, 5));
            Interlocked.Add(ref called, ClusterRandomisation.Test(x.Time, y.Time).PValue <= 0.05 ? 1 : 0);
        });
        TestContext.Current.SendDiagnosticMessage($"called {called / (double)draws:0.000}");
        Assert.InRange(called / (double)draws, 0.027, 0.073);
    }

    // Index of two surrogates learned from 24 past clusters, slopes 0.5 and 0.3, an effect of 0.2 on the first: the interval holds 0.1. 400 draws a cell; 0.95 within 3.3 binomial errors.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(50)]
    public void An_index_covers_the_effect_it_carries(int clusters)
    {
        const int draws = 400;
        var covered = 0;
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, d =>
        {
            var rng = new Rng(d).Stream("cluster index", clusters);
            var (y, a, b, of) = (new List<double>(), new List<double>(), new List<double>(), new List<int>());
            for (var g = 0; g < 24; g++)
            {
                var (level, shift) = (0.3 * rng.NextNormal(), 0.3 * rng.NextNormal());
                for (var i = 0; i < 15; i++)
                {
                    a.Add(shift + rng.NextNormal());
                    b.Add(rng.NextNormal());
                    y.Add(0.5 * a[^1] + 0.3 * b[^1] + level + rng.NextNormal());
                    of.Add(g);
                }
            }

            SurrogateClusters Arm(double effect)
            {
                var (first, second, sizes) = (new double[clusters / 2], new double[clusters / 2], new double[clusters / 2]);
                for (var g = 0; g < sizes.Length; g++)
                {
                    var shift = 0.3 * rng.NextNormal();
                    sizes[g] = 5 + rng.NextInt(30);
                    for (var i = 0; i < sizes[g]; i++)
                    {
                        first[g] += effect + shift + rng.NextNormal();
                        second[g] += rng.NextNormal();
                    }
                }

                return new([first, second], sizes);
            }

            var r = ClusteredSurrogateIndex.Compare(ClusteredSurrogateIndex.Fit([.. y], [[.. a], [.. b]], [.. of]), Arm(0.2), Arm(0)).Difference;
            Interlocked.Add(ref covered, r.Low <= 0.1 && 0.1 <= r.High ? 1 : 0);
        });
        TestContext.Current.SendDiagnosticMessage($"{clusters} clusters: index covers {covered / (double)draws:0.000}");
        Assert.InRange(covered / (double)draws, 0.914, 0.986);
    }

    private static CoxCoefficient Hazard((TwoPartClusters Part, ClusterTotals Time, double[] Times, bool[] Events, int[] Of) x, (TwoPartClusters Part, ClusterTotals Time, double[] Times, bool[] Events, int[] Of) y)
    {
        return ClusteredHazardRatio.Of([.. x.Times, .. y.Times], [.. x.Events, .. y.Events], [.. x.Times.Select(_ => true), .. y.Times.Select(_ => false)], [.. x.Of, .. y.Of.Select(c => c + x.Time.Count)]);
    }

    private static (TwoPartClusters Part, ClusterTotals Time, double[] Times, bool[] Events, int[] Of) Draw(Rng rng, int clusters)
    {
        var (sums, takers, units) = (new double[clusters], new double[clusters], new double[clusters]);
        var (times, events, of) = (new List<double>(), new List<bool>(), new List<int>());
        for (var g = 0; g < clusters; g++)
        {
            var (level, n) = (rng.NextNormal(), 5 + rng.NextInt(36));
            units[g] = n;
            for (var i = 0; i < n; i++)
            {
                if (rng.NextDouble() < 1 / (1 + Math.Exp(0.7 - 0.4 * level)))
                {
                    takers[g]++;
                    sums[g] += Math.Exp(2 + 0.3 * level + 0.6 * rng.NextNormal());
                }

                var (wait, watch) = (-20 * Math.Exp(0.4 * level) * Math.Log(1 - rng.NextDouble()), 10 + 60 * rng.NextDouble());
                times.Add(Math.Min(wait, watch));
                events.Add(wait <= watch);
                of.Add(g);
            }
        }

        return (new(sums, takers, units), ClusteredRestrictedMean.Of(times.ToArray(), events.ToArray(), of.ToArray(), clusters, 30).Totals, [.. times], [.. events], [.. of]);
    }

    private static void Same(string name, ContrastResult seen)
    {
        var expected = Reference.GetProperty(name);
        Close.Relative(expected.Number("value"), seen.Value, Tight, name);
        Close.Relative(expected.Number("error"), seen.StandardError, Tight, name);
        Close.Relative(expected.Number("degrees"), seen.DegreesOfFreedom!.Value, Tight, name);
        Assert.Equal(expected.Number("low"), seen.Low, Tight);
        Assert.Equal(expected.Number("high"), seen.High, Tight);
        Assert.Equal(expected.Number("p"), seen.PValue, Tight);
    }

    private static int Zone(int i) => i % 24 < 20 ? i % 24 : i % 5;

    private static double Any(int i) => i * 37 % 101 < 25 + 6 * (Zone(i) % 2) + Zone(i) ? 1 : 0;

    private static double Spend(int i) => Any(i) * (1 + i * 31 % 89 / 10.0 + Zone(i) / 6.0 + 0.4 * (Zone(i) % 2));

    private static double Wait(int i) => 1 + i * 41 % 60 + Zone(i) / 4.0 + 5 * (Zone(i) % 2);

    private static double Seen(int i) => Math.Min(Wait(i), 20 + i * 17 % 50);

    private static bool Ended(int i) => Wait(i) <= 20 + i * 17 % 50;
}
