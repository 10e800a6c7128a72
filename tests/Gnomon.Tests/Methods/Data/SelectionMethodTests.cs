using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

/// <summary>What is known only of rows that a decision let through. References: statsmodels and scipy (tests/reference/data/selection.py).</summary>
public sealed class SelectionMethodTests
{
    private static readonly JsonElement Reference = MethodReference.Load("data/selection.json");

    [Fact]
    public void The_two_steps_agree_with_statsmodels_and_numpy()
    {
        var r = Reference.GetProperty("heckman");
        var fit = Fit(r.Numbers("x"), r.Numbers("w"), Array.ConvertAll(r.Counts("selected"), s => s > 0), r.Numbers("y"));
        Close(r.Numbers("probit"), fit.Selection.Coefficients, 1e-8);
        Close(r.Numbers("coefficients"), fit.Outcome.Coefficients, 1e-7);
        Close(r.Numbers("errors"), [.. Enumerable.Range(0, 3).Select(fit.Covariance.StandardError)], 1e-6);
        MethodReference.Close(r.Number("sigma"), fit.Sigma, 1e-7);
        MethodReference.Close(r.Number("correlation"), fit.Correlation, 1e-7);
        MethodReference.Close(r.Number("mean"), fit.MeanOfAll.Value, 1e-7);
        MethodReference.Close(r.Number("meanError"), fit.MeanOfAll.StandardError, 1e-6);
    }

    // The mean of all rows is 2, of the selected ones about 2.9; the slope is 1.2.
    [Fact]
    public void Intervals_cover_where_selection_is_tied_to_the_outcome()
    {
        const int runs = 1_000;
        int mean = 0, slope = 0;
        for (var seed = 0; seed < runs; seed++)
        {
            var (x, w, selected, y) = Draw(new Rng(seed).Stream("heckman"), 500, tied: 0.6);
            var fit = Fit(x, w, selected, y);
            var b = fit.Covariance.Table(fit.Outcome)[1];
            mean += fit.MeanOfAll.Low <= 2 && 2 <= fit.MeanOfAll.High ? 1 : 0;
            slope += b.Low <= 1.2 && 1.2 <= b.High ? 1 : 0;
        }

        Assert.InRange(mean, 927, 973);
        Assert.InRange(slope, 927, 973);
    }

    [Fact]
    public void The_test_of_selection_holds_its_size()
    {
        const int runs = 1_000;
        var rejected = Enumerable.Range(0, runs).Count(seed =>
        {
            var (x, w, selected, y) = Draw(new Rng(seed).Stream("heckman-size"), 400, tied: 0);
            return Fit(x, w, selected, y).PValue < 0.05;
        });
        Assert.InRange(rejected, 27, 73);
    }

    [Fact]
    public void Bounds_agree_with_arithmetic_and_scipy()
    {
        foreach (var b in Reference.Items("bounds"))
        {
            var found = MissingOutcomeBounds.Of(Moments.Of(b.Numbers("values")), b.GetProperty("missing").GetInt64(), b.Number("smallest"), b.Number("largest"));
            MethodReference.Close(b.Number("lowest"), found.Lowest, 1e-12);
            MethodReference.Close(b.Number("highest"), found.Highest, 1e-12);
            MethodReference.Close(b.Number("low"), found.Interval.Low, 1e-9);
            MethodReference.Close(b.Number("high"), found.Interval.High, 1e-9);
        }
    }

    // The worst place for the mean is an end of the range: one outcome in ten is missing, and every one of them is a 1.
    [Fact]
    public void The_interval_of_the_mean_covers_at_the_end_of_the_range()
    {
        const int runs = 2_000;
        var covered = 0;
        for (var seed = 0; seed < runs; seed++)
        {
            var rng = new Rng(seed).Stream("bounds");
            var missing = rng.NextBinomial(400, 0.1);
            var ones = rng.NextBinomial(400 - missing, 0.3);
            var interval = MissingOutcomeBounds.Of(BernoulliMoments.Of(ones, 400 - missing), missing, 0, 1).Interval;
            covered += interval.Low <= 0.37 && 0.37 <= interval.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)runs, 0.95 - 3.3 * Math.Sqrt(0.95 * 0.05 / runs), 0.95 + 3.3 * Math.Sqrt(0.95 * 0.05 / runs));
    }

    [Fact]
    public void What_cannot_be_told_is_refused_by_name()
    {
        var (x, w, selected, y) = Draw(new Rng(1), 100, 0);
        Assert.Throws<NotEstimableException>(() => Fit(x, w, new bool[100], y));
        Assert.Throws<NotEstimableException>(() => Fit(x, x, selected, y));
        Assert.Throws<NotEstimableException>(() => Fit(x, w, Array.ConvertAll(w, v => v > 0), y));
        Assert.Throws<TooFewRowsException>(() => MissingOutcomeBounds.Of(Moments.Of([1.0]), 5, 0, 1));
        Assert.Throws<ArgumentException>(() => MissingOutcomeBounds.Of(Moments.Of([1.0, 0]), 5, 1, 1));
    }

    private static (double[] X, double[] W, bool[] Selected, double[] Y) Draw(Rng rng, int n, double tied)
    {
        double[] x = new double[n], w = new double[n], y = new double[n];
        var selected = new bool[n];
        for (var i = 0; i < n; i++)
        {
            (x[i], w[i]) = (rng.NextNormal(), rng.NextNormal());
            var hidden = rng.NextNormal();
            selected[i] = 0.3 + 0.8 * x[i] + w[i] + hidden > 0;
            y[i] = selected[i] ? 2 + 1.2 * x[i] + tied * hidden + 0.8 * rng.NextNormal() : double.NaN;
        }

        return (x, w, selected, y);
    }

    private static HeckmanFit Fit(double[] x, double[] w, bool[] selected, double[] y) => HeckmanTwoStep.Fit(DesignMatrix.WithIntercept([x, w]), DesignMatrix.WithIntercept([x]), selected, y);

    private static void Close(double[] expected, IReadOnlyList<double> actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++)
            MethodReference.Close(expected[i], actual[i], relative);
    }
}
