using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>
/// Against lm with clubSandwich 0.5.8 in R (tests/reference/interference/ancova.json; closed forms, 1e-8 relative) and against every assignment run in numpy by matrix definitions, with simplex weights by
/// non-negative least squares and ridge weights in the primal (geo.json; p exact, effects to 1e-5 where the reference holds the sum of weights by a penalty, interval ends to 1e-3 relative).
/// </summary>
public sealed class RegionTests
{
    [Fact]
    public void Adjusted_difference_error_and_degrees_are_those_of_clubSandwich()
    {
        foreach (var set in ReferenceFile.Open("interference", "ancova.json").GetProperty("sets").EnumerateArray())
        {
            var (first, second) = Totals(set.Numbers("y"), set.Numbers("cluster"), set.Number("treated"), 1);
            double[][] x = [.. set.GetProperty("x").EnumerateArray().Select(c => c.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
            var result = ClusterAncova.Compare(first, second, x);
            Close.Relative(set.Number("difference"), result.Difference.Value, 1e-8, "difference");
            Close.Relative(set.Number("error"), result.Difference.StandardError, 1e-8, "error");
            Close.Relative(set.Number("degrees"), result.Difference.DegreesOfFreedom!.Value, 1e-7, "degrees");
            Close.Relative(set.Number("p"), result.Difference.PValue, 1e-6, "p");
            Close.Relative(set.Number("first"), result.First.Mean, 1e-8, "first");
            Close.Relative(set.Number("second"), result.Second.Mean, 1e-8, "second");
            Close.Relative(set.Number("firstVariance"), result.First.Variance, 1e-7, "variance of the first");
            Close.Relative(set.Number("secondVariance"), result.Second.Variance, 1e-7, "variance of the second");
            Close.Absolute(set.Number("covariance"), result.Covariance, 1e-7 * set.Number("firstVariance"), "covariance");
        }
    }

    [Fact]
    public void Pairs_agree_with_clubSandwich()
    {
        foreach (var set in ReferenceFile.Open("interference", "ancova.json").GetProperty("pairs").EnumerateArray())
        {
            var result = PairedAncova.Compare(set.Numbers("y"), set.Numbers("x"));
            Close.Relative(set.Number("value"), result.Value, 1e-9, "value");
            Close.Relative(set.Number("error"), result.StandardError, 1e-9, "error");
            Close.Relative(set.Number("degrees"), result.DegreesOfFreedom!.Value, 1e-8, "degrees");
            Close.Relative(set.Number("p"), result.PValue, 1e-7, "p");
        }
    }

    [Fact]
    public void Every_assignment_is_run_with_the_covariate_held()
    {
        foreach (var set in ReferenceFile.Open("interference", "geo.json").GetProperty("ancova").EnumerateArray())
        {
            var (first, second) = Totals(set.Numbers("y"), set.Numbers("cluster"), set.Number("treated"), 0);
            var pre = set.Numbers("pre");
            var result = ClusterAncova.Test(first, second, [pre]);
            Assert.True(result.IsExact);
            Assert.Equal(set.Count("assignments"), result.Assignments);
            Assert.Equal(set.Number("p"), result.PValue, 12);
            if (set.TryGetProperty("low", out var low))
            {
                var interval = ClusterAncova.Invert(first, second, [pre])!.Value;
                Close.Absolute(low.GetDouble(), interval.Low, 1e-5, "low");
                Close.Absolute(set.Number("high"), interval.High, 1e-5, "high");
            }
        }

        var pairs = ReferenceFile.Open("interference", "geo.json").GetProperty("pairs");
        var (y, x) = (pairs.Numbers("y"), pairs.Numbers("x"));
        var test = PairedAncova.Test(y, x);
        Assert.Equal(pairs.Count("assignments"), test.Assignments);
        Assert.Equal(pairs.Number("p"), test.PValue, 12);
        Assert.Equal(2.0 / 128, test.SmallestP, 12);
        var range = PairedAncova.Invert(y, x)!.Value;
        Close.Absolute(pairs.Number("low"), range.Low, 1e-5, "low");
        Close.Absolute(pairs.Number("high"), range.High, 1e-5, "high");
    }

    [Fact]
    public void Synthetic_controls_agree_with_numpy()
    {
        foreach (var set in ReferenceFile.Open("interference", "geo.json").GetProperty("synthetic").EnumerateArray())
        {
            double[][] series = [.. set.GetProperty("series").EnumerateArray().Select(c => c.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
            bool[] treated = [.. Enumerable.Range(0, series.Length).Select(i => i < set.Number("treated"))];
            var before = (int)set.Count("before");
            var result = SyntheticControl.Estimate(series, treated, before, new() { Level = set.Number("level") });
            Assert.Equal(set.GetProperty("penalty").ValueKind == System.Text.Json.JsonValueKind.Null ? double.PositiveInfinity : set.Number("penalty"), result.Penalty);
            Close.Relative(set.Number("gap"), result.Effect.Value, 1e-5, "gap");
            Close.Relative(set.Number("misfit"), result.Misfit, 1e-5, "misfit");
            Assert.Equal(set.Number("p"), result.Effect.PValue, 10);
            Assert.Equal(set.Number("ratioP"), result.RatioP, 10);
            Assert.Equal(set.Count("assignments"), result.Test.Assignments);
            var width = set.Number("high") - set.Number("low");
            Close.Absolute(set.Number("low"), result.Effect.Low, 1e-3 * width, "low");
            Close.Absolute(set.Number("high"), result.Effect.High, 1e-3 * width, "high");
            double[] weights = [.. set.Numbers("weights")];
            Assert.All(result.Donors.Where((_, i) => !treated[i]).Zip(weights), w => Close.Absolute(w.Second, w.First, 1e-4, "weight"));
            Close.Absolute(1, result.Donors.Sum(), 1e-9, "sum of weights");
            Close.Absolute(result.Effect.Value, result.Treated.Skip(before).Zip(result.Counterfactual.Skip(before), (a, b) => a - b).Average(), 1e-9, "gap of the two lines");
        }
    }

    [Fact]
    public void A_region_that_is_a_mix_of_two_gets_their_weights()
    {
        var rng = new Rng(3);
        double[][] series = [[], .. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 40).Select(_ => 10 + rng.NextNormal()).ToArray())];
        series[0] = [.. Enumerable.Range(0, 40).Select(t => 7 + 0.3 * series[1][t] + 0.7 * series[2][t] + (t >= 30 ? 2 : 0))];
        bool[] treated = [true, false, false, false, false, false, false];
        var result = SyntheticControl.Estimate(series, treated, 30, new() { Level = 0.8, Penalty = double.PositiveInfinity });
        Close.Absolute(0.3, result.Donors[1], 1e-4);
        Close.Absolute(0.7, result.Donors[2], 1e-4);
        Close.Absolute(2, result.Effect.Value, 1e-3);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        var three = new ClusterTotals([1, 2, 4], [1, 1, 1]);
        Assert.Throws<TooFewRowsException>(() => ClusterAncova.Compare(new ClusterTotals([1], [1]), three, [[1, 2, 3, 4]]));
        Assert.Throws<NotEstimableException>(() => ClusterAncova.Compare(three, three, [[1, 1, 1, 0, 0, 0]]));
        Assert.Throws<ArgumentException>(() => ClusterAncova.Compare(three, three, [[1, 1]]));
        Assert.Throws<TooFewRowsException>(() => PairedAncova.Compare([1, 2, 3], [1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => PairedAncova.Compare([1, 1, 1, 1], [2, 2, 2, 2]));
        double[] flat = [1, 1, 1, 1, 1];
        Assert.Throws<NotEstimableException>(() => SyntheticControl.Estimate([flat, flat, flat, flat], [true, false, false, false], 4));
        Assert.Throws<TooFewRowsException>(() => SyntheticControl.Estimate([flat, flat, flat], [true, true, false], 4));
        Assert.Throws<TooFewRowsException>(() => SyntheticControl.Estimate([flat, flat, flat], [true, false, false], 3));

        // A covariate that never varies says nothing, and the plain comparison is left.
        Close.Relative(ClusterComparison.Compare(three, new ClusterTotals([2, 6, 9], [1, 1, 1])).Difference.PValue, ClusterAncova.Compare(three, new ClusterTotals([2, 6, 9], [1, 1, 1]), [[5, 5, 5, 5, 5, 5]]).Difference.PValue, 1e-10);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_regions_cover_and_tests_keep_their_size()
    {
        const int runs = 1_000;
        var (cover, size, swapped) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("regions");
            double[] pre = [.. Enumerable.Range(0, 22).Select(_ => 10 + 4 * rng.NextNormal())];
            double[] post = [.. pre.Select((v, i) => 2 + 0.9 * v + (i < 9 ? 0.5 : 0) + rng.NextNormal() * (i < 9 ? 1.5 : 1))];
            var fit = ClusterAncova.Compare(Ones(post[..9]), Ones(post[9..]), [pre]).Difference;
            cover += fit.Low <= 0.5 && fit.High >= 0.5 ? 1 : 0;
            size += ClusterAncova.Test(Ones([.. post[10..14]]), Ones([.. post[14..18]]), [pre[10..18]]).PValue <= 0.05 ? 1 : 0;
            double[] x = [.. Enumerable.Range(0, 7).Select(_ => 3 * rng.NextNormal())];
            swapped += PairedAncova.Test([.. x.Select(v => v + rng.NextNormal())], x).PValue <= 0.05 ? 1 : 0;
        }

        Assert.InRange(cover / (double)runs, 0.925, 0.975);
        Assert.InRange(size / (double)runs, 0.02, 0.07);
        Assert.InRange(swapped / (double)runs, 0.02, 0.07);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Placebo_tests_keep_their_size_and_their_intervals_cover()
    {
        const int runs = 400;
        var (rejected, covered, early) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("synthetic size");
            double[] common = new double[30];
            for (var t = 1; t < common.Length; t++)
            {
                common[t] = common[t - 1] + rng.NextNormal();
            }

            // Which region is treated is drawn, as the test supposes; regions differ in level, load and noise.
            double[][] series = [.. Enumerable.Range(0, 20).Select(_ =>
            {
                var (load, noise) = (rng.NextNormal(), 0.3 + rng.NextDouble());
                return common.Select(c => load * c + noise * rng.NextNormal()).ToArray();
            })];
            var treated = new bool[20];
            var chosen = rng.NextInt(20);
            treated[chosen] = true;
            for (var t = 22; t < 30; t++)
            {
                series[chosen][t] += 1.0;
            }

            // An interval without an end covers.
            covered += Interval(series, treated, 22) is not { } interval || (interval.Low <= 1 && interval.High >= 1) ? 1 : 0;
            early += SyntheticControl.InTime(series, treated, 22).Test.PValue <= 0.05 ? 1 : 0;
            for (var t = 22; t < 30; t++)
            {
                series[chosen][t] -= 1.0;
            }

            rejected += SyntheticControl.Estimate(series, treated, 22, new() { Level = 0.5 }).Effect.PValue <= 0.1 ? 1 : 0;
        }

        Assert.InRange(rejected / (double)runs, 0.05, 0.15);
        Assert.InRange(covered / (double)runs, 0.85, 0.95);
        Assert.InRange(early / (double)runs, 0.02, 0.09);
    }

    private static Gnomon.Numerics.Interval? Interval(double[][] series, bool[] treated, int before)
    {
        try
        {
            return SyntheticControl.Estimate(series, treated, before, new() { Level = 0.9 }).Effect.Interval;
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private static ClusterTotals Ones(double[] values) => new(values, [.. values.Select(_ => 1.0)]);

    private static (ClusterTotals First, ClusterTotals Second) Totals(double[] y, double[] cluster, double treated, int from)
    {
        var groups = y.Zip(cluster).GroupBy(r => r.Second).OrderBy(g => g.Key).ToList();
        ClusterTotals Of(bool first) => new([.. groups.Where(g => g.Key - from < treated == first).Select(g => g.Sum(r => r.First))], [.. groups.Where(g => g.Key - from < treated == first).Select(g => (double)g.Count())]);
        return (Of(true), Of(false));
    }

    // Exchanging partners never ends above the nearest-first pairs, and finds the least sum of all ways to pair 8 or 7 regions in most draws.
    [Theory]
    [InlineData(8)]
    [InlineData(7)]
    public void Partners_are_exchanged_until_no_exchange_helps(int regions)
    {
        const int draws = 200;
        var best = 0;
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("partners");
            double[][] series = [.. Enumerable.Range(0, regions).Select(_ => Enumerable.Range(0, 3).Select(_ => rng.NextNormal()).ToArray())];
            double Distance(int a, int b) => series[a].Zip(series[b], (x, y) => (x - y) * (x - y)).Sum();
            var partner = RegionAssignment.Partners(series, 0, 3);
            Assert.All(Enumerable.Range(0, regions).Where(i => partner[i] >= 0), i => Assert.Equal(i, partner[partner[i]]));
            Assert.Equal(regions % 2, partner.Count(p => p < 0));
            var sum = Enumerable.Range(0, regions).Where(i => partner[i] > i).Sum(i => Distance(i, partner[i]));
            double Least(List<int> left, bool mayLeave) => left.Count == 0 ? 0
                : left.Skip(1).Select(j => Distance(left[0], j) + Least([.. left.Skip(1).Where(k => k != j)], mayLeave)).Concat(mayLeave ? [Least([.. left.Skip(1)], false)] : []).DefaultIfEmpty(double.PositiveInfinity).Min();
            var least = Least([.. Enumerable.Range(0, regions)], regions % 2 == 1);
            Assert.True(sum >= least - 1e-9);
            best += sum < least + 1e-9 ? 1 : 0;
        }

        Assert.True(best > 0.7 * draws, $"the least sum was found in {best} of {draws}");
    }
}
