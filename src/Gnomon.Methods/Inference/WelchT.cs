using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Welch's t-test: do two independent samples differ in mean, without assuming equal spread?</summary>
/// <remarks>
/// Source: Welch 1947, Biometrika 34; degrees of freedom: Satterthwaite 1946. Agrees with scipy <c>ttest_ind(equal_var=False)</c> to 1e-12 relative.
/// Two samples without any variation have no test: <see cref="Test(Moments, Moments, double)"/> throws, <see cref="TryTest"/> answers null.
/// </remarks>
public static class WelchT
{
    /// <summary>mean(x) - mean(y) in the metric's unit with its interval, t, degrees of freedom and two-sided p.</summary>
    /// <param name="x">First sample, at least 2 values.</param>
    /// <param name="y">Second sample, at least 2 values, independent of <paramref name="x"/>.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">No value differs from the others of its sample.</exception>
    public static ContrastResult Test(Moments x, Moments y, double level = 0.95) =>
        TryTest(x, y, level) ?? throw new NotEstimableException("Neither sample varies, so the difference of their means has no standard error.");

    /// <inheritdoc cref="Test(Moments, Moments, double)"/>
    public static ContrastResult Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95) =>
        Test(Moments.MeanVariance(x), Moments.MeanVariance(y), level);

    /// <summary>As <see cref="Test(Moments, Moments, double)"/>, but null when neither sample varies.</summary>
    public static ContrastResult? TryTest(Moments x, Moments y, double level = 0.95) => Contrast(x, y, 0.0, isOneSided: false, level, "Welch t");

    /// <summary>Is x at most a margin worse than y? One-sided p for the null hypothesis mean(x) - mean(y) at most <paramref name="margin"/>.</summary>
    /// <param name="x">First sample, at least 2 values.</param>
    /// <param name="y">Second sample, at least 2 values.</param>
    /// <param name="margin">Usually negative: the largest loss that is acceptable, in the metric's unit.</param>
    /// <param name="level">Level of the two-sided interval; its low end is above the margin exactly when p is below (1 - level) / 2.</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">No value differs from the others of its sample.</exception>
    public static ContrastResult NonInferiority(Moments x, Moments y, double margin, double level = 0.95)
    {
        InferenceGuard.Finite(margin);
        return Contrast(x, y, margin, isOneSided: true, level, "Welch t, one-sided against the margin")
            ?? throw new NotEstimableException("Neither sample varies, so the difference of their means has no standard error.");
    }

    static ContrastResult? Contrast(Moments x, Moments y, double nullValue, bool isOneSided, double level, string method)
    {
        InferenceGuard.Rows(x, 2, "The first sample");
        InferenceGuard.Rows(y, 2, "The second sample");
        InferenceGuard.Level(level);
        var variance = x.VarianceOfMean + y.VarianceOfMean;
        return variance > 0
            ? FromVariances(x.Mean - y.Mean, x.VarianceOfMean, x.Count - 1, y.VarianceOfMean, y.Count - 1, nullValue, isOneSided, level, method)
            : null;
    }

    /// <summary>The t contrast of two independent estimates whose variances have these degrees of freedom; their sum is above 0.</summary>
    internal static ContrastResult FromVariances(
        double value, double varianceX, double degreesX, double varianceY, double degreesY, double nullValue, bool isOneSided, double level, string method)
    {
        var variance = varianceX + varianceY;
        var share = varianceX / variance;
        var degrees = 1.0 / (share * share / degreesX + (1.0 - share) * (1.0 - share) / degreesY);
        var error = Math.Sqrt(variance);
        var t = (value - nullValue) / error;
        var p = isOneSided ? StudentT.Sf(t, degrees) : StudentT.TwoSided(t, degrees);
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
        return new(value, value - reach, value + reach, error, t, degrees, p, level, method);
    }
}
