using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>Ratios, parts and quantiles that a design of means compares: equivalences with the methods for units and clusters, and simulation.</summary>
public sealed class LinearisedTests
{
    // Equal weights and a group to each value: MidQuantile's quantile and error exactly; integers, so that values repeat.
    [Fact]
    public void A_weighted_quantile_of_equal_weights_is_the_mid_quantile()
    {
        foreach (var share in new[] { 0.1, 0.5, 0.9 })
        {
            var rng = new Rng(8);
            double[] values = [.. Enumerable.Range(0, 300).Select(_ => Math.Round(20 * rng.NextNormal()))];
            int[] group = [.. Enumerable.Range(0, 300)];
            var expected = MidQuantile.Estimate(values, share);
            var r = WeightedQuantile.Of(values, [.. values.Select(_ => 2.5)], group, 300, share);
            Close.Relative(expected.Mean, r.Value, 1e-12, "quantile");
            double[] parts = [.. values.Select(r.Contribution)];
            var own = Moments.Of(parts);
            Close.Relative(r.Value, own.Mean, 1e-12, "contributions average to the quantile");
            Close.Relative(expected.Variance, own.VarianceOfMean, 1e-9, "variance");
        }
    }

    [Fact]
    public void A_weight_of_two_is_the_value_twice_and_of_none_is_no_value()
    {
        var rng = new Rng(3);
        double[] values = [.. Enumerable.Range(0, 120).Select(_ => rng.NextNormal())];
        int[] group = [.. Enumerable.Range(0, 120).Select(i => i / 3)];
        var weighted = WeightedQuantile.Of(values, [.. values.Select((_, i) => (double)(i % 3))], group, 40, 0.5);
        int[] copies = [.. Enumerable.Range(0, 120).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        var repeated = WeightedQuantile.Of([.. copies.Select(i => values[i])], [.. copies.Select(_ => 1.0)], [.. copies.Select(i => group[i])], 40, 0.5);
        Close.Relative(repeated.Value, weighted.Value, 1e-12, "value");
        Close.Relative(repeated.Slope, weighted.Slope, 1e-12, "slope");
        Assert.Throws<TooFewRowsException>(() => WeightedQuantile.Of(values, [.. values.Select(_ => 1.0)], [.. group.Select(g => g % 5)], 5, 0.5));
        Assert.Throws<NotEstimableException>(() => WeightedQuantile.Of(values, [.. values.Select(_ => 1.0)], group, 40, 0.0001));
        Assert.Throws<NotEstimableException>(() => WeightedQuantile.Of([.. values.Select(v => v > 0 ? 1.0 : 0)], [.. values.Select(_ => 1.0)], group, 40, 0.5));
    }

    // Errors of the linearised ratio by unit are the delta method's of RatioMetric; the parts of units are Welch's and their logs'.
    [Fact]
    public void Ratios_of_independent_units_are_the_delta_method()
    {
        var rng = new Rng(6);
        (double[] Y, double[] D) Arm(int n, double shift) => ([.. Enumerable.Range(0, n).Select(_ => 3 + shift + rng.NextNormal())], [.. Enumerable.Range(0, n).Select(_ => 1.0 + rng.NextInt(4))]);
        var (x, y) = (Arm(200, 0.3), Arm(150, 0));
        var means = new PairedMeans(x.Y.Average(), x.D.Average(), y.Y.Average(), y.D.Average());
        ContrastResult Compare(LinearForm t, LinearForm c) => WelchT.Test([.. x.Y.Select((v, i) => t.Of(v, x.D[i]))], [.. y.Y.Select((v, i) => c.Of(v, y.D[i]))]);
        var (difference, log) = LinearisedParts.Ratio(means, Compare);
        Close.Relative(means.FirstTreated / means.SecondTreated - means.FirstControl / means.SecondControl, difference.Value, 1e-12, "difference");
        Close.Relative(Math.Log(means.FirstTreated / means.SecondTreated * means.SecondControl / means.FirstControl), log!.Value, 1e-12, "log");
        double Variance((double[] Y, double[] D) a, double r, double d) => Moments.Of([.. a.Y.Select((v, i) => (v - r * a.D[i]) / d)]).VarianceOfMean;
        Close.Relative(Math.Sqrt(Variance(x, means.FirstTreated / means.SecondTreated, means.SecondTreated) + Variance(y, means.FirstControl / means.SecondControl, means.SecondControl)), difference.StandardError, 1e-12, "error");
        Assert.Throws<NotEstimableException>(() => LinearisedParts.Ratio(means with { SecondControl = 0 }, Compare));
    }

    // A switchback of one period a block without burn-in: blocks are clusters, so shares and amounts are those of clusters up to the correction for few (G / (G - 1) against CR2).
    [Fact]
    public void Parts_of_a_switchback_without_burn_in_are_those_of_its_blocks()
    {
        var (value, any, arms) = Series(400, 0, 2);
        SwitchbackCells Of(double[] sums) => new([arms], new int[400], [.. Enumerable.Range(0, 400)], new int[400], sums, [.. Enumerable.Repeat(10.0, 400)], 1);
        var (v, a) = (Of(value), Of(any));
        ContrastResult Compare(LinearForm t, LinearForm c) => Switchback.Estimate(v.Combine(a, t, c)).Hajek;
        var (mv, ma) = (Switchback.Estimate(v), Switchback.Estimate(a));
        var r = LinearisedParts.TwoPart(new(mv.TreatedMean, ma.TreatedMean, mv.ControlMean, ma.ControlMean), Compare);
        TwoPartClusters Arm(int arm)
        {
            int[] rows = [.. Enumerable.Range(0, 400).Where(i => arms[i] == arm)];
            return new([.. rows.Select(i => value[i])], [.. rows.Select(i => any[i])], [.. rows.Select(_ => 10.0)]);
        }

        var clusters = ClusteredTwoPart.Compare(Arm(1), Arm(0));
        foreach (var (expected, seen) in new[] { (clusters.Share, r.Share), (clusters.Amount, r.Amount), (clusters.Mean, r.Mean), (clusters.LogShare!, r.LogShare!), (clusters.LogAmount!, r.LogAmount!), (clusters.LogMean!, r.LogMean!) })
        {
            Close.Relative(expected.Value, seen.Value, 1e-10, "value");
            Close.Relative(expected.StandardError, seen.StandardError, 0.002, "error");
        }

        Close.Relative(clusters.JointStatistic, r.JointStatistic, 0.01, "F");
    }

    // 1,000 switchbacks of 80 blocks of 3 periods, one period of burn-in, blocks with a spread of their own: share, amount, logs and the 75 % quantile. 0.95 within 3.3 binomial errors is 0.927 to 0.973.
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_parts_and_quantiles_by_block_cover_as_often_as_they_say()
    {
        const int draws = 1_000;
        var hits = new int[5];
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, d =>
        {
            var rng = new Rng(d).Stream("block parts");
            const int blocks = 80;
            int[] arms = [.. Enumerable.Range(0, blocks).Select(_ => rng.NextDouble() < 0.5 ? 1 : 0)], all = [.. Enumerable.Range(0, 3 * blocks)];
            var (sums, any, sizes) = (new double[all.Length], new double[all.Length], new double[all.Length]);
            var (values, cell) = (new List<double>(), new List<int>());
            var level = Enumerable.Range(0, blocks).Select(_ => 0.5 * rng.NextNormal()).ToArray();
            foreach (var i in all)
            {
                sizes[i] = 5 + rng.NextInt(10);
                for (var u = 0; u < sizes[i]; u++)
                {
                    var y = rng.NextDouble() < 0.5 + 0.1 * Math.Tanh(level[i / 3]) ? Math.Exp(1 + 0.3 * level[i / 3] + 0.4 * rng.NextNormal()) : 0;
                    (sums[i], any[i]) = (sums[i] + y, any[i] + (y > 0 ? 1 : 0));
                    values.Add(level[i / 3] + rng.NextNormal());
                    cell.Add(i);
                }
            }

            SwitchbackCells Of(double[] s) => new([arms], new int[all.Length], [.. all.Select(i => i / 3)], [.. all.Select(i => i % 3)], s, sizes, 3);
            var (v, a) = (Of(sums), Of(any));
            var (mv, ma) = (Switchback.Estimate(v, 1), Switchback.Estimate(a, 1));
            var r = LinearisedParts.TwoPart(new(mv.TreatedMean, ma.TreatedMean, mv.ControlMean, ma.ControlMean), (t, c) => Switchback.Estimate(v.Combine(a, t, c), 1).Hajek);
            int[] armOf = [.. all.Select(i => arms[i / 3])];
            var q = Gnomon.Studies.Ab.Touching.SwitchbackQuantile.Of(v, armOf, [.. cell], [.. values], 0.75, 1, 0.5, ["off", "on"]);
            var quantile = Switchback.Estimate(q.Cells, 1).Hajek;
            foreach (var (c, k) in new[] { r.Share, r.Amount, r.LogAmount!, r.LogMean!, quantile }.Select((c, k) => (c, k)))
            {
                Interlocked.Add(ref hits[k], c.Low <= 0 && c.High >= 0 ? 1 : 0);
            }
        });
        var text = $"share, amount, log amount, log mean, quantile: {string.Join(", ", hits.Select(h => $"{h / (double)draws:0.000}"))}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.All(hits, h => Assert.True(h / (double)draws is >= 0.927 and <= 0.98, text));
    }

