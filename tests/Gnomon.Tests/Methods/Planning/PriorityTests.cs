using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>Source: tests/reference/planning/priorities.py (scipy triang, quad and milp; numpy draws).</summary>
public sealed class PriorityTests
{
    private static readonly JsonElement Reference = MethodReference.Load("planning/priorities.json");

    private static PriorityItem[] Items => [.. Reference.Items("items").Select(i => new PriorityItem(Range(i, "reach"), Range(i, "impact"), Range(i, "confidence"), Range(i, "effort")))];

    [Fact]
    public void Scores_are_reach_times_impact_times_confidence_over_effort()
    {
        Assert.All(Reference.Numbers("typed").Zip(Items), x => MethodReference.Close(x.First, x.Second.Score, 1e-12));
        Assert.All(Reference.Numbers("expected").Zip(Items), x => MethodReference.Close(x.First, x.Second.ExpectedScore, 1e-9));
    }

    // 20,000 draws against 2,000,000: within a hundredth.
    [Fact]
    public void Rank_shares_agree_with_a_longer_simulation()
    {
        var ranks = PriorityRanks.Simulate(Items, 1);
        foreach (var (expected, rank) in Reference.Items("shares").Zip(ranks))
        {
            Assert.All(expected.EnumerateArray().Zip(rank.Shares), x => Assert.Equal(x.First.GetDouble(), x.Second, 0.013));
            Assert.Equal(1, rank.Shares.Sum(), 1e-12);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_ranks() => Assert.Equal(PriorityRanks.Simulate(Items, 7, 500).Select(r => r.MeanRank), PriorityRanks.Simulate(Items, 7, 500).Select(r => r.MeanRank));

    // Quadrature against quadrature: 1e-8 of the largest worth.
    [Fact]
    public void Worths_of_inputs_agree_with_scipy()
    {
        var found = PriorityRanks.Inputs(Items);
        var largest = found.Max(v => v.Value);
        Assert.All(Reference.Items("worth"), w =>
        {
            var mine = found.Single(v => v.Item == w.GetProperty("item").GetInt32() && v.Input == w.GetProperty("input").GetInt32());
            Assert.Equal(w.Number("value"), mine.Value, 1e-8 * largest);
        });
        Assert.True(found.Zip(found.Skip(1)).All(x => x.First.Value >= x.Second.Value));
    }

    [Fact]
    public void Points_have_no_worth_and_one_item_no_rival()
    {
        var point = new TriangularRange(2, 2, 2);
        PriorityItem[] two = [new(point, point, new(0.5, 0.5, 0.5), point), new(point, point, new(0.4, 0.4, 0.4), point)];
        Assert.Empty(PriorityRanks.Inputs(two));
        Assert.Equal(1, PriorityRanks.Simulate(two, 1, 100)[0].Shares[0]);
        Assert.Empty(PriorityRanks.Inputs([two[0]]));
    }

    [Theory]
    [InlineData(0, 2, 10)]
    [InlineData(3, 3, 5)]
    [InlineData(1, 4, 4)]
    public void Triangular_moments_and_quantiles_are_the_closed_forms(double low, double likely, double high)
    {
        var range = new TriangularRange(low, likely, high);
        Assert.Equal(1, range.Expect(_ => 1), 1e-12);
        Assert.Equal(range.Mean, range.Expect(x => x), 1e-12);
        Assert.Equal((low * low + likely * likely + high * high + low * likely + low * high + likely * high) / 6, range.Expect(x => x * x), 1e-10);
        Assert.Equal(low, range.Quantile(0), 1e-12);
        Assert.Equal(high, range.Quantile(1), 1e-12);
        var median = range.Quantile(0.5);
        Assert.Equal(0.5, range.Expect(x => x <= median ? 1 : 0, median), 1e-12);
    }

    // The optimum of scipy's integer programme, exactly.
    [Fact]
    public void Knapsacks_agree_with_milp()
    {
        foreach (var c in Reference.Items("knapsacks"))
        {
            var must = c.GetProperty("must").EnumerateArray().Select(v => v.GetBoolean()).ToArray();
            var r = Knapsack.Solve(c.Numbers("values"), c.Numbers("weights"), c.Number("capacity"), must);
            MethodReference.Close(c.Number("best"), r.Value, 1e-12);
            Assert.True(r.Weight <= c.Number("capacity") * (1 + 1e-9));
            Assert.All(must.Zip(r.Chosen), x => Assert.True(!x.First || x.Second));
            Assert.True(r.IsOptimal);
        }
    }

    // Every subset of 12 items, 200 times.
    [Fact]
    public void Knapsacks_agree_with_every_subset()
    {
        for (var run = 0; run < 200; run++)
        {
            var rng = new Rng(3).Stream("knapsack", run);
            double[] values = [.. Enumerable.Range(0, 12).Select(_ => (double)rng.NextInt(30) - 3)];
            double[] weights = [.. Enumerable.Range(0, 12).Select(_ => 1.0 + rng.NextInt(9))];
            var best = Enumerable.Range(0, 1 << 12).Where(m => Sum(weights, m) <= 20).Max(m => Sum(values, m));
            Assert.Equal(best, Knapsack.Solve(values, weights, 20, new bool[12]).Value, 1e-9);
        }

        static double Sum(double[] x, int mask) => Enumerable.Range(0, 12).Where(i => (mask & (1 << i)) != 0).Sum(i => x[i]);
    }

    [Fact]
    public void Wrong_lists_are_refused()
    {
        Assert.Throws<NotEstimableException>(() => Knapsack.Solve([1.0], [5.0], 4, [true]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Knapsack.Solve([1.0], [0.0], 4, [false]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TriangularRange(2, 1, 3));
        Assert.Throws<TooFewRowsException>(() => PriorityRanks.Simulate([], 1));
    }

    private static TriangularRange Range(JsonElement item, string name)
    {
        var r = item.Numbers(name);
        return new TriangularRange(r[0], r[1], r[2]);
    }
}
