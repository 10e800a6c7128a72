using System.Runtime.InteropServices;

namespace Gnomon.Methods.Inference;

/// <summary>Maximum-likelihood rates of two groups under a fixed difference or ratio, and the score statistics built on them.</summary>
/// <remarks>Source: Miettinen and Nurminen 1985, Statistics in Medicine 4, with their factor N / (N - 1).</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RestrictedRates(double X, double Y)
{
    /// <summary>Rates with X - Y = delta, delta in [-1, 1].</summary>
    public static RestrictedRates ForDifference(TwoByTwo t, double delta)
    {
        var low = Math.Max(0.0, -delta);
        var high = Math.Min(1.0, 1.0 - delta);
        double m = t.Xn;
        double n = t.Yn;
        var q = Math.Clamp((t.Xs + t.Ys - m * delta) / (m + n), low, high);

        // The likelihood is concave in q: this cubic is positive below its maximum and negative above. Newton steps inside a shrinking bracket.
        for (var k = 0; k < 100 && high > low; k++)
        {
            var p = q + delta;
            var left = t.Xs - m * p;
            var right = t.Ys - n * q;
            var h = q * (1.0 - q) * left + p * (1.0 - p) * right;
            if (h > 0)
            {
                low = q;
            }
            else
            {
                high = q;
            }

            var slope = (1.0 - 2.0 * q) * left - m * q * (1.0 - q) + (1.0 - 2.0 * p) * right - n * p * (1.0 - p);
            var next = q - h / slope;
            if (!(next > low && next < high))
            {
                next = 0.5 * (low + high);
            }

            var step = Math.Abs(next - q);
            q = next;
            if (step <= 1e-16 + 4e-16 * q)
            {
                break;
            }
        }

        return new(Math.Clamp(q + delta, 0.0, 1.0), q);
    }

    /// <summary>Rates with X = ratio Y, ratio above 0.</summary>
    public static RestrictedRates ForRatio(TwoByTwo t, double ratio)
    {
        var a = t.Total * ratio;
        var b = t.Xn * ratio + t.Xs + t.Yn + t.Ys * ratio;
        var c = (double)t.Xs + t.Ys;

        // Smaller root of a q^2 - b q + c, in the form that does not cancel.
        var q = 2.0 * c / (b + Math.Sqrt(Math.Max(0.0, b * b - 4.0 * a * c)));
        return new(Math.Clamp(ratio * q, 0.0, 1.0), Math.Clamp(q, 0.0, 1.0));
    }

    /// <summary>Variance of the observed difference X - Y under a true difference of delta.</summary>
    public static double DifferenceVariance(TwoByTwo t, double delta)
    {
        var rates = ForDifference(t, delta);
        return (rates.X * (1.0 - rates.X) / t.Xn + rates.Y * (1.0 - rates.Y) / t.Yn) * Correction(t);
    }

    /// <summary>Variance of X - ratio Y under a true ratio.</summary>
    public static double RatioVariance(TwoByTwo t, double ratio)
    {
        var rates = ForRatio(t, ratio);
        return (rates.X * (1.0 - rates.X) / t.Xn + ratio * ratio * rates.Y * (1.0 - rates.Y) / t.Yn) * Correction(t);
    }

    /// <summary>Score statistic of the difference at delta; infinite where the variance under it is 0.</summary>
    public static double DifferenceZ(TwoByTwo t, double delta)
    {
        var gap = t.Difference - delta;
        return gap == 0 ? 0.0 : gap / Math.Sqrt(DifferenceVariance(t, delta));
    }

    static double Correction(TwoByTwo t) => t.Total / (t.Total - 1.0);
}
