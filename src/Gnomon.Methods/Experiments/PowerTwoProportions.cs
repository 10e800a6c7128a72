using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>What a power calculation assumes.</summary>
public sealed record PowerOptions
{
    /// <summary>Size of the test, 0.05 by default.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>2 for a two-sided test, 1 for a one-sided one.</summary>
    public int Sides { get; init; } = 2;

    /// <summary>Units of the second arm per unit of the first.</summary>
    public double AllocationRatio { get; init; } = 1;

    /// <summary>Proportions only: variance under the null from the pooled rate (as R's power.prop.test), else unpooled.</summary>
    public bool Pooled { get; init; } = true;

    internal void Validate()
    {
        SequentialArguments.Alpha(Alpha);
        SequentialArguments.Sides(Sides);
        if (!(AllocationRatio > 0) || !double.IsFinite(AllocationRatio))
            throw new ArgumentOutOfRangeException(nameof(AllocationRatio), AllocationRatio, "The allocation ratio must be positive.");
    }
}

/// <summary>Sample size of a two-arm comparison.</summary>
/// <param name="First">Units of the first arm, exact (not rounded).</param>
/// <param name="Second">Units of the second arm, exact (not rounded).</param>
public sealed record SampleSizeResult(double First, double Second)
{
    /// <summary>Both arms rounded up.</summary>
    public double Total => Math.Ceiling(First) + Math.Ceiling(Second);
}

/// <summary>Power, sample size and detectable difference of the test of two proportions: inverses of one another.</summary>
/// <remarks>Source: Fleiss, Levin and Paik 2003, chapter 4; the far tail is not counted, as in R's power.prop.test (strict = FALSE).</remarks>
public static class PowerTwoProportions
{
    const double Tolerance = 1e-14;

    /// <summary>Chance of a significant result in the true direction.</summary>
    /// <param name="n">Units of the first arm, positive; need not be whole.</param>
    /// <param name="first">True rate of the first arm, in (0, 1).</param>
    /// <param name="second">True rate of the second arm, in (0, 1).</param>
    /// <param name="options">Size, sides, allocation; the defaults when absent.</param>
    public static double Power(double n, double first, double second, PowerOptions? options = null)
    {
        var o = Validated(options);
        Rate(first, nameof(first));
        Rate(second, nameof(second));
        Units(n);
        return Normal.Cdf(ExpectedZ(n, first, second, o));
    }

    /// <summary>Units per arm for the wanted power.</summary>
    /// <exception cref="ArgumentException">The rates are equal, or the power is not larger than the test's size.</exception>
    public static SampleSizeResult SampleSize(double first, double second, double power, PowerOptions? options = null)
    {
        var o = Validated(options);
        Rate(first, nameof(first));
        Rate(second, nameof(second));
        Target(power, o);
        if (first == second)
            throw new ArgumentException("No sample size detects a difference of zero.", nameof(second));
        var (spreadNull, spreadTrue) = Spread(first, second, o);
        // The formula is linear in sqrt(n), so it inverts in closed form.
        var root = (Critical(o) * spreadNull + Normal.Quantile(power) * spreadTrue) / Math.Abs(second - first);
        var n = root * root;
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>The smallest rise (or fall) of the second arm's rate that is detected with the wanted power.</summary>
    /// <param name="n">Units of the first arm.</param>
    /// <param name="baseline">Rate of the first arm.</param>
    /// <param name="power">Wanted power, above the test's size.</param>
    /// <param name="rise">True for a rise above the baseline, false for a fall below it.</param>
    /// <param name="options">Size, sides, allocation; the defaults when absent.</param>
    /// <returns>The signed difference second - first, or null when even a rate of 1 (or 0) would not be detected.</returns>
    public static double? MinimumDetectableDifference(double n, double baseline, double power, bool rise = true, PowerOptions? options = null)
    {
        var o = Validated(options);
        Rate(baseline, nameof(baseline));
        Units(n);
        Target(power, o);
        var z = Normal.Quantile(power);
        var room = rise ? 1 - baseline : baseline;
        var sign = rise ? 1 : -1;
        var furthest = room * (1 - 1e-12);
        if (Shortfall(furthest) < 0)
            return null;
        return sign * Brent.Root(Shortfall, 0, furthest, Tolerance).X;

        double Shortfall(double difference) => ExpectedZ(n, baseline, baseline + sign * difference, o) - z;
    }

    static double ExpectedZ(double n, double first, double second, PowerOptions o)
    {
        var (spreadNull, spreadTrue) = Spread(first, second, o);
        return (Math.Sqrt(n) * Math.Abs(second - first) - Critical(o) * spreadNull) / spreadTrue;
    }

    static (double Null, double True) Spread(double first, double second, PowerOptions o)
    {
        var r = o.AllocationRatio;
        var unpooled = Math.Sqrt(first * (1 - first) + second * (1 - second) / r);
        var mean = (first + r * second) / (1 + r);
        return (o.Pooled ? Math.Sqrt(mean * (1 - mean) * (1 + 1 / r)) : unpooled, unpooled);
    }

    static double Critical(PowerOptions o) => Normal.UpperQuantile(o.Alpha / o.Sides);

    static PowerOptions Validated(PowerOptions? options)
    {
        var o = options ?? new PowerOptions();
        o.Validate();
        return o;
    }

    internal static void Target(double power, PowerOptions o)
    {
        if (!(power > o.Alpha && power < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "Power must lie between the test's size and 1.");
    }

    static void Units(double n)
    {
        if (!(n > 0) || !double.IsFinite(n))
            throw new ArgumentOutOfRangeException(nameof(n), n, "The number of units must be positive.");
    }

    static void Rate(double rate, string name)
    {
        if (!(rate > 0 && rate < 1))
            throw new ArgumentOutOfRangeException(name, rate, "A rate must lie strictly between 0 and 1.");
    }
}
