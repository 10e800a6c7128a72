using Gnomon.Methods;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Inference;
using Gnomon.Tests.Methods.Ranks;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Counts;

/// <summary>Reference: scipy and statsmodels (StratifiedTable, cohens_kappa), R fisher.test, mantelhaen.test, prop.trend.test, poisson.test, enumeration (see make.py, make.R).</summary>
public sealed class CountTests
{
    [Fact]
    public void Paired_proportions_agree_with_direct_maximisation()
    {
        foreach (var item in RankReference.Python.GetProperty("paired").EnumerateArray())
        {
            var c = item.Numbers("cells");
            var test = PairedProportions.McNemar((long)c[0], (long)c[1], (long)c[2], (long)c[3]);
            Close.Relative(item.Number("midP"), test.PValue, 1e-12, "mid-p");
            Close.Relative(item.Number("exactP"), PairedProportions.ExactP((long)c[1], (long)c[2]), 1e-12, "exact p");
            var tango = item.Numbers("tango");
            Close.Absolute(tango[0], test.Low, 2e-6, "low");
            Close.Absolute(tango[1], test.High, 2e-6, "high");
            var mirrored = PairedProportions.McNemar((long)c[0], (long)c[2], (long)c[1], (long)c[3]);
            Close.Absolute(-test.Low, mirrored.High, 1e-12);
        }
    }

    [Fact]
    public void Poisson_rates_agree_with_R_and_scipy()
    {
        foreach (var (item, r) in RankReference.Both("rates"))
        {
            var (x, tx, y, ty) = ((long)item.Number("x"), item.Number("tx"), (long)item.Number("y"), item.Number("ty"));
            var test = PoissonRates.Ratio(x, tx, y, ty);
            Close.Relative(item.Number("p"), test.PValue, 1e-11, "p");
            Close.Absolute(item.Number("low"), test.Low, 1e-10 * Math.Max(1, item.Number("low")), "low");
            Close.Relative(item.Number("high"), test.High, 1e-10, "high");
            Close.Absolute(r.List()[0], test.Low, 1e-9 * Math.Max(1, test.Low), "R's low");
            Close.Relative(r.List()[1], test.High, 1e-9, "R's high");
            var one = PoissonRates.One(x, tx);
            Close.Absolute(item.Numbers("garwood")[0], one.Low, 1e-12);
            Close.Relative(item.Numbers("garwood")[1], one.High, 1e-11);
        }
    }

    [Fact]
    public void Tables_agree_with_enumeration_and_fisher()
    {
        foreach (var (item, r) in RankReference.Python.GetProperty("tables").EnumerateArray().Zip(RankReference.R.GetProperty("fisher").EnumerateArray()))
        {
            var table = item.GetProperty("table");
            var counts = table.Table();
            var columns = table[0].GetArrayLength();
            var exact = ContingencyTable.Exact(counts, columns)!;
            Close.Relative(item.Number("chi"), exact.Statistic, 1e-12, "chi-square");
            Close.Relative(item.Number("exact"), exact.PValue, 1e-10, "exact p");
            Assert.Equal((long)item.Number("tables"), exact.Tables);
            Close.Relative(r.GetDouble(), ContingencyTable.FreemanHalton(counts, columns)!.Value, 1e-7, "R's fisher.test");
            var random = ContingencyTable.MonteCarlo(counts, columns);
            Close.Absolute(exact.PValue, random.PValue, 4 * Math.Sqrt(exact.PValue * (1 - exact.PValue) / 9999) + 1e-4, "Monte Carlo");
            Assert.Equal(random.PValue, ContingencyTable.MonteCarlo(counts, columns).PValue);
        }

        Assert.Equal(TableMethod.ChiSquare, ContingencyTable.Test([30, 40, 50, 60], 2).Method);
        Assert.Equal(TableMethod.Exact, ContingencyTable.Test([3, 4, 5, 1], 2).Method);
        Assert.Equal(TableMethod.MonteCarlo, ContingencyTable.Test([.. Enumerable.Range(0, 64).Select(i => (long)(i % 7))], 8, draws: 199).Method);
        Assert.Throws<NotEstimableException>(() => ContingencyTable.Test([3, 4, 0, 0], 2));
    }

