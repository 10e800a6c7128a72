using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Reference: tests/reference/metrics/metrics.py (statsmodels, scipy, R with mvtnorm).</summary>
public sealed class MetricShapesTests
{
    static readonly JsonElement Reference = ReferenceFile.Open("metrics", "metrics.json");

    [Fact]
    public void A_quantile_of_rows_agrees_with_the_cluster_robust_mid_distribution_and_its_ranks()
    {
        foreach (var item in Reference.GetProperty("quantiles").EnumerateArray())
        {
            var unit = item.Numbers("unit").Select(v => (int)v).ToArray();
            var result = MidQuantile.Estimate(item.Numbers("y"), unit, (int)item.Number("units"), item.Number("share"));
            Close.Relative(item.Number("value"), result.Mean, 1e-12, "quantile");
            Close.Relative(item.Number("error"), result.StandardError, 1e-9, "error");
            if (unit.Distinct().Count() == unit.Length)
            {
                var alone = MidQuantile.Estimate(item.Numbers("y"), item.Number("share"));
                Close.Relative(result.Mean, alone.Mean, 1e-12);
                Close.Relative(result.StandardError, alone.StandardError, 1e-12);
            }
        }
    }

    [Fact]
    public void A_quantile_refuses_what_it_cannot_know()
    {
        int[] unit = [.. Enumerable.Range(0, 60).Select(i => i / 2)];
        double[] y = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        Assert.Throws<TooFewRowsException>(() => MidQuantile.Estimate(y.AsSpan(0, 20), unit.AsSpan(0, 20), 30, 0.5));
        Assert.Throws<NotEstimableException>(() => MidQuantile.Estimate(y, unit, 30, 0.99));
        Assert.Throws<NotEstimableException>(() => MidQuantile.Estimate(new double[60], unit, 30, 0.5));
        Assert.Contains("30 % of the values equal 4", Assert.Throws<NotEstimableException>(() => MidQuantile.Estimate([.. y.Select((v, i) => i % 10 < 3 ? 4 : i % 10 < 6 ? 1 + v / 100 : 8 + v)], 0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => MidQuantile.Estimate(y, unit, 30, 1));

        // Order of the rows is no matter.
        Assert.Equal(MidQuantile.Estimate(y, unit, 30, 0.5), MidQuantile.Estimate([.. y.Reverse()], [.. unit.Reverse()], 30, 0.5));
    }

    [Fact]
    public void Two_parts_agree_with_regressions_on_the_log_scale_and_add_up()
    {
        foreach (var item in Reference.GetProperty("twopart").EnumerateArray())
        {
            var (t, y) = (item.Numbers("t"), item.Numbers("y"));
            double[] Values(int arm) => [.. y.Where((v, i) => v != 0 && t[i] == arm)];
            var result = TwoPart.Compare(Moments.Of(Values(1)), t.Count(a => a == 1), Moments.Of(Values(0)), t.Count(a => a == 0));
            Close.Relative(item.Number("logShare"), result.LogShare!.Value, 1e-8, "share");
            Close.Relative(item.Number("logShareError"), result.LogShare.StandardError, 1e-6, "share error");
            Close.Relative(item.Number("logAmount"), result.LogAmount!.Value, 1e-8, "amount");
            Close.Relative(item.Number("logAmountError"), result.LogAmount.StandardError, 1e-9, "amount error");
            Close.Relative(item.Number("logMean"), result.LogMean!.Value, 1e-8, "mean");
            Close.Relative(item.Number("logMeanError"), result.LogMean.StandardError, 1e-9, "mean error");
            Close.Relative(item.Number("welch"), result.Amount.PValue, 1e-9, "amount p");
            Close.Relative(item.Number("joint"), result.JointPValue, 1e-6, "joint");
            Assert.Equal(result.LogMean.Value, result.LogShare.Value + result.LogAmount.Value, 1e-12);
            Assert.Equal(Moments.Of([.. y.Where((_, i) => t[i] == 1)]).Mean - Moments.Of([.. y.Where((_, i) => t[i] == 0)]).Mean, result.Mean.Value, 1e-9);
        }
    }

    [Fact]
    public void Two_parts_without_zeros_or_with_losses_leave_out_what_has_no_logarithm()
    {
        var whole = TwoPart.Compare(Moments.Of([1.0, 2, 4]), 3, Moments.Of([1.0, 3]), 3);
        Assert.NotNull(whole.LogShare);
        var loss = TwoPart.Compare(Moments.Of([-5.0, 1]), 4, Moments.Of([1.0, 3]), 4);
        Assert.Null(loss.LogAmount);
        Assert.Null(loss.LogMean);
        Assert.Throws<TooFewRowsException>(() => TwoPart.Compare(Moments.Of([1.0]), 4, Moments.Of([1.0, 3]), 4));
    }

    [Fact]
    public void Steps_of_a_funnel_agree_with_log_binomial_regressions_and_multiply_to_the_whole()
    {
        foreach (var item in Reference.GetProperty("funnel").EnumerateArray())
        {
            long[] Counts(string name) => [.. item.Numbers(name).Select(v => (long)v)];
            var (first, second) = (Counts("first"), Counts("second"));
            var (n, m) = ((long)item.Number("n"), (long)item.Number("m"));
            var steps = FunnelSteps.Compare(first, n, second, m);
            foreach (var (expected, step) in item.GetProperty("steps").EnumerateArray().Zip(steps))
            {
                Assert.Equal(expected.Number("log"), step.LogRatio!.Value, 1e-7);
                Close.Relative(expected.Number("error"), step.LogRatio.StandardError, 1e-6, "error");
            }

            Assert.Equal(Math.Log((double)first[^1] / n / ((double)second[^1] / m)), steps.Sum(s => s.LogRatio!.Value), 1e-12);
            Assert.Equal(TwoProportions.Compare(first[^1], n, second[^1], m), steps[^1].OverAssigned);
        }

        var empty = FunnelSteps.Compare([0, 0], 10, [4, 2], 10);
        Assert.Null(empty[0].LogRatio);
        Assert.Null(empty[1].OverBefore);
        Assert.Throws<ArgumentException>(() => FunnelSteps.Compare([3, 4], 10, [4, 2], 10));
    }

    /// <summary>Three estimates that share half their noise: how often all three intervals hold.</summary>
    [Fact]
    public void Simultaneous_intervals_hold_together_as_often_as_promised()
    {
        const int runs = 4_000;
        var critical = MaxTNormal.Critical([1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1], 3);
        var rng = new Rng(77);
        var (together, alone) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var shared = rng.NextNormal();
            double[] z = [.. Enumerable.Range(0, 3).Select(_ => Math.Sqrt(0.5) * (shared + rng.NextNormal()))];
            together += Array.TrueForAll(z, v => Math.Abs(v) <= critical) ? 1 : 0;
            alone += Array.TrueForAll(z, v => Math.Abs(v) <= 1.959964) ? 1 : 0;
        }

        Assert.InRange((double)together / runs, 0.939, 0.961);
        Assert.True((double)alone / runs < 0.91);
    }

    [Fact]
    public void Simultaneous_critical_values_are_those_of_mvtnorm()
    {
        foreach (var item in ReferenceFile.Open("metrics", "critical.json").GetProperty("cases").EnumerateArray())
        {
            var correlation = item.Numbers("correlation");
            Assert.Equal(item.Number("critical"), MaxTNormal.Critical(correlation, (int)Math.Sqrt(correlation.Length), item.Number("level")), 0.01);
        }

        Assert.Equal(1.959964, MaxTNormal.Critical([1], 1), 1e-6);
        Assert.Equal(1.959964, MaxTNormal.Critical([1, 1, 1, 1], 2), 0.01);
        Assert.Throws<ArgumentException>(() => MaxTNormal.Critical([1, 2, 2, 1], 2));
    }

    [Fact]
    public void Max_t_agrees_with_the_integrals_and_lies_between_plain_and_Holm()
    {
        foreach (var item in Reference.GetProperty("maxt").EnumerateArray())
        {
            var p = item.Numbers("p");
            var adjusted = MaxTNormal.Adjust(p, item.Numbers("correlation"));
            foreach (var (expected, got) in item.Numbers("adjusted").Zip(adjusted))
            {
                // Four Monte Carlo errors of 200,704 draws.
                Assert.Equal(expected, got, 4 * Math.Sqrt(expected * (1 - expected) / MaxTNormal.Draws) + 1e-6);
            }

            Assert.All(adjusted.Zip(Multiplicity.Holm(p)), x => Assert.True(x.First <= x.Second + 1e-12));
            Assert.All(adjusted.Zip(p), x => Assert.True(x.First >= x.Second));
            Assert.Equal(adjusted, MaxTNormal.Adjust(p, item.Numbers("correlation")));
        }

        // Two names for one metric cost nothing; the chance of a tiny p is not rounded up to the draws.
        Assert.Equal(0.02, MaxTNormal.Adjust([0.02, 0.02], [1, 1, 1, 1])[0], 0.002);
        Assert.Equal(2e-12, MaxTNormal.Adjust([1e-12, 0.5], [1, 0, 0, 1])[0], 1e-18);
        Assert.Throws<ArgumentException>(() => MaxTNormal.Adjust([0.1, 0.1], [1, 2, 2, 1]));
    }

    [Fact]
    public void Hotelling_with_unequal_spreads_agrees_and_is_Welch_for_one_metric()
    {
        foreach (var item in Reference.GetProperty("hotelling").EnumerateArray())
        {
            var k = (int)item.Number("columns");
            var result = HotellingTwoSample.Test(CoMoments.OfRows(item.Numbers("x"), k), CoMoments.OfRows(item.Numbers("y"), k));
            Close.Relative(item.Number("t2"), result.T2, 1e-9, "T2");
            Close.Relative(item.Number("nu"), result.Denominator, 1e-9, "degrees of freedom");
            Close.Relative(item.Number("p"), result.PValue, 1e-7, "p");
        }

        double[] x = [1, 2, 4, 7, 3], y = [2, 2, 5, 9, 8];
        Assert.Equal(1, HotellingTwoSample.Test(CoMoments.OfColumns(x, x), CoMoments.OfColumns(y, y)).Numerator);
        Assert.Throws<TooFewRowsException>(() => HotellingTwoSample.Test(CoMoments.OfColumns(x[..2], y[..2]), CoMoments.OfColumns(y, x)));
        Assert.Throws<NotEstimableException>(() => HotellingTwoSample.Test(CoMoments.OfColumns(new double[5]), CoMoments.OfColumns(new double[5])));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Clustered_quantile_intervals_cover_and_rows_as_units_do_not()
    {
        const int runs = 1_000;
        var (covered, naive, empty) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run);
            var (a, b) = (Draw(rng), Draw(rng));
            var (x, y) = (MidQuantile.Estimate(a.Values, a.Unit, 150, 0.9), MidQuantile.Estimate(b.Values, b.Unit, 150, 0.9));
            var plain = QuantileDifference.Test(a.Values, b.Values, 0.9);
            covered += Math.Abs(x.Mean - y.Mean) < 1.96 * Math.Sqrt(x.Variance + y.Variance) ? 1 : 0;
            naive += plain.Interval.Contains(0) ? 1 : 0;
            empty++;
        }

        Assert.Equal(runs, empty);
        Assert.InRange((double)covered / runs, 0.935, 0.97);
        Assert.True((double)naive / runs < 0.85);

        static (double[] Values, int[] Unit) Draw(Rng rng)
        {
            var (values, unit) = (new List<double>(), new List<int>());
            for (var u = 0; u < 150; u++)
            {
                var own = 0.6 * rng.NextNormal();
                for (var r = rng.NextInt(9); r >= 0; r--)
                {
                    values.Add(Math.Exp(5 + own + 0.4 * rng.NextNormal()));
                    unit.Add(u);
                }
            }

            return ([.. values], [.. unit]);
        }
    }

