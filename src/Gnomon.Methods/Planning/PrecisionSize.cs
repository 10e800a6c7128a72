using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>The size that makes an interval as narrow as is wanted, with a stated chance: planning without an effect to detect.</summary>
/// <remarks>
/// Source: Kupper and Hafner 1989, The American Statistician 43 (means, exact by the chi-square of the estimated spread). Shares: the width of the interval of the
/// estimated rates, its chance by the delta method. Widths are half widths: what stands after the plus or minus.
/// </remarks>
public static class PrecisionSize
{
    const double FewestUnits = 2;

    /// <summary>Two means: chance that the t interval of their difference reaches at most so far to either side.</summary>
    /// <param name="n">Units of the first arm, at least 2.</param>
    /// <param name="halfWidth">Wanted half width, in the metric's unit.</param>
    /// <param name="sd">Standard deviation in each arm.</param>
    /// <param name="options">1 - level as the size, and allocation; intervals have two sides.</param>
    public static double TwoMeans(double n, double halfWidth, double sd, PowerOptions? options = null)
    {
        var o = Check(n, FewestUnits, halfWidth, options);
        SizeSearch.Spread(sd);
        return Within(n * (1 + o.AllocationRatio) - 2, halfWidth / (sd * Math.Sqrt((1 + 1 / o.AllocationRatio) / n)), o);
    }

    /// <summary>One mean, or the mean of paired differences: the same for its t interval.</summary>
    public static double OneMean(double n, double halfWidth, double sd, PowerOptions? options = null)
    {
        var o = Check(n, FewestUnits, halfWidth, options);
        SizeSearch.Spread(sd);
        return Within(n - 1, halfWidth / sd * Math.Sqrt(n), o);
    }

    /// <summary>Two shares: chance that the interval of their difference reaches at most so far to either side.</summary>
    /// <param name="n">Units of the first arm, positive.</param>
    /// <param name="halfWidth">Wanted half width, in (0, 1).</param>
    /// <param name="first">Rate of the first arm, in (0, 1).</param>
    /// <param name="second">Rate of the second arm, in (0, 1).</param>
    /// <param name="options">1 - level as the size, and allocation.</param>
    public static double TwoProportions(double n, double halfWidth, double first, double second, PowerOptions? options = null)
    {
        var o = Check(n, 0, halfWidth, options);
        SizeSearch.Share(first, nameof(first));
        SizeSearch.Share(second, nameof(second));
        var r = o.AllocationRatio;
        var variance = (first * (1 - first) + second * (1 - second) / r) / n;
        var spread = Math.Sqrt((Slope(first) + Slope(second) / (r * r * r)) / n) / n;
        return Narrow(halfWidth, variance, spread, o);
    }

    /// <summary>One share: the same for its interval.</summary>
    public static double OneProportion(double n, double halfWidth, double rate, PowerOptions? options = null)
    {
        var o = Check(n, 0, halfWidth, options);
        SizeSearch.Share(rate, nameof(rate));
        return Narrow(halfWidth, rate * (1 - rate) / n, Math.Sqrt(Slope(rate) / n) / n, o);
    }

    /// <summary>The size from which a chance of narrowness is at least the one wanted.</summary>
    /// <param name="chanceAt">Chance by size: one of the functions of this class.</param>
    /// <param name="chance">Wanted chance, in (0, 1).</param>
    public static double Size(Func<double, double> chanceAt, double chance)
    {
        ArgumentNullException.ThrowIfNull(chanceAt);
        SizeSearch.Share(chance, nameof(chance));
        return SizeSearch.Units(chanceAt, chance, FewestUnits, 100);
    }

    // Wanted half width, in true standard errors, against the estimated error times the t quantile.
    static double Within(double degrees, double standardised, PowerOptions o)
    {
        var ratio = standardised / StudentT.UpperQuantile(o.Alpha / 2, degrees);
        return ChiSquared.Cdf(degrees * ratio * ratio, degrees);
    }

    // Of p (1 - p), per unit: its slope squared times the variance of p.
    static double Slope(double rate) => (1 - 2 * rate) * (1 - 2 * rate) * rate * (1 - rate);

    static double Narrow(double halfWidth, double variance, double spread, PowerOptions o)
    {
        var z = Normal.UpperQuantile(o.Alpha / 2);
        var room = halfWidth * halfWidth / (z * z) - variance;
        return spread > 0 ? Normal.Cdf(room / spread) : room >= 0 ? 1 : 0;
    }

    static PowerOptions Check(double n, double fewest, double halfWidth, PowerOptions? options)
    {
        SizeSearch.Units(n, fewest);
        if (!(halfWidth > 0) || !double.IsFinite(halfWidth))
            throw new ArgumentOutOfRangeException(nameof(halfWidth), halfWidth, "A half width is finite and positive.");
        return SizeSearch.Validated(options);
    }
}