    [Fact]
    public void Strata_agree_with_statsmodels_and_R()
    {
        foreach (var (item, r) in RankReference.Both("strata"))
        {
            Stratum[] strata = [.. item.GetProperty("strata").EnumerateArray().Select(s => s.List()).Select(s => new Stratum((long)s[0], (long)s[1], (long)s[2], (long)s[3]))];
            var test = StratifiedTables.Test(strata);
            Close.Relative(item.Number("chi"), test.CochranMantelHaenszel.Statistic, 1e-10, "CMH");
            Close.Relative(item.Number("odds"), test.OddsRatio!.Value, 1e-11, "odds ratio");
            Close.Relative(item.Numbers("interval")[0], test.OddsRatio.Low, 1e-9, "low");
            Close.Relative(item.Numbers("interval")[1], test.OddsRatio.High, 1e-9, "high");
            Close.Relative(item.Number("breslowDay"), test.BreslowDay!.Statistic, 1e-8, "Breslow-Day");
            Close.Relative(item.Number("breslowDayP"), test.BreslowDay.PValue, 1e-8, "p of Breslow-Day");
            Close.Relative(item.Number("difference"), test.Difference.Value, 1e-11, "difference");
            Close.Relative(item.Number("error"), test.Difference.StandardError, 1e-10, "its error");
            var other = r.List();
            Close.Relative(other[0], test.CochranMantelHaenszel.Statistic, 1e-10, "R's CMH");
            Close.Relative(other[1], test.CochranMantelHaenszel.PValue, 1e-9, "R's p");
            Close.Relative(other[2], test.OddsRatio.Value, 1e-10, "R's odds ratio");
            Close.Relative(other[3], test.OddsRatio.Low, 1e-8, "R's low");
        }

        Assert.Throws<NotEstimableException>(() => StratifiedTables.Test([new(0, 5, 0, 5), new(3, 3, 0, 0)]));
        Assert.Null(StratifiedTables.Test([new(3, 5, 0, 5)]).OddsRatio);
    }

    [Fact]
    public void Kappa_trend_and_mid_p_agree_with_the_references()
    {
        foreach (var item in RankReference.Python.GetProperty("kappa").EnumerateArray())
        {
            var table = item.GetProperty("table");
            foreach (var (name, weights) in new[] { ("none", KappaWeights.None), ("linear", KappaWeights.Linear), ("quadratic", KappaWeights.Quadratic) })
            {
                var expected = item.Numbers(name);
                var kappa = CohenKappa.Test(table.Table(), table.GetArrayLength(), weights);
                Close.Relative(expected[0], kappa.Value, 1e-12, name);
                Close.Relative(expected[1], kappa.Low, 1e-11, name + " low");
                Close.Relative(expected[2], kappa.High, 1e-11, name + " high");
                Close.Relative(expected[0] / expected[3], kappa.Statistic, 1e-10, name + " z");
            }
        }

        foreach (var item in RankReference.R.GetProperty("trend").EnumerateArray())
        {
            long[] k = [.. item.Numbers("successes").Select(v => (long)v)];
            long[] n = [.. item.Numbers("sizes").Select(v => (long)v)];
            var test = TrendInProportions.CochranArmitage(k, n, item.Numbers("scores"));
            Close.Relative(item.Number("chi"), test.Statistic * test.Statistic, 1e-11, "chi-square for trend");
            Close.Relative(item.Number("p"), test.PValue, 1e-10, "p");
        }

        foreach (var item in RankReference.Python.GetProperty("midP").EnumerateArray())
        {
            Close.Relative(item.Number("p"), TwoProportions.FisherMidP(item.Count("xs"), item.Count("xn"), item.Count("ys"), item.Count("yn")).PValue, 1e-10, "mid-p");
        }
    }

    [Fact]
    public void Number_needed_runs_through_infinity_where_it_must()
    {
        var clear = NumberNeededToTreat.Of(TwoProportions.Score(146, 1218, 97, 1218));
        Close.Absolute(24.9, clear.Value!.Value, 0.1);
        Close.Absolute(15.6, clear.Interval!.Value.Low, 0.2);
        Close.Absolute(60.8, clear.Interval.Value.High, 0.1);
        Assert.Null(clear.Harm);
        var open = NumberNeededToTreat.Of(TwoProportions.Score(30, 300, 27, 300));
        Assert.Null(open.Interval);
        Assert.True(open.Benefit > 0 && open.Harm > 0);
        Assert.Null(NumberNeededToTreat.Of(TwoProportions.Score(30, 300, 30, 300)).Value);
        Assert.True(NumberNeededToTreat.Of(TwoProportions.Score(10, 300, 60, 300)).IsHarm);
    }

