namespace Gnomon.Numerics.Special;

/// <summary>The error function, its complement and the scaled complement.</summary>
/// <remarks>
/// Near 0 the Maclaurin series; elsewhere the Chebyshev series of (1 + 2x) exp(x^2) erfc(x) in (x - 3.75) / (x + 3.75), a form after Shepherd and
/// Laframboise 1981, Math. Comp. 36; coefficients computed to 60 digits and rounded.
/// </remarks>
public static class Erf
{
    const double SeriesLimit = 0.6;
    const double TwoOverRootPi = 1.1283791670955125739;

    static ReadOnlySpan<double> ScaledChebyshev =>
    [
        2.3551578691348035082, -0.0045900545806464773309, -0.084249133366517915584, 0.059209939998191890498, -0.026658668435305752277,
        0.0090749976707050652939, -0.0024131635404176081909, 0.00049077583652580863229, -0.000069169733025012063671, 4.1390279860730101675e-6,
        7.7403830661984906686e-7, -2.1886401049234395661e-7, 1.0764999465670910377e-8, 4.5219598112182868979e-9, -7.7544002088313511065e-10,
        -6.3180883408866844944e-11, 2.8687950109306698981e-11, 1.945586854577734723e-13, -9.6546967484334389059e-13, 3.2525481481487398415e-14,
        3.3478119482868053878e-14, -1.8645628804193131015e-15, -1.2507950530688647085e-15, 7.418235256624043463e-17, 5.0681489047961113168e-17,
    ];

    /// <summary>erf(x), the share of a normal distribution of variance 1/2 within x of its mean, with the sign of x.</summary>
    public static double Of(double x)
    {
        if (Math.Abs(x) < SeriesLimit)
        {
            return Series(x);
        }

        return x > 0 ? 1.0 - Complement(x) : Complement(-x) - 1.0;
    }

    /// <summary>erfc(x) = 1 - erf(x), relatively accurate when small (until it underflows near x = 26.5).</summary>
    public static double Complement(double x)
    {
        if (Math.Abs(x) < SeriesLimit)
        {
            return 1.0 - Series(x);
        }

        return x < 0 ? 2.0 - Complement(-x) : NegativeSquareExp(x) * Scaled(x);
    }

    /// <summary>log erfc(x), finite for all finite x down to -x^2 of 1e308.</summary>
    public static double LogComplement(double x) =>
        x < SeriesLimit ? Math.Log(Complement(x)) : Math.Log(Scaled(x)) - x * x;

    /// <summary>erfcx(x) = exp(x^2) erfc(x); overflows to plus infinity below about -26.6.</summary>
    public static double ScaledComplement(double x) =>
        x < SeriesLimit ? Math.Exp(x * x) * Complement(x) : Scaled(x);

    /// <summary>exp(-x^2) without losing the low bits of the square.</summary>
    internal static double NegativeSquareExp(double x)
    {
        var square = x * x;
        if (square > 800.0)
        {
            return 0.0;
        }

        var low = Math.FusedMultiplyAdd(x, x, -square);
        return Math.Exp(-square) * (1.0 - low);
    }

    static double Series(double x)
    {
        var square = x * x;
        var power = x;
        var sum = x;
        for (var k = 1; k < 40; k++)
        {
            power *= -square / k;
            var next = sum + power / (2 * k + 1);
            if (next == sum)
            {
                break;
            }

            sum = next;
        }

        return TwoOverRootPi * sum;
    }

    // x at least 0.
    static double Scaled(double x)
    {
        if (x > 1e8)
        {
            return 0.5 * TwoOverRootPi / x;
        }

        var t = 2.0 * ((x - 3.75) / (x + 3.75));
        var c = ScaledChebyshev;
        var b1 = 0.0;
        var b2 = 0.0;
        for (var k = c.Length - 1; k > 0; k--)
        {
            var next = t * b1 - b2 + c[k];
            b2 = b1;
            b1 = next;
        }

        return (0.5 * t * b1 - b2 + 0.5 * c[0]) / (1.0 + 2.0 * x);
    }
}
