using FsCheck;
using FsCheck.Fluent;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Reference: scipy ttest_ind(equal_var=False) and statsmodels tconfint_diff, 1e-10 relative since the means near 1e6 carry 10 digits of difference.</summary>
public sealed class WelchTTests
{
    [Fact]
    public void Agrees_with_scipy()
    {
        foreach (var item in ReferenceFile.Open("inference", "inference.json").GetProperty("welch").EnumerateArray())
        {
            var x = item.Numbers("x");
            var y = item.Numbers("y");
            var result = WelchT.Test(x, y);
            Close.Relative(item.Number("t"), result.Statistic, 1e-10, "t");
            Close.Relative(item.Number("p"), result.PValue, 1e-9, "p");
            Close.Relative(item.Number("low"), result.Low, 1e-9, "low");
            Close.Relative(item.Number("high"), result.High, 1e-9, "high");
            Close.Relative(item.Number("pGreater"), WelchT.NonInferiority(Moments.Of(x), Moments.Of(y), -0.5).PValue, 1e-9, "one-sided p");
        }
    }

    [Fact]
    public void Shift_and_scale_move_the_answer_as_they_should() =>
        Prop.ForAll(Gen.Choose(-1000, 1000).ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), Gen.Choose(2, 30).ToArbitrary(), (shift, scale, n) =>
        {
            var x = Normals(n, shift * n);
            var y = Normals(n + 3, scale);
            var plain = WelchT.Test(x, y);
            var moved = WelchT.Test(Array.ConvertAll(x, v => scale * v + shift), Array.ConvertAll(y, v => scale * v + shift));
            return Close.To(plain.Statistic, moved.Statistic, 1e-8) && Close.To(plain.PValue, moved.PValue, 1e-7)
                && Close.To(plain.StandardError * scale, moved.StandardError, 1e-9) && Close.To(-plain.Statistic, WelchT.Test(y, x).Statistic, 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Too_few_rows_and_no_variation_are_named()
    {
        Assert.Throws<TooFewRowsException>(() => WelchT.Test([1.0], [1.0, 2.0]));
        Assert.Throws<NotEstimableException>(() => WelchT.Test([1.0, 1.0], [2.0, 2.0]));
        Assert.Null(WelchT.TryTest(Moments.Of([1.0, 1.0]), Moments.Of([2.0, 2.0])));
        Assert.Throws<ArgumentOutOfRangeException>(() => WelchT.Test([1.0, 2.0], [2.0, 2.0], 95));
        Assert.Equal(4.0, WelchT.Test([1.0, 1.0, 1.0], [2.0, 3.0, 1.0, 0.0, 4.0]).DegreesOfFreedom!.Value, 12);
    }

    [Fact]
    public void Interval_covers_and_test_keeps_its_size_with_unequal_spread_and_sizes()
    {
        const int rounds = 4000;
        var rng = new Rng(101);
        int covered = 0, rejected = 0;
        for (var i = 0; i < rounds; i++)
        {
            var x = Normals(8, rng, 1.0);
            var y = Normals(30, rng, 5.0);
            var result = WelchT.Test(x, y);
            covered += result.Interval.Contains(0.0) ? 1 : 0;
            rejected += WelchT.NonInferiority(Moments.Of(x), Moments.Of(y), 0.0).PValue < 0.025 ? 1 : 0;
        }

        Simulated.Share(0.95, covered, rounds);
        Simulated.Share(0.025, rejected, rounds);
    }

    static double[] Normals(int n, int seed) => Normals(n, new Rng(seed), 1.0);

    static double[] Normals(int n, Rng rng, double spread)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = spread * rng.NextNormal();
        }

        return values;
    }
}

/// <summary>Simulated shares against what they should be.</summary>
internal static class Simulated
{
    /// <summary>Within 3.3 binomial errors.</summary>
    public static void Share(double expected, int hits, int rounds) =>
        Between(expected, expected, hits, rounds);

    /// <summary>Within 3.3 binomial errors of the range.</summary>
    public static void Between(double low, double high, int hits, int rounds)
    {
        var share = (double)hits / rounds;
        Assert.InRange(share, low - 3.3 * Math.Sqrt(low * (1 - low) / rounds), high + 3.3 * Math.Sqrt(high * (1 - high) / rounds));
    }
}
