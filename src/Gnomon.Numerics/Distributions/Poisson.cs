using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The Poisson distribution with a mean of at least 0.</summary>
/// <remarks>Source: Loader 2000 for single terms; tails through the incomplete gamma function.</remarks>
public static class Poisson
{
    /// <summary>P(X = k).</summary>
    public static double Pmf(long k, double mean) => Math.Exp(LogPmf(k, mean));

    /// <summary>log P(X = k); minus infinity for an impossible k.</summary>
    public static double LogPmf(long k, double mean)
    {
        Check(mean);
        if (k < 0 || (mean == 0 && k > 0))
        {
            return double.NegativeInfinity;
        }

        return mean == 0 ? 0.0 : Stirling.LogPoissonTerm(k, mean);
    }

    /// <summary>P(X at most k).</summary>
    public static double Cdf(long k, double mean) => AtMost(k, mean).Lower;

    /// <summary>P(X above k), relatively accurate when small.</summary>
    public static double Sf(long k, double mean) => AtMost(k, mean).Upper;

    /// <summary>log P(X above k), finite where the probability underflows.</summary>
    public static double LogSf(long k, double mean) => AtMost(k, mean).LogUpper;

    /// <summary>The smallest k with P(X at most k) at least <paramref name="probability"/>; <paramref name="probability"/> below 1.</summary>
    public static long Quantile(double probability, double mean)
    {
        Require.Probability(probability);
        ArgumentOutOfRangeException.ThrowIfEqual(probability, 1.0);
        Check(mean);
        return DiscreteQuantile.Smallest(0, Bound(k => Cdf(k, mean) >= probability, mean), k => Cdf(k, mean) >= probability);
    }

    /// <summary>The smallest k with P(X above k) at most <paramref name="probability"/>; <paramref name="probability"/> above 0.</summary>
    public static long UpperQuantile(double probability, double mean)
    {
        Require.Probability(probability);
        ArgumentOutOfRangeException.ThrowIfZero(probability);
        Check(mean);
        return DiscreteQuantile.Smallest(0, Bound(k => Sf(k, mean) <= probability, mean), k => Sf(k, mean) <= probability);
    }

    static long Bound(Func<long, bool> isEnough, double mean)
    {
        var step = (long)Math.Ceiling(Math.Sqrt(mean) + 1.0);
        var high = (long)Math.Ceiling(mean);
        while (!isEnough(high))
        {
            high += step;
            step *= 2;
        }

        return high;
    }

    static TailValue AtMost(long k, double mean)
    {
        Check(mean);
        return k < 0 ? TailValue.Exactly(isLower: true, 0.0) : Gamma.Incomplete(k + 1.0, mean).Swapped;
    }

    static void Check(double mean)
    {
        Require.AtLeast(mean, 0);
        Require.Finite(mean);
    }
}
