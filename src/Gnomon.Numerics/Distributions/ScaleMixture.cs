using System.Runtime.InteropServices;
using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The mean of a function of S, S = sqrt(chi2 / nu) the error of an estimated standard deviation, kept as a logarithm.</summary>
/// <remarks>
/// Trapezoid rule over log S, which converges exponentially for such integrands (Trefethen and Weideman 2014, SIAM Review 56). The function is positive and
/// monotone in S; its logarithm is asked for, so that tails far below the smallest double keep their accuracy.
/// </remarks>
internal static class ScaleMixture
{
    const int FirstPoints = 64;
    const int MostPoints = 1 << 12;
    const double Depth = 40.0;
    const double Tolerance = 2e-13;

    /// <param name="degreesOfFreedom">nu, finite.</param>
    /// <param name="logFunction">log of the function of s.</param>
    public static double LogMean(double degreesOfFreedom, Func<double, double> logFunction)
    {
        var f = new Integrand(0.5 * degreesOfFreedom, logFunction);
        var bracket = Bracket(f, 1.0 / Math.Sqrt(2.0 * degreesOfFreedom));
        var step = (bracket.Right - bracket.Left) / FirstPoints;
        var sum = Sum(f, bracket.Left, step, FirstPoints + 1, bracket.Top);
        for (var points = FirstPoints; points <= MostPoints; points *= 2)
        {
            var between = Sum(f, bracket.Left + 0.5 * step, step, points, bracket.Top);
            var isDone = Math.Abs(between - sum) <= Tolerance * sum;
            sum += between;
            step *= 0.5;
            if (isDone)
            {
                return f.LogConstant + bracket.Top + Math.Log(sum * step);
            }
        }

        throw new ArithmeticException("The mixture over the standard deviation did not converge within its point limit.");
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Integrand(double HalfDegrees, Func<double, double> LogFunction)
    {
        public double Log(double u) => LogFunction(Math.Exp(u)) - HalfDegrees * Elementary.Expm1Gap(2.0 * u);

        public double LogConstant =>
            Math.Log(2.0 * HalfDegrees) - Stirling.Error(HalfDegrees) - 0.5 * Math.Log(2.0 * Math.PI * HalfDegrees);
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Range(double Left, double Right, double Top);

    // Uphill from u = 0 by growing steps, then outwards on both sides until the integrand is negligible.
    static Range Bracket(Integrand f, double width)
    {
        var (u, top) = (0.0, f.Log(0.0));
        var direction = f.Log(-0.1 * width) > f.Log(0.1 * width) ? -1.0 : 1.0;
        for (var size = width; size > 0.05 * width;)
        {
            var next = f.Log(u + direction * size);
            if (next > top)
            {
                (u, top) = (u + direction * size, next);
                size *= 1.6;
            }
            else
            {
                size *= 0.3;
            }
        }

        return new(Edge(f, u, -1.0, width, top), Edge(f, u, 1.0, width, top), top);
    }

    static double Edge(Integrand f, double peak, double direction, double width, double top)
    {
        var outer = width;
        while (f.Log(peak + direction * outer) > top - Depth)
        {
            outer *= 1.5;
        }

        return peak + direction * outer;
    }

    static double Sum(Integrand f, double start, double step, int count, double top)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += Math.Exp(f.Log(start + i * step) - top);
        }

        return sum;
    }
}
