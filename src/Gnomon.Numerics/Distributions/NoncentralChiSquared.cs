using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The noncentral chi-squared distribution: the sum of squares of unit normals whose squared means add up to the noncentrality.</summary>
/// <remarks>
/// The Poisson mixture of central distributions (Johnson, Kotz and Balakrishnan 1995, chapter 29), summed outwards from its largest term; all terms are
/// positive, so both tails keep their relative accuracy.
/// </remarks>
public static class NoncentralChiSquared
{
    /// <summary>P(X at most x).</summary>
    public static double Cdf(double x, double degreesOfFreedom, double noncentrality) => Math.Exp(LogTail(x, degreesOfFreedom, noncentrality, lower: true));

    /// <summary>P(X above x), relatively accurate when small.</summary>
    public static double Sf(double x, double degreesOfFreedom, double noncentrality) => Math.Exp(LogTail(x, degreesOfFreedom, noncentrality, lower: false));

    /// <summary>log P(X above x), finite where the probability underflows.</summary>
    public static double LogSf(double x, double degreesOfFreedom, double noncentrality) => LogTail(x, degreesOfFreedom, noncentrality, lower: false);

    static double LogTail(double x, double degreesOfFreedom, double noncentrality, bool lower)
    {
        Require.NotNaN(x);
        Require.Positive(degreesOfFreedom);
        Require.AtLeast(noncentrality, 0);
        Require.Finite(noncentrality);
        if (x <= 0)
        {
            return lower ? double.NegativeInfinity : 0.0;
        }

        if (noncentrality == 0)
        {
            return lower ? ChiSquared.LogCdf(x, degreesOfFreedom) : ChiSquared.LogSf(x, degreesOfFreedom);
        }

        return Math.Min(0.0, PoissonMixture.LogSum(LogTerm, (long)(noncentrality + x + degreesOfFreedom) + 10));

        double LogTerm(long j)
        {
            var tails = Gamma.Incomplete(0.5 * degreesOfFreedom + j, 0.5 * x);
            return Stirling.LogPoissonTerm(j, 0.5 * noncentrality) + (lower ? tails.LogLower : tails.LogUpper);
        }
    }
}
