using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>Replays against the closed form where regions are independent noise, and against a count of real tests with the effect put in.</summary>
public sealed class GeoReplayTests
{
    [Fact]
    public void Nearest_regions_are_paired_first()
    {
        double[][] series = [[1, 1], [5, 5], [1.1, 1.1], [5.4, 5.4], [9, 9]];
        Assert.Equal([2, 3, 0, 1, -1], RegionAssignment.Partners(series, 0, 2));
        var draw = RegionAssignment.Draw(series, 0, 2, 2, RegionMatching.Pairs, new Rng(1));
        Assert.False(draw.Treated[4]);
        Assert.True(draw.Treated[0] ^ draw.Treated[2]);
        Assert.True(draw.Treated[1] ^ draw.Treated[3]);
    }

    [Fact]
    public void Drawing_again_brings_the_arms_together()
    {
        var rng = new Rng(2);
        double[][] series = [.. Enumerable.Range(0, 20).Select(_ => rng.NextNormal() is var level ? Enumerable.Range(0, 10).Select(t => level * 3 + 0.1 * rng.NextNormal()).ToArray() : [])];
        double Gap(RegionMatching matching) => Enumerable.Range(0, 200).Average(i =>
        {
            var arms = RegionAssignment.Draw(series, 0, 10, 10, matching, new Rng(i)).Treated;
            return Math.Abs(series.Where((_, r) => arms[r]).Average(s => s.Average()) - series.Where((_, r) => !arms[r]).Average(s => s.Average()));
        });
        Assert.True(Gap(RegionMatching.Rerandomised) < 0.4 * Gap(RegionMatching.Random));
    }

    [Fact]
    public void The_smallest_effect_of_plain_noise_is_the_textbook_one()
    {
        // 40 regions of independent noise: (1.96 + 0.84) times the error of a difference of two means of 20 regions over 7 days, adjusted for a mean that says nothing.
        var rng = new Rng(5);
        double[][] series = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 300).Select(_ => rng.NextNormal()).ToArray())];
        var result = GeoReplay.Run(series, 20, 7, RegionMatching.Random, new() { Runs = 2_000 });
        Assert.Equal(RegionMethod.Covariance, result.Method);
        Close.Absolute(2.86 * Math.Sqrt(2.0 / (20 * 7)), result.Smallest!.Value, 0.03);
        Assert.InRange(result.Smallest.Value, result.Low!.Value, result.High!.Value);
        Assert.InRange(result.FalseAlarms, 0.03, 0.07);
        Assert.Equal(result, GeoReplay.Run(series, 20, 7, RegionMatching.Random, new() { Runs = 2_000, Threads = 1 }));
    }

    [Theory]
    [InlineData(RegionMatching.Pairs, 10, RegionMethod.PairsSwapped)]
    [InlineData(RegionMatching.Random, 4, RegionMethod.CovarianceReassigned)]
    [InlineData(RegionMatching.Random, 1, RegionMethod.Synthetic)]
    [Trait("speed", "slow")]
    public void Tests_with_the_effect_put_in_find_it_as_often_as_promised(RegionMatching matching, int treated, RegionMethod method)
    {
        var regions = method == RegionMethod.CovarianceReassigned ? 9 : method == RegionMethod.Synthetic ? 24 : 20;
        double[][] Draw(Rng rng)
        {
            var common = new double[40];
            for (var t = 1; t < common.Length; t++)
            {
                common[t] = common[t - 1] + 0.3 * rng.NextNormal();
            }

            return [.. Enumerable.Range(0, regions).Select(_ => (Level: 10 + 2 * rng.NextNormal(), Load: 1 + 0.3 * rng.NextNormal()) is var own ? common.Select(c => own.Level + own.Load * c + rng.NextNormal()).ToArray() : [])];
        }

        // The smallest effect over many histories, then real tests of new histories with that effect.
        var plans = Enumerable.Range(0, 8).Select(i => GeoReplay.Run(Draw(new Rng(i).Stream("plan")), treated, 8, matching, new() { Runs = 50, MostBefore = 32 })).ToList();
        Assert.All(plans, p => Assert.Equal(method, p.Method));
        var effect = plans.Average(p => p.Smallest!.Value);
        int found = 0, runs = 100;
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("real");
            var series = Draw(rng);
            var draw = RegionAssignment.Draw(series, 0, 32, treated, matching, rng);
            foreach (var i in Enumerable.Range(0, regions).Where(i => draw.Treated[i]))
            {
                for (var t = 32; t < 40; t++)
                {
                    series[i][t] += effect;
                }
            }

            found += P(series, draw, method) <= 0.05 ? 1 : 0;
        }

        Assert.InRange(found / (double)runs, 0.66, 0.93);
    }

    [Fact]
    public void Too_little_history_is_refused()
    {
        double[][] four = [[1, 2, 3], [1, 2, 4], [2, 2, 2], [4, 1, 2]];
        Assert.Throws<TooFewRowsException>(() => GeoReplay.Run(four, 2, 1, RegionMatching.Random));
        Assert.Throws<TooFewRowsException>(() => GeoReplay.Run([.. four.Take(3)], 1, 1, RegionMatching.Random));

        // 3 and 3 regions reach no p of 5 %: there is no effect that a test could find.
        var rng = new Rng(1);
        double[][] six = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 30).Select(_ => rng.NextNormal()).ToArray())];
        Assert.Null(GeoReplay.Run(six, 3, 5, RegionMatching.Random, new() { Runs = 50 }).Smallest);
    }

    private static double P(double[][] series, RegionDraw draw, RegionMethod method)
    {
        double Before(double[] s) => s[..32].Average();
        double After(double[] s) => s[32..].Average();
        if (method == RegionMethod.Synthetic)
        {
            return SyntheticControl.Estimate(series, draw.Treated, 32, new() { Level = 0.5 }).Effect.PValue;
        }

        if (method == RegionMethod.PairsSwapped)
        {
            int[] own = [.. Enumerable.Range(0, series.Length).Where(i => draw.Treated[i])];
            return PairedAncova.Test([.. own.Select(i => After(series[i]) - After(series[draw.Partner![i]]))], [.. own.Select(i => Before(series[i]) - Before(series[draw.Partner![i]]))]).PValue;
        }

        ClusterTotals Of(bool arm) => new([.. series.Where((_, i) => draw.Treated[i] == arm).Select(After)], [.. series.Where((_, i) => draw.Treated[i] == arm).Select(_ => 1.0)]);
        return ClusterAncova.Test(Of(true), Of(false), [[.. series.Where((_, i) => draw.Treated[i]).Select(Before), .. series.Where((_, i) => !draw.Treated[i]).Select(Before)]]).PValue;
    }
}
