using Gnomon.Methods;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Inference;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Ranks;

/// <summary>Reference: scipy mannwhitneyu, brunnermunzel, kruskal, friedmanchisquare, kendalltau; R wilcox.test, friedman.test; enumeration (see make.py, make.R).</summary>
public sealed class RankTests
{
    [Fact]
    public void Two_sample_ranks_agree_with_scipy_and_R()
    {
        foreach (var (item, r) in RankReference.Both("two"))
        {
            var (x, y) = (item.Numbers("x"), item.Numbers("y"));
            var mw = MannWhitney.Test(x, y);
            Close.Relative(item.Number("u"), mw.U, 1e-14, "U");
            Close.Relative(item.Number("superiority"), mw.Superiority, 1e-14, "superiority");
            Assert.Equal(2 * mw.Superiority - 1, mw.RankBiserial, 14);
            if (item.Has("exactTiesP"))
            {
                Assert.True(mw.IsExact);
                Close.Relative(item.Number("exactTiesP"), mw.PValue, 1e-12, "p given ties");
            }
            else if (!mw.IsExact || item.GetProperty("kind").GetString() != "ties")
            {
                Close.Relative(item.Number("p"), mw.PValue, 1e-10, "p");
            }

            var bm = BrunnerMunzel.Test(x, y);
            Close.Relative(item.Number("bmStatistic"), bm.Statistic, 1e-10, "Brunner-Munzel");
            Close.Relative(item.Number("bmP"), bm.PValue, 1e-9, "Brunner-Munzel p");
            Close.Absolute(item.Number("bmLow"), bm.Low, 1e-9);
            Close.Absolute(item.Number("bmHigh"), bm.High, 1e-9);
            var shift = HodgesLehmann.Shift(x, y);
            Close.Relative(item.Number("shift"), shift.Value, 1e-9, "shift");
            if (r.Maybe("shift") is [{ } value, { } low, { } high])
            {
                Close.Relative(value, shift.Value, 1e-9, "R's shift");
                Close.Relative(low, shift.Low, 1e-9, "R's low");
                Close.Relative(high, shift.High, 1e-9, "R's high");
                Close.Relative(r.Number("p"), mw.PValue, 1e-10, "R's p");
            }
        }
    }

    [Fact]
    public void Paired_ranks_and_signs_agree_with_scipy_and_R()
    {
        foreach (var (item, r) in RankReference.Both("pairs"))
        {
            double[] d = [.. item.Numbers("x").Zip(item.Numbers("y"), (a, b) => a - b)];
            var test = WilcoxonSignedRank.Test(d);
            Close.Relative(item.Number("w"), test.W, 1e-14, "W");
            Assert.Equal((int)item.Number("zeros"), test.Zeros);
            if (item.Has("signedP") && (test.IsExact == (test.Pairs <= 14) || test.Pairs > 300))
            {
                Close.Relative(item.Number("signedP"), test.PValue, 1e-10, "signed-rank p");
            }

            var centre = HodgesLehmann.Centre(d);
            Close.Absolute(item.Number("centre"), centre.Value, 1e-12, "centre");
            if (r.GetProperty("clean").GetBoolean())
            {
                Close.Relative(r.Number("p"), test.PValue, 1e-10, "R's p");
                var expected = r.Numbers("centre");
                Close.Relative(expected[0], centre.Value, 1e-9, "R's centre");
                Close.Relative(expected[1], centre.Low, 1e-9, "R's low");
                Close.Relative(expected[2], centre.High, 1e-9, "R's high");
            }

            var sign = SignTest.Test(d);
            Close.Relative(item.Number("signP"), sign.PValue, 1e-12, "sign p");
            Close.Absolute(item.Number("median"), sign.Median, 1e-14);
            Close.Absolute(item.Number("signLow"), sign.Low, 1e-14);
            Close.Absolute(item.Number("signHigh"), sign.High, 1e-14);
        }
    }

