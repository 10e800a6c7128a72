using System.Text.Json;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>
/// The effect of everybody against nobody. Reference: tests/reference/interference/full.py (numpy's least squares, exposures over all 12,870 designs): slopes and the test of the bend 1e-8; what is weighted by
/// probabilities, which are drawn here 30,000 times, 1 %.
/// </summary>
public sealed class FullExposureTests
{
    [Fact]
    public void Slopes_levels_errors_and_the_bend_are_those_of_numpy()
    {
        var set = MethodReference.Load("interference/full.json");
        int[] cluster = [.. set.Numbers("cluster").Select(c => (int)c)];
        var on = set.Numbers("treated").Select(c => (int)c).ToHashSet();
        var pairs = set.GetProperty("edges").EnumerateArray().Select(e => (A: e[0].GetInt32(), B: e[1].GetInt32())).ToList();
        var graph = UnitGraph.Of(cluster.Length, [.. pairs.Select(p => p.A)], [.. pairs.Select(p => p.B)]);
        double[] y = [.. set.GetProperty("y").EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble())];
        var design = new ExposureDesign(graph, [.. cluster.Select(on.Contains)], cluster, new ExposureOptions { Surrounded = set.Number("surrounded"), Draws = 30_000 });
        var met = design.Estimate(y).Total!;
        var full = FullExposure.Of(design, y, met)!;
        Close.Relative(set.Number("treatedSlope"), full.TreatedSlope, 1e-8, "slope of the treated");
        Close.Relative(set.Number("controlSlope"), full.ControlSlope, 1e-8, "slope of controls");
        Close.Absolute(set.Number("met"), met.Difference.Value, 0.01, "as met");
        Close.Absolute(set.Number("everybody"), full.FirstMean, 0.01, "everybody");
        Close.Absolute(set.Number("nobody"), full.SecondMean, 0.01, "nobody");
        Close.Absolute(set.Number("firstTreated") - set.Number("secondTreated"), full.Reached, 0.002, "reached");

