namespace Gnomon.Numerics.Special;

/// <summary>The gamma function's logarithm and the regularised incomplete gamma functions P and Q = 1 - P.</summary>
/// <remarks>
/// log gamma: Stirling's series above 10, the Taylor series about 2 and the recurrence elsewhere (Abramowitz and Stegun 6.1).
/// P and Q: power series and Legendre's continued fraction (A and S 6.5.29, 6.5.31) with Loader's saddle-point prefactor, so either tail keeps its
/// relative accuracy. Near x = a the work grows with the square root of a.
/// </remarks>
public static class Gamma
{
    const double HalfLogTwoPi = 0.91893853320467274178;
    const double OneMinusEuler = 0.42278433509846713939;
    const double Tiny = 1e-300;

    // (-1)^k (zeta(k) - 1) / k for k = 2, 3, ...: log gamma(2 + z) = (1 - Euler) z + sum of these times z^k.
    static ReadOnlySpan<double> TaylorAboutTwo =>
    [
        0.32246703342411321824, -0.067352301053198095133, 0.020580808427784547879, -0.0073855510286739852663, 0.0028905103307415232858,
        -0.0011927539117032609771, 0.00050966952474304242234, -0.00022315475845357937976, 0.000099457512781808533715, -0.0000449262367381331417,
        0.000020507212775670691553, -9.439488275268395904e-6, 4.3748667899074878042e-6, -2.0392157538013662368e-6, 9.5514121304074198329e-7,
        -4.4924691987645660433e-7, 2.1207184805554665869e-7, -1.0043224823968099609e-7, 4.7698101693639805658e-8, -2.271109460894316491e-8,
        1.0838659214896954091e-8, -5.1834750419700466551e-9, 2.4836745438024783172e-9, -1.1921401405860912074e-9, 5.7313672416788620133e-10,
    ];

    /// <summary>log Gamma(x) for x above 0; plus infinity at 0 and at infinity.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is negative or not a number.</exception>
    public static double Log(double x)
    {
        Require.AtLeast(x, 0);
        if (x == 0 || double.IsPositiveInfinity(x))
        {
            return double.PositiveInfinity;
        }

        if (x >= 10)
        {
            return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + Stirling.Series(x);
        }

        if (x < 0.5)
        {
            return AboutTwo(x) - Elementary.Log1p(x) - Math.Log(x);
        }

        return x < 1.5 ? AboutTwo(x - 1.0) - Elementary.Log1p(x - 1.0) : LogByRecurrence(x);
    }

    /// <summary>P(a, x): the share of the gamma(a) distribution at or below x.</summary>
    /// <param name="a">Shape, above 0.</param>
    /// <param name="x">Point, at least 0.</param>
    public static double P(double a, double x) => Incomplete(a, x).Lower;

    /// <summary>Q(a, x) = 1 - P(a, x), relatively accurate when small.</summary>
    public static double Q(double a, double x) => Incomplete(a, x).Upper;

    /// <summary>log P(a, x).</summary>
    public static double LogP(double a, double x) => Incomplete(a, x).LogLower;

    /// <summary>log Q(a, x), finite where Q itself underflows.</summary>
    public static double LogQ(double a, double x) => Incomplete(a, x).LogUpper;

    internal static TailValue Incomplete(double a, double x)
    {
        Require.Positive(a);
        Require.AtLeast(x, 0);
        if (x == 0)
        {
            return TailValue.Exactly(isLower: true, 0.0);
        }

        if (double.IsPositiveInfinity(x))
        {
            return TailValue.Exactly(isLower: false, 0.0);
        }

        if (a < 1 && x < 1)
        {
            return BothSmall(a, x);
        }

        var logTerm = Stirling.LogPoissonTerm(a, x);
        return x < a
            ? new TailValue(IsLower: true, logTerm, Series(a, x))
            : new TailValue(IsLower: false, logTerm, a * Fraction(a, x));
    }

    // 1 + x / (a + 1) + x^2 / ((a + 1)(a + 2)) + ...
    static double Series(double a, double x)
    {
        var term = 1.0;
        var sum = 1.0;
        var limit = Iterations.For(a);
        for (var k = 1; k <= limit; k++)
        {
            term *= x / (a + k);
            var next = sum + term;
            if (next == sum)
            {
                return sum;
            }

            sum = next;
        }

        throw Iterations.Exhausted("The series of the incomplete gamma function");
    }

    // 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)), modified Lentz.
    static double Fraction(double a, double x)
    {
        var b = x + 1.0 - a;
        var c = 1.0 / Tiny;
        var d = 1.0 / b;
        var h = d;
        var limit = Iterations.For(a);
        for (var k = 1; k <= limit; k++)
        {
            var numerator = k * (a - k);
            b += 2.0;
            d = 1.0 / NonZero(numerator * d + b);
            c = NonZero(b + numerator / c);
            var ratio = d * c;
            h *= ratio;
            if (Math.Abs(ratio - 1.0) < 3e-16)
            {
                return h;
            }
        }

        throw Iterations.Exhausted("The continued fraction of the incomplete gamma function");
    }

    // For a, x below 1: P = x^a / Gamma(1 + a) (1 - s), s = -a sum (-x)^k / (k! (a + k)); Q from expm1 where P is near 1.
    static TailValue BothSmall(double a, double x)
    {
        var logScale = a * Math.Log(x) - Log(a + 1.0);
        var sum = 0.0;
        var power = 1.0;
        for (var k = 1; k < 30; k++)
        {
            power *= -x / k;
            sum += power / (a + k);
        }

        var correction = a * sum;
        return logScale < -0.6931471805599453
            ? new TailValue(IsLower: true, logScale, 1.0 + correction)
            : TailValue.Exactly(isLower: false, -Elementary.Expm1(logScale) - Math.Exp(logScale) * correction);
    }

    static double LogByRecurrence(double x)
    {
        var product = 1.0;
        while (x > 2.5)
        {
            x -= 1.0;
            product *= x;
        }

        return AboutTwo(x - 2.0) + Math.Log(product);
    }

    static double AboutTwo(double z)
    {
        var sum = 0.0;
        var coefficients = TaylorAboutTwo;
        for (var k = coefficients.Length - 1; k >= 0; k--)
        {
            sum = (sum + coefficients[k]) * z;
        }

        return (sum + OneMinusEuler) * z;
    }

    static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
