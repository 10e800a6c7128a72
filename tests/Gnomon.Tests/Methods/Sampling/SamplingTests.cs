using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Methods.Sampling;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Sampling;

/// <summary>Which rows are drawn and chosen, and what a sample says of the whole.</summary>
public sealed class SamplingTests
{
    private const string File = "sampling/sampling.json";

    // numpy loop with argmax (make.py): the same rows in the same order, ties included.
    [Fact]
    public void Rows_that_cover_the_others_are_those_of_numpy()
    {
        foreach (var c in MethodReference.Load(File).Items("centers"))
        {
            var cover = new KCenterGreedy([.. c.Numbers("points")], (int)c.Number("dimensions"));
            foreach (var row in c.Numbers("chosen"))
                cover.Choose((int)row);
            bool[] allowed = [.. c.Numbers("allowed").Select(a => a > 0)];
            int[] wanted = [.. c.Numbers("picked").Select(p => (int)p)];
            foreach (var row in wanted)
            {
                Assert.Equal(row, cover.Next(allowed));
                allowed[row] = false;
            }

            Assert.Equal(c.Number("farthest"), cover.Nearest.ToArray().Max(), 1e-12);
        }
    }

    [Fact]
    public void Without_a_row_that_is_allowed_none_is_chosen()
    {
        var cover = new KCenterGreedy([0, 1, 2], 1);
        Assert.Equal(-1, cover.Next([false, false, false]));
        Assert.Equal(0, cover.Next([true, true, true]));
        Assert.Equal(2, cover.Next([false, true, true]));
        Assert.Throws<ArgumentException>(() => new KCenterGreedy([0, 1, 2], 2));
    }

    // numpy over all pairs (make.py).
    [Fact]
    public void Near_copies_are_those_that_all_pairs_give()
    {
        foreach (var c in MethodReference.Load(File).Items("copies"))
        {
            int[] leaders = [.. c.Numbers("leaders").Select(l => (int)l)];
            Assert.Equal(leaders, NearCopies.Leaders([.. c.Numbers("points")], (int)c.Number("dimensions"), [.. c.Numbers("groups").Select(g => (int)g)], c.Number("reach")));
            Assert.InRange(leaders.Where((l, i) => l == i).Count(), 20, 280);
        }
    }

    // The grid must not lose a neighbour, whichever axes it stands on, at cells' edges and far out.
    [Fact]
    public void Every_point_within_reach_is_found()
    {
        var rng = new Rng(4);
        foreach (int[] axes in new int[][] { [0], [2, 1], [0, 1, 2], [] })
        {
            var index = new NearIndex(3, 0.5, axes);
            double[][] points = [.. Enumerable.Range(0, 400).Select(i => (double[])[Math.Round(4 * rng.NextNormal()) / 2, 3 * rng.NextNormal(), i % 50 == 0 ? 1e7 : rng.NextNormal()])];
            foreach (var p in points)
                index.Add(p);
            foreach (var p in points)
            {
                var found = new List<int>();
                index.Each(p, found.Add);
                int[] expected = [.. Enumerable.Range(0, points.Length).Where(i => points[i].Zip(p, (a, b) => (a - b) * (a - b)).Sum() <= 0.25)];
                Assert.Equal(expected, found.Order());
                Assert.Equal(expected[0], index.First(p));
            }
        }
    }

    // numpy and scipy (make.py): 1e-12, limits 1e-10.
    [Fact]
    public void The_share_of_the_whole_agrees_with_numpy()
    {
        foreach (var c in MethodReference.Load(File).Items("wholes"))
        {
            var (sizes, drawn, hits) = (c.Numbers("sizes"), c.Numbers("drawn"), c.Numbers("hits"));
            var found = HorvitzThompson.Share([.. sizes.Select((n, h) => new StratumSample((long)n, (long)drawn[h], (long)hits[h]))]);
            Assert.Equal(c.Number("value"), found.Value, 1e-12);
            Assert.Equal(c.Number("error"), found.StandardError, 1e-12);
            Assert.Equal(c.Number("low"), found.Low, 1e-10);
            Assert.Equal(c.Number("high"), found.High, 1e-10);
        }
    }

