using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power and sample size of the test of one proportion against a value: the score test by its normal formula, and the exact binomial test.</summary>
/// <remarks>
/// Sources: Fleiss, Levin and Paik 2003, chapter 2 (score); exact: the two-sided binomial test that gives each tail half of the size, whose interval is Clopper and
/// Pearson's. The exact power moves in steps, so its size is the smallest from which on no larger one falls short.
/// </remarks>
public static class PowerOneProportion
{
    /// <summary>Most units of an exact plan; beyond, the normal formula is right to three digits.</summary>
    public const int MostExactUnits = 20_000;

    /// <summary>Score test: chance of a significant result in the true direction.</summary>
    /// <param name="n">Units, positive; need not be whole.</param>
    /// <param name="tested">The value under test, in (0, 1).</param>
    /// <param name="rate">True rate, in (0, 1).</param>
    /// <param name="options">Size and sides; the defaults when absent.</param>
    public static double Power(double n, double tested, double rate, PowerOptions? options = null)
    {
        var o = Check(tested, rate, options);
        SizeSearch.Units(n, 0);
        return Normal.Cdf((Math.Sqrt(n) * Math.Abs(rate - tested) - Critical(o) * Deviation(tested)) / Deviation(rate));
    }

    /// <summary>Score test: units for the wanted power, not rounded.</summary>
    public static double SampleSize(double tested, double rate, double power, PowerOptions? options = null)
    {
        var o = Check(tested, rate, options);
        PowerTwoProportions.Target(power, o);
        SizeSearch.Effect(rate - tested, nameof(rate));
        var root = (Critical(o) * Deviation(tested) + Normal.Quantile(power) * Deviation(rate)) / (rate - tested);
        return root * root;
    }

    /// <summary>Score test: the signed difference nearest to 0 that is detected with the wanted power; null when no rate of that side is.</summary>
    public static double? MinimumDetectableDifference(double n, double tested, double power, bool rise = true, PowerOptions? options = null)
    {
        var o = Check(tested, tested, options);
        SizeSearch.Units(n, 0);
        PowerTwoProportions.Target(power, o);
        var sign = rise ? 1 : -1;
        var furthest = (rise ? 1 - tested : tested) * (1 - 1e-12);
        return sign * SizeSearch.Effect(d => Power(n, tested, tested + sign * d, o), power, furthest, furthest);
    }

    /// <summary>Exact binomial test: chance of a significant result on either side (two-sided) or above (one-sided).</summary>
    /// <param name="n">Units, 1 to 20,000.</param>
    /// <param name="tested">The value under test, in (0, 1).</param>
    /// <param name="rate">True rate, in (0, 1); at <paramref name="tested"/> the answer is the true size.</param>
    /// <param name="options">Size and sides; a one-sided test looks in the direction of the true rate.</param>
    public static double ExactPower(int n, double tested, double rate, PowerOptions? options = null)
    {
        var o = Check(tested, rate, options);
        if (n is < 1 or > MostExactUnits)
            throw new ArgumentOutOfRangeException(nameof(n), n, $"An exact plan has between 1 and {MostExactUnits} units.");
        return Exact(n, tested, rate, o);
    }

    /// <summary>Exact binomial test: the smallest size from which on the power never falls below the one wanted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 20,000 units are needed.</exception>
    public static int ExactSampleSize(double tested, double rate, double power, PowerOptions? options = null)
    {
        var o = Check(tested, rate, options);
        var normal = SampleSize(tested, rate, power, o);

        // The steps of the exact power are below the gap to the power of half as many units again.
        var last = 1.5 * normal + 60;
        if (last > MostExactUnits)
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"The exact plan needs more than {MostExactUnits} units; the normal formula serves.");
        var n = (int)Math.Ceiling(last);
        while (n > 1 && Exact(n - 1, tested, rate, o) >= power)
            n--;
        return n;
    }

    static double Exact(int n, double tested, double rate, PowerOptions o)
    {
        var tail = o.Alpha / o.Sides;
        var above = o.Sides == 2 || rate >= tested ? AtLeast(Upper(n, tested, tail), n, rate) : 0;
        var below = o.Sides == 2 || rate < tested ? AtMost(Lower(n, tested, tail), n, rate) : 0;
        return Math.Min(1, above + below);
    }

    // The smallest x with P(X at least x) within the tail; n + 1 when there is none.
    static long Upper(int n, double tested, double tail)
    {
        var x = Binomial.UpperQuantile(tail, n, tested);
        while (x > 0 && AtLeast(x, n, tested) <= tail)
            x--;
        while (x <= n && AtLeast(x, n, tested) > tail)
            x++;
        return x;
    }

    static long Lower(int n, double tested, double tail) => n - Upper(n, 1 - tested, tail);

    static double AtLeast(long x, int n, double rate) => x <= 0 ? 1 : x > n ? 0 : Binomial.Sf(x - 1, n, rate);

    static double AtMost(long x, int n, double rate) => x < 0 ? 0 : x >= n ? 1 : Binomial.Cdf(x, n, rate);

    static double Critical(PowerOptions o) => Normal.UpperQuantile(o.Alpha / o.Sides);

    static double Deviation(double rate) => Math.Sqrt(rate * (1 - rate));

    static PowerOptions Check(double tested, double rate, PowerOptions? options)
    {
        SizeSearch.Share(tested, nameof(tested));
        SizeSearch.Share(rate, nameof(rate));
        return SizeSearch.Validated(options);
    }
}
