using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Reference: statsmodels (intervals), R prop.test and fisher.test, scipy boschloo_exact, brute force for score limits (see make.py).</summary>
public sealed class ProportionTests
{
    static readonly JsonElement Reference = ReferenceFile.Open("inference", "inference.json");

    [Fact]
    public void Intervals_of_one_proportion_agree_with_statsmodels()
    {
        foreach (var item in Reference.GetProperty("oneProportion").EnumerateArray())
        {
            var (k, n) = (item.Count("k"), item.Count("n"));
            foreach (var level in new[] { 0.9, 0.95 })
            {
                var tag = $"{level * 100:F0}";
                AssertInterval(item.Numbers("wilson" + tag), OneProportion.Wilson(k, n, level), 1e-10, $"Wilson {k}/{n}");
                AssertInterval(item.Numbers("clopperPearson" + tag), OneProportion.ClopperPearson(k, n, level), 1e-10, $"Clopper-Pearson {k}/{n}");
                var jeffreys = item.Numbers("jeffreys" + tag);
                // statsmodels leaves the prior's own limits at empty cells; the ends 0 and 1 are Brown, Cai and DasGupta's convention.
                AssertInterval([k == 0 ? 0 : jeffreys[0], k == n ? 1 : jeffreys[1]], OneProportion.Jeffreys(k, n, level), 1e-10, $"Jeffreys {k}/{n}");
            }
        }
    }

    [Fact]
    public void Tests_and_intervals_of_two_proportions_agree_with_the_references()
    {
        foreach (var item in Reference.GetProperty("twoProportions").EnumerateArray())
        {
            var (xs, xn, ys, yn) = (item.Count("xs"), item.Count("xn"), item.Count("ys"), item.Count("yn"));
            var what = $"{xs}/{xn} against {ys}/{yn}";
            var score = TwoProportions.Score(xs, xn, ys, yn);
            Close.Relative(item.Number("z"), score.Statistic, 1e-12, what);
            Close.Relative(item.Number("p"), score.PValue, 1e-11, what);
            Close.Relative(item.Number("rP"), score.PValue, 1e-10, what);
            AssertInterval(item.Numbers("newcombe"), score.Interval, 1e-10, $"Newcombe {what}");
            AssertInterval(item.Numbers("miettinenNurminen"), TwoProportions.MiettinenNurminen(xs, xn, ys, yn), 1e-9, $"Miettinen-Nurminen {what}");
            Close.Relative(item.Number("fisher"), TwoProportions.Fisher(xs, xn, ys, yn).PValue, 1e-9, $"Fisher {what}");
            foreach (var margin in new[] { 5, 10 })
            {
                var expected = item.Numbers($"nonInferiority{margin}");
                var actual = TwoProportions.NonInferiority(xs, xn, ys, yn, -0.01 * margin);
                Close.Relative(expected[0], actual.Statistic, 1e-8, $"z at the margin {what}");
                Close.Relative(expected[1], actual.PValue, 1e-7, $"p at the margin {what}");
            }

            if (item.TryGetProperty("boschloo", out _))
            {
                // scipy searches the nuisance rate by sampling: it may stop a little below the supremum, never above.
                var p = TwoProportions.Boschloo(xs, xn, ys, yn).PValue;
                Assert.True(p >= item.Number("boschloo") * (1 - 1e-9), $"Boschloo {what}: {p:R} below {item.Number("boschloo"):R}");
                Close.Relative(item.Number("boschloo"), p, 2e-4, $"Boschloo {what}");
            }

            if (item.TryGetProperty("ratioLog", out _))
            {
                AssertInterval(item.Numbers("ratioLog"), RiskRatio.Log(xs, xn, ys, yn).Interval, 1e-10, $"log ratio {what}");
                AssertInterval(item.Numbers("oddsLog"), OddsRatio.Log(xs, xn, ys, yn).Interval, 1e-10, $"odds ratio {what}");
                if (item.GetProperty("ratioScore").ValueKind == JsonValueKind.Array)
                {
                    AssertInterval(item.Numbers("ratioScore"), RiskRatio.Score(xs, xn, ys, yn).Interval, 1e-7, $"score ratio {what}");
                }
            }
        }
    }

    [Theory]
    [InlineData(56, 70, 48, 80, 0.0528, 0.3382)]
    [InlineData(9, 10, 3, 10, 0.1700, 0.8406)]
    public void Score_limits_agree_with_the_published_table(long xs, long xn, long ys, long yn, double low, double high)
    {
        // Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 6.
        var interval = TwoProportions.MiettinenNurminen(xs, xn, ys, yn);
        Close.Absolute(low, interval.Low, 5.1e-5);
        Close.Absolute(high, interval.High, 5.1e-5);
    }

    [Fact]
    public void Exact_limits_agree_with_brute_force()
    {
        foreach (var item in Reference.GetProperty("chanZhang").EnumerateArray())
        {
            var interval = TwoProportions.Boschloo(item.Count("xs"), item.Count("xn"), item.Count("ys"), item.Count("yn")).Interval;
            Close.Absolute(item.Number("low"), interval.Low, 5e-5);
            Close.Absolute(item.Number("high"), interval.High, 5e-5);
        }
    }