    // Strata of unlike size and share, one read whole; 4,000 samples each. Within 95 % less and more 1.5 points, four Monte Carlo errors; where the open strata have some four hits, whole counts leave it
    // on the safe side: 93.5 to 99 %.
    [Theory]
    [InlineData(1.0, 0.965)]
    [InlineData(0.1, 0.965)]
    [InlineData(0.01, 0.99)]
    public void The_interval_of_a_share_covers_the_whole(double scale, double most)
    {
        (int Size, double Rate)[] strata = [(8_000, 0.15 * scale), (3_000, 0.3 * scale), (600, 0.6 * scale), (150, 0.9)];
        var rng = new Rng(7);
        long[] cases = [.. strata.Select(s => (long)Math.Round(s.Size * s.Rate))];
        var truth = cases.Sum() / (double)strata.Sum(s => s.Size);
        var drawn = StratifiedSlice.Allocate([.. strata.Select(s => (long)s.Size)], 0.05, 300);
        Assert.Equal([400L, 300, 300, 150], drawn);
        var (covered, sum) = (0, 0.0);
        const int Draws = 4_000;
        for (var i = 0; i < Draws; i++)
        {
            var sample = strata.Select((s, h) =>
            {
                var draw = new SequentialDraw(s.Size, drawn[h], rng);
                long hits = 0;
                for (var r = 0; r < s.Size; r++)
                    hits += draw.Take() && r < cases[h] ? 1 : 0;
                return new StratumSample(s.Size, drawn[h], hits);
            }).ToList();
            var found = HorvitzThompson.Share(sample);
            covered += found.Low <= truth && truth <= found.High ? 1 : 0;
            sum += found.Value;
        }

        Assert.InRange(covered / (double)Draws, 0.935, most);
        Assert.Equal(truth, sum / Draws, 0.005 * Math.Sqrt(scale));
    }

    [Fact]
    public void A_sample_of_everything_has_no_interval_and_none_has_no_answer()
    {
        var all = HorvitzThompson.Share([new StratumSample(10, 10, 3), new StratumSample(30, 30, 0)]);
        Assert.Equal((0.075, 0.075, 0.075), (all.Value, all.Low, all.High));
        Assert.Throws<NotEstimableException>(() => HorvitzThompson.Share([new StratumSample(10, 0, 0)]));
        Assert.Throws<ArgumentException>(() => HorvitzThompson.Share([new StratumSample(10, 5, 6)]));

        // A stratum without a sample joins the smallest other one.
        Assert.Equal(HorvitzThompson.Share([new StratumSample(140, 20, 5), new StratumSample(900, 50, 5)]).Value, HorvitzThompson.Share([new StratumSample(100, 20, 5), new StratumSample(40, 0, 0), new StratumSample(900, 50, 5)]).Value, 1e-15);
    }

    // 20,000 samples of 3 of 7 rows: every one of the 35 sets within four errors of its chance.
    [Fact]
    public void Every_set_of_rows_is_equally_likely()
    {
        var rng = new Rng(1);
        var seen = new Dictionary<int, int>();
        const int Draws = 35_000;
        for (var i = 0; i < Draws; i++)
        {
            var draw = new SequentialDraw(7, 3, rng);
            var set = Enumerable.Range(0, 7).Sum(r => draw.Take() ? 1 << r : 0);
            Assert.Equal(3, System.Numerics.BitOperations.PopCount((uint)set));
            seen[set] = seen.GetValueOrDefault(set) + 1;
        }

        Assert.Equal(35, seen.Count);
        Assert.All(seen.Values, n => Assert.InRange(n, 1_000 - 125, 1_000 + 125));
        var spent = new SequentialDraw(1, 1, rng);
        Assert.True(spent.Take());
        Assert.Throws<InvalidOperationException>(() => spent.Take());
    }