        // The design's own error of the contrast widens the sums over clusters.
        var wider = Math.Max(1, met.Difference.StandardError / set.Number("metError"));
        Close.Relative(set.Number("clusterError") * wider, full.Difference.StandardError, 0.01, "error");
        Assert.Contains("carried on in a straight line", full.Difference.Method, StringComparison.Ordinal);
        var curve = ExposureCurve.Test(design, y)!;
        Close.Relative(set.Number("statistic"), curve.Statistic, 1e-8, "bend");
        Close.Relative(set.Number("p"), curve.PValue, 1e-8, "p of the bend");
        Close.Absolute(set.Number("curved"), curve.Curved, 0.02, "along curves");
        Assert.Equal(full.Difference.Value, curve.Straight, 1e-12);
    }

    [Fact]
    public void Where_all_neighbours_share_the_arm_nothing_is_carried_on()
    {
        var (graph, cluster, arms) = Town(new Rng(3), 24, 10, _ => 0);
        double[] y = [.. arms.Select((a, i) => (a ? 1.0 : 0) + i % 7)];
        var design = new ExposureDesign(graph, arms, cluster, new ExposureOptions { Draws = 199 });
        var met = design.Estimate(y).Total!;
        var full = FullExposure.Of(design, y, met)!;
        Close.Relative(met.Difference.Value, full.Difference.Value, 1e-12);
        Close.Relative(met.Difference.StandardError, full.Difference.StandardError, 1e-9);
        Assert.Equal(met.Difference.PValue, full.Difference.PValue);
        Assert.Equal(met.Difference.Method, full.Difference.Method);
        Assert.Equal(1, full.Reached, 1e-12);
        Assert.Null(ExposureCurve.Test(design, y));
    }

    [Fact]
    public void The_same_design_gives_the_same_bits_whatever_the_threads()
    {
        var (graph, cluster, arms) = Town(new Rng(3), 24, 10, _ => 0.1);
        var y = Outcomes(new Rng(4), graph, cluster, arms, 1, (_, s) => s);
        var results = Enumerable.Range(0, 3).Select(_ => new ExposureDesign(graph, arms, cluster, new ExposureOptions { Draws = 199 })).Select(d => FullExposure.Of(d, y, d.Estimate(y).Total!)!).ToList();
        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    // Links that leave the cluster are more for some units, and those units score lower: the share goes with the outcome although neighbours do nothing beyond the line. 400 draws a cell, 0.95 within 3.3 binomial errors.
    // No spill-over, spill-over, and spill-over that differs between the arms: 0, -1.5, and -1.5 for controls, -0.5 for the treated.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(0, 0)]
    [InlineData(-1.5, -1.5)]
    [InlineData(-1.5, -0.5)]
    public void Intervals_cover_the_effect_of_a_launch_and_the_bend_stays_quiet(double ofControls, double ofTreated)
    {
        const int draws = 400;
        var (covered, raw, rejected, bent, made) = (0, 0, 0, 0, 0);
        var truth = 1 + ofTreated;
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run =>
        {
            var rng = new Rng(run).Stream("full exposure");
            var (graph, cluster, arms) = Town(rng, 40, 20, i => i % 2 == 0 ? 0.05 : 0.25);
            double[] Score(double own, double control, double treated) => [.. Outcomes(rng, graph, cluster, arms, own, (t, s) => (t ? treated : control) * s).Select((v, i) => v - (i % 2 == 0 ? 0 : 0.8))];
            var design = new ExposureDesign(graph, arms, cluster, new ExposureOptions { Draws = 199, Seed = (ulong)run });
            var y = Score(1, ofControls, ofTreated);
            if (design.Estimate(y).Total is not { } met || FullExposure.Of(design, y, met)?.Difference is not { } full)
            {
                return;
            }

            Interlocked.Increment(ref made);
            Interlocked.Add(ref covered, full.Low <= truth && truth <= full.High ? 1 : 0);
            Interlocked.Add(ref raw, met.Difference.Low <= truth && truth <= met.Difference.High ? 1 : 0);
            Interlocked.Add(ref bent, ExposureCurve.Test(design, y) is { PValue: < 0.05 } ? 1 : 0);
            var none = Score(0, 0, 0);
            Interlocked.Add(ref rejected, FullExposure.Of(design, none, design.Estimate(none).Total!)!.Difference.PValue <= 0.05 ? 1 : 0);
        });
        var text = $"of {made}: covers {covered / (double)made:0.000}, as met {raw / (double)made:0.000}, false alarms {rejected / (double)made:0.000}, bends called {bent / (double)made:0.000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(made > 0.9 * draws && covered / (double)made is > 0.914 and < 0.99 && rejected / (double)made < 0.087 && bent / (double)made < 0.087, text);
    }

    // Outcomes that turn once most neighbours are treated: the bend is seen.
    [Fact]
    [Trait("speed", "slow")]
    public void A_response_that_bends_is_seen()
    {
        const int draws = 60;
        var seen = 0;
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run =>
        {
            var rng = new Rng(run).Stream("bend");
            var (graph, cluster, arms) = Town(rng, 80, 30, _ => 0.35);
            var y = Outcomes(rng, graph, cluster, arms, 1, (_, s) => 12 * (s - 0.5) * (s - 0.5));
            Interlocked.Add(ref seen, ExposureCurve.Test(new ExposureDesign(graph, arms, cluster, new ExposureOptions { Draws = 199, Surrounded = 0.6 }), y) is { PValue: < 0.01 } ? 1 : 0);
        });
        TestContext.Current.SendDiagnosticMessage($"bends seen {seen} of {draws}");
        Assert.True(seen >= 0.95 * draws, $"{seen} of {draws}");
    }

    // Communities; a unit's links leave its community with a probability of its own.
    private static (UnitGraph Graph, int[] Cluster, bool[] Arms) Town(Rng rng, int communities, int size, Func<int, double> leaves, int links = 4)
    {
        var n = communities * size;
        var (from, to) = (new int[n * links], new int[n * links]);
        for (var e = 0; e < from.Length; e++)
        {
            from[e] = e / links;
            to[e] = rng.NextDouble() < leaves(from[e]) ? rng.NextInt(n) : from[e] / size * size + rng.NextInt(size);
        }

        int[] order = [.. Enumerable.Range(0, communities)];
        rng.Shuffle<int>(order);
        var on = order.Take(communities / 2).ToHashSet();
        int[] cluster = [.. Enumerable.Range(0, n).Select(i => i / size)];
        return (UnitGraph.Of(n, from, to), cluster, [.. cluster.Select(on.Contains)]);
    }

    private static double[] Outcomes(Rng rng, UnitGraph graph, int[] cluster, bool[] arms, double own, Func<bool, double, double> spill)
    {
        var level = Enumerable.Range(0, cluster.Max() + 1).Select(_ => 0.3 * rng.NextNormal()).ToArray();
        return [.. arms.Select((a, i) =>
        {
            var around = graph.Neighbours(i).ToArray();
            var share = around.Length == 0 ? (a ? 1.0 : 0) : around.Count(j => arms[j]) / (double)around.Length;
            return 10 + level[cluster[i]] + (a ? own : 0) + spill(a, share) + rng.NextNormal();
        })];
    }
}
