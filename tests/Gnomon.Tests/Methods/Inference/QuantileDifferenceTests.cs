using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Inference;

/// <summary>Quantiles of values that repeat. Reference: tests/reference/compare/quantiles.py (numpy, statsmodels, scipy); values without ties are tested in GroupTests.</summary>
public sealed class QuantileDifferenceTests
{
    static readonly JsonElement Reference = ReferenceFile.Open("compare", "quantiles.json");

    [Fact]
    public void With_ties_it_agrees_with_the_limits_of_both_mid_distributions()
    {
        foreach (var item in Reference.GetProperty("cases").EnumerateArray())
        {
            var test = QuantileDifference.Test(item.Numbers("x"), item.Numbers("y"), item.Number("share"), item.Number("level"));
            Close.Absolute(item.Number("value"), test.Value, 1e-10, "value");
            Close.Absolute(item.Number("low"), test.Low, 1e-9, "low");
            Close.Absolute(item.Number("high"), test.High, 1e-9, "high");
            Close.Relative(item.Number("p"), test.PValue, 1e-7, "p");
            Assert.EndsWith("mid-distribution", test.Method, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Interval_and_test_agree_and_follow_shift_scale_and_swap()
    {
        var rng = new Rng(3);
        for (var round = 0; round < 200; round++)
        {
            double[] x = [.. Enumerable.Range(0, 20 + round).Select(_ => (double)rng.NextPoisson(4))];
            double[] y = [.. Enumerable.Range(0, 40).Select(_ => (double)rng.NextPoisson(4.5))];
            if (Atom(x) > 0.5 || Atom(y) > 0.5)
            {
                continue;
            }

            foreach (var level in new[] { 0.8, 0.9, 0.95 })
            {
                var test = QuantileDifference.Test(x, y, level: level);
                Assert.Equal(test.PValue < 1 - level, !test.Interval.Contains(0));
                Assert.InRange(test.Value, test.Low, test.High);
                var moved = QuantileDifference.Test([.. x.Select(v => 7 + 2 * v)], [.. y.Select(v => 7 + 2 * v)], level: level);
                Close.Absolute(2 * test.Low, moved.Low, 1e-12);
                Close.Relative(test.PValue, moved.PValue, 1e-9);
                var swapped = QuantileDifference.Test([.. y.Reverse()], [.. x.Reverse()], level: level);
                Close.Absolute(-test.High, swapped.Low, 1e-12);
                Close.Relative(test.PValue, swapped.PValue, 1e-9);
            }
        }
    }

    [Fact]
    public void Ties_far_from_the_quantile_change_nothing()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => i < 10 ? 0 : i > 90 ? 200 : i + 0.5)];
        double[] y = [.. Enumerable.Range(0, 90).Select(i => 1.1 * i)];
        Assert.EndsWith("Price-Bonett", QuantileDifference.Test(x, y).Method, StringComparison.Ordinal);
        x[50] = x[51];
        Assert.EndsWith("mid-distribution", QuantileDifference.Test(x, y).Method, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantile_that_means_nothing_is_refused_by_name()
    {
        double[] heap = [.. Enumerable.Range(0, 50).Select(i => i < 30 ? 0.0 : i)];
        double[] spread = [.. Enumerable.Range(0, 50).Select(i => (double)(i % 11))];
        Assert.Contains("The second sample: 60 % of the values equal 0, where the median lies", Assert.Throws<NotEstimableException>(() => QuantileDifference.Test(spread, heap)).Message, StringComparison.Ordinal);
        Assert.Contains("at the edge", Assert.Throws<NotEstimableException>(() => QuantileDifference.Test(spread, spread, 0.88)).Message, StringComparison.Ordinal);
        Assert.Throws<NotEstimableException>(() => QuantileDifference.Test(new double[40], spread));
        Assert.Throws<TooFewRowsException>(() => QuantileDifference.Test([1, 1, 2, 2, 3, 3, 3, 4, 4], spread));
        Assert.Equal(1.0, QuantileDifference.Test(spread, spread).PValue);
        Assert.InRange(QuantileDifference.Test([.. spread.Select(v => v + 1e6)], spread).PValue, 0.0, 1e-100);
    }

    // Sizes as the doc comment states them; the test for values without ties called up to 16 % of these pairs.
    [Fact]
    [Trait("speed", "slow")]
    public void Equal_medians_are_called_different_in_about_5_percent_of_samples()
    {
        const int rounds = 1_500;
        foreach (var (name, heaps, draw) in Nulls())
        {
            foreach (var (n, m) in new[] { (30, 30), (100, 100), (400, 400), (30, 100) })
            {
                var (called, asked) = (0, 0);
                for (var round = 0; round < rounds; round++)
                {
                    var rng = new Rng(round).Stream(name);
                    double[] x = [.. Enumerable.Range(0, n).Select(_ => draw(rng))];
                    double[] y = [.. Enumerable.Range(0, m).Select(_ => draw(rng))];
                    if (Atom(x) > 0.5 || Atom(y) > 0.5)
                    {
                        continue;
                    }

                    asked++;
                    called += QuantileDifference.Test(x, y).PValue < 0.05 ? 1 : 0;
                }

                // Where samples with a larger heap are refused, the others are more alike than chance has it.
                Simulated.Between(heaps ? 0 : 0.04, 0.06, called, asked);
            }
        }
    }

    static IEnumerable<(string Name, bool Heaps, Func<Rng, double> Draw)> Nulls() =>
    [
        ("normal", false, r => r.NextNormal()),
        ("exponential", false, r => r.NextExponential()),
        ("0 to 10", false, r => Math.Floor(11 * r.NextDouble())),
        ("Poisson 3", false, r => r.NextPoisson(3)),
        ("scores 1 to 5", false, r => r.NextDouble() is var u && u < 0.1 ? 1 : u < 0.3 ? 2 : u < 0.6 ? 3 : u < 0.85 ? 4 : 5),
        ("two fifths zeros", true, r => r.NextDouble() < 0.4 ? 0 : 1 + r.NextPoisson(3)),
        ("half zeros", true, r => r.NextDouble() < 0.5 ? 0 : r.NextExponential()),
    ];

    static double Atom(double[] values) => values.GroupBy(v => v).Max(g => g.Count()) / (double)values.Length;

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_unlike_groups_cover_the_difference_of_their_mid_quantiles()
    {
        const int rounds = 1_500;
        var truth = Mid(5) - Mid(3);
        foreach (var (n, m) in new[] { (30, 30), (100, 100), (400, 400), (30, 100) })
        {
            var covered = 0;
            for (var round = 0; round < rounds; round++)
            {
                var rng = new Rng(round).Stream("unlike groups");
                double[] x = [.. Enumerable.Range(0, n).Select(_ => (double)rng.NextPoisson(5))];
                double[] y = [.. Enumerable.Range(0, m).Select(_ => (double)rng.NextPoisson(3))];
                covered += Atom(y) > 0.5 || QuantileDifference.Test(x, y).Interval.Contains(truth) ? 1 : 0;
            }

            Simulated.Between(0.94, 0.96, covered, rounds);
        }
    }

    // Median of the mid-distribution of a Poisson law.
    static double Mid(double mean)
    {
        var (p, below, before) = (Math.Exp(-mean), 0.0, 0.0);
        for (var k = 0; ; k++)
        {
            var mid = below + 0.5 * p;
            if (mid >= 0.5)
            {
                return k - (mid - 0.5) / (mid - before);
            }

            (below, before, p) = (below + p, mid, p * mean / (k + 1));
        }
    }
}
