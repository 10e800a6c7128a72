namespace Gnomon.Numerics.Special;

/// <summary>Elementary functions that keep their relative accuracy where the plain form cancels.</summary>
/// <remarks>Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 1.14.1 (log1p, expm1 after Kahan).</remarks>
public static class Elementary
{
    /// <summary>log(1 + x), accurate for small |x|; minus infinity at -1, NaN below.</summary>
    public static double Log1p(double x)
    {
        var u = 1.0 + x;
        if (u == 1.0)
        {
            return x;
        }

        return double.IsPositiveInfinity(u) || u <= 0 ? Math.Log(u) : Math.Log(u) * (x / (u - 1.0));
    }

    /// <summary>exp(x) - 1, accurate for small |x|.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 1.0)
        {
            return Math.Exp(x) - 1.0;
        }

        var u = Math.Exp(x);
        return u == 1.0 ? x : (u - 1.0) * (x / Math.Log(u));
    }

    /// <summary>log(1 - exp(x)) for x at most 0, accurate at both ends.</summary>
    public static double Log1mExp(double x) =>
        x > -0.6931471805599453 ? Math.Log(-Expm1(x)) : Log1p(-Math.Exp(x));

    /// <summary>log(exp(a) + exp(b)) without overflow; minus infinity stands for a zero term.</summary>
    public static double LogSumExp(double a, double b)
    {
        var high = Math.Max(a, b);
        return double.IsInfinity(high) ? high : high + Log1p(Math.Exp(Math.Min(a, b) - high));
    }

    /// <summary>log of the sum of exponentials of <paramref name="values"/>; minus infinity when empty.</summary>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        var high = double.NegativeInfinity;
        foreach (var value in values)
        {
            high = Math.Max(high, value);
        }

        if (double.IsInfinity(high))
        {
            return high;
        }

        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Exp(value - high);
        }

        return high + Math.Log(sum);
    }

    /// <summary>exp(x) - 1 - x, never negative, without cancellation near 0.</summary>
    internal static double Expm1Gap(double x)
    {
        var e = Expm1(x);
        return Math.Abs(x) < 0.5 ? Log1pGap(e) : e - x;
    }

    /// <summary>x - log(1 + x), never negative, without cancellation near 0.</summary>
    internal static double Log1pGap(double x)
    {
        if (x is < -0.5 or > 1.0)
        {
            return x - Log1p(x);
        }

        // log(1+x) = 2 atanh(r) with r = x / (2 + x); the linear part is taken out by hand: x - 2r = r x.
        var r = x / (2.0 + x);
        var square = r * r;
        var power = r * square;
        var sum = 0.0;
        for (var k = 3; k < 80; k += 2)
        {
            var next = sum + power / k;
            if (next == sum)
            {
                break;
            }

            sum = next;
            power *= square;
        }

        return r * x - 2.0 * sum;
    }
}