    /// <summary>Whole numbers: the difference of plain medians would be called in up to 39 % of such experiments.</summary>
    [Fact]
    [Trait("speed", "slow")]
    public void Quantiles_of_whole_numbers_keep_their_size()
    {
        const int runs = 1_500;
        foreach (var (scale, share) in new[] { (25.0, 0.5), (10.0, 0.5), (9.3, 0.9) })
        {
            var called = 0;
            for (var run = 0; run < runs; run++)
            {
                var rng = new Rng(run);
                double[] Arm() => [.. Enumerable.Range(0, 1_500).Select(_ => Math.Floor(scale * rng.NextExponential()))];
                var (x, y) = (MidQuantile.Estimate(Arm(), share), MidQuantile.Estimate(Arm(), share));
                called += Math.Abs(x.Mean - y.Mean) > 1.96 * Math.Sqrt(x.Variance + y.Variance) ? 1 : 0;
            }

            Assert.InRange((double)called / runs, 0.033, 0.067);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Quantiles_beside_a_heap_of_zeros_keep_their_size()
    {
        const int runs = 1_500;
        foreach (var (zeros, share, n) in new[] { (0.45, 0.5, 400), (0.45, 0.5, 2_000), (0.4, 0.5, 400), (0.7, 0.75, 400), (0.85, 0.9, 1_000) })
        {
            var (called, refused) = (0, 0);
            for (var run = 0; run < runs; run++)
            {
                var rng = new Rng(run);
                double[] Arm() => [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble() < zeros ? 0 : Math.Exp(1 + rng.NextNormal()))];
                var (a, b) = (Arm(), Arm());
                try
                {
                    var (x, y) = (MidQuantile.Estimate(a, share), MidQuantile.Estimate(b, share));
                    called += Math.Abs(x.Mean - y.Mean) > 1.96 * Math.Sqrt(x.Variance + y.Variance) ? 1 : 0;
                }
                catch (NotEstimableException)
                {
                    refused++;
                }
            }

            Assert.InRange((double)refused / runs, 0, 0.1);
            Assert.InRange((double)called / (runs - refused), 0.012, 0.061);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Quantiles_between_prices_keep_their_size()
    {
        const int runs = 1_500;
        double[] prices = [4.99, 9.99, 19.99, 49.99, 99.99];
        foreach (var n in new[] { 100, 400 })
        {
            var (called, counted) = (0, 0);
            for (var run = 0; run < runs; run++)
            {
                var rng = new Rng(run);
                double[] Arm() => [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.2 ? Math.Exp(3 + rng.NextNormal()) : prices[rng.NextInt(5)])];
                var (a, b) = (Arm(), Arm());
                try
                {
                    var (x, y) = (MidQuantile.Estimate(a, 0.6), MidQuantile.Estimate(b, 0.6));
                    called += Math.Abs(x.Mean - y.Mean) > 1.96 * Math.Sqrt(x.Variance + y.Variance) ? 1 : 0;
                    counted++;
                }
                catch (NotEstimableException)
                {
                    // A price held more than a fifth of an arm.
                }
            }

            Assert.True(counted > 0.7 * runs);
            Assert.InRange((double)called / counted, 0, 0.05);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Without_an_effect_the_joint_tests_keep_their_size()
    {
        const int runs = 2_000;
        var (joint, hotelling, family, mean) = (0, 0, 0, 0);
        var correlation = new[] { 1, 0.6, 0.6, 1 };
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run);
            var (x, n) = Money(rng, 400);
            var (y, m) = Money(rng, 500);
            var parts = TwoPart.Compare(x, n, y, m);
            joint += parts.JointPValue < 0.05 ? 1 : 0;
            mean += parts.Mean.PValue < 0.05 ? 1 : 0;
            hotelling += HotellingTwoSample.Test(Pair(rng, 60, 1), Pair(rng, 30, 2)).PValue < 0.05 ? 1 : 0;
            if (run < 200)
            {
                var z = rng.NextNormal();
                double[] p = [TwoSided(z), TwoSided(0.6 * z + 0.8 * rng.NextNormal())];
                family += MaxTNormal.Adjust(p, correlation).Min() < 0.05 ? 1 : 0;
            }
        }

        Assert.InRange((double)joint / runs, 0.037, 0.063);
        Assert.InRange((double)mean / runs, 0.037, 0.063);
        Assert.InRange((double)hotelling / runs, 0.037, 0.063);
        Assert.InRange(family / 200.0, 0.012, 0.1);

        static double TwoSided(double z) => 2 * Gnomon.Numerics.Distributions.Normal.Sf(Math.Abs(z));
        static (Moments Values, long Units) Money(Rng rng, int units) => (Moments.Of([.. Enumerable.Range(0, units).Where(_ => rng.NextDouble() < 0.3).Select(_ => 1 + rng.NextExponential())]), units);
        static CoMoments Pair(Rng rng, int n, double spread) => CoMoments.OfRows([.. Enumerable.Range(0, n).SelectMany(_ => rng.NextNormal() is var z ? new[] { spread * z, spread * (z + rng.NextNormal()) } : [])], 2);
    }
}
