using System.Diagnostics;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>
/// Modularity against networkx 3.6.1 (1e-9); exposures and their probabilities against all 70 designs of a small one (tests/reference/interference/graph.json): drawn shares within 4 binomial
/// errors; effects against a planted truth.
/// </summary>
public sealed class GraphTests
{
    [Fact]
    public void Modularity_and_cross_share_are_those_of_networkx_and_communities_are_as_good()
    {
        foreach (var set in ReferenceFile.Open("interference", "graph.json").GetProperty("graphs").EnumerateArray())
        {
            var graph = Graph((int)set.Number("units"), set.GetProperty("edges"));
            int[] labels = [.. set.Numbers("labels").Select(l => (int)l)];
            Close.Absolute(set.Number("modularity"), Louvain.Modularity(graph, labels), 1e-9, "modularity");
            Close.Absolute(set.Number("crossShare"), graph.CrossShare(labels), 1e-12, "cross share");
            var found = Louvain.Find(graph);
            Assert.True(found.Modularity >= set.Number("louvain") - 0.03, $"{found.Modularity} against {set.Number("louvain")}");
            Close.Absolute(Louvain.Modularity(graph, found.Labels), found.Modularity, 1e-12);
            Assert.Equal(found.Count, found.Labels.Distinct().Count());
            Assert.Equal(found.Labels, Louvain.Find(graph).Labels);
        }
    }

    [Fact]
    public void Loops_and_repeated_edges_are_dropped()
    {
        var graph = UnitGraph.Of(4, [0, 1, 0, 2, 2], [1, 0, 1, 2, 3]);
        Assert.Equal(2, graph.Edges);
        Assert.Equal([1], graph.Neighbours(0).ToArray());
        Assert.Equal(1, graph.Degree(2));
        Assert.Equal(0, UnitGraph.Of(2, [], []).CrossShare([0, 1]));
        Assert.Equal(0, Louvain.Find(UnitGraph.Of(3, [], [])).Modularity);
    }

    [Fact]
    public void Exposures_and_their_probabilities_are_those_of_all_designs()
    {
        var set = ReferenceFile.Open("interference", "graph.json").GetProperty("design");
        int[] cluster = [.. set.Numbers("cluster").Select(c => (int)c)];
        var on = set.Numbers("treated").Select(c => (int)c).ToHashSet();
        const int draws = 4_000;
        var design = new ExposureDesign(Graph(40, set.GetProperty("edges")), [.. cluster.Select(on.Contains)], cluster, new ExposureOptions { Surrounded = set.Number("surrounded"), Draws = draws });
        var names = new[] { "00", "01", "10", "11", "mixed" };
        Assert.Equal(set.GetProperty("seen").EnumerateArray().Select(s => s.GetString()), design.Observed().Select(e => names[(int)e]));
        for (var i = 0; i < 40; i++)
        {
            foreach (var (name, kind) in new[] { ("probability00", Exposure.ControlAmongControls), ("probability11", Exposure.TreatedAmongTreated) })
            {
                var p = set.Numbers(name)[i];
                Close.Absolute(p, design.Probability(i, kind), 4 * Math.Sqrt(p * (1 - p) / draws) + 2.0 / draws, $"{name} of {i}");
            }
        }
    }

    [Fact]
    public void The_total_effect_is_found_where_the_plain_difference_misses_it()
    {
        var (graph, cluster, arms) = Town(new Rng(5), 60, 25, 0.1);
        var y = Outcomes(new Rng(6), graph, arms, direct: 0.3, spill: 0.4);
        var effects = new ExposureDesign(graph, arms, cluster, new ExposureOptions { Draws = 299 }).Estimate(y);
        Assert.InRange(effects.Total!.Difference.Low, 0.4, 0.7);
        Assert.InRange(effects.Total.Difference.High, 0.6, 0.95);
        Assert.True(effects.Total.Difference.PValue < 0.01);
        Assert.InRange(effects.Total.FirstTreated, 0.9, 0.99);
        Assert.InRange(effects.Total.SecondTreated, 0.01, 0.1);
        Assert.Equal(y.Length, effects.Counts.Sum());
    }

