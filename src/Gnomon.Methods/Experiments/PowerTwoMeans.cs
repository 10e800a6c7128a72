using Gnomon.Methods.Planning;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>Power, sample size and detectable difference of the two-sample t-test: inverses of one another.</summary>
/// <remarks>Exact by the noncentral t distribution; both tails count, as in R's power.t.test(strict = TRUE) and statsmodels TTestIndPower.</remarks>
public static class PowerTwoMeans
{
    const double FewestUnits = 2;
    const double MostUnits = 1e13;

    /// <param name="n">Units of the first arm, at least 2; need not be whole.</param>
    /// <param name="difference">True difference of means, in the metric's unit.</param>
    /// <param name="sd">Standard deviation of the metric in each arm.</param>
    /// <param name="options">Size, sides, allocation; the defaults when absent.</param>
    public static double Power(double n, double difference, double sd, PowerOptions? options = null)
    {
        var o = Validated(options);
        Spread(sd);
        if (!(n >= FewestUnits) || !(n * o.AllocationRatio >= 1))
            throw new ArgumentOutOfRangeException(nameof(n), n, "The first arm needs at least 2 units and the second at least 1.");
        return PowerCore(n, difference / sd, o);
    }

    /// <summary>Units per arm for the wanted power.</summary>
    public static SampleSizeResult SampleSize(double difference, double sd, double power, PowerOptions? options = null)
    {
        var o = Validated(options);
        Spread(sd);
        PowerTwoProportions.Target(power, o);
        if (difference == 0 || !double.IsFinite(difference))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "No sample size detects a difference of zero.");
        var effect = difference / sd;
        var fewest = Math.Max(FewestUnits, 1 / o.AllocationRatio);
        if (PowerCore(fewest, effect, o) >= power)
            return new(fewest, fewest * o.AllocationRatio);
        // The normal approximation is a little too small: bracketed by steps around it.
        var z = Normal.UpperQuantile(o.Alpha / o.Sides) + Normal.Quantile(power);
        var high = Math.Max(2 * fewest, (1 + 1 / o.AllocationRatio) * (z / effect) * (z / effect));
        while (PowerCore(high, effect, o) < power)
            high *= 1.5;
        if (high > MostUnits)
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "The difference is too small against the spread for any real sample.");
        var low = Math.Max(fewest, high / 4);
        if (PowerCore(low, effect, o) > power)
            low = fewest;
        var n = Math.Exp(Brent.Root(l => PowerCore(Math.Exp(l), effect, o) - power, Math.Log(low), Math.Log(high), 1e-14).X);
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>The smallest absolute difference of means that is detected with the wanted power.</summary>
    public static double MinimumDetectableDifference(double n, double sd, double power, PowerOptions? options = null)
    {
        var o = Validated(options);
        Spread(sd);
        PowerTwoProportions.Target(power, o);
        if (!(n >= FewestUnits) || !(n * o.AllocationRatio >= 1))
            throw new ArgumentOutOfRangeException(nameof(n), n, "The first arm needs at least 2 units and the second at least 1.");
        // The expected t beyond which power is essentially 1: widened until it brackets the target.
        var scale = Math.Sqrt((1 + 1 / o.AllocationRatio) / n);
        var high = 8 * scale;
        while (PowerCore(n, high, o) < power)
            high *= 2;
        return sd * Brent.Root(d => PowerCore(n, d, o) - power, 0, high, 1e-15).X;
    }

    static double PowerCore(double n, double effect, PowerOptions o)
    {
        var df = n * (1 + o.AllocationRatio) - 2;
        var noncentrality = Math.Abs(effect) / Math.Sqrt((1 + 1 / o.AllocationRatio) / n);
        return SizeSearch.StudentPower(df, noncentrality, o);
    }

    static PowerOptions Validated(PowerOptions? options)
    {
        var o = options ?? new PowerOptions();
        o.Validate();
        return o;
    }

    static void Spread(double sd)
    {
        if (!(sd > 0) || !double.IsFinite(sd))
            throw new ArgumentOutOfRangeException(nameof(sd), sd, "The standard deviation must be positive.");
    }
}