    [Fact]
    public void Allocation_rounds_up_and_keeps_the_least()
    {
        Assert.Equal([5L, 2, 1, 0, 6], StratifiedSlice.Allocate([100, 30, 1, 0, 101], 0.05, 2));
        Assert.Equal([50L, 30], StratifiedSlice.Allocate([1_000, 30], 0.05, 50));
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSlice.Allocate([1], 0));
    }

    // The first 40 rows of the order, drawn 4,000 times: rows of the small stratum as often as a simple random sample of the whole has them (hypergeometric mean and variance, four errors).
    [Fact]
    public void The_order_is_that_of_a_random_sample_of_the_whole()
    {
        long[] sizes = [900, 100];
        int[] strata = [.. Enumerable.Repeat(0, 90), .. Enumerable.Repeat(1, 60)];
        var rng = new Rng(3);
        const int Draws = 4_000;
        double sum = 0, squares = 0;
        for (var i = 0; i < Draws; i++)
        {
            var order = PopulationOrder.Draw(strata, sizes, rng);
            Assert.Equal(order.Length, order.Distinct().Count());
            double small = order.Take(40).Count(r => strata[r] == 1);
            (sum, squares) = (sum + small, squares + (small * small));
        }

        var (mean, variance) = (sum / Draws, (squares / Draws) - (sum / Draws * sum / Draws));
        var expected = 40 * 0.1 * 0.9 * (960.0 / 999);
        Assert.Equal(4, mean, 4 * Math.Sqrt(expected / Draws));
        Assert.InRange(variance / expected, 0.91, 1.09);
    }

    // numpy (make.py): 1e-12.
    [Fact]
    public void Shares_over_groups_agree_with_numpy()
    {
        foreach (var c in MethodReference.Load(File).Items("grouped"))
        {
            var found = GroupedShares.Difference([.. c.Numbers("hits")], [.. c.Numbers("rows")], [.. c.Numbers("otherHits")], [.. c.Numbers("otherRows")]);
            Assert.Equal(c.Number("difference"), found.Difference, 1e-12);
            Assert.Equal(c.Number("error"), found.StandardError, 1e-12);
            Assert.Equal(c.Number("low"), found.Low, 1e-10);
            Assert.Equal(c.Number("high"), found.High, 1e-10);
            Assert.Equal(c.Number("above"), found.Above, 1e-10);
            var more = GroupedShares.Difference([.. c.Numbers("hits")], [.. c.Numbers("rows")], [.. c.Numbers("otherHits")], [.. c.Numbers("otherRows")], c.Number("extra"), 4);
            Assert.Equal(c.Number("extraLow"), more.Low, 1e-10);
            Assert.Equal(c.Number("extraHigh"), more.High, 1e-10);
        }

        Assert.Throws<NotEstimableException>(() => GroupedShares.Difference([1, 0], [2, 0], [1, 1], [2, 2]));
    }

    // 40 drives whose rows go together (a beta share for each), two models that err on other rows: 2,000 draws, coverage within 3.3 Monte Carlo errors of 95 % (93.4 to 96.6 %).
    [Fact]
    public void The_interval_of_a_difference_over_groups_covers_it()
    {
        var rng = new Rng(11);
        const int Draws = 2_000;
        const int Groups = 40;
        var covered = 0;
        for (var i = 0; i < Draws; i++)
        {
            double[] a = new double[Groups], b = new double[Groups], n = new double[Groups];
            for (var g = 0; g < Groups; g++)
            {
                n[g] = 5 + rng.NextInt(20);
                var (x, y) = (rng.NextGamma(2), rng.NextGamma(6));
                var rate = x / (x + y);
                (a[g], b[g]) = (rng.NextBinomial((long)n[g], rate), rng.NextBinomial((long)n[g], 0.5 * rate));
            }

            var found = GroupedShares.Difference(a, n, b, n);
            covered += found.Low <= 0.125 && 0.125 <= found.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)Draws, 0.934, 0.966);
    }

    // scikit-learn's weighted kappa (make.py): 1e-12; errors by central differences of it, good to 1e-7.
    [Fact]
    public void Agreement_in_the_whole_agrees_with_scikit_learn()
    {
        foreach (var c in MethodReference.Load(File).Items("kappas"))
        {
            int[] Whole(string name) => [.. c.Numbers(name).Select(v => (int)v)];
            var found = GroupedKappa.Of(Whole("first"), Whole("second"), [.. c.Numbers("weights")], Whole("groups"));
            Assert.Equal(c.Number("value"), found.Value, 1e-12);
            Assert.Equal(c.Number("error"), found.StandardError, 1e-7);
            Assert.Equal(c.Number("low"), found.Low, 1e-6);
            Assert.Equal(c.Number("high"), found.High, 1e-6);
        }

        Assert.Throws<NotEstimableException>(() => GroupedKappa.Of([1, 1], [1, 1], [1, 1], [0, 1]));
        Assert.Throws<NotEstimableException>(() => GroupedKappa.Of([1, 0], [1, 0], [1, 1], [3, 3]));
    }

    // 40 drives with a share of cases and a share of slips each, rows of the rare kind drawn whole and one in ten of the others: 2,000 draws, coverage within 3.3 Monte Carlo errors of 95 % (93.4 to
    // 96.6 %).
    [Fact]
    public void The_interval_of_agreement_covers_the_whole()
    {
        var rng = new Rng(13);
        const int Draws = 2_000;
        const int Groups = 40;
        const int Each = 12;
        var (covered, sum) = (0, 0.0);

        // Mean slip 0.1, twice that in rare rows, which are 4 of 84 parts of the weight.
        double rare = 4.0 / 84, cases = (rare * 0.8) + ((1 - rare) * 0.3), named = (rare * ((0.8 * 0.8) + (0.2 * 0.2))) + ((1 - rare) * ((0.3 * 0.9) + (0.7 * 0.1)));
        var truth = 1 - (((rare * 0.2) + ((1 - rare) * 0.1)) / ((cases * (1 - named)) + ((1 - cases) * named)));
        for (var i = 0; i < Draws; i++)
        {
            int[] first = new int[Groups * Each], second = new int[Groups * Each], group = new int[Groups * Each];
            var weight = new double[Groups * Each];
            for (var g = 0; g < Groups; g++)
            {
                var (x, y) = (rng.NextGamma(2), rng.NextGamma(6));
                var slip = 0.4 * x / (x + y);
                for (var r = 0; r < Each; r++)
                {
                    var at = (g * Each) + r;
                    var isRare = r < 4;
                    first[at] = rng.NextDouble() < (isRare ? 0.8 : 0.3) ? 1 : 0;
                    second[at] = first[at] ^ (rng.NextDouble() < (isRare ? 2 * slip : slip) ? 1 : 0);
                    (weight[at], group[at]) = (isRare ? 1 : 10, g);
                }
            }

            var found = GroupedKappa.Of(first, second, weight, group);
            covered += found.Low <= truth && truth <= found.High ? 1 : 0;
            sum += found.Value;
        }

        Assert.InRange(covered / (double)Draws, 0.934, 0.966);
        Assert.Equal(truth, sum / Draws, 0.005);
    }

    // scikit-learn, newton-cholesky (make.py): both stop at gradients near rounding; 1e-7.
    [Fact]
    public void Ridge_regression_agrees_with_scikit_learn()
    {
        foreach (var c in MethodReference.Load(File).Items("ridge"))
        {
            bool[] target = [.. c.Numbers("target").Select(t => t > 0)];
            var found = RidgeLogistic.Fit([.. c.Numbers("features")], (int)c.Number("columns"), [.. Enumerable.Range(0, target.Length)], target, c.Number("penalty"));
            foreach (var (expected, seen) in c.Numbers("coefficients").Zip(found))
                Assert.Equal(expected, seen, 1e-7);
        }
    }

    [Fact]
    public void Ridge_regression_answers_one_class_and_counts_a_row_twice()
    {
        Assert.Equal([Math.Log(5), 0], RidgeLogistic.Fit([1, 2], 1, [0, 1], [true, true]));
        double[] x = [0.2, -1, 1.5, 0.3, -0.7];
        bool[] y = [true, false, true, false, true];
        var twice = RidgeLogistic.Fit(x, 1, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4], y, 2);
        var once = RidgeLogistic.Fit(x, 1, [0, 1, 2, 3, 4], y, 1);
        Assert.Equal(once[0], twice[0], 1e-7);
        Assert.Equal(once[1], twice[1], 1e-7);
        Assert.Throws<TooFewRowsException>(() => RidgeLogistic.Fit(x, 1, [], y));
        Assert.Throws<ArgumentOutOfRangeException>(() => RidgeLogistic.Fit(x, 1, [0], y, 0));
    }
}
