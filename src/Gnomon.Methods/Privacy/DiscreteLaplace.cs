namespace Gnomon.Methods.Privacy;

/// <summary>Whole-number noise whose chance falls by one factor with every step from 0: P(z) in proportion to exp(-|z| epsilon / sensitivity).</summary>
/// <remarks>
/// Source: Canonne, Kamath and Steinke 2020, algorithms 1 and 2; the law: Ghosh, Roughgarden and Sundararajan 2009. Drawn in whole numbers only: noise made of doubles leaves gaps between the
/// values it can take, and these tell the value it hides (Mironov 2012). What is released lies on a grid that does not depend on the data.
/// </remarks>
public sealed class DiscreteLaplace
{
    readonly ulong _slope;
    readonly UInt128 _scale;

    /// <param name="epsilon">Privacy loss, above 0.</param>
    /// <param name="sensitivity">Most that one person's rows move the number, in steps; at least 1 and below 2^40.</param>
    public DiscreteLaplace(Epsilon epsilon, long sensitivity)
    {
        if (epsilon <= Epsilon.Zero)
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Noise of a finite size loses some privacy: epsilon lies above 0.");
        if (sensitivity is < 1 or >= 1L << 40)
            throw new ArgumentOutOfRangeException(nameof(sensitivity), sensitivity, "The sensitivity is a whole number from 1 to 2^40.");
        // exp(-|z| slope / scale), a fraction of whole numbers.
        (_slope, _scale) = (epsilon.Millionths, (UInt128)1_000_000 * (UInt128)sensitivity);
        Rate = (double)_slope / (double)_scale;
    }

    /// <summary>epsilon over sensitivity: the rate at which the chance falls.</summary>
    public double Rate { get; }

    /// <summary>Variance in steps squared: close to 2 / rate^2, that of Laplace's law, when the rate is small.</summary>
    public double Variance => 0.5 / (Math.Sinh(Rate / 2) * Math.Sinh(Rate / 2));

    /// <summary>Chance that the noise is at most <paramref name="z"/>.</summary>
    public double Cdf(long z) => z < 0 ? Math.Exp(Rate * z) / (1 + Math.Exp(-Rate)) : 1 - Math.Exp(-Rate * (z + 1.0)) / (1 + Math.Exp(-Rate));

    /// <summary>Smallest bound that the noise exceeds in size with a chance of at most 1 - <paramref name="level"/>.</summary>
    public long Bound(double level)
    {
        Inference.InferenceGuard.Level(level);
        var k = Math.Ceiling(Math.Log(2 / ((1 + Math.Exp(-Rate)) * (1 - level))) / Rate - 1 - 1e-9);
        return (long)Math.Max(0, k);
    }

    /// <summary>Draws once.</summary>
    public long Draw(NoiseSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        while (true)
        {
            var u = source.Below(_scale);
            if (!ExpMinus(u, _scale, source))
                continue;
            UInt128 wholes = 0;
            while (ExpMinus(1, 1, source))
                wholes++;
            var size = (u + _scale * wholes) / _slope;
            var negative = source.Below(2) == 1;
            if (negative && size == 0)
                continue;
            return negative ? -(long)size : (long)size;
        }
    }

    // True with chance exp(-n / d), n at most d: von Neumann's series.
    static bool ExpMinus(UInt128 n, UInt128 d, NoiseSource source)
    {
        UInt128 k = 1;
        while (source.Below(d * k) < n)
            k++;
        return k % 2 == 1;
    }
}
