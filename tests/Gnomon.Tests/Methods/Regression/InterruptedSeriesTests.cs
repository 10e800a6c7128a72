using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>Segmented regression of one series: parts against the methods they are made of, sizes by simulation.</summary>
public sealed class InterruptedSeriesTests
{
    [Fact]
    public void Two_lines_are_fitted_through_before_and_after()
    {
        double[] y = [.. Enumerable.Range(0, 30).Select(t => 5 + (0.2 * t) + (t >= 14 ? 3 + (0.5 * (t - 14)) : 0) + (t % 3 == 0 ? 0.1 : -0.05))];
        var fit = InterruptedSeries.Fit(y, 14);
        Assert.Equal(3, fit.Segmented.Coefficients[InterruptedSeries.Level], 0.1);
        Assert.Equal(0.5, fit.Segmented.Coefficients[InterruptedSeries.Trend], 0.02);
        Assert.Equal(0, fit.PlaceboShare);
        Assert.True(fit.PermutationP < 0.01);
        var forecast = fit.Forecast!;
        Assert.Equal(16, forecast.Expected.Count);
        Assert.Equal(3 + (0.5 * 7.5), forecast.Difference.Value, 0.3);
        Assert.True(forecast.Difference.Low > 5);
        Assert.Equal(Gnomon.Methods.Inference.WelchT.Test(y.AsSpan(14), y.AsSpan(0, 14)).Value, fit.Plain.Value, 1e-12);
        Assert.Equal(AutoregressiveErrors.Fit(fit.Segmented.Design, y, 1, AutoregressiveMethod.RestrictedLikelihood).Coefficients[2].Value, fit.Autoregressive.Coefficients[2].Value, 1e-9);
    }

    [Fact]
    public void Weights_reach_the_lines_and_the_same_seed_gives_the_same_answer()
    {
        var rng = new Rng(2);
        double[] y = [.. Enumerable.Range(0, 25).Select(_ => rng.NextNormal())];
        double[] w = [.. Enumerable.Range(0, 25).Select(t => 1.0 + (t % 4))];
        var (a, b) = (InterruptedSeries.Fit(y, 12, w), InterruptedSeries.Fit(y, 12, w));
        Assert.Equal(a.PermutationP, b.PermutationP);
        Assert.Equal(LeastSquares.Fit(a.Segmented.Design, y, w).Coefficients[2], a.Segmented.Coefficients[2], 1e-12);
        Assert.NotEqual(a.Segmented.Coefficients[2], InterruptedSeries.Fit(y, 12).Segmented.Coefficients[2]);
    }

    [Fact]
    public void Short_sides_and_perfect_lines_are_refused()
    {
        Assert.Throws<TooFewRowsException>(() => InterruptedSeries.Fit([1, 2, 4, 3, 5, 7, 6, 9, 8, 10, 12], 3));
        Assert.Throws<TooFewRowsException>(() => InterruptedSeries.Fit([1, 2, 4, 3, 5, 7, 6, 9], 4));
        Assert.Throws<NotEstimableException>(() => InterruptedSeries.Fit([.. Enumerable.Range(0, 20).Select(t => 2.0 * t)], 10));
    }

    // 0.142 at a memory of 0.3 and 0.316 at 0.6 for 12 and 13 rows: simulated elsewhere with the pooled t; 0.01 is four times the error of 20,000 draws.
    [Fact, Trait("speed", "slow")]
    public void A_plain_test_on_series_with_memory_calls_far_too_often()
    {
        Assert.Equal(0.05, InterruptedSeries.PlainSize(12, 13, 0, 20_000), 0.01);
        Assert.Equal(0.142, InterruptedSeries.PlainSize(12, 13, 0.3, 20_000), 0.01);
        Assert.Equal(0.316, InterruptedSeries.PlainSize(12, 13, 0.6, 20_000), 0.01);
    }

    // 25 rows that never change: what each way calls at 5 %. The average over the memory holds 4 to 7 % (3,000 series elsewhere: 4.0, 6.4 and 6.4 % at 0, 0.6 and 0.8); errors from long-run variances
    // do not in so short a series, whose step is known from a few rows on either side.
    [Theory, Trait("speed", "slow")]
    [InlineData(0.0)]
    [InlineData(0.6)]
    public void The_answer_calls_about_as_often_as_it_says(double memory)
    {
        int averaged = 0, cosine = 0, fixedB = 0, autoregressive = 0, permutation = 0, plain = 0, forecast = 0;
        const int draws = 40;
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(d).Stream("interrupted");
            var y = new double[25];
            var now = rng.NextNormal() / Math.Sqrt(1 - (memory * memory));
            for (var t = 0; t < y.Length; t++)
            {
                y[t] = now;
                now = (memory * now) + rng.NextNormal();
            }

            var fit = InterruptedSeries.Fit(y, 12);
            averaged += fit.Averaged[2].PValue < 0.05 ? 1 : 0;
            cosine += fit.Errors.Table(fit.Segmented)[2].PValue < 0.05 ? 1 : 0;
            fixedB += fit.FixedB.Table(fit.Segmented)[2].PValue < 0.05 ? 1 : 0;
            autoregressive += fit.Autoregressive.Coefficients[2].PValue < 0.05 ? 1 : 0;
            permutation += fit.PermutationP < 0.05 ? 1 : 0;
            plain += fit.Plain.PValue < 0.05 ? 1 : 0;
            forecast += fit.Forecast!.Difference.PValue < 0.05 ? 1 : 0;
        }

        var seen = $"memory {memory}: averaged {averaged}, AR(1) {autoregressive}, forecast {forecast}, permutation {permutation}, cosine {cosine}, fixed-b {fixedB}, plain {plain} of {draws}";
        Assert.True(averaged <= 0.15 * draws && forecast <= 0.175 * draws && autoregressive <= 0.175 * draws, seen);
    }
}
