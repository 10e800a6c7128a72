using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Counts;

/// <summary>Exact inference for events per exposure.</summary>
/// <remarks>
/// Sources: Garwood 1936, Biometrika 28 (one rate); Przyborowski and Wilenski 1940, Biometrika 31 (two rates: given the total, events of the first are binomial);
/// the interval is Clopper and Pearson's carried over. Agrees with R <c>poisson.test</c>'s intervals to 1e-10; p-values here double the smaller tail, so that
/// test and interval always agree.
/// </remarks>
public static class PoissonRates
{
    /// <summary>Garwood's exact interval of one rate.</summary>
    /// <param name="events">Events seen.</param>
    /// <param name="exposure">Exposure (unit time, area, person-years), above 0.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static Interval One(long events, double exposure, double level = 0.95)
    {
        Check(events, exposure);
        InferenceGuard.Level(level);
        var tail = 0.5 * (1.0 - level);
        return new(
            events == 0 ? 0.0 : 0.5 * ChiSquared.Quantile(tail, 2.0 * events) / exposure,
            0.5 * ChiSquared.UpperQuantile(tail, 2.0 * events + 2.0) / exposure);
    }

    /// <summary>Ratio of two rates, x over y, with its exact conditional test and interval.</summary>
    /// <param name="xEvents">Events of the first group.</param>
    /// <param name="xExposure">Its exposure, above 0.</param>
    /// <param name="yEvents">Events of the second group, at least 1.</param>
    /// <param name="yExposure">Its exposure, above 0.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>The ratio; <c>StandardError</c> is the delta-method one on the ratio's own scale, or of one event where the first group has none; <c>Statistic</c> is the first group's share of the events.</returns>
    /// <exception cref="NotEstimableException">The second group has no events: the ratio has no upper bound.</exception>
    public static ContrastResult Ratio(long xEvents, double xExposure, long yEvents, double yExposure, double level = 0.95)
    {
        Check(xEvents, xExposure);
        Check(yEvents, yExposure);
        InferenceGuard.Level(level);
        if (yEvents == 0)
        {
            throw new NotEstimableException("The second group has no events, so the ratio of rates has no upper bound.");
        }

        var total = xEvents + yEvents;
        var scale = yExposure / xExposure;
        var share = OneProportion.ClopperPearson(xEvents, total, level);
        var expected = xExposure / (xExposure + yExposure);
        var below = Binomial.Cdf(xEvents, total, expected);
        var above = xEvents == 0 ? 1.0 : Binomial.Sf(xEvents - 1, total, expected);
        var ratio = (double)xEvents / yEvents * scale;
        var error = Math.Max(1.0, xEvents) / yEvents * scale * Math.Sqrt(1.0 / Math.Max(1.0, xEvents) + 1.0 / yEvents);
        return new(
            ratio, share.Low / (1.0 - share.Low) * scale, share.High / (1.0 - share.High) * scale, error, (double)xEvents / total, null,
            Math.Min(1.0, 2.0 * Math.Min(below, above)), level, "exact conditional test of two Poisson rates");
    }

    static void Check(long events, double exposure)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(events);
        if (!(exposure > 0) || !double.IsFinite(exposure))
        {
            throw new ArgumentOutOfRangeException(nameof(exposure), exposure, "An exposure is finite and above 0.");
        }
    }
}
