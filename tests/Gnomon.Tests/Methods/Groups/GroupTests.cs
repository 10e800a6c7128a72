using Gnomon.Methods;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Inference;
using Gnomon.Tests.Methods.Ranks;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Groups;

/// <summary>Reference: R oneway.test, ptukey and qtukey on Welch's errors; scipy f_oneway and ncf; scipy ttest_ind, ttest_rel and nct (see make.py, make.R).</summary>
public sealed class GroupTests
{
    [Fact]
    public void Several_means_agree_with_R_and_scipy()
    {
        foreach (var (item, r) in RankReference.Both("groups"))
        {
            Moments[] groups = [.. item.GetProperty("groups").EnumerateArray().Select(g => Moments.Of(g.List()))];
            var welch = WelchAnova.Test(groups);
            var expected = r.Numbers("welch");
            Close.Relative(expected[0], welch.Statistic, 1e-9, "Welch F");
            Close.Relative(expected[2], welch.DegreesWithin!.Value, 1e-9, "degrees of freedom");
            Close.Relative(expected[3], welch.PValue, 1e-9, "p");
            var classical = WelchAnova.Classical(groups);
            Close.Relative(item.Number("f"), classical.Statistic, 1e-9, "F");
            Close.Relative(item.Number("fP"), classical.PValue, 1e-9, "p of F");
            foreach (var (pair, row) in GamesHowell.Test(groups).Zip(r.GetProperty("gamesHowell").EnumerateArray().Select(v => v.List())))
            {
                // qtukey stops at 1e-4 relative, ptukey at 1e-9 absolute or so.
                Assert.Equal(((int)row[0], (int)row[1]), (pair.First, pair.Second));
                Close.Relative(row[2], pair.Contrast.Value, 1e-9, "difference");
                Close.Absolute(row[3], pair.Contrast.Low, 2e-4 * (row[4] - row[3]), "low");
                Close.Absolute(row[4], pair.Contrast.High, 2e-4 * (row[4] - row[3]), "high");
                Close.Absolute(row[5], pair.Contrast.PValue, 1e-8, "p");
            }

            var eta = EffectSize.EtaSquared(groups);
            var shares = item.Numbers("eta");
            Close.Relative(shares[0], eta.Value, 1e-9, "eta squared");
            Close.Absolute(shares[1], eta.Low, 1e-7, "low");
            Close.Absolute(shares[2], eta.High, 1e-7, "high");
            Close.Absolute(item.Number("omega"), EffectSize.OmegaSquared(groups).Value, 1e-9, "omega squared");
        }
    }

    [Fact]
    public void Trimmed_means_and_standardised_differences_agree_with_scipy()
    {
        foreach (var item in RankReference.Python.GetProperty("two").EnumerateArray())
        {
            var (x, y) = (item.Numbers("x"), item.Numbers("y"));
            // Values near 1e6 carry 10 digits of difference.
            var yuen = TrimmedMeans.Yuen(x, y);
            Close.Relative(item.Number("yuenT"), yuen.Statistic, 1e-8, "Yuen's t");
            Close.Relative(item.Number("yuenP"), yuen.PValue, 1e-8, "Yuen's p");
            var welch = WelchT.Test(x, y);
            Close.Relative(welch.PValue, TrimmedMeans.Yuen(x, y, trim: 0).PValue, 1e-9, "no trim");
            var g = EffectSize.HedgesG(Moments.Of(x), Moments.Of(y));
            var expected = item.Numbers("g");
            Close.Relative(expected[0], g.Value, 1e-9, "g");
            Close.Absolute(expected[1], g.Low, 1e-8, "g low");
            Close.Absolute(expected[2], g.High, 1e-8, "g high");
        }

        foreach (var item in RankReference.Python.GetProperty("pairs").EnumerateArray())
        {
            var paired = OneSampleT.Paired(item.Numbers("x"), item.Numbers("y"));
            Close.Relative(item.Number("t"), paired.Statistic, 1e-10, "paired t");
            Close.Relative(item.Number("p"), paired.PValue, 1e-9, "paired p");
            Close.Relative(item.Number("low"), paired.Low, 1e-8, "low");
            Close.Relative(item.Number("high"), paired.High, 1e-8, "high");
        }
    }

    [Fact]
    public void Two_groups_reduce_to_Welch()
    {
        Moments[] two = [Moments.Of([1, 4, 2, 8, 5]), Moments.Of([3, 9, 11, 4])];
        var welch = WelchT.Test(two[1], two[0]);
        var anova = WelchAnova.Test(two);
        Close.Relative(welch.Statistic * welch.Statistic, anova.Statistic, 1e-12);
        Close.Relative(welch.PValue, anova.PValue, 1e-11);
        Close.Relative(welch.PValue, GamesHowell.Test(two)[0].Contrast.PValue, 1e-10);
        var dunnett = Dunnett.Welch(two, 0)[0].Contrast;
        Close.Relative(welch.PValue, dunnett.PValue, 1e-10);
        Close.Relative(welch.Low, dunnett.Low, 1e-9);
        var pooled = Dunnett.Pooled(two, 0)[0].Contrast;
        Close.Relative(WelchAnova.Classical(two).PValue, pooled.PValue, 1e-10);
    }

