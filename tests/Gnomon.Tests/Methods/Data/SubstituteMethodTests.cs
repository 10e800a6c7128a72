using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

/// <summary>Breaks of level, learning curves and two scores of the same rows.</summary>
public sealed class SubstituteMethodTests
{
    // Andrews 2003, Econometrica 71, table of corrected critical values, one parameter, 15 % trimming.
    [Theory]
    [InlineData(7.12, 0.10)]
    [InlineData(8.68, 0.05)]
    [InlineData(12.16, 0.01)]
    public void The_tail_of_sup_F_agrees_with_Andrews(double critical, double p) => Assert.Equal(p, LevelBreak.Tail(critical), 0.08 * p);

    // numpy (substitute.py): the best place by brute force, its F, levels and forecasts. Same sums in another order: 1e-9.
    [Fact]
    public void Break_agrees_with_brute_force()
    {
        foreach (var c in MethodReference.Load("data/substitute.json").Items("breaks"))
        {
            var found = LevelBreak.Find(c.Numbers("values"));
            Assert.Equal((int)c.Number("before"), found.Before);
            Assert.Equal(c.Number("supF"), found.SupF, 1e-9 * c.Number("supF"));
            Assert.Equal(c.Number("meanBefore"), found.MeanBefore, 1e-9);
            Assert.Equal(c.Number("meanAfter"), found.MeanAfter, 1e-9);
            Assert.Equal(c.Number("errorOfAll"), found.ErrorOfAll, 1e-9);
            Assert.Equal(c.Number("errorOfNew"), found.ErrorOfNew, 1e-9);
            Assert.Equal(c.Number("deviation"), found.Deviation, 1e-9);
        }
    }

    // 2,000 series of 60 periods without a break. The limit is reached slowly: independent periods stay within a few points of 5 %, alike neighbours (0.3) are less well kept.
    [Theory]
    [InlineData(0.0, 0.01, 0.08)]
    [InlineData(0.3, 0.01, 0.10)]
    public void Without_a_break_few_are_found(double alike, double least, double most)
    {
        int named = 0, told = 0;
        const int Draws = 2_000;
        for (var d = 0; d < Draws; d++)
        {
            var found = LevelBreak.Find(Series(d, alike, 0));
            named += found.PValue < 0.05 ? 1 : 0;
            told += found.PValue < 0.01 && Math.Abs(found.Shift) > 1 && found.ErrorOfAll > found.ErrorOfNew ? 1 : 0;
        }

        Assert.InRange(named / (double)Draws, least, most);
        Assert.InRange(told, 0, alike > 0 ? 60 : 30);
    }

    [Fact]
    public void A_break_is_found_where_it_is()
    {
        var found = LevelBreak.Find(Series(7, 0, 3));
        Assert.InRange(found.Before, 43, 47);
        Assert.True(found.PValue < 1e-6);
        Assert.True(found.ErrorOfNew < found.ErrorOfAll);
        Assert.InRange(found.Shift, 2, 4);
    }

    [Fact]
    public void Short_and_constant_series_are_refused()
    {
        Assert.Throws<TooFewRowsException>(() => LevelBreak.Find(new double[19]));
        Assert.Throws<NotEstimableException>(() => LevelBreak.Find(new double[40]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LevelBreak.Find([.. Enumerable.Repeat(1.0, 30), double.NaN]));
    }

    private static double[] Series(int seed, double alike, double shift)
    {
        var rng = new Rng(seed).Stream("level-break");
        var state = rng.NextNormal();
        var values = new double[60];
        for (var i = 0; i < values.Length; i++)
        {
            state = (alike * state) + (Math.Sqrt(1 - (alike * alike)) * rng.NextNormal());
            values[i] = state + (i >= 45 ? shift : 0);
        }

        return values;
    }

    // Structural components of DeLong by brute force in numpy (substitute.py).
    [Fact]
    public void Paired_areas_agree_with_brute_force()
    {
        foreach (var c in MethodReference.Load("data/substitute.json").Items("pairs"))
        {
            var found = PairedAreas.Compare(c.Numbers("first"), c.Numbers("second"), [.. c.Numbers("positive").Select(v => v > 0)]);
            Assert.Equal(c.Number("areaFirst"), found.First, 1e-12);
            Assert.Equal(c.Number("areaSecond"), found.Second, 1e-12);
            Assert.Equal(c.Number("error"), found.StandardError, 1e-10);
        }
    }

    [Fact]
    public void Scores_that_order_alike_do_not_differ()
    {
        double[] scores = [1, 2, 3, 4, 5, 6];
        var found = PairedAreas.Compare(scores, Array.ConvertAll(scores, s => s * s), [false, true, false, true, false, true]);
        Assert.Equal((0.0, 0.0, 1.0), (found.Difference, found.StandardError, found.PValue));
        Assert.Throws<TooFewRowsException>(() => PairedAreas.Compare(scores, scores, [false, true, false, false, false, false]));
    }

    // 1,000 draws in which both scores are as good: 5 % are called different, 3.3 binomial errors either way.
    [Fact]
    public void Equal_areas_are_called_different_one_time_in_twenty()
    {
        var named = 0;
        for (var d = 0; d < 1_000; d++)
        {
            var rng = new Rng(d).Stream("paired-areas");
            var (first, second, positive) = (new double[120], new double[120], new bool[120]);
            for (var i = 0; i < 120; i++)
            {
                var shared = rng.NextNormal() + ((positive[i] = i % 3 == 0) ? 1 : 0);
                (first[i], second[i]) = (shared + rng.NextNormal(), shared + rng.NextNormal());
            }

            named += PairedAreas.Compare(first, second, positive).PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(named / 1_000.0, 0.027, 0.078);
    }

    [Fact]
    public void A_curve_without_noise_is_found_exactly()
    {
        var points = from fold in Enumerable.Range(0, 5) from rows in new[] { 100, 200, 400, 800 } select new LearningPoint(fold, rows, 0.8 - (4.0 / rows));
        var fit = LearningCurve.Fit([.. points], 0.01);
        Assert.Equal(4.0, fit.Slope, 1e-9);
        Assert.Equal(0.8, fit.Plateau, 1e-12);
        Assert.Equal(0.8 - (4.0 / 5000), fit.At(5_000).Score, 1e-12);
        Assert.Equal(0.01, fit.At(5_000).Error, 1e-9);
        Assert.Equal(400, fit.RowsWithin(0.01), 1e-6);
        Assert.Throws<TooFewRowsException>(() => LearningCurve.Fit([new(0, 10, 0.5), new(0, 20, 0.6)], 0.01));
        Assert.Throws<NotEstimableException>(() => LearningCurve.Fit([new(0, 10, 0.5), new(1, 10, 0.6), new(2, 10, 0.6)], 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.At(0));
    }
}
