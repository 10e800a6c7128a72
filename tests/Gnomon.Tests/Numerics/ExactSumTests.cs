using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Numerics;

/// <summary>Reference: the same sum in whole numbers of 2^-1074, rounded by hand.</summary>
public sealed class ExactSumTests
{
    [Fact]
    public void It_equals_the_rounded_rational_sum_for_any_bit_patterns() =>
        Prop.ForAll<long[]>(patterns =>
        {
            var values = patterns.Select(BitConverter.Int64BitsToDouble).Select(v => double.IsFinite(v) ? v : 0.5).ToArray();
            return BitConverter.DoubleToInt64Bits(Rational(values)) == BitConverter.DoubleToInt64Bits(Sum(values) + 0.0);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new[] { 1e308, 1e308, -1e308, -1e308, 5e-324 }, 5e-324)]
    [InlineData(new[] { 1.0, 1e100, 1.0, -1e100 }, 2.0)]
    [InlineData(new[] { 1.0, 1.1102230246251565e-16 }, 1.0)]
    [InlineData(new[] { 1.0, 1.1102230246251565e-16, 5e-324 }, 1.0000000000000002)]
    [InlineData(new[] { -1.0, -1.1102230246251565e-16, -5e-324 }, -1.0000000000000002)]
    [InlineData(new[] { 2.2250738585072014e-308, -5e-324 }, 2.225073858507201e-308)]
    [InlineData(new double[0], 0.0)]
    public void Hard_cases_round_once(double[] values, double expected) => Assert.Equal(expected, Sum(values));

    [Fact]
    public void Order_splits_and_single_adds_change_no_bit()
    {
        var rng = new Rng(5);
        var values = new double[20_000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = rng.NextNormal() * Math.Pow(2.0, rng.NextInt(200) - 100);
        }

        var expected = Sum(values);
        for (var round = 0; round < 5; round++)
        {
            rng.Shuffle<double>(values);
            Assert.Equal(expected, Sum(values));
            var cut = rng.NextInt(values.Length);
            var left = new ExactSum();
            var right = new ExactSum();
            left.Add(values.AsSpan(0, cut));
            foreach (var value in values.AsSpan(cut))
            {
                right.Add(value);
            }

            left.Merge(right);
            Assert.Equal(expected, left.ToDouble());
        }
    }

    // Long runs are summed in bins as vectors, unless their numbers lie too far apart: both ways, mixed and at every length, against whole numbers.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(30, 1)]
    [InlineData(60, 2)]
    [InlineData(400, 1)]
    [InlineData(5, 4)]
    [InlineData(1_000, 1)]
    public void Long_runs_of_any_spread_equal_the_rational_sum(int spread, int power)
    {
        var rng = new Rng(17);
        foreach (var n in new[] { 31, 32, 35, 256, 1_023, 1_024, 1_025, 4_099 })
        {
            var values = new double[n];
            for (var i = 0; i < n; i++)
            {
                var x = rng.NextNormal() * Math.Pow(2.0, spread == 0 ? 0 : rng.NextInt(2 * spread + 1) - spread);
                values[i] = rng.NextInt(20) == 0 ? 0.0 : power == 1 ? x : Math.Pow(x, power);
            }

            Assert.Equal(BitConverter.DoubleToInt64Bits(Rational(values)), BitConverter.DoubleToInt64Bits(Sum(values) + 0.0));
            var opposite = values.Concat(values.Select(v => -v)).Append(0.5).ToArray();
            Assert.Equal(0.5, Sum(opposite));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void One_number_of_a_long_run_that_is_not_finite_is_known(double value)
    {
        var values = new double[500];
        values[321] = value;
        var sum = new ExactSum();
        sum.Add(values);
        Assert.True(sum.HasNonFinite);
        values[321] = double.MaxValue;
        values[322] = -double.MaxValue;
        values[323] = double.Epsilon;
        Assert.Equal(double.Epsilon, Sum(values));
        Assert.Equal(double.MaxValue, Sum([.. Enumerable.Repeat(double.MaxValue / 512, 512)]));
        Assert.Equal(0.0, Sum(new double[200]));
    }

    [Fact]
    public void Many_merges_do_not_overflow_the_chunks()
    {
        var total = new ExactSum();
        for (var i = 0; i < 10_000; i++)
        {
            var one = new ExactSum();
            one.Add(-double.MaxValue / 3);
            total.Merge(one);
        }

        for (var i = 0; i < 10_000; i++)
        {
            total.Add(double.MaxValue / 3);
        }

        Assert.Equal(0.0, total.ToDouble());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_value_that_is_not_finite_is_flagged(double value)
    {
        var sum = new ExactSum();
        sum.Add([1.0, value, 2.0]);
        Assert.True(sum.HasNonFinite);
        Assert.Throws<InvalidOperationException>(() => sum.ToDouble());
    }

    static double Sum(double[] values)
    {
        var sum = new ExactSum();
        sum.Add(values);
        return sum.ToDouble();
    }

    static double Rational(double[] values)
    {
        var total = BigInteger.Zero;
        foreach (var value in values)
        {
            var bits = BitConverter.DoubleToInt64Bits(value);
            var exponent = (int)(bits >> 52) & 0x7FF;
            var mantissa = bits & ((1L << 52) - 1);
            var whole = (exponent == 0 ? new BigInteger(mantissa) : new BigInteger(mantissa | (1L << 52)) << (exponent - 1));
            total += bits < 0 ? -whole : whole;
        }

        var magnitude = BigInteger.Abs(total);
        var drop = Math.Max(0, (int)magnitude.GetBitLength() - 53);
        var kept = magnitude >> drop;
        var rest = magnitude - (kept << drop);
        var half = drop == 0 ? BigInteger.One : BigInteger.One << (drop - 1);
        kept += rest > half || (rest == half && drop > 0 && !kept.IsEven) ? 1 : 0;
        return total.Sign * Math.ScaleB((double)kept, drop - 1074);
    }
}
