using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Student's t for one mean, and for the mean of paired differences.</summary>
/// <remarks>Source: Student 1908, Biometrika 6. Agrees with scipy <c>ttest_1samp</c> and <c>ttest_rel</c> to 1e-12 relative.</remarks>
public static class OneSampleT
{
    /// <summary>The mean with its interval and the test that it equals <paramref name="nullValue"/>.</summary>
    /// <param name="sample">At least 2 values.</param>
    /// <param name="nullValue">Value tested against, in the metric's unit.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">The values do not vary.</exception>
    public static ContrastResult Test(Moments sample, double nullValue = 0.0, double level = 0.95) => Test(sample, nullValue, level, "one-sample t");

    /// <summary>The mean of x - y over pairs.</summary>
    /// <param name="x">First value of each pair, at least 2 pairs.</param>
    /// <param name="y">Second value of each pair, same length and order.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 pairs.</exception>
    /// <exception cref="NotEstimableException">The differences do not vary.</exception>
    public static ContrastResult Paired(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95) =>
        Test(Moments.MeanVariance(Differences(x, y)), 0.0, level, "paired t");

    /// <summary>x - y, pair by pair.</summary>
    internal static double[] Differences(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The samples have {x.Length} and {y.Length} values; they must be paired.", nameof(y));
        }

        var differences = new double[x.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = x[i] - y[i];
        }

        return differences;
    }

    internal static ContrastResult Test(Moments sample, double nullValue, double level, string method)
    {
        InferenceGuard.Rows(sample, 2, "The sample");
        InferenceGuard.Finite(nullValue);
        InferenceGuard.Level(level);
        var error = sample.StandardError;
        if (!(error > 0))
        {
            throw new NotEstimableException("The values do not vary, so their mean has no standard error.");
        }

        double degrees = sample.Count - 1;
        var t = (sample.Mean - nullValue) / error;
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
        return new(sample.Mean, sample.Mean - reach, sample.Mean + reach, error, t, degrees, StudentT.TwoSided(t, degrees), level, method);
    }
}