    [Fact]
    public void Edge_data_have_an_answer_or_a_named_refusal()
    {
        Assert.Throws<NotEstimableException>(() => PairedProportions.McNemar(5, 0, 0, 5));
        Assert.Throws<TooFewRowsException>(() => PairedProportions.McNemar(0, 0, 0, 0));
        var all = PairedProportions.McNemar(0, 7, 0, 0);
        // All pairs one way: the score solves (1 - d) / (1 + d) = z^2 / n.
        var r = Normal.UpperQuantile(0.025) * Normal.UpperQuantile(0.025) / 7;
        Close.Relative((1 - r) / (1 + r), all.Low, 1e-9);
        Close.Relative(1.0 / 128, all.PValue, 1e-12);
        Assert.Equal(1.0, all.High, 9);
        Assert.Throws<NotEstimableException>(() => PoissonRates.Ratio(3, 1, 0, 1));
        Assert.Throws<NotEstimableException>(() => PoissonRates.Ratio(0, 1, 0, 1));
        Assert.Throws<NotEstimableException>(() => CohenKappa.Test([9, 0, 0, 0], 2));
        Assert.Throws<NotEstimableException>(() => CohenKappa.Test([0, 0, 0, 0], 2));
        Assert.Throws<NotEstimableException>(() => TrendInProportions.CochranArmitage([0, 0], [5, 5]));
        Assert.Throws<TooFewRowsException>(() => TrendInProportions.CochranArmitage([0], [5]));
        Assert.Equal(1.0, TwoProportions.FisherMidP(0, 5, 0, 5).PValue);
    }

