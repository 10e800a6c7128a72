using System.Runtime.InteropServices;
using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The noncentral t distribution: (Z + delta) / sqrt(chi2 / nu), delta the noncentrality.</summary>
/// <remarks>
/// The normal tail is integrated over the chi distribution on the log scale by the trapezoid rule, which converges exponentially for such integrands
/// (Trefethen and Weideman 2014, SIAM Review 56); both tails keep their relative accuracy, unlike series in the central region.
/// </remarks>
public static class NoncentralT
{
    const int FirstPoints = 128;
    const int MostPoints = 1 << 15;
    const double Depth = 42.0;

    /// <summary>P(T at most t).</summary>
    public static double Cdf(double t, double degreesOfFreedom, double noncentrality) => Math.Exp(LogCdf(t, degreesOfFreedom, noncentrality));

    /// <summary>P(T above t), relatively accurate when small.</summary>
    public static double Sf(double t, double degreesOfFreedom, double noncentrality) => Math.Exp(LogSf(t, degreesOfFreedom, noncentrality));

    /// <summary>log P(T at most t).</summary>
    public static double LogCdf(double t, double degreesOfFreedom, double noncentrality) => LogSf(-t, degreesOfFreedom, -noncentrality);

    /// <summary>log P(T above t), finite where the probability underflows.</summary>
    public static double LogSf(double t, double degreesOfFreedom, double noncentrality)
    {
        Require.Finite(t);
        Require.Positive(degreesOfFreedom);
        Require.Finite(noncentrality);
        return t == 0 ? Normal.LogSf(-noncentrality) : Math.Min(0.0, Integrate(new(t, 0.5 * degreesOfFreedom, noncentrality)));
    }

    /// <summary>log of the integrand at u = log(chi / sqrt nu), without its constant.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Integrand(double T, double HalfDegrees, double Noncentrality)
    {
        public double Log(double u) =>
            Normal.LogSf(T * Math.Exp(u) - Noncentrality) - HalfDegrees * Elementary.Expm1Gap(2.0 * u);

        public double LogConstant =>
            Math.Log(2.0 * HalfDegrees) - Stirling.Error(HalfDegrees) - 0.5 * Math.Log(2.0 * Math.PI * HalfDegrees);
    }

    static double Integrate(Integrand f)
    {
        var low = -800.0 / (2.0 * f.HalfDegrees) - 3.0;
        var high = 0.5 * Math.Log(2.0 + 900.0 / f.HalfDegrees);
        var peak = Peak(f, low, high);
        var top = f.Log(peak);
        var left = Edge(f, peak, -1.0, top - Depth);
        var right = Edge(f, peak, 1.0, top - Depth);
        var step = (right - left) / FirstPoints;
        var sum = Sum(f, left, step, FirstPoints + 1, top);
        for (var points = FirstPoints; points <= MostPoints; points *= 2)
        {
            var between = Sum(f, left + 0.5 * step, step, points, top);
            var isDone = Math.Abs(between - sum) <= 4e-15 * sum;
            sum += between;
            step *= 0.5;
            if (isDone)
            {
                return f.LogConstant + top + Math.Log(sum * step);
            }
        }

        throw new ArithmeticException("The integral of the noncentral t distribution did not converge within its point limit.");
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

    // The integrand has one peak; ternary search needs no derivative.
    static double Peak(Integrand f, double low, double high)
    {
        for (var k = 0; k < 120 && high - low > 1e-9; k++)
        {
            var third = (high - low) / 3.0;
            if (f.Log(low + third) < f.Log(high - third))
            {
                low += third;
            }
            else
            {
                high -= third;
            }
        }

        return 0.5 * (low + high);
    }

    static double Edge(Integrand f, double peak, double direction, double floor)
    {
        var outer = 1e-6;
        while (f.Log(peak + direction * outer) > floor)
        {
            outer *= 2.0;
        }

        var inner = 0.5 * outer;
        for (var k = 0; k < 20; k++)
        {
            var middle = 0.5 * (inner + outer);
            if (f.Log(peak + direction * middle) > floor)
            {
                inner = middle;
            }
            else
            {
                outer = middle;
            }
        }

        return peak + direction * outer;
    }
}
