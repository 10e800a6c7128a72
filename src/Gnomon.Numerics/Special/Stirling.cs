namespace Gnomon.Numerics.Special;

/// <summary>Saddle-point forms of Poisson and binomial terms for real arguments; no cancellation for large ones.</summary>
/// <remarks>Source: Loader 2000, Fast and Accurate Computation of Binomial Probabilities. The deviance parts use x - log(1 + x) in place of Loader's bd0
/// and a residual in twice the working precision, so terms far from the mode keep about 13 digits.</remarks>
internal static class Stirling
{
    const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>Tail of Stirling's series for log Gamma(x), x at least 10.</summary>
    public static double Series(double x)
    {
        var s = 1.0 / (x * x);
        var sum = -3617.0 / 122400.0;
        sum = sum * s + 1.0 / 156.0;
        sum = sum * s - 691.0 / 360360.0;
        sum = sum * s + 1.0 / 1188.0;
        sum = sum * s - 1.0 / 1680.0;
        sum = sum * s + 1.0 / 1260.0;
        sum = sum * s - 1.0 / 360.0;
        sum = sum * s + 1.0 / 12.0;
        return sum / x;
    }

    /// <summary>log Gamma(x + 1) - [x log x - x + log(2 pi x) / 2] for x above 0.</summary>
    public static double Error(double x)
    {
        if (x >= 10)
        {
            return Series(x);
        }

        if (x < 0.5)
        {
            return Gamma.Log(x + 1.0) - (HalfLogTwoPi + (x + 0.5) * Math.Log(x) - x);
        }

        var sum = 0.0;
        for (; x < 10; x += 1.0)
        {
            sum += (x + 0.5) * Elementary.Log1p(1.0 / x) - 1.0;
        }

        return sum + Series(x);
    }

    /// <summary>log of x^a e^-x / Gamma(a + 1), a at least 0, x above 0.</summary>
    public static double LogPoissonTerm(double a, double x)
    {
        if (a == 0)
        {
            return -x;
        }

        return a < 0.5
            ? a * Math.Log(x) - x - Gamma.Log(a + 1.0)
            : -Error(a) - a * Gap((x - a) / a, x / a) - HalfLogTwoPi - 0.5 * Math.Log(a);
    }

    /// <summary>log of Gamma(a + b + 1) / (Gamma(a + 1) Gamma(b + 1)) x^a y^b with y = 1 - x; a, b at least 0; x, y in (0, 1).</summary>
    public static double LogBinomialTerm(double a, double b, double x, double y)
    {
        if (a == 0)
        {
            return b * (x < y ? Elementary.Log1p(-x) : Math.Log(y));
        }

        if (b == 0)
        {
            return a * (y < x ? Elementary.Log1p(-y) : Math.Log(x));
        }

        var residual = Residual(a, b, x, y);
        return Error(a + b) - Error(a) - Error(b)
            - a * Gap(residual / a, x * (1.0 + b / a)) - b * Gap(-residual / b, y * (1.0 + a / b))
            - HalfLogTwoPi - 0.5 * Math.Log(a * (b / (a + b)));
    }

    /// <summary>b x - a y in twice the working precision, the smaller of x and y taken as exact.</summary>
    public static double Residual(double a, double b, double x, double y) =>
        x <= y ? ScaledMinus(a, b, x) : -ScaledMinus(b, a, y);

    // delta - log(ratio) with ratio = 1 + delta: from delta near 1, where the ratio has lost it, and from the ratio far below, where delta has.
    static double Gap(double delta, double ratio) =>
        delta is < -0.5 or > 1.0 ? delta - Math.Log(ratio) : Elementary.Log1pGap(delta);

    // (a + b) x - a
    static double ScaledMinus(double a, double b, double x)
    {
        var ax = a * x;
        var bx = b * x;
        var low = Math.FusedMultiplyAdd(a, x, -ax) + Math.FusedMultiplyAdd(b, x, -bx);
        var sum = ax + bx;
        var part = sum - ax;
        low += (ax - (sum - part)) + (bx - part);
        var difference = sum - a;
        part = difference - sum;
        low += (sum - (difference - part)) + (-a - part);
        return difference + low;
    }
}