    [Fact]
    public void Equivalence_is_the_interval_inside_the_margins()
    {
        var x = Moments.Of([5.1, 4.9, 5.3, 5.0, 5.2, 4.8, 5.1, 5.0]);
        var y = Moments.Of([5.0, 5.1, 4.9, 5.2, 5.0, 5.1, 4.9, 5.0]);
        foreach (var margin in new[] { 0.05, 0.1, 0.15, 0.2, 0.4 })
        {
            var test = Equivalence.Means(x, y, -margin, margin);
            var inside = test.Contrast.Low > -margin && test.Contrast.High < margin;
            Assert.Equal(inside, test.PValue < 0.05);
            Close.Relative(WelchT.NonInferiority(x, y, -margin).PValue, test.PAboveLow, 1e-12);
            Close.Relative(WelchT.NonInferiority(y, x, -margin).PValue, test.PBelowHigh, 1e-12);
            var shares = Equivalence.Proportions(480, 1000, 490, 1000, -margin, margin);
            Assert.Equal(shares.Contrast.Low > -margin && shares.Contrast.High < margin, shares.PValue < 0.05);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Equivalence.Means(x, y, 0.1, -0.1));
    }

    [Fact]
    public void Equivalence_quantiles_and_association_agree_with_the_references()
    {
        foreach (var item in RankReference.Python.GetProperty("tost").EnumerateArray())
        {
            var test = Equivalence.Means(Moments.Of(item.Numbers("x")), Moments.Of(item.Numbers("y")), item.Number("low"), item.Number("high"));
            Close.Relative(item.Number("p"), test.PValue, 1e-9, "statsmodels ttost_ind");
            Close.Relative(item.Number("pAboveLow"), test.PAboveLow, 1e-9, "lower");
            Close.Relative(item.Number("pBelowHigh"), test.PBelowHigh, 1e-9, "upper");
        }

        foreach (var item in RankReference.Python.GetProperty("quantiles").EnumerateArray())
        {
            var test = QuantileDifference.Test(item.Numbers("x"), item.Numbers("y"), item.Number("share"));
            Close.Relative(item.Number("value"), test.Value, 1e-10, "difference of quantiles");
            Close.Relative(item.Number("error"), test.StandardError, 1e-9, "its error");
            Close.Relative(item.Number("p"), test.PValue, 1e-8, "its p");
        }

        foreach (var item in RankReference.Python.GetProperty("cramer").EnumerateArray())
        {
            var table = item.GetProperty("table");
            var v = Gnomon.Methods.Counts.ContingencyTable.CramersV(table.Table(), table[0].GetArrayLength());
            Close.Absolute(item.Number("v"), v.Value, 1e-12, "V");
            Close.Absolute(item.Number("low"), v.Low, 1e-8, "low");
            Close.Absolute(item.Number("high"), v.High, 1e-8, "high");
        }
    }

    [Fact]
    public void Bias_factor_is_the_ratio_of_gammas_at_any_size()
    {
        // 2 degrees: Gamma(1) / (1 * Gamma(1/2)) = 1 / sqrt(pi). Large: 1 - 3 / (4 m) - 7 / (32 m^2) (Hedges 1981).
        Close.Relative(1 / Math.Sqrt(Math.PI), EffectSize.BiasFactor(2), 1e-13);
        Close.Relative(1 - 0.75e-6 - 7.0 / 32 * 1e-12, EffectSize.BiasFactor(1e6), 1e-13);
        Close.Relative(0.9227456, EffectSize.BiasFactor(10), 1e-7);
    }

