using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The chi-squared distribution; degrees of freedom are any positive number. Points below 0 have nothing below them.</summary>
/// <remarks>Through the incomplete gamma function; quantiles by Newton steps on log tail against log x, started at Wilson and Hilferty 1931.</remarks>
public static class ChiSquared
{
    /// <summary>Density at x.</summary>
    public static double Pdf(double x, double degreesOfFreedom)
    {
        Require.Positive(degreesOfFreedom);
        Require.NotNaN(x);
        if (x <= 0)
        {
            return x < 0 || degreesOfFreedom > 2 ? 0.0 : degreesOfFreedom == 2 ? 0.5 : double.PositiveInfinity;
        }

        return 0.5 * Math.Exp(LogSlope(0.5 * degreesOfFreedom, 0.5 * x)) / (0.5 * x);
    }

    /// <summary>P(X at most x).</summary>
    public static double Cdf(double x, double degreesOfFreedom) => Tails(x, degreesOfFreedom).Lower;

    /// <summary>P(X above x), relatively accurate when small.</summary>
    public static double Sf(double x, double degreesOfFreedom) => Tails(x, degreesOfFreedom).Upper;

    /// <summary>log P(X above x), finite where the probability underflows.</summary>
    public static double LogSf(double x, double degreesOfFreedom) => Tails(x, degreesOfFreedom).LogUpper;

    /// <summary>log P(X at most x).</summary>
    public static double LogCdf(double x, double degreesOfFreedom) => Tails(x, degreesOfFreedom).LogLower;

    /// <summary>The x with P(X at most x) = p; 0 and plus infinity at 0 and 1.</summary>
    public static double Quantile(double p, double degreesOfFreedom) => Solve(p, lower: true, degreesOfFreedom);

    /// <summary>The x with P(X above x) = p; plus infinity and 0 at 0 and 1.</summary>
    public static double UpperQuantile(double p, double degreesOfFreedom) => Solve(p, lower: false, degreesOfFreedom);

    static TailValue Tails(double x, double degreesOfFreedom) => Gamma.Incomplete(0.5 * degreesOfFreedom, 0.5 * Math.Max(x, 0.0));

    static double Solve(double p, bool lower, double degreesOfFreedom)
    {
        Require.Probability(p);
        Require.Positive(degreesOfFreedom);
        if (p == 0 || p == 1)
        {
            return (p == 0) == lower ? 0.0 : double.PositiveInfinity;
        }

        var a = 0.5 * degreesOfFreedom;
        var useLower = p <= 0.5 ? lower : !lower;
        var target = p <= 0.5 ? Math.Log(p) : Elementary.Log1p(-p);
        var logHalf = MonotoneSolver.Solve(target, -745.0, 710.0, Start(target, useLower, a), useLower, u =>
        {
            var half = Math.Exp(u);
            var tails = Gamma.Incomplete(a, half);
            var log = useLower ? tails.LogLower : tails.LogUpper;
            return new(log, (useLower ? 1.0 : -1.0) * Math.Exp(LogSlope(a, half) - log));
        });
        return 2.0 * Math.Exp(logHalf);
    }

    // log of half x, from the cube-root normal approximation, or from the leading term of the lower tail.
    static double Start(double logTail, bool lower, double a)
    {
        var z = (lower ? -1.0 : 1.0) * Normal.UpperQuantileFromLog(logTail);
        var root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * Math.Sqrt(a));
        return root > 0.3 ? Math.Log(a) + 3.0 * Math.Log(root) : (lower ? logTail : 0.0) / a + Gamma.Log(a + 1.0) / a;
    }

    // log of h times the gamma(a) density at h.
    static double LogSlope(double a, double h) => Stirling.LogPoissonTerm(a, h) + Math.Log(a);
}
