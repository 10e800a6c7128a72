using FsCheck;
using FsCheck.Fluent;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Numerics;

public sealed class MomentsTests
{
    [Fact]
    public void They_equal_exact_sums_of_powers_of_deviations()
    {
        foreach (var n in new[] { 1, 2, 3, 15, 16, 17, 4095, 4096, 4097, 50_000, 300_001 })
        {
            var values = Normals(n, 1e6, 3.0, seed: n);
            var expected = Exact(values);
            var full = Moments.Of(values);
            var brief = Moments.MeanVariance(values);
            Close.Relative(expected.Mean, full.Mean, 1e-15, $"mean of {n}");
            Close.Relative(expected.M2, full.M2, 1e-13, $"M2 of {n}");
            Close.Relative(expected.M2, brief.M2, 1e-13, $"M2 of {n}");
            Assert.Equal(full.Mean, brief.Mean, 9);
            var scale = Math.Pow(expected.M2 / n, 1.5) * n;
            Close.Absolute(expected.M3!.Value, full.M3!.Value, 1e-12 * scale + 1e-300, $"M3 of {n}");
            Close.Absolute(expected.M4!.Value, full.M4!.Value, 1e-12 * expected.M4.Value + 1e-300, $"M4 of {n}");
            Assert.Equal(values.Min(), full.Min);
            Assert.Equal(values.Max(), full.Max);
        }
    }

    [Fact]
    public void Variance_survives_a_mean_of_a_billion() =>
        Close.Relative(2.0, Moments.Of([1e9, 1e9 + 1, 1e9, 1e9 + 1, 1e9, 1e9 + 1, 1e9 + 1, 1e9, 1e9 + 0.5, 1e9 + 0.5]).M2, 1e-15);

    [Fact]
    public void Merged_parts_equal_the_whole() =>
        Prop.ForAll(Gen.Choose(1, 400).ToArbitrary(), Gen.Choose(0, 400).ToArbitrary(), (n, m) =>
        {
            var values = Normals(n + m, 5.0, 2.0, seed: n * 1000 + m);
            var whole = Moments.Of(values);
            var merged = Moments.Merge(Moments.Of(values.AsSpan(0, n)), Moments.Of(values.AsSpan(n)));
            return whole.Count == merged.Count && Close.To(whole.Mean, merged.Mean, 1e-13) && Close.To(whole.M2, merged.M2, 1e-12)
                && Math.Abs(whole.M3!.Value - merged.M3!.Value) < 1e-10 * (1 + Math.Abs(whole.M4!.Value)) && Close.To(whole.M4!.Value, merged.M4!.Value, 1e-11)
                && whole.Min == merged.Min && whole.Max == merged.Max;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shape_figures_agree_with_scipy()
    {
        // scipy 1.10.1: skew, skew(bias=False), kurtosis, kurtosis(bias=False) of these eight values.
        var m = Moments.Of([2.0, 3.5, 1.0, 8.0, 4.0, 4.5, 0.5, 19.0]);
        Close.Relative(1.6498813415984275, m.Skewness, 1e-13);
        Close.Relative(2.057763569697419, m.AdjustedSkewness, 1e-13);
        Close.Relative(1.5215026623698433, m.ExcessKurtosis, 1e-12);
        Close.Relative(4.59515559097667, m.AdjustedExcessKurtosis, 1e-12);
    }

    [Fact]
    public void Values_that_are_not_finite_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Moments.MeanVariance([1.0, double.NaN]));
        Assert.Contains("index 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Moments.Of([1e300, -1e300]));
    }

    [Theory]
    [InlineData(0.1, 3)]
    [InlineData(0.1, 1000)]
    [InlineData(1e9 / 7, 9_999)]
    [InlineData(-1.0 / 3.0, 300_001)]
    public void Equal_values_have_no_spread_at_all(double value, int n)
    {
        var values = Enumerable.Repeat(value, n).ToArray();
        Assert.Equal(0.0, Moments.Of(values).M2);
        Assert.Equal(0.0, Moments.MeanVariance(values).M2);
        Assert.Equal(0.0, CoMoments.OfColumns(values, Normals(n, 0, 1, 1)).CrossProduct(1, 0));
        var accumulator = new MomentsAccumulator();
        accumulator.Add(values);
        Assert.Equal(new Moments(n, value, 0.0, null, null, value, value), accumulator.ToMoments());
        values[n / 2] *= 1.0 + 1e-12;
        Assert.True(Moments.MeanVariance(values).M2 > 0);
    }

    [Fact]
    public void Figures_that_need_more_values_say_so()
    {
        Assert.Throws<InvalidOperationException>(() => Moments.Of([1.0]).Variance);
        Assert.Throws<InvalidOperationException>(() => Moments.MeanVariance([1.0, 2.0]).Skewness);
        Assert.Throws<InvalidOperationException>(() => Moments.Of([1.0, 1.0]).Skewness);
    }

    [Fact]
    public void The_accumulator_has_the_same_bits_for_any_order_and_split()
    {
        var rng = new Rng(8);
        var values = Normals(5_003, 100.0, 20.0, seed: 3);
        var whole = new MomentsAccumulator(97.0, order: 4);
        whole.Add(values);
        var expected = whole.ToMoments();
        for (var round = 0; round < 4; round++)
        {
            rng.Shuffle<double>(values);
            var cut = rng.NextInt(values.Length);
            var left = new MomentsAccumulator(97.0, order: 4);
            var right = new MomentsAccumulator(97.0, order: 4);
            left.Add(values.AsSpan(0, cut));
            foreach (var value in values.AsSpan(cut))
            {
                right.Add(value);
            }

            left.Merge(right);
            Assert.Equal(expected, left.ToMoments());
        }

        var direct = Moments.Of(values);
        Close.Relative(direct.Mean, expected.Mean, 1e-15);
        Close.Relative(direct.M2, expected.M2, 1e-13);
        Close.Relative(direct.M4!.Value, expected.M4!.Value, 1e-12);
    }

    // A run of values is summed as vectors where their digits lie close enough together, one by one where they do not.
    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(3, 50.0)]
    [InlineData(12, 1e9)]
    [InlineData(40, 0.0)]
    [InlineData(200, -3.0)]
    [InlineData(240, 0.0)]
    public void Runs_of_any_length_and_spread_have_the_bits_of_single_values(int spread, double centre)
    {
        var rng = new Rng(23);
        foreach (var n in new[] { 1, 7, 8, 31, 32, 33, 511, 512, 1_023, 1_024, 1_025, 2_047 })
        {
            foreach (var order in new[] { 2, 4 })
            {
                var pivot = centre + (n % 2 == 0 ? 0.25 : rng.NextNormal());
                MomentsAccumulator single = new(pivot, order), run = new(pivot, order);
                for (var round = 0; round < 3; round++)
                {
                    var values = new double[n];
                    for (var i = 0; i < n; i++)
                    {
                        values[i] = rng.NextInt(9) == 0 ? pivot : centre + rng.NextNormal() * Math.Pow(2.0, rng.NextInt(2 * spread + 1) - spread);
                        single.Add(values[i]);
                    }

                    run.Add(values);
                }

                Assert.Equal(single.ToMoments(), run.ToMoments());
            }
        }
    }

