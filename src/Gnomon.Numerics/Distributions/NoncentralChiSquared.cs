using System.Runtime.InteropServices;
using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The noncentral chi-squared distribution: the sum of squares of unit normals whose squared means add up to the noncentrality.</summary>
/// <remarks>
/// The Poisson mixture of central distributions (Johnson, Kotz and Balakrishnan 1995, chapter 29), summed outwards from its largest term; all terms are
/// positive, so both tails keep their relative accuracy.
/// </remarks>
public static class NoncentralChiSquared
{
    const double Negligible = 40.0;

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

        var mixture = new Mixture(0.5 * x, 0.5 * degreesOfFreedom, 0.5 * noncentrality, lower);
        return Math.Min(0.0, mixture.LogSum());
    }

    [StructLayout(LayoutKind.Auto)]

    readonly record struct Mixture(double HalfX, double HalfDegrees, double HalfNoncentrality, bool Lower)
    {
        public double LogSum()
        {
            var mode = Mode();
            var top = LogTerm(mode);
            var sum = 1.0 + OneSide(mode, 1, top);
            return top + Math.Log(sum + OneSide(mode, -1, top));
        }

        double OneSide(long mode, int direction, double top)
        {
            var sum = 0.0;
            for (var j = mode + direction; j >= 0; j += direction)
            {
                var log = LogTerm(j) - top;
                if (log < -Negligible)
                {
                    break;
                }

                sum += Math.Exp(log);
            }

            return sum;
        }

        // Terms rise and then fall in j: bisection on the sign of their difference.
        long Mode()
        {
            var self = this;
            var high = (long)(2.0 * (HalfNoncentrality + HalfX + HalfDegrees)) + 10;
            return DiscreteQuantile.Smallest(0, high, j => self.LogTerm(j + 1) <= self.LogTerm(j));
        }

        double LogTerm(long j)
        {
            var tails = Gamma.Incomplete(HalfDegrees + j, HalfX);
            return Stirling.LogPoissonTerm(j, HalfNoncentrality) + (Lower ? tails.LogLower : tails.LogUpper);
        }
    }
}