    [Fact]
    public void Compare_picks_the_test_by_expected_counts_and_says_so()
    {
        Assert.StartsWith("two-proportion score test", TwoProportions.Compare(50, 500, 60, 500).Method, StringComparison.Ordinal);
        Assert.StartsWith("Boschloo", TwoProportions.Compare(0, 20, 4, 20).Method, StringComparison.Ordinal);
        Assert.StartsWith("Fisher", TwoProportions.Compare(0, 20_000, 4, 20_000).Method, StringComparison.Ordinal);
        var nothing = TwoProportions.Compare(0, 20, 0, 20);
        Assert.Equal(1.0, nothing.PValue);
        Assert.True(nothing.Low < 0 && nothing.High > 0);
        Assert.Throws<NotEstimableException>(() => TwoProportions.Score(0, 20, 0, 20));
        Assert.Throws<NotEstimableException>(() => RiskRatio.Score(3, 20, 0, 20));
        Assert.Equal(0.0, RiskRatio.Score(0, 20, 3, 20).Low);
        Assert.Throws<TooFewRowsException>(() => TwoProportions.Score(0, 0, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoProportions.Score(3, 2, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoProportions.Boschloo(3, 2000, 1, 2000));
    }

    [Fact]
    public void Arms_swapped_turn_the_sign()
    {
        var forward = TwoProportions.Boschloo(3, 17, 9, 21);
        var back = TwoProportions.Boschloo(9, 21, 3, 17);
        Close.Relative(forward.PValue, back.PValue, 1e-9);
        Close.Absolute(-forward.Low, back.High, 1e-12);
        Close.Absolute(-TwoProportions.MiettinenNurminen(3, 17, 9, 21).Low, TwoProportions.MiettinenNurminen(9, 21, 3, 17).High, 1e-12);
    }

    [Fact]
    public void Exact_tests_and_intervals_never_break_their_promise()
    {
        // Exactly, by summing over all tables: size of both tests and coverage of both exact intervals at several rates.
        const int n = 8;
        const int m = 6;
        var tables = (from x in Enumerable.Range(0, n + 1) from y in Enumerable.Range(0, m + 1) select (x, y)).ToArray();
        var boschloo = Array.ConvertAll(tables, t => TwoProportions.Boschloo(t.x, n, t.y, m));
        var fisher = Array.ConvertAll(tables, t => TwoProportions.Fisher(t.x, n, t.y, m).PValue);
        foreach (var (p, q) in new[] { (0.2, 0.2), (0.5, 0.5), (0.93, 0.93), (0.7, 0.3), (0.1, 0.5), (0.02, 0.6) })
        {
            double sizeBoschloo = 0, sizeFisher = 0, covered = 0, clopper = 0;
            for (var i = 0; i < tables.Length; i++)
            {
                var weight = Binomial.Pmf(tables[i].x, n, p) * Binomial.Pmf(tables[i].y, m, q);
                sizeBoschloo += boschloo[i].PValue <= 0.05 ? weight : 0;
                sizeFisher += fisher[i] <= 0.05 ? weight : 0;
                covered += boschloo[i].Interval.Contains(p - q) ? weight : 0;
                clopper += OneProportion.ClopperPearson(tables[i].x, n).Contains(p) ? weight : 0;
            }

            Assert.True(covered >= 0.95 && clopper >= 0.95, $"coverage {covered:F4}, {clopper:F4} at {p}, {q}");
            Assert.True(p != q || (sizeBoschloo <= 0.05 && sizeFisher <= sizeBoschloo), $"size {sizeBoschloo:F4}, {sizeFisher:F4} at {p}");
        }
    }

    [Fact]
    public void Intervals_cover_and_tests_keep_their_size_in_simulation()
    {
        const int rounds = 4000;
        var rng = new Rng(33);
        int newcombe = 0, score = 0, ratioLog = 0, ratioScore = 0, odds = 0, wilson = 0, jeffreys = 0, size = 0, margin = 0;
        for (var i = 0; i < rounds; i++)
        {
            var (x, y) = (rng.NextBinomial(150, 0.25), rng.NextBinomial(220, 0.18));
            newcombe += TwoProportions.Newcombe(x, 150, y, 220).Contains(0.07) ? 1 : 0;
            score += TwoProportions.MiettinenNurminen(x, 150, y, 220).Contains(0.07) ? 1 : 0;
            ratioLog += RiskRatio.Log(x, 150, y, 220).Interval.Contains(0.25 / 0.18) ? 1 : 0;
            ratioScore += RiskRatio.Score(x, 150, y, 220).Interval.Contains(0.25 / 0.18) ? 1 : 0;
            odds += OddsRatio.Log(x, 150, y, 220).Interval.Contains(0.25 / 0.75 / (0.18 / 0.82)) ? 1 : 0;
            wilson += OneProportion.Wilson(x, 150).Contains(0.25) ? 1 : 0;
            jeffreys += OneProportion.Jeffreys(x, 150).Contains(0.25) ? 1 : 0;
            margin += TwoProportions.NonInferiority(x, 150, y, 220, 0.07).PValue < 0.025 ? 1 : 0;
            size += TwoProportions.Score(x, 150, rng.NextBinomial(220, 0.25), 220).PValue < 0.05 ? 1 : 0;
        }

        // Discrete: the true coverage of these lies between 0.94 and 0.96 here.
        foreach (var hits in new[] { newcombe, score, ratioLog, ratioScore, odds, wilson, jeffreys })
        {
            Simulated.Between(0.94, 0.96, hits, rounds);
        }

        Simulated.Between(0.045, 0.055, size, rounds);
        Simulated.Between(0.02, 0.03, margin, rounds);
    }

    static void AssertInterval(double[] expected, Interval actual, double tolerance, string what)
    {
        Close.Absolute(expected[0], actual.Low, tolerance * Math.Max(1.0, Math.Abs(expected[0])), what + " low");
        Close.Absolute(expected[1], actual.High, tolerance * Math.Max(1.0, Math.Abs(expected[1])), what + " high");
    }
}