    // 150 draws of 60 rings of 12 linked units, assigned as rings; outcomes answer to the ring, no effect. A ratio, the mean of those with a value and the 75 % quantile by exposure. 0.95 within 3.3 binomial errors.
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_ratios_and_quantiles_by_exposure_cover_as_often_as_they_say()
    {
        const int draws = 150, rings = 60, size = 12;
        int[] all = [.. Enumerable.Range(0, rings * size)];
        var graph = UnitGraph.Of(all.Length, [.. all, .. all.Where(i => i % 20 == 0)], [.. all.Select(i => i / size * size + (i + 1) % size), .. all.Where(i => i % 20 == 0).Select(i => (i + 137) % all.Length)]);
        int[] assigned = [.. all.Select(i => i / size)];
        var hits = new int[4];
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("exposure parts");
            var drawn = Enumerable.Range(0, rings).OrderBy(_ => rng.NextDouble()).Take(rings / 2).ToHashSet();
            bool[] arms = [.. all.Select(i => drawn.Contains(i / size))];
            var level = Enumerable.Range(0, rings).Select(_ => 0.4 * rng.NextNormal()).ToArray();
            double[] below = [.. all.Select(_ => 1.0 + rng.NextInt(4))], above = [.. all.Select(i => below[i] * (2 + level[i / size]) + rng.NextNormal())];
            double[] any = [.. all.Select(_ => rng.NextDouble() < 0.5 ? 1.0 : 0)], spend = [.. all.Select(i => any[i] * Math.Exp(1 + 0.5 * level[i / size] + 0.3 * rng.NextNormal()))];
            double[] y = [.. all.Select(i => level[i / size] + rng.NextNormal())];
            var a = new Gnomon.Studies.Ab.Touching.ExposureAnalysis(graph, arms, assigned, new ExposureDesign(graph, arms, assigned, new ExposureOptions { Draws = 199, Seed = (ulong)d }), true, 0.95, (ulong)d);
            ContrastResult Of(double[] z) => a.Compare(z, z, new(0, 1, 0), new(0, 1, 0));
            var parts = LinearisedParts.TwoPart(a.Means(spend, any), (t, c) => a.Compare(spend, any, t, c));
            foreach (var (c, k) in new[] { Of(a.Ratio(above, below)), parts.Amount, parts.LogAmount!, Of(a.Quantile(y, 0.75, ["off", "on"])) }.Select((c, k) => (c, k)))
            {
                hits[k] += c.Low <= 0 && c.High >= 0 ? 1 : 0;
            }
        }

        var text = $"ratio, amount, log amount, quantile: {string.Join(", ", hits.Select(h => $"{h / (double)draws:0.000}"))}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.All(hits, h => Assert.True(h / (double)draws is >= 0.891 and <= 0.9999, text));
    }

    private static (double[] Value, double[] Any, int[] Arms) Series(int blocks, double effect, int seed)
    {
        var rng = new Rng(seed);
        var (value, any, arms) = (new double[blocks], new double[blocks], new int[blocks]);
        for (var b = 0; b < blocks; b++)
        {
            arms[b] = b % 2;
            for (var u = 0; u < 10; u++)
            {
                var y = rng.NextDouble() < 0.5 ? 3 + effect * arms[b] + rng.NextNormal() : 0;
                (value[b], any[b]) = (value[b] + y, any[b] + (y != 0 ? 1 : 0));
            }
        }

        return (value, any, arms);
    }
}
