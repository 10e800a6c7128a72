using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Counts;

/// <summary>Two proportions measured on the same units: McNemar's test and Tango's interval of their difference.</summary>
/// <remarks>
/// Sources: McNemar 1947, Psychometrika 12; mid-p: Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13; interval: Tango 1998, Statistics in
/// Medicine 17, which inverts the score test whose square is McNemar's chi-square without correction.
/// </remarks>
public static class PairedProportions
{
    /// <param name="both">Pairs in which both are successes.</param>
    /// <param name="onlyX">Pairs in which only the first is.</param>
    /// <param name="onlyY">Pairs in which only the second is.</param>
    /// <param name="neither">Pairs in which none is.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Rate of x minus rate of y, Tango's interval, McNemar's z and the mid-p of the discordant pairs.</returns>
    /// <exception cref="TooFewRowsException">No pair at all.</exception>
    /// <exception cref="NotEstimableException">No pair is discordant, so nothing speaks for or against a difference.</exception>
    public static ContrastResult McNemar(long both, long onlyX, long onlyY, long neither, double level = 0.95)
    {
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfNegative(both);
        ArgumentOutOfRangeException.ThrowIfNegative(onlyX);
        ArgumentOutOfRangeException.ThrowIfNegative(onlyY);
        ArgumentOutOfRangeException.ThrowIfNegative(neither);
        var n = both + onlyX + onlyY + neither;
        if (n < 1)
        {
            throw new TooFewRowsException("The set of pairs", 0, 1);
        }

        if (onlyX + onlyY == 0)
        {
            throw new NotEstimableException("No pair is discordant (one success, one failure), so nothing speaks for or against a difference.");
        }

        var difference = (double)(onlyX - onlyY) / n;
        var interval = Tango(onlyX, onlyY, n, level);
        var error = Math.Sqrt(Math.Max(0.0, onlyX + onlyY - (double)(onlyX - onlyY) * (onlyX - onlyY) / n)) / n;
        var z = (onlyX - onlyY) / Math.Sqrt((double)(onlyX + onlyY));
        return new(difference, interval.Low, interval.High, error, z, null, MidP(onlyX, onlyY), level, "McNemar mid-p, Tango interval");
    }

    /// <summary>Exact two-sided p of the discordant pairs, half the chance of the observed split taken off: close to its size, where the plain exact test stays far below.</summary>
    public static double MidP(long onlyX, long onlyY)
    {
        var n = onlyX + onlyY;
        var smaller = Math.Min(onlyX, onlyY);
        return Math.Min(1.0, 2.0 * Binomial.Cdf(smaller, n, 0.5) - Binomial.Pmf(smaller, n, 0.5));
    }

    /// <summary>Exact two-sided p of the discordant pairs.</summary>
    public static double ExactP(long onlyX, long onlyY) => Math.Min(1.0, 2.0 * Binomial.Cdf(Math.Min(onlyX, onlyY), onlyX + onlyY, 0.5));

    static Interval Tango(double b, double c, double n, double level)
    {
        var z = Normal.UpperQuantile(0.5 * (1.0 - level));
        return new(Lower(b, c, n, z), -Lower(c, b, n, z));
    }

    // The delta below the estimate at which the score reaches z; at the far end -1 everything is rejected.
    static double Lower(double b, double c, double n, double z)
    {
        var estimate = (b - c) / n;
        double Gap(double delta) => b - c - n * delta - z * Math.Sqrt(Math.Max(0.0, n * Variance(b, c, n, delta)));
        var near = estimate - 1e-13;
        if (near <= -1.0)
        {
            return -1.0;
        }

        return Gap(near) >= 0 ? near : Brent.Root(Gap, -1.0, near, 1e-14).X;
    }

    // Variance of one pair's difference at the maximum likelihood under p10 - p01 = delta: 2 p01 + delta (1 - delta).
    static double Variance(double b, double c, double n, double delta)
    {
        var first = -b - c + (2.0 * n - b + c) * delta;
        var second = -c * delta * (1.0 - delta);
        var p01 = (Math.Sqrt(Math.Max(0.0, first * first - 8.0 * n * second)) - first) / (4.0 * n);
        return 2.0 * p01 + delta * (1.0 - delta);
    }
}