    [Fact]
    public void Several_groups_by_rank_agree_with_scipy_and_R()
    {
        foreach (var item in RankReference.Python.GetProperty("groups").EnumerateArray())
        {
            double[][] groups = [.. item.GetProperty("groups").EnumerateArray().Select(g => g.List())];
            var test = KruskalWallis.Test(groups);
            Close.Relative(item.Number("h"), test.Test.Statistic, 1e-11, "H");
            Close.Relative(item.Number("hP"), test.Test.PValue, 1e-10, "p of H");
            Assert.Equal(
                item.GetProperty("dunn").EnumerateArray().Select(d => Math.Round(d.List()[2], 10)),
                KruskalWallis.Dunn(groups).Select(d => Math.Round(d.Z, 10)));
        }

        foreach (var (item, r) in RankReference.Both("friedman"))
        {
            double[][] treatments = [.. item.GetProperty("treatments").EnumerateArray().Select(g => g.List())];
            var test = Friedman.Test(treatments);
            var expected = r.List();
            Close.Relative(expected[0], test.ChiSquare.Statistic, 1e-11, "R's Friedman");
            Close.Relative(expected[1], test.ChiSquare.PValue, 1e-10, "R's p");
            if (item.Has("p"))
            {
                Close.Relative(item.Number("p"), test.ChiSquare.PValue, 1e-10, "scipy's p");
            }
        }
    }

    [Fact]
    public void Kendall_agrees_with_scipy()
    {
        foreach (var item in RankReference.Python.GetProperty("kendall").EnumerateArray())
        {
            var test = KendallTau.Test(item.Numbers("x"), item.Numbers("y"));
            Close.Relative(item.Number("tau"), test.Tau, 1e-12, "tau");
            Close.Relative(item.Number("p"), test.PValue, 1e-10, "p");
        }
    }

    [Fact]
    public void Sorting_by_radix_is_sorting()
    {
        var rng = new Rng(5);
        foreach (var n in new[] { 0, 1, 100, 5000, 70_000 })
        {
            var values = new double[n];
            for (var i = 0; i < n; i++)
            {
                values[i] = (i % 7) switch
                {
                    0 => -0.0,
                    1 => rng.NextInt(20) - 10,
                    2 => 1e300 * rng.NextNormal(),
                    3 => 1e-310 * rng.NextNormal(),
                    _ => rng.NextNormal(),
                };
            }

            var expected = (double[])values.Clone();
            Array.Sort(expected);
            RadixSort.Sort(values);
            Assert.Equal(expected.Select(v => v + 0.0), values);
        }
    }

    [Fact]
    public void Selection_among_pairs_is_exact_with_and_without_ties()
    {
        // Large enough that the pairs are not simply sorted: the order statistics of all of them, formed here, must be hit to the bit.
        var rng = new Rng(9);
        foreach (var digits in new[] { 0, 1, 15 })
        {
            double[] x = [.. Enumerable.Range(0, 700).Select(_ => Math.Round(rng.NextNormal() * 3, digits))];
            double[] y = [.. Enumerable.Range(0, 500).Select(_ => Math.Round(Math.Exp(rng.NextNormal()), digits))];
            double[] all = [.. x.SelectMany(a => y.Select(b => a - b)).Order()];
            double[] pairs = [.. Enumerable.Range(0, x.Length).SelectMany(i => Enumerable.Range(i, x.Length - i).Select(j => 0.5 * (x[i] + x[j]))).Order()];
            foreach (var level in new[] { 0.01, 0.5, 0.95, 0.9999999 })
            {
                var shift = HodgesLehmann.Shift(x, y, level);
                var z = Gnomon.Numerics.Distributions.Normal.UpperQuantile(0.5 * (1 - level));
                var k = (long)Math.Floor(0.5 * 700 * 500 + 0.5 - z * Math.Sqrt(700.0 * 500 * 1201 / 12));
                Assert.Equal((0.5 * all[174_999] + 0.5 * all[175_000], all[k - 1], all[^(int)k]), (shift.Value, shift.Low, shift.High));
                var centre = HodgesLehmann.Centre(x, level);
                k = (long)Math.Floor(0.25 * 700 * 701 + 0.5 - z * Math.Sqrt(700.0 * 701 * 1401 / 24));
                Assert.Equal((pairs[k - 1], pairs[^(int)k]), (centre.Low, centre.High));
                Close.Absolute(0.5 * (pairs[pairs.Length / 2 - 1] + pairs[pairs.Length / 2]), centre.Value, 1e-15);
            }
        }
    }