    [Fact]
    public void Exact_sizes_and_coverages_keep_their_promise()
    {
        // Summed over all outcomes, not simulated. Mid-p and Tango are close to their level, not bound by it.
        const int n = 24;
        foreach (var (p10, p01) in new[] { (0.15, 0.15), (0.3, 0.3), (0.3, 0.1) })
        {
            double size = 0, covered = 0;
            for (var b = 0; b <= n; b++)
            {
                for (var c = 0; b + c <= n; c++)
                {
                    var weight = Binomial.Pmf(b, n, p10) * Binomial.Pmf(c, n - b, p01 / (1 - p10));
                    if (b + c == 0)
                    {
                        covered += weight;
                        continue;
                    }

                    var test = PairedProportions.McNemar(0, b, c, n - b - c);
                    size += test.PValue <= 0.05 ? weight : 0;
                    covered += test.Interval.Contains(p10 - p01) ? weight : 0;
                }
            }

            Assert.True(p10 != p01 || size <= 0.055, $"size {size:F4}");
            Assert.InRange(covered, 0.935, 0.975);
        }

        // Fisher's mid-p of 12 against 9, at several common rates.
        foreach (var rate in new[] { 0.1, 0.3, 0.5 })
        {
            var size = 0.0;
            for (var x = 0; x <= 12; x++)
            {
                for (var y = 0; y <= 9; y++)
                {
                    size += TwoProportions.FisherMidP(x, 12, y, 9).PValue <= 0.05 ? Binomial.Pmf(x, 12, rate) * Binomial.Pmf(y, 9, rate) : 0;
                }
            }

            Assert.True(size <= 0.055, $"Fisher mid-p: {size:F4} at {rate}");
        }

        double garwood = 0, ratio = 0;
        for (var x = 0; x < 60; x++)
        {
            garwood += PoissonRates.One(x, 2).Contains(3) ? Poisson.Pmf(x, 6) : 0;
            for (var y = 1; y < 60; y++)
            {
                ratio += PoissonRates.Ratio(x, 2, y, 3).Interval.Contains(1.5) ? Poisson.Pmf(x, 6) * Poisson.Pmf(y, 6) / (1 - Math.Exp(-6)) : 0;
            }
        }

        Assert.True(garwood >= 0.95 && ratio >= 0.95, $"{garwood:F4} {ratio:F4}");
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Tests_keep_their_size_and_intervals_cover()
    {
        const int rounds = 2000;
        var rng = new Rng(21);
        int cmh = 0, odds = 0, difference = 0, breslowDay = 0, trend = 0, slope = 0, kappa = 0, table = 0, cramer = 0, equivalent = 0;
        for (var i = 0; i < rounds; i++)
        {
            // Odds ratio 1 in both strata; then 2 in both.
            Stratum[] none = [Draw(rng, 80, 0.2, 60, 0.2), Draw(rng, 50, 0.5, 90, 0.5)];
            cmh += StratifiedTables.Test(none).CochranMantelHaenszel.PValue < 0.05 ? 1 : 0;
            Stratum[] two = [Draw(rng, 80, 1.0 / 3, 60, 0.2), Draw(rng, 50, 2.0 / 3, 90, 0.5)];
            var test = StratifiedTables.Test(two);
            odds += test.OddsRatio!.Interval.Contains(2) ? 1 : 0;
            breslowDay += test.BreslowDay!.PValue < 0.05 ? 1 : 0;
            Stratum[] shifted = [Draw(rng, 80, 0.3, 60, 0.2), Draw(rng, 50, 0.6, 90, 0.5)];
            difference += StratifiedTables.Test(shifted).Difference.Interval.Contains(0.1) ? 1 : 0;
            long[] sizes = [60, 60, 60, 60];
            trend += TrendInProportions.CochranArmitage([rng.NextBinomial(60, 0.3), rng.NextBinomial(60, 0.3), rng.NextBinomial(60, 0.3), rng.NextBinomial(60, 0.3)], sizes).PValue < 0.05 ? 1 : 0;
            slope += TrendInProportions.CochranArmitage([rng.NextBinomial(60, 0.2), rng.NextBinomial(60, 0.3), rng.NextBinomial(60, 0.4), rng.NextBinomial(60, 0.5)], sizes).Interval.Contains(0.1) ? 1 : 0;
            // Half agree by knowledge, half by chance over three equal categories: kappa one half.
            var cells = new long[9];
            for (var k = 0; k < 150; k++)
            {
                var first = rng.NextInt(3);
                cells[first * 3 + (rng.NextDouble() < 0.5 ? first : rng.NextInt(3))]++;
            }

            // Two rows of 150 with shares 0.5, 0.3, 0.2 and 0.3, 0.3, 0.4: phi squared is the mean over rows of sum (p - m)^2 / m, m the mean share.
            var pair = new long[6];
            for (var k = 0; k < 300; k++)
            {
                var u = rng.NextDouble();
                pair[k < 150 ? (u < 0.5 ? 0 : u < 0.8 ? 1 : 2) : (u < 0.3 ? 3 : u < 0.6 ? 4 : 5)]++;
            }

            var v = Math.Sqrt(0.01 / 0.4 + 0.01 / 0.3);
            var interval = ContingencyTable.CramersV(pair, 3);
            cramer += interval.Low <= v && v <= interval.High ? 1 : 0;
            equivalent += Equivalence.Proportions(rng.NextBinomial(400, 0.3), 400, rng.NextBinomial(500, 0.2), 500, -0.1, 0.1).PValue < 0.05 ? 1 : 0;
            kappa += CohenKappa.Test(cells, 3).Interval.Contains(0.5) ? 1 : 0;
            if (i < 300)
            {
                var sparse = new long[6];
                for (var k = 0; k < 14; k++)
                {
                    sparse[rng.NextInt(2) * 3 + rng.NextInt(3)]++;
                }

                table += sparse[0] + sparse[1] + sparse[2] is > 0 and < 14 && new[] { sparse[0] + sparse[3], sparse[1] + sparse[4], sparse[2] + sparse[5] }.Count(v => v > 0) > 1
                    && ContingencyTable.Test(sparse, 3).PValue <= 0.05 ? 1 : 0;
            }
        }

        Simulated.Between(0.042, 0.056, cmh, rounds);
        Simulated.Between(0.945, 0.958, odds, rounds);
        Simulated.Between(0.042, 0.056, breslowDay, rounds);
        Simulated.Between(0.940, 0.957, difference, rounds);
        Simulated.Between(0.042, 0.056, trend, rounds);
        Simulated.Between(0.940, 0.957, slope, rounds);
        Simulated.Between(0.935, 0.955, kappa, rounds);
        Simulated.Between(0.005, 0.05, table, 300);
        Simulated.Between(0.940, 0.960, cramer, rounds);
        Simulated.Between(0.043, 0.057, equivalent, rounds);
    }

    static Stratum Draw(Rng rng, long n, double p, long m, double q) => new(rng.NextBinomial(n, p), n, rng.NextBinomial(m, q), m);
}
