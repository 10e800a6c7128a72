using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class ChainedImputationTests
{
    // Source: scikit-learn 1.2.1 IterativeImputer(LinearRegression) (imputation.py); 1e-8 of a standard deviation.
    [Fact]
    public void Chained_regression_agrees_with_the_reference()
    {
        foreach (var c in MethodReference.Load("profile/imputation.json").Items("cases"))
        {
            double[][] columns = [.. c.Items("columns").Select(col => col.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble()).ToArray())];
            double[][] expected = [.. c.Items("filled").Select(col => col.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
            var filled = ChainedImputation.Fill(columns, ImputationKind.Regression, c.GetProperty("rounds").GetInt32());
            for (var k = 0; k < columns.Length; k++)
            {
                var sd = Moments.MeanVariance(expected[k]).StandardDeviation;
                for (var i = 0; i < filled[k].Length; i++)
                {
                    Assert.True(Math.Abs(filled[k][i] - expected[k][i]) <= 1e-8 * sd, $"column {k} row {i}: {filled[k][i]:R} against {expected[k][i]:R}");
                }
            }
        }
    }

    // y = 2x + noise, missing where x is high: rows dropped lean low; matching returns mean, spread and correlation, regression loses spread.
    [Fact]
    public void Matching_keeps_mean_spread_and_correlation()
    {
        double lean = 0, mean = 0, spread = 0, flat = 0;
        const int Runs = 60, Rows = 400;
        for (var run = 0; run < Runs; run++)
        {
            var rng = new Rng(run).Stream("matching");
            double[] x = [.. Enumerable.Range(0, Rows).Select(_ => rng.NextNormal())];
            double[] y = [.. x.Select(v => (2 * v) + rng.NextNormal())];
            double[] holed = [.. y.Select((v, i) => rng.NextDouble() < 1 / (1 + Math.Exp(1 - (2 * x[i]))) ? double.NaN : v)];
            var matched = Moments.MeanVariance(ChainedImputation.Fill([holed, x], ImputationKind.PredictiveMeanMatching, 5, rng)[0]);
            var regressed = Moments.MeanVariance(ChainedImputation.Fill([holed, x], ImputationKind.Regression, 5)[0]);
            var known = Moments.MeanVariance([.. holed.Where(v => !double.IsNaN(v))]);
            var all = Moments.MeanVariance(y);
            (lean, mean, spread, flat) = (lean + ((known.Mean - all.Mean) / Runs), mean + ((matched.Mean - all.Mean) / Runs), spread + (matched.StandardDeviation / all.StandardDeviation / Runs), flat + (regressed.StandardDeviation / all.StandardDeviation / Runs));
        }

        Assert.True(lean < -0.5, $"dropping rows leans by {lean}");
        Assert.InRange(mean, -0.12, 0.12);
        Assert.InRange(spread, 0.94, 1.03);
        Assert.InRange(flat, 0.9, 0.985);
    }

    [Fact]
    public void Same_draws_same_values_and_known_cells_stay()
    {
        double[] x = [.. Enumerable.Range(0, 50).Select(i => (double)i)], y = [.. x.Select((v, i) => i % 7 == 0 ? double.NaN : (v * v) + 1)];
        var a = ChainedImputation.Fill([x, y], ImputationKind.PredictiveMeanMatching, 3, new Rng(4));
        var b = ChainedImputation.Fill([x, y], ImputationKind.PredictiveMeanMatching, 3, new Rng(4));
        Assert.Equal(a[1], b[1]);
        Assert.All(Enumerable.Range(0, 50).Where(i => i % 7 != 0), i => Assert.Equal(y[i], a[1][i]));
        Assert.All(a[1], v => Assert.True(double.IsFinite(v)));
    }

    // A column that repeats another, a constant one, and one with nothing to learn from.
    [Fact]
    public void Edges_have_an_answer_or_a_name()
    {
        double[] x = [.. Enumerable.Range(0, 40).Select(i => (double)i)], constant = [.. x.Select(_ => 5.0)], y = [.. x.Select((v, i) => i % 5 == 0 ? double.NaN : 3 * v)];
        var filled = ChainedImputation.Fill([x, [.. x], constant, y], ImputationKind.Regression);
        Assert.Equal(30, filled[3][10], 1e-6);
        Assert.Throws<TooFewRowsException>(() => ChainedImputation.Fill([x, [.. x.Select((v, i) => i < 3 ? v : double.NaN)]], ImputationKind.Regression));
        Assert.Throws<ArgumentNullException>(() => ChainedImputation.Fill([x, y], ImputationKind.PredictiveMeanMatching));
    }
}