    [Fact]
    public void Edge_data_have_an_answer_or_a_named_refusal()
    {
        Assert.Equal(1.0, MannWhitney.Test([2, 2, 2], [2, 2]).PValue);
        Assert.Equal(1.0, MannWhitney.Test([1], [1]).PValue);
        Close.Relative(0.1, MannWhitney.Test([1, 2, 3], [4, 5, 6]).PValue, 1e-12);
        Assert.Equal(0.0, MannWhitney.Test([1, 2, 3], [4, 5, 6]).Superiority);
        Assert.Throws<TooFewRowsException>(() => MannWhitney.Test([], [1]));
        Assert.Throws<ArgumentException>(() => MannWhitney.Test([double.NaN, 1], [1]));
        Assert.Throws<ArgumentException>(() => MannWhitney.Test([double.PositiveInfinity, 1], [1]));
        Assert.Throws<NotEstimableException>(() => BrunnerMunzel.Test([1, 2, 3], [4, 5, 6]));
        Assert.Throws<TooFewRowsException>(() => BrunnerMunzel.Test([1], [1, 2]));
        Assert.Throws<NotEstimableException>(() => HodgesLehmann.Shift([1, 2], [3, 4]));
        Assert.Throws<NotEstimableException>(() => HodgesLehmann.Centre([1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => WilcoxonSignedRank.Test([0, 0]));
        Assert.Throws<TooFewRowsException>(() => WilcoxonSignedRank.Test([]));
        Assert.Equal(1.0, WilcoxonSignedRank.Test([0, 3, -3]).PValue);
        Assert.Throws<NotEstimableException>(() => SignTest.Test([1, 2]));
        Assert.Throws<NotEstimableException>(() => SignTest.Test([0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Throws<NotEstimableException>(() => KruskalWallis.Test([[1, 1], [1]]));
        Assert.Throws<TooFewRowsException>(() => KruskalWallis.Test([[1, 1], []]));
        Assert.Throws<NotEstimableException>(() => Friedman.Test([[1, 2], [1, 2]]));
        Assert.Throws<NotEstimableException>(() => KendallTau.Test([1, 1, 1], [1, 2, 3]));
        Assert.Null(Friedman.Test([[1, 2, 3], [4, 5, 6]]).F);
        var perfect = KendallTau.Test([1, 2, 3, 4], [2, 4, 6, 8]);
        Assert.Equal(1.0, perfect.Tau);
        Close.Relative(1.0 / 12, perfect.PValue, 1e-12);
    }

    [Fact]
    public void Large_samples_give_the_same_bits_again_and_mirror_when_swapped()
    {
        var rng = new Rng(3);
        double[] x = [.. Enumerable.Range(0, 60_000).Select(_ => Math.Round(rng.NextNormal(), 2))];
        double[] y = [.. Enumerable.Range(0, 50_000).Select(_ => Math.Round(0.02 + rng.NextNormal(), 2))];
        var forward = MannWhitney.Test(x, y);
        var back = MannWhitney.Test(y, x);
        Assert.Equal(forward.PValue, MannWhitney.Test(x, y).PValue);
        Close.Relative(forward.PValue, back.PValue, 1e-12);
        Close.Absolute(1.0, forward.Superiority + back.Superiority, 1e-15);
        var shift = HodgesLehmann.Shift(x, y);
        Assert.Equal(-shift.Low, HodgesLehmann.Shift(y, x).High, 12);
        Assert.True(shift.Low <= shift.Value && shift.Value <= shift.High);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Tests_keep_their_size_and_intervals_cover()
    {
        const int rounds = 1500;
        var rng = new Rng(77);
        int mw = 0, bm = 0, bmCovers = 0, shift = 0, centre = 0, signed = 0, sign = 0, kw = 0, friedman = 0, kendall = 0, tau = 0, dunn = 0;
        for (var i = 0; i < rounds; i++)
        {
            // Equal distributions with ties; then equal chances with unequal spread and sizes.
            mw += MannWhitney.Test(Draw(30, () => rng.NextInt(6)), Draw(40, () => rng.NextInt(6))).PValue < 0.05 ? 1 : 0;
            var test = BrunnerMunzel.Test(Draw(60, rng.NextNormal), Draw(30, () => 3 * rng.NextNormal()));
            bm += test.PValue < 0.05 ? 1 : 0;
            bmCovers += test.Interval.Contains(0.5) ? 1 : 0;
            shift += HodgesLehmann.Shift(Draw(14, () => rng.NextExponential() + 1), Draw(18, rng.NextExponential)).Interval.Contains(1) ? 1 : 0;
            var d = Draw(25, () => 0.5 + rng.NextNormal());
            centre += HodgesLehmann.Centre(d).Interval.Contains(0.5) ? 1 : 0;
            sign += SignTest.Test(d).Low <= 0.5 && SignTest.Test(d).High >= 0.5 ? 1 : 0;
            signed += WilcoxonSignedRank.Test(Draw(25, rng.NextNormal)).PValue < 0.05 ? 1 : 0;
            kw += KruskalWallis.Test([Draw(15, rng.NextExponential), Draw(20, rng.NextExponential), Draw(12, rng.NextExponential)]).Test.PValue < 0.05 ? 1 : 0;
            friedman += Friedman.Test([Draw(14, rng.NextNormal), Draw(14, rng.NextNormal), Draw(14, rng.NextNormal)]).F!.PValue < 0.05 ? 1 : 0;
            dunn += KruskalWallis.Dunn([Draw(20, rng.NextExponential), Draw(25, rng.NextExponential), Draw(15, rng.NextExponential)]).Any(p => p.AdjustedP < 0.05) ? 1 : 0;
            // Correlation one half: tau is 2 / pi arcsin(1 / 2), one third.
            var first = Draw(60, rng.NextNormal);
            var half = KendallTau.Test(first, Array.ConvertAll(first, v => 0.5 * v + Math.Sqrt(0.75) * rng.NextNormal()));
            tau += half.Low <= 1.0 / 3 && half.High >= 1.0 / 3 ? 1 : 0;
            kendall += KendallTau.Test(Draw(50, () => rng.NextInt(5)), Draw(50, rng.NextNormal)).PValue < 0.05 ? 1 : 0;
        }

        // Exact tests stay at or below 0.05 by their steps; Brunner-Munzel and the approximations are within a percent point.
        Simulated.Between(0.040, 0.050, mw, rounds);
        Simulated.Between(0.045, 0.060, bm, rounds);
        Assert.Equal(rounds - bm, bmCovers);
        Simulated.Between(0.950, 0.960, shift, rounds);
        Simulated.Between(0.950, 0.960, centre, rounds);
        Simulated.Between(0.950, 0.985, sign, rounds);
        Simulated.Between(0.042, 0.050, signed, rounds);
        Simulated.Between(0.042, 0.052, kw, rounds);
        Simulated.Between(0.040, 0.060, friedman, rounds);
        Simulated.Between(0.042, 0.055, kendall, rounds);
        Simulated.Between(0.94, 0.97, tau, rounds);
        Simulated.Between(0.030, 0.050, dunn, rounds);
    }

    static double[] Draw(int n, Func<double> draw)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = draw();
        }

        return values;
    }

    static double[] Draw(int n, Func<int> draw) => Draw(n, () => (double)draw());
}