    [Fact]
    public void A_long_run_with_a_value_that_is_not_finite_is_named()
    {
        foreach (var wrong in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (var at in new[] { 0, 5, 700, 999 })
            {
                var values = Normals(1_000, 10.0, 2.0, seed: 5);
                values[at] = wrong;
                var run = new MomentsAccumulator(10.0, order: 4);
                run.Add(values);
                Assert.Throws<InvalidOperationException>(() => run.ToMoments());
            }
        }
    }

    [Fact]
    public void Co_moments_agree_between_columns_rows_parts_and_orders()
    {
        var rng = new Rng(2);
        const int n = 5000;
        var columns = new[] { Normals(n, 10, 1, 1), Normals(n, -3, 2, 2), new double[n] };
        for (var i = 0; i < n; i++)
        {
            columns[2][i] = columns[0][i] - 0.5 * columns[1][i] + 0.1 * rng.NextNormal();
        }

        var whole = CoMoments.OfColumns(columns);
        Close.Relative(Moments.Of(columns[1]).M2, whole.CrossProduct(1, 1), 1e-13);
        var merged = CoMoments.Merge(
            CoMoments.OfColumns(columns.Select(c => c[..1234]).ToArray()), CoMoments.OfColumns(columns.Select(c => c[1234..]).ToArray()));
        var combined = whole.Combine([[1.0, -0.5, 0.0]]);
        var direct = Moments.Of(columns[0].Zip(columns[1], (a, b) => a - 0.5 * b).ToArray());
        Close.Relative(direct.M2, combined.CrossProduct(0, 0), 1e-11);
        Close.Relative(direct.Mean, combined.Mean(0), 1e-13);
        var order = Enumerable.Range(0, n).ToArray();
        CoMoments? first = null;
        for (var round = 0; round < 3; round++)
        {
            rng.Shuffle<int>(order);
            var left = new CoMomentsAccumulator([10.0, -3.0, 11.0]);
            var right = new CoMomentsAccumulator([10.0, -3.0, 11.0]);
            for (var i = 0; i < n; i++)
            {
                (i < 777 * round ? left : right).Add([columns[0][order[i]], columns[1][order[i]], columns[2][order[i]]]);
            }

            left.Merge(right);
            var now = left.ToCoMoments();
            first ??= now;
            Assert.True(first.Products.SequenceEqual(now.Products) && first.Means.SequenceEqual(now.Means));
        }

        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var size = Math.Sqrt(whole.CrossProduct(i, i) * whole.CrossProduct(j, j));
                Close.Absolute(whole.CrossProduct(i, j), merged.CrossProduct(i, j), 1e-12 * size, "merged");
                Close.Absolute(whole.CrossProduct(i, j), first!.CrossProduct(i, j), 1e-12 * size, "accumulated");
            }
        }
    }

    static double[] Normals(int n, double mean, double spread, int seed)
    {
        var rng = new Rng(seed);
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = mean + spread * rng.NextNormal();
        }

        return values;
    }

    static Moments Exact(double[] values)
    {
        var accumulator = new MomentsAccumulator(1e6, order: 4);
        accumulator.Add(values);
        return accumulator.ToMoments();
    }
}
