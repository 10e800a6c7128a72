using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The binomial distribution: successes in n independent trials of probability p.</summary>
/// <remarks>Source: Loader 2000 for single terms; tails through the incomplete beta function.</remarks>
public static class Binomial
{
    /// <summary>P(X = k).</summary>
    public static double Pmf(long k, long n, double p) => Math.Exp(LogPmf(k, n, p));

    /// <summary>log P(X = k); minus infinity for an impossible k.</summary>
    public static double LogPmf(long k, long n, double p)
    {
        Check(n, p);
        if (k < 0 || k > n || (p == 0 && k > 0) || (p == 1 && k < n))
        {
            return double.NegativeInfinity;
        }

        return p is 0 or 1 || n == 0 ? 0.0 : Stirling.LogBinomialTerm(k, n - k, p, 1.0 - p);
    }

    /// <summary>P(X at most k).</summary>
    public static double Cdf(long k, long n, double p) => AtMost(k, n, p).Lower;

    /// <summary>P(X above k), relatively accurate when small.</summary>
    public static double Sf(long k, long n, double p) => AtMost(k, n, p).Upper;

    /// <summary>log P(X above k), finite where the probability underflows.</summary>
    public static double LogSf(long k, long n, double p) => AtMost(k, n, p).LogUpper;

    /// <summary>The smallest k with P(X at most k) at least <paramref name="probability"/>.</summary>
    public static long Quantile(double probability, long n, double p)
    {
        Require.Probability(probability);
        Check(n, p);
        return DiscreteQuantile.Smallest(0, n, k => Cdf(k, n, p) >= probability);
    }

    /// <summary>The smallest k with P(X above k) at most <paramref name="probability"/>.</summary>
    public static long UpperQuantile(double probability, long n, double p)
    {
        Require.Probability(probability);
        Check(n, p);
        return DiscreteQuantile.Smallest(0, n, k => Sf(k, n, p) <= probability);
    }

    static TailValue AtMost(long k, long n, double p)
    {
        Check(n, p);
        if (k < 0)
        {
            return TailValue.Exactly(isLower: true, 0.0);
        }

        // More than k successes: the (k + 1)-th smallest of n uniforms is at most p.
        return k >= n ? TailValue.Exactly(isLower: false, 0.0) : Beta.Incomplete(p, 1.0 - p, k + 1.0, n - k).Swapped;
    }

    static void Check(long n, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        Require.Probability(p);
    }
}
