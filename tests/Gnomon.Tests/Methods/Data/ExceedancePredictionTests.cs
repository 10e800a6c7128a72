using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class ExceedancePredictionTests
{
    // Source: the tail summed with 40 digits by mpmath, beside scipy (exceedance.py); 1e-9 relative, what a difference of logarithms of 1e4 keeps.
    [Fact]
    public void Tails_agree_with_the_reference()
    {
        foreach (var c in MethodReference.Load("profile/exceedance.json").Items("cases"))
        {
            var tail = ExceedancePrediction.UpperTail(c.GetProperty("k").GetInt64(), c.GetProperty("rows").GetInt64(), c.GetProperty("learned").GetInt64(), c.GetProperty("broken").GetInt64(), c.GetProperty("cuts").GetInt32());
            MethodReference.Close(c.Number("tail"), tail, 1e-9);
        }
    }

    [Fact]
    public void The_most_is_the_smallest_count_beyond_which_the_tail_is_small()
    {
        foreach (var (n, x, cuts, m) in new[] { (100L, 0L, 2, 100L), (3_500, 4, 1, 3_500), (891, 177, 1, 500), (20, 0, 1, 1_000_000) })
        {
            var most = ExceedancePrediction.MostBroken(0.001, m, n, x, cuts);
            Assert.True(ExceedancePrediction.UpperTail(most + 1, m, n, x, cuts) <= 0.001);
            Assert.True(most == 0 || ExceedancePrediction.UpperTail(most, m, n, x, cuts) > 0.001);
        }
    }

    // Size: limits of one sample asked of another of any distribution; 4,000 draws at alpha 0.05, 3.3 binomial errors; below it because counts are whole.
    [Fact]
    public void Ranges_of_a_sample_are_passed_as_often_as_promised()
    {
        var rng = new Rng(11);
        var (alarms, draws) = (0, 4_000);
        var most = ExceedancePrediction.MostBroken(0.05, 80, 60, 0, 2);
        for (var d = 0; d < draws; d++)
        {
            double Draw() => d % 2 == 0 ? rng.NextNormal() : Math.Exp(2 * rng.NextNormal());
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (var i = 0; i < 60; i++)
            {
                var v = Draw();
                (low, high) = (Math.Min(low, v), Math.Max(high, v));
            }

            var outside = 0;
            for (var i = 0; i < 80; i++)
            {
                var v = Draw();
                outside += v < low || v > high ? 1 : 0;
            }

            alarms += outside > most ? 1 : 0;
        }

        var size = ExceedancePrediction.UpperTail(most + 1, 80, 60, 0, 2);
        Assert.InRange(alarms / (double)draws, size - 0.0115, size + 0.0115);
        Assert.True(size <= 0.05);
    }

    [Fact]
    public void Wrong_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ExceedancePrediction.UpperTail(1, -1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExceedancePrediction.UpperTail(1, 10, 1, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExceedancePrediction.UpperTail(1, 10, 10, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExceedancePrediction.MostBroken(0, 10, 10));
        Assert.Equal(1, ExceedancePrediction.UpperTail(0, 10, 10));
        Assert.Equal(0, ExceedancePrediction.UpperTail(11, 10, 10));
        Assert.Equal(1, ExceedancePrediction.UpperTail(10, 10, 10, 10));
    }
}
