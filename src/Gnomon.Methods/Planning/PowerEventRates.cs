using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable rate of the comparison of two rates of events (Poisson counts per exposure).</summary>
/// <remarks>
/// Sources: Gu, Ng, Tang and Schucany 2008, Biometrical Journal 50 (score test, variance under "no effect" from the pooled rate); exact: the conditional test of
/// <see cref="Counts.PoissonRates"/>, every total and every split of it that is rejected, weighted by its chance. Counts more variable than Poisson need
/// <c>dispersion</c> times the units.
/// </remarks>
public static class PowerEventRates
{
    /// <summary>Most expected events of both arms of an exact plan.</summary>
    public const double MostExactEvents = 20_000;

    const double Negligible = 1e-15;

    /// <summary>Score test: chance of a significant result in the true direction.</summary>
    /// <param name="n">Units of the first arm, positive.</param>
    /// <param name="first">Events per unit of the first arm over its exposure, positive.</param>
    /// <param name="second">Events per unit of the second arm, positive.</param>
    /// <param name="dispersion">Variance of a unit's count over its mean, at least 1 for counts that clump; 1 is Poisson.</param>
    /// <param name="options">Size, sides, allocation; the defaults when absent.</param>
    public static double Power(double n, double first, double second, double dispersion = 1, PowerOptions? options = null)
    {
        var o = Check(first, second, dispersion, options);
        SizeSearch.Units(n, 0);
        return Normal.Cdf((Math.Sqrt(n / dispersion) * Math.Abs(second - first) - Critical(o) * Null(first, second, o)) / True(first, second, o));
    }

    /// <summary>Score test: units of both arms for the wanted power, not rounded.</summary>
    public static SampleSizeResult SampleSize(double first, double second, double power, double dispersion = 1, PowerOptions? options = null)
    {
        var o = Check(first, second, dispersion, options);
        PowerTwoProportions.Target(power, o);
        SizeSearch.Effect(second - first, nameof(second));
        var root = (Critical(o) * Null(first, second, o) + Normal.Quantile(power) * True(first, second, o)) / (second - first);
        var n = dispersion * root * root;
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>Score test: the signed difference nearest to 0 that is detected with the wanted power; null when no fall is.</summary>
    public static double? MinimumDetectableDifference(double n, double baseline, double power, bool rise = true, double dispersion = 1, PowerOptions? options = null)
    {
        var o = Check(baseline, baseline, dispersion, options);
        SizeSearch.Units(n, 0);
        PowerTwoProportions.Target(power, o);
        return rise
            ? SizeSearch.Effect(d => Power(n, baseline, baseline + d, dispersion, o), power, baseline)
            : -SizeSearch.Effect(d => Power(n, baseline, baseline - d, dispersion, o), power, baseline * (1 - 1e-12), baseline * (1 - 1e-12));
    }

    /// <summary>Exact power of the two-sided conditional test.</summary>
    /// <param name="firstEvents">Expected events of the first arm, positive.</param>
    /// <param name="secondEvents">Expected events of the second arm, positive; together at most 20,000.</param>
    /// <param name="exposureRatio">Exposure of the second arm per exposure of the first.</param>
    /// <param name="alpha">Two-sided size; each tail has half of it.</param>
    public static double ExactPower(double firstEvents, double secondEvents, double exposureRatio = 1, double alpha = 0.05)
    {
        SequentialArguments.Alpha(alpha);
        Rate(firstEvents, nameof(firstEvents));
        Rate(secondEvents, nameof(secondEvents));
        Rate(exposureRatio, nameof(exposureRatio));
        var mean = firstEvents + secondEvents;
        if (mean > MostExactEvents)
            throw new ArgumentOutOfRangeException(nameof(secondEvents), mean, $"An exact plan expects at most {MostExactEvents} events.");
        var expected = 1 / (1 + exposureRatio);
        var share = firstEvents / mean;
        var (low, high, power) = (-1L, -1L, 0.0);
        var last = (long)(mean + 9 * Math.Sqrt(mean) + 40);
        for (var total = 1L; total <= last; total++)
        {
            // Largest counts of either arm that are rejected as too few; neither falls as events are added.
            low = Step(low, total, expected, alpha / 2);
            high = Step(high, total, 1 - expected, alpha / 2);
            var chance = Poisson.Pmf(total, mean);
            if (chance > Negligible)
                power += chance * (AtMost(low, total, share) + AtMost(high, total, 1 - share));
        }
        return Math.Min(1, power);
    }

    static long Step(long critical, long total, double expected, double tail) =>
        critical + 1 < total && Binomial.Cdf(critical + 1, total, expected) <= tail ? critical + 1 : critical;

    static double AtMost(long x, long total, double share) => x < 0 ? 0 : Binomial.Cdf(x, total, share);

    static double Critical(PowerOptions o) => Normal.UpperQuantile(o.Alpha / o.Sides);

    static double Null(double first, double second, PowerOptions o) =>
        Math.Sqrt((first + o.AllocationRatio * second) / (1 + o.AllocationRatio) * (1 + 1 / o.AllocationRatio));

    static double True(double first, double second, PowerOptions o) => Math.Sqrt(first + second / o.AllocationRatio);

    static PowerOptions Check(double first, double second, double dispersion, PowerOptions? options)
    {
        Rate(first, nameof(first));
        Rate(second, nameof(second));
        Rate(dispersion, nameof(dispersion));
        return SizeSearch.Validated(options);
    }

    static void Rate(double rate, string name)
    {
        if (!(rate > 0) || !double.IsFinite(rate))
            throw new ArgumentOutOfRangeException(name, rate, "Must be finite and above 0.");
    }
}
