using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>Does a prediction of effects tell large ones from small ones?</summary>
/// <param name="MeanEffect">The average effect, at the mean prediction.</param>
/// <param name="Slope">How far the effect moves when its prediction moves by 1: 1 is a calibrated prediction, 0 one that tells nothing. The p-value is one-sided, against a slope of 0 or less.</param>
public sealed record EffectCalibrationResult(ContrastResult MeanEffect, ContrastResult Slope);

/// <summary>Best linear projection of the effect on its prediction: a global test that effects differ between units.</summary>
/// <remarks>
/// Source: Chernozhukov, Demirer, Duflo and Fernandez-Val 2018 (BLP of the conditional effect), with doubly robust scores as the outcome; HC3 errors as in grf's test_calibration. The prediction must come from
/// units other than these. Agrees with statsmodels OLS(...).fit(cov_type="HC3") to 1e-9 (tests/reference/heterogeneity/make.py).
/// </remarks>
public static class EffectCalibration
{
    const int LeastUnits = 20;

    /// <param name="scores">Scores of units (<see cref="EffectScores"/>).</param>
    /// <param name="predicted">Their predicted effects, made from other units.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 units.</exception>
    /// <exception cref="NotEstimableException">The prediction is the same for every unit, or the scores lie on a line.</exception>
    public static EffectCalibrationResult Test(ReadOnlySpan<double> scores, ReadOnlySpan<double> predicted, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (scores.Length != predicted.Length)
        {
            throw new ArgumentException($"{scores.Length} scores for {predicted.Length} predictions.", nameof(scores));
        }

        if (scores.Length < LeastUnits)
        {
            throw new TooFewRowsException("The calibration test", scores.Length, LeastUnits);
        }

        var n = scores.Length;
        var (y, x) = (Moments.MeanVariance(scores), Moments.MeanVariance(predicted));
        if (!(x.M2 > 1e-24 * n * Math.Max(x.Mean * x.Mean, double.Epsilon)))
        {
            throw new NotEstimableException("The predicted effect is the same for every unit.");
        }

        var cross = 0.0;
        for (var i = 0; i < n; i++)
        {
            cross += (predicted[i] - x.Mean) * (scores[i] - y.Mean);
        }

        var slope = cross / x.M2;
        double meanVariance = 0, slopeVariance = 0;
        for (var i = 0; i < n; i++)
        {
            var d = predicted[i] - x.Mean;
            var e = (scores[i] - y.Mean - (slope * d)) / (1 - (1.0 / n) - (d * d / x.M2));
            meanVariance += e * e;
            slopeVariance += e * e * (d / x.M2) * (d / x.M2);
        }

        var (meanError, slopeError) = (Math.Sqrt(meanVariance) / n, Math.Sqrt(slopeVariance));
        if (!(meanError > 0 && slopeError > 0 && double.IsFinite(slopeError)))
        {
            throw new NotEstimableException("The scores lie on a line in the prediction, or one unit alone decides the slope.");
        }

        var degrees = n - 2.0;
        return new(
            Answer(y.Mean, meanError, degrees, level, 2 * StudentT.Sf(Math.Abs(y.Mean / meanError), degrees), "doubly robust mean"),
            Answer(slope, slopeError, degrees, level, StudentT.Sf(slope / slopeError, degrees), "best linear projection, HC3, one-sided"));
    }

    static ContrastResult Answer(double value, double error, double degrees, double level, double p, string method)
    {
        var reach = StudentT.UpperQuantile((1 - level) / 2, degrees) * error;
        return new(value, value - reach, value + reach, error, value / error, degrees, p, level, method);
    }
}
