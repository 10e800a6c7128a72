namespace Gnomon.Numerics.Random;

/// <summary>Logarithm, exponential and log factorial from IEEE additions, products and quotients alone, so that random numbers have the same bits on every
/// platform; the C runtime's functions differ in the last bit. Accurate to about 1 unit in the last place.</summary>
internal static class PortableMath
{
    const double LogTwoHigh = 0.693147180369123816490;
    const double LogTwoLow = 1.90821492927058770002e-10;
    const double HalfLogTwoPi = 0.91893853320467274178;
    static readonly double[] LogFactorials = MakeLogFactorials();

    /// <summary>log x for finite normal x above 0.</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // log m = 2 atanh(r), r = (m - 1) / (m + 1), |r| below 0.172: the term r^21 / 21 is the last to matter.
        var r = (mantissa - 1.0) / (mantissa + 1.0);
        var s = r * r;
        var sum = 1.0 / 23.0;
        for (var k = 21; k >= 3; k -= 2)
        {
            sum = sum * s + 1.0 / k;
        }

        return exponent * LogTwoHigh + (2.0 * r + (2.0 * r * s * sum + exponent * LogTwoLow));
    }

    /// <summary>exp x for x in -700 to 700.</summary>
    public static double Exp(double x)
    {
        var k = Math.Round(x * 1.4426950408889634);
        var r = (x - k * LogTwoHigh) - k * LogTwoLow;
        var sum = 1.0;
        for (var n = 14; n >= 1; n--)
        {
            sum = 1.0 + sum * r / n;
        }

        return sum * BitConverter.Int64BitsToDouble(((long)k + 1023) << 52);
    }

    /// <summary>log k! for k at least 0.</summary>
    public static double LogFactorial(double k)
    {
        if (k < LogFactorials.Length)
        {
            return LogFactorials[(int)k];
        }

        var x = k + 1.0;
        var s = 1.0 / (x * x);
        var series = (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0)))) / x;
        return (x - 0.5) * Log(x) - x + HalfLogTwoPi + series;
    }

    static double[] MakeLogFactorials()
    {
        var table = new double[128];
        for (var k = 2; k < table.Length; k++)
        {
            table[k] = table[k - 1] + Log(k);
        }

        return table;
    }
}
