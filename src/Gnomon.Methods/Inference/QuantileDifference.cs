using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Inference;

/// <summary>Difference of a quantile between two independent samples, for example of their medians.</summary>
/// <remarks>
/// Source: Price and Bonett 2001, Journal of Statistical Computation and Simulation 68, and 2002, ibid. 72, after McKean and Schrader 1984, carried from the
/// median to any quantile: the distance of two order statistics around it, over twice the normal point of the binomial chance that they hold it, estimates its
/// standard error. No density is estimated. The quantile interpolates linearly (Hyndman and Fan type 7). Ties at the quantile make it conservative or, where
/// they fill the whole band, leave it without an error.
/// </remarks>
public static class QuantileDifference
{
    const double BandZ = 1.96;

    /// <param name="x">First sample: finite values, any order.</param>
    /// <param name="y">Second sample: finite values.</param>
    /// <param name="share">Which quantile, in (0, 1); 0.5 is the median.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Quantile of x minus that of y in the metric's unit.</returns>
    /// <exception cref="TooFewRowsException">A sample is too small to hold order statistics on both sides of the quantile.</exception>
    /// <exception cref="NotEstimableException">In both samples the values around the quantile are equal.</exception>
    public static ContrastResult Test(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double share = 0.5, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile's share lies between 0 and 1.");
        }

        var a = Estimate(x, share, "The first sample");
        var b = Estimate(y, share, "The second sample");
        var variance = a.Variance + b.Variance;
        if (!(variance > 0))
        {
            throw new NotEstimableException("The values around the quantile are equal in both samples, so its difference has no standard error.");
        }

        var error = Math.Sqrt(variance);
        var value = a.Mean - b.Mean;
        var z = value / error;
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new(value, value - reach, value + reach, error, z, null, TwoByTwo.TwoSided(z), level, share == 0.5 ? "difference of medians, Price-Bonett" : $"difference of {100 * share:0.##} % quantiles, Price-Bonett");
    }

    /// <summary>The quantile of one sample with the variance of that estimate.</summary>
    internal static MeanEstimate Estimate(ReadOnlySpan<double> values, double share, string what)
    {
        // Below this size no band fits on the shorter side: share^n is not yet small.
        var needed = (long)Math.Ceiling(5.0 / Math.Min(share, 1.0 - share));
        if (values.Length < needed)
        {
            throw new TooFewRowsException(what, values.Length, needed);
        }

        var sorted = values.ToArray();
        RadixSort.Sort(sorted);
        InferenceGuard.Finite(sorted[0], nameof(values));
        InferenceGuard.Finite(sorted[^1], nameof(values));
        var n = sorted.Length;
        var half = BandZ * Math.Sqrt(n * share * (1.0 - share));
        var low = Math.Max(1L, (long)Math.Round((n + 1.0) * share - half));
        var high = Math.Min(n, (long)Math.Round((n + 1.0) * share + half));

        // The band from the low-th to the high-th value holds the quantile when low to high - 1 values lie below it.
        var outside = Binomial.Cdf(low - 1, n, share) + Binomial.Sf(high - 1, n, share);
        var z = Normal.UpperQuantile(0.5 * outside);
        var error = (sorted[high - 1] - sorted[low - 1]) / (2.0 * z);
        return new(Quantile(sorted, share), error * error);
    }

    static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
