using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable correlation of the t test of "no correlation" between two jointly normal columns.</summary>
/// <remarks>
/// Exact: given the spread of the first column the statistic is noncentral t (Guenther 1977, The American Statistician 31), so the power is one integral over
/// its chi distribution of another. Fisher's z, which R's pwr.r.test uses, is within 0.01 of it from 10 units on.
/// </remarks>
public static class PowerCorrelation
{
    const double FewestUnits = 4;

    /// <param name="n">Units, at least 4; need not be whole.</param>
    /// <param name="correlation">True correlation, in (-1, 1).</param>
    /// <param name="options">Size and sides; the defaults when absent.</param>
    public static double Power(double n, double correlation, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        Check(correlation);
        SizeSearch.Units(n, FewestUnits);
        return Core(n, Math.Abs(correlation), o);
    }

    /// <summary>Units for the wanted power, not rounded.</summary>
    public static double SampleSize(double correlation, double power, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        Check(correlation);
        SizeSearch.Effect(correlation, nameof(correlation));
        PowerTwoProportions.Target(power, o);
        var rho = Math.Abs(correlation);
        return SizeSearch.Units(n => Core(n, rho, o), power, FewestUnits, SizeSearch.NormalUnits(Math.Atanh(rho), power, o) + 4);
    }

    /// <summary>The smallest absolute correlation that is detected with the wanted power.</summary>
    public static double MinimumDetectableCorrelation(double n, double power, PowerOptions? options = null)
    {
        var o = SizeSearch.Validated(options);
        SizeSearch.Units(n, FewestUnits);
        PowerTwoProportions.Target(power, o);

        // Solved for Fisher's z, which has no end.
        return Math.Tanh(SizeSearch.Effect(z => Core(n, Math.Tanh(z), o), power, 3 / Math.Sqrt(n))!.Value);
    }

    // r / sqrt(1 - r^2) is (Z + slope chi(n - 1)) / chi(n - 2), all three independent.
    static double Core(double n, double rho, PowerOptions o)
    {
        var inner = n - 2;
        var outer = n - 1;
        var critical = StudentT.UpperQuantile(o.Alpha / o.Sides, inner);
        var drift = rho / Math.Sqrt((1 - rho) * (1 + rho)) * Math.Sqrt(outer);
        return Math.Min(1, ChiMixture.Mean(outer, first => ChiMixture.Mean(inner, second => Beyond(critical * second, drift * first, o.Sides))));
    }

    static double Beyond(double bound, double mean, int sides) => Normal.Sf(bound - mean) + (sides == 2 ? Normal.Sf(bound + mean) : 0);

    static void Check(double correlation)
    {
        if (!(Math.Abs(correlation) < 1))
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "A correlation lies strictly between -1 and 1.");
    }
}
