using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>Ego clusters: what is cut out, effects against scipy (tests/reference/interference/ego.py), size and coverage by simulation.</summary>
public sealed class EgoTests
{
    [Fact]
    public void Effects_are_those_of_scipy_and_of_two_stage_least_squares()
    {
        var r = MethodReference.Load("interference/ego.json");
        var egos = r.Items("egos").Select(e => new Ego(e.GetProperty("own").GetBoolean(), e.GetProperty("alters").GetBoolean(), e.Number("exposure"), e.Number("value"))).ToList();
        var seen = EgoEffects.Estimate(egos);
        foreach (var (name, c) in new[] { ("total", seen.Total!), ("direct", seen.Direct!), ("spillOver", seen.SpillOver!) })
        {
            var expected = r.GetProperty(name);
            // scipy's quantile of Student's t is good to 1e-9.
            Assert.Equal(expected.Number("value"), c.Value, 1e-11);
            Assert.Equal(expected.Number("low"), c.Low, 1e-8);
            Assert.Equal(expected.Number("high"), c.High, 1e-8);
            MethodReference.Close(expected.Number("p"), c.PValue, 1e-8);
        }

        MethodReference.Close(r.GetProperty("full").Number("value"), seen.FullSpillOver!.Value, 1e-9);
        MethodReference.Close(r.GetProperty("full").Number("error"), seen.FullSpillOver.StandardError, 1e-9);
        MethodReference.Close(r.Number("gained"), seen.ExposureGained!.Value, 1e-9);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(1.0)]
    public void No_unit_is_in_two_clusters_and_egos_keep_what_was_asked(double kept)
    {
        var graph = Graph(2_000, 6, 3);
        var set = EgoClusters.Find(graph, kept, 5);
        Assert.NotEmpty(set.Egos);
        long own = 0, all = 0;
        foreach (var ego in set.Egos)
        {
            Assert.Equal(ego, set.EgoOf[ego]);
            var neighbours = graph.Neighbours(ego).ToArray();
            var mine = neighbours.Count(j => set.EgoOf[j] == ego);
            Assert.True(mine >= kept * neighbours.Length - 1e-9);
            Assert.DoesNotContain(neighbours, j => set.EgoOf[j] == -1);
            (own, all) = (own + mine, all + neighbours.Length);
        }

        Assert.Equal((double)own / all, set.KeptShare, 1e-12);
        Assert.All(Enumerable.Range(0, graph.Units).Where(i => set.EgoOf[i] >= 0 && set.EgoOf[i] != i), i => Assert.Contains(set.EgoOf[i], graph.Neighbours(i).ToArray()));
        Assert.Equal(set.Egos, EgoClusters.Find(graph, kept, 5).Egos);
        Assert.NotEqual(set.Egos, EgoClusters.Find(graph, kept, 6).Egos);
    }

    // What the seeded greedy rule leaves cannot be added to: no free unit has enough free neighbours.
    [Fact]
    public void Nothing_more_can_be_cut_out_and_a_ring_gives_a_third_of_its_units()
    {
        var graph = Graph(500, 4, 9);
        var set = EgoClusters.Find(graph, 0.7, 1);
        Assert.DoesNotContain(Enumerable.Range(0, graph.Units), i => set.EgoOf[i] == -1 && graph.Degree(i) > 0 && graph.Neighbours(i).ToArray().Count(j => set.EgoOf[j] == -1) >= 0.7 * graph.Degree(i));
        int[] ring = [.. Enumerable.Range(0, 300)];
        var cut = EgoClusters.Find(UnitGraph.Of(300, ring, [.. ring.Select(i => (i + 1) % 300)]), 1.0, 2);
        Assert.InRange(cut.Egos.Count, 60, 100);
        Assert.Equal(1, cut.KeptShare);
        Assert.Equal(2 * cut.Egos.Count, cut.Alters);
    }

    [Fact]
    public void What_cannot_be_told_is_left_out_or_refused()
    {
        Ego Of(bool own, bool alters, double y) => new(own, alters, alters ? 1 : 0, y);
        var same = EgoEffects.Estimate([Of(true, true, 3), Of(true, true, 4), Of(false, false, 1), Of(false, false, 2)]);
        Assert.NotNull(same.Total);
        Assert.Null(same.Direct);
        Assert.Null(same.SpillOver);
        Assert.Null(same.FullSpillOver);
        var network = EgoEffects.Estimate([Of(true, true, 3), Of(true, true, 4), Of(true, false, 1), Of(true, false, 2)]);
        Assert.Null(network.Total);
        Assert.Equal(2, network.SpillOver!.Value, 1e-12);
        Assert.Equal(2, network.FullSpillOver!.Value, 1e-12);
        Assert.Throws<TooFewRowsException>(() => EgoEffects.Estimate([Of(true, true, 3), Of(false, false, 1)]));
        Assert.Throws<NotEstimableException>(() => EgoEffects.Estimate([Of(true, true, 1), Of(true, true, 1), Of(false, false, 1), Of(false, false, 1)]));
        Assert.Throws<NotEstimableException>(() => EgoClusters.Find(UnitGraph.Of(3, [], [])));
        Assert.Throws<ArgumentOutOfRangeException>(() => EgoClusters.Find(UnitGraph.Of(2, [0], [1]), 0));
    }

    // 1,500 draws of arms and outcomes on one graph whose egos lose a tenth of their links; the truth is a straight line in the share of treated neighbours. 0.95 within 3.3 binomial errors (0.0186).
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_and_tests_have_their_size_on_a_graph()
    {
        const int draws = 1_500;
        const double direct = 0.5;
        const double spill = 0.8;
        var graph = Graph(3_000, 5, 11);
        var set = EgoClusters.Find(graph, 0.8, 4);
        var (full, own, size) = (0, 0, 0);
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("ego coverage");
            var (alters, mine) = (new bool[graph.Units], new bool[graph.Units]);
            foreach (var ego in set.Egos)
            {
                (alters[ego], mine[ego]) = (rng.NextDouble() < 0.5, rng.NextDouble() < 0.5);
            }

            bool Treated(int unit) => set.EgoOf[unit] >= 0 && (set.EgoOf[unit] == unit ? mine[unit] : alters[set.EgoOf[unit]]);
            List<Ego> Egos(double own, double through) => [.. set.Egos.Select(e =>
            {
                var share = graph.Neighbours(e).ToArray().Count(Treated) / (double)graph.Degree(e);
                return new Ego(mine[e], alters[e], share, own * (mine[e] ? 1 : 0) + through * share + (1 + 0.3 * graph.Degree(e)) * rng.NextNormal());
            })];
            var seen = EgoEffects.Estimate(Egos(direct, spill));
            full += seen.FullSpillOver!.Low <= spill && spill <= seen.FullSpillOver.High ? 1 : 0;
            own += seen.Direct!.Low <= direct && direct <= seen.Direct.High ? 1 : 0;
            size += EgoEffects.Estimate(Egos(0, 0)).Total!.PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(full / (double)draws, 0.95 - 0.0186, 0.95 + 0.0186);
        Assert.InRange(own / (double)draws, 0.95 - 0.0186, 0.95 + 0.0186);
        Assert.InRange(size / (double)draws, 0.05 - 0.0186, 0.05 + 0.0186);
    }

    private static UnitGraph Graph(int units, int degree, ulong seed)
    {
        var rng = new Rng(seed).Stream("graph");
        int[] from = [.. Enumerable.Range(0, units * degree / 2).Select(_ => rng.NextInt(units))], to = [.. from.Select(_ => rng.NextInt(units))];
        return UnitGraph.Of(units, from, to);
    }
}
