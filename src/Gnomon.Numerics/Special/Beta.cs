using System.Runtime.InteropServices;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Numerics.Special;

/// <summary>The beta function's logarithm and the regularised incomplete beta function.</summary>
/// <remarks>
/// Continued fraction of Didonato and Morris 1992 (ACM TOMS 18, algorithm 708) with Loader's saddle-point prefactor; either tail keeps its relative
/// accuracy. Near the mean the work grows with the square root of the larger parameter.
/// </remarks>
public static class Beta
{
    const double HalfLogTwoPi = 0.91893853320467274178;
    const double Tiny = 1e-300;
    const double SmallShape = 0.02;

    /// <summary>log B(a, b) for a, b above 0, without cancellation for large parameters.</summary>
    public static double Log(double a, double b)
    {
        Require.Positive(a);
        Require.Positive(b);
        var small = Math.Min(a, b);
        var large = Math.Max(a, b);
        if (large < 10)
        {
            return Gamma.Log(small) + (Gamma.Log(large) - Gamma.Log(small + large));
        }

        // log Gamma(large) - log Gamma(small + large) by Stirling's form, its large parts cancelled by hand.
        var ratio = Stirling.Series(large) - Stirling.Series(small + large)
            - (large - 0.5) * Elementary.Log1p(small / large) - small * Math.Log(small + large) + small;
        return Gamma.Log(small) + ratio;
    }

    /// <summary>I_x(a, b): the share of the beta(a, b) distribution at or below x.</summary>
    /// <param name="x">Point in 0 to 1.</param>
    /// <param name="a">First parameter, above 0.</param>
    /// <param name="b">Second parameter, above 0.</param>
    public static double Regularized(double x, double a, double b) => Incomplete(x, 1.0 - x, a, b).Lower;

    /// <summary>1 - I_x(a, b), relatively accurate when small.</summary>
    public static double Complement(double x, double a, double b) => Incomplete(x, 1.0 - x, a, b).Upper;

    /// <summary>log I_x(a, b), finite where the value underflows.</summary>
    public static double LogRegularized(double x, double a, double b) => Incomplete(x, 1.0 - x, a, b).LogLower;

    /// <summary>log(1 - I_x(a, b)), finite where the value underflows.</summary>
    public static double LogComplement(double x, double a, double b) => Incomplete(x, 1.0 - x, a, b).LogUpper;

    /// <summary>The x with I_x(a, b) = p.</summary>
    public static double Inverse(double p, double a, double b)
    {
        Require.Probability(p);
        return InverseTail(p, lower: true, a, b).X;
    }

    /// <summary>The x with 1 - I_x(a, b) = p.</summary>
    public static double InverseComplement(double p, double a, double b)
    {
        Require.Probability(p);
        return InverseTail(p, lower: false, a, b).X;
    }

    /// <summary>Both tails at x, where y = 1 - x is given by the caller so that neither end loses bits.</summary>
    internal static TailValue Incomplete(double x, double y, double a, double b)
    {
        Require.Probability(x);
        Require.Positive(a);
        Require.Positive(b);
        if (x == 0)
        {
            return TailValue.Exactly(isLower: true, 0.0);
        }

        if (y == 0)
        {
            return TailValue.Exactly(isLower: false, 0.0);
        }

        // Above the mean of a shape near 0 the continued fraction stalls; the lower tail's power series ends in a few terms there.
        if (a < SmallShape && x * (a + b) < 0.5)
        {
            return new(IsLower: true, Stirling.LogBinomialTerm(a, b, x, y), b / (a + b) * PowerSeries(x, a, b));
        }

        if (b < SmallShape && y * (a + b) < 0.5)
        {
            return new TailValue(IsLower: true, Stirling.LogBinomialTerm(b, a, y, x), a / (a + b) * PowerSeries(y, b, a)).Swapped;
        }

        var residual = Stirling.Residual(a, b, x, y);
        return residual <= 0
            ? LowerTail(x, a, b, residual, Stirling.LogBinomialTerm(a, b, x, y))
            : LowerTail(y, b, a, -residual, Stirling.LogBinomialTerm(b, a, y, x)).Swapped;
    }

    /// <summary>The point (x, 1 - x) at which the named tail holds p; both parts relatively accurate.</summary>
    internal static UnitPoint InverseTail(double p, bool lower, double a, double b)
    {
        if (p == 0 || p == 1)
        {
            return (p == 0) == lower ? new(0, 1) : new(1, 0);
        }

        // The smaller tail on the log scale against the log odds of x: near straight lines of slope a and -b in the far tails.
        var useLower = p <= 0.5 ? lower : !lower;
        var target = p <= 0.5 ? Math.Log(p) : Elementary.Log1p(-p);
        var logOdds = MonotoneSolver.Solve(target, -744.0, 744.0, Math.Log(a) - Math.Log(b), useLower, w =>
        {
            var point = UnitPoint.FromLogOdds(w);
            var tail = Incomplete(point.X, point.Y, a, b);
            var log = useLower ? tail.LogLower : tail.LogUpper;
            var logDensity = Stirling.LogBinomialTerm(a, b, point.X, point.Y) + Math.Log(a) + Math.Log(b) - Math.Log(a + b);
            return new(log, (useLower ? 1.0 : -1.0) * Math.Exp(logDensity - log));
        });
        return UnitPoint.FromLogOdds(logOdds);
    }

    static TailValue LowerTail(double x, double a, double b, double residual, double logTerm) =>
        new(IsLower: true, logTerm, a * (b / (a + b)) / Fraction(x, a, b, residual));

    // DLMF 8.17.8: the hypergeometric factor of x^a (1 - x)^b / (a B(a, b)).
    static double PowerSeries(double x, double a, double b)
    {
        var (sum, term) = (1.0, 1.0);
        for (var j = 0; term > 1e-17 * sum; j++)
        {
            term *= (a + b + j) / (a + 1.0 + j) * x;
            sum += term;
        }

        return sum;
    }

    static double Fraction(double x, double a, double b, double residual)
    {
        var f = NonZero(a * (1.0 - residual) / (a + 1.0));
        var c = f;
        var d = 0.0;
        var limit = Iterations.For(Math.Max(a, b));
        for (var m = 1; m <= limit; m++)
        {
            var odd = a + 2.0 * m - 1.0;
            var share = m * (b - m) * x / odd;
            var numerator = (a + m - 1.0) * (a + b + m - 1.0) * x / odd * share;
            var denominator = m + share + (a + m) * (1.0 - residual + m * (2.0 - x)) / (odd + 2.0);
            d = 1.0 / NonZero(denominator + numerator * d);
            c = NonZero(denominator + numerator / c);
            var ratio = c * d;
            f *= ratio;
            if (Math.Abs(ratio - 1.0) < 3e-16)
            {
                return f;
            }
        }

        throw Iterations.Exhausted("The continued fraction of the incomplete beta function");
    }

    static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}

/// <summary>A point x of the unit interval with y = 1 - x kept apart, so that neither loses bits at its small end.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnitPoint(double X, double Y)
{
    public static UnitPoint FromLogOdds(double w) => new(1.0 / (1.0 + Math.Exp(-w)), 1.0 / (1.0 + Math.Exp(w)));
}