    [Fact]
    public void Edge_data_have_an_answer_or_a_named_refusal()
    {
        var flat = Moments.Of([2.0, 2.0, 2.0]);
        var some = Moments.Of([1.0, 2.0, 4.0]);
        Assert.Throws<NotEstimableException>(() => WelchAnova.Test((Moments[])[flat, some, some]));
        Assert.Throws<NotEstimableException>(() => WelchAnova.Classical((Moments[])[flat, flat]));
        Assert.Throws<TooFewRowsException>(() => WelchAnova.Test((Moments[])[some]));
        Assert.Throws<TooFewRowsException>(() => WelchAnova.Test((Moments[])[some, Moments.Of([1.0])]));
        Assert.Throws<NotEstimableException>(() => GamesHowell.Test([flat, flat, some]));
        Assert.Throws<NotEstimableException>(() => Dunnett.Welch([some, flat], 0));
        Assert.Throws<NotEstimableException>(() => EffectSize.HedgesG(flat, flat));
        Assert.Throws<NotEstimableException>(() => EffectSize.EtaSquared([flat, flat]));
        Assert.Equal(0.0, EffectSize.EtaSquared([some, some, some]).Value);
        Assert.Equal(0.0, EffectSize.OmegaSquared([some, some, some]).Value);
        Assert.Throws<NotEstimableException>(() => OneSampleT.Test(flat));
        Assert.Throws<ArgumentException>(() => OneSampleT.Paired([1, 2], [1]));
        Assert.Throws<TooFewRowsException>(() => TrimmedMeans.Yuen([1, 2], [1], 0.2));
        Assert.Throws<NotEstimableException>(() => TrimmedMeans.Yuen([1, 1, 1, 1, 9], [2, 2, 2, 2, 2], 0.2));
        Assert.Throws<TooFewRowsException>(() => QuantileDifference.Test([1, 2, 3], [1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => QuantileDifference.Test(new double[40], new double[40]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_together_and_tests_keep_their_size()
    {
        const int rounds = 400;
        var rng = new Rng(19);
        int anova = 0, pairs = 0, dunnett = 0, pooled = 0, yuen = 0, g = 0, eta = 0, median = 0, tail = 0, tost = 0;
        for (var i = 0; i < rounds; i++)
        {
            // Unequal spread and sizes, equal means.
            Moments[] unequal = [Normal(rng, 12, 0, 1), Normal(rng, 25, 0, 3), Normal(rng, 18, 0, 2), Normal(rng, 30, 0, 1)];
            anova += WelchAnova.Test(unequal).PValue < 0.05 ? 1 : 0;
            pairs += GamesHowell.Test(unequal).All(p => p.Contrast.Interval.Contains(0)) ? 1 : 0;
            dunnett += Dunnett.Welch(unequal, 1).All(p => p.Contrast.Interval.Contains(0)) ? 1 : 0;
            Moments[] equal = [Normal(rng, 12, 0, 1), Normal(rng, 8, 0.5, 1), Normal(rng, 10, 1, 1)];
            pooled += Dunnett.Pooled(equal, 0).Zip([0.5, 1.0]).All(p => p.First.Contrast.Interval.Contains(p.Second)) ? 1 : 0;
            g += EffectSize.HedgesG(equal[2], equal[0]).Interval.Contains(1) ? 1 : 0;
            // Population share of fixed effects: lambda / (lambda + N), lambda the sum of n (mu - weighted mean)^2.
            var lambda = 12 * Math.Pow(14.0 / 30, 2) + 8 * Math.Pow(0.5 - 14.0 / 30, 2) + 10 * Math.Pow(1 - 14.0 / 30, 2);
            eta += EffectSize.EtaSquared(equal).Interval.Contains(lambda / (lambda + 30)) ? 1 : 0;
            yuen += TrimmedMeans.Yuen(Draw(30, rng.NextNormal), Draw(20, () => 2 * rng.NextNormal() * rng.NextNormal())).PValue < 0.05 ? 1 : 0;
            median += QuantileDifference.Test(Draw(60, () => rng.NextExponential()), Draw(40, () => 2 * rng.NextExponential())).Interval.Contains(-Math.Log(2)) ? 1 : 0;
            tail += QuantileDifference.Test(Draw(300, rng.NextExponential), Draw(200, rng.NextExponential), 0.9).Interval.Contains(0) ? 1 : 0;
            tost += Equivalence.Means(Normal(rng, 40, 0.5, 1), Normal(rng, 50, 0, 1), -0.5, 0.5).PValue < 0.05 ? 1 : 0;
        }

        Simulated.Between(0.045, 0.060, anova, rounds);
        Simulated.Between(0.940, 0.960, pairs, rounds);
        Simulated.Between(0.940, 0.960, dunnett, rounds);
        Simulated.Share(0.95, pooled, rounds);
        Simulated.Share(0.95, g, rounds);
        Simulated.Between(0.95, 0.96, eta, rounds);
        Simulated.Between(0.040, 0.060, yuen, rounds);
        Simulated.Between(0.945, 0.970, median, rounds);
        Simulated.Between(0.940, 0.965, tail, rounds);
        Simulated.Between(0.040, 0.052, tost, rounds);
    }

    static Moments Normal(Rng rng, int n, double mean, double spread) => Moments.Of(Draw(n, () => mean + spread * rng.NextNormal()));

    static double[] Draw(int n, Func<double> draw)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = draw();
        }

        return values;
    }
}
