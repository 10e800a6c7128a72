using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class UnitShiftTests
{
    // Source: Price and Bonett 2002 written with scipy (looks.py); 1e-10.
    [Fact]
    public void Ratios_of_medians_agree_with_the_reference()
    {
        foreach (var c in MethodReference.Load("profile/looks.json").Items("medians"))
        {
            var r = RatioOfMedians.OfSorted(c.Numbers("x"), c.Numbers("y"));
            MethodReference.Close(c.Number("ratio"), r.Ratio, 1e-10);
            MethodReference.Close(c.Number("low"), r.Interval.Low, 1e-10);
            MethodReference.Close(c.Number("high"), r.Interval.High, 1e-10);
        }
    }

    // Coverage of the 95 % interval: 2,000 draws each of two shapes; 3.3 binomial errors and the paper's own lean to the safe side.
    [Fact]
    public void Intervals_cover()
    {
        var rng = new Rng(21);
        foreach (var (n, m, tail) in new[] { (40, 60, false), (25, 200, true) })
        {
            var covered = 0;
            for (var d = 0; d < 2_000; d++)
            {
                double Draw() => tail ? Math.Exp(1.5 * rng.NextNormal()) : 1 + rng.NextExponential();
                double[] x = [.. Enumerable.Range(0, n).Select(_ => 3 * Draw()).Order()], y = [.. Enumerable.Range(0, m).Select(_ => Draw()).Order()];
                var i = RatioOfMedians.OfSorted(x, y, 0.95).Interval;
                covered += i.Low <= 3 && 3 <= i.High ? 1 : 0;
            }

            Assert.InRange(covered / 2_000.0, 0.934, 0.985);
        }
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(0.001, true)]
    [InlineData(25.4, true)]
    [InlineData(1.609344, true)]
    [InlineData(2.204622622, true)]
    [InlineData(1.0, false)]
    [InlineData(1.75, false)]
    [InlineData(7.0, false)]
    [InlineData(130.0, false)]
    public void Known_factors_are_named_and_others_are_not(double factor, bool isKnown)
    {
        var rng = new Rng(4).Stream("factors");
        double Draw() => Math.Exp(2 + (0.15 * rng.NextNormal()));
        double[] rest = [.. Enumerable.Range(0, 4_000).Select(_ => Draw()).Order()], part = [.. Enumerable.Range(0, 3_000).Select(_ => factor * Draw()).Order()];
        var shift = UnitShift.CompareSorted(part, rest)!;
        Assert.Equal(isKnown, shift.Conversion is not null);
        if (isKnown)
        {
            Assert.Equal(factor > 1, shift.IsLarger);
            Assert.Equal(factor > 1 ? factor : 1 / factor, shift.Conversion!.Factor, 1e-6);
        }
    }

    [Fact]
    public void Degrees_are_told_by_centre_spread_and_shape()
    {
        var rng = new Rng(9).Stream("degrees");
        double[] celsius = [.. Enumerable.Range(0, 2_000).Select(_ => 12 + (8 * rng.NextNormal())).Order()];
        double[] fahrenheit = [.. Enumerable.Range(0, 1_200).Select(_ => 32 + (1.8 * (12 + (8 * rng.NextNormal())))).Order()];
        double[] warmer = [.. Enumerable.Range(0, 1_200).Select(_ => 22 + (8 * rng.NextNormal())).Order()];
        Assert.Equal(UnitShift.Temperature, UnitShift.CompareSorted(fahrenheit, celsius)!.Conversion);
        Assert.True(UnitShift.CompareSorted(fahrenheit, celsius)!.IsLarger);
        Assert.False(UnitShift.CompareSorted(celsius, fahrenheit)!.IsLarger);
        Assert.Null(UnitShift.CompareSorted(warmer, celsius)!.Conversion);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.Null(UnitShift.CompareSorted([1, 2, 3], [1, 2, 3]));
        Assert.Null(UnitShift.CompareSorted(Enumerable.Repeat(5.0, 50).ToArray(), [.. Enumerable.Range(1, 50).Select(i => (double)i)]));
        Assert.Throws<TooFewRowsException>(() => RatioOfMedians.OfSorted([1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RatioOfMedians.OfSorted([.. Enumerable.Range(0, 20).Select(i => (double)i)], [.. Enumerable.Range(1, 20).Select(i => (double)i)]));
    }
}