    [Fact]
    public void Units_assigned_one_by_one_do_not_identify_the_total_effect()
    {
        var (graph, _, _) = Town(new Rng(5), 40, 25, 0.1);
        var rng = new Rng(1);
        bool[] arms = [.. Enumerable.Range(0, graph.Units).Select(_ => rng.NextDouble() < 0.5)];
        var y = Outcomes(rng, graph, arms, 0.3, 0.4);
        var effects = new ExposureDesign(graph, arms, [.. Enumerable.Range(0, graph.Units)], new ExposureOptions { Draws = 199, Surrounded = 0.9 }).Estimate(y);
        Assert.True(effects.Total is null || effects.Total.EligibleShare < 0.5);
        var response = NeighbourResponse.Test(graph, arms, [.. Enumerable.Range(0, graph.Units)], y, new RerandomisationOptions { Draws = 499 });
        Assert.InRange(response.Slope, 0.05, 0.8);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        var graph = UnitGraph.Of(4, [0, 1, 2], [1, 2, 3]);
        Assert.Throws<TooFewRowsException>(() => new ExposureDesign(graph, [true, false, false, false], [0, 1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => NeighbourResponse.Test(graph, [true, true, false, false], [0, 0, 1, 1], [1, 2, 3, 4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => UnitGraph.Of(2, [0], [2]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_the_total_effect_and_the_neighbour_test_keeps_its_size()
    {
        const int runs = 150;
        var (covered, rejected, quiet) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("exposure coverage");
            var (graph, cluster, arms) = Town(rng, 40, 20, 0.15);
            var options = new ExposureOptions { Draws = 199, Seed = (ulong)run };
            var design = new ExposureDesign(graph, arms, cluster, options);
            var touched = design.Estimate(ByExposure(rng, design.Observed(), arms)).Total!.Difference;
            covered += touched.Low <= 0.7 && touched.High >= 0.7 ? 1 : 0;
            var none = Outcomes(rng, graph, arms, 0, 0);
            rejected += new ExposureDesign(graph, arms, cluster, options).Estimate(none).Total!.Difference.PValue <= 0.05 ? 1 : 0;
            var own = Outcomes(rng, graph, arms, 0.5, 0);
            quiet += NeighbourResponse.Test(graph, arms, cluster, own, new RerandomisationOptions { Draws = 199 }).Test.PValue <= 0.05 ? 1 : 0;
        }

        Assert.InRange(covered / (double)runs, 0.9, 0.995);
        Assert.InRange(rejected / (double)runs, 0, 0.11);
        Assert.InRange(quiet / (double)runs, 0, 0.11);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_hundred_thousand_units_with_a_million_edges_fall_into_communities_in_seconds()
    {
        var (graph, cluster, _) = Town(new Rng(1), 2_000, 50, 0.1, edgesPerUnit: 10);
        var watch = Stopwatch.StartNew();
        var found = Louvain.Find(graph);
        Assert.True(watch.Elapsed.TotalSeconds < 30, $"{watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(found.Modularity > 0.98 * Louvain.Modularity(graph, cluster), $"{found.Modularity}");
    }

    /// <summary>Communities of one size; edges join members, or anybody with the probability given.</summary>
    private static (UnitGraph Graph, int[] Cluster, bool[] Arms) Town(Rng rng, int communities, int size, double mixing, int edgesPerUnit = 5)
    {
        var n = communities * size;
        var (from, to) = (new int[n * edgesPerUnit], new int[n * edgesPerUnit]);
        for (var e = 0; e < from.Length; e++)
        {
            from[e] = e / edgesPerUnit;
            to[e] = rng.NextDouble() < mixing ? rng.NextInt(n) : from[e] / size * size + rng.NextInt(size);
        }

        int[] order = [.. Enumerable.Range(0, communities)];
        rng.Shuffle<int>(order);
        var on = order.Take(communities / 2).ToHashSet();
        int[] cluster = [.. Enumerable.Range(0, n).Select(i => i / size)];
        return (UnitGraph.Of(n, from, to), cluster, [.. cluster.Select(on.Contains)]);
    }

    private static double[] Outcomes(Rng rng, UnitGraph graph, bool[] arms, double direct, double spill)
    {
        var y = new double[arms.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var share = graph.Degree(i) == 0 ? (arms[i] ? 1 : 0) : graph.Neighbours(i).ToArray().Count(j => arms[j]) / (double)graph.Degree(i);
            y[i] = 1 + direct * (arms[i] ? 1 : 0) + spill * share + 0.5 * rng.NextNormal();
        }

        return y;
    }

    // Outcomes that follow the mapping: 0.3 for the own arm, 0.4 when surrounded by treated, half of that between.
    private static double[] ByExposure(Rng rng, Exposure[] met, bool[] arms) =>
        [.. met.Select((e, i) => 1 + (arms[i] ? 0.3 : 0) + (e is Exposure.TreatedAmongTreated or Exposure.ControlAmongTreated ? 0.4 : e is Exposure.Mixed ? 0.2 : 0) + 0.5 * rng.NextNormal())];

    private static UnitGraph Graph(int units, System.Text.Json.JsonElement edges)
    {
        var pairs = edges.EnumerateArray().Select(e => (A: e[0].GetInt32(), B: e[1].GetInt32())).ToList();
        return UnitGraph.Of(units, [.. pairs.Select(p => p.A)], [.. pairs.Select(p => p.B)]);
    }
}
