using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>Student's t distribution; degrees of freedom are any positive number, plus infinity is the normal distribution.</summary>
/// <remarks>Through the incomplete beta function (Abramowitz and Stegun 26.7.1) at nu / (nu + t^2), both ends of which are kept.</remarks>
public static class StudentT
{
    const double LogTwo = 0.69314718055994530942;

    /// <summary>Density at t.</summary>
    public static double Pdf(double t, double degreesOfFreedom)
    {
        if (IsNormal(t, degreesOfFreedom))
        {
            return Normal.Pdf(t);
        }

        var ratio = t / Math.Sqrt(degreesOfFreedom);
        var log = -0.5 * (degreesOfFreedom + 1.0) * Elementary.Log1p(ratio * ratio) - Beta.Log(0.5 * degreesOfFreedom, 0.5) - 0.5 * Math.Log(degreesOfFreedom);
        return Math.Exp(log);
    }

    /// <summary>P(T at most t).</summary>
    public static double Cdf(double t, double degreesOfFreedom) => Sf(-t, degreesOfFreedom);

    /// <summary>P(T above t), relatively accurate when small.</summary>
    public static double Sf(double t, double degreesOfFreedom)
    {
        if (IsNormal(t, degreesOfFreedom))
        {
            return Normal.Sf(t);
        }

        var half = 0.5 * BothTails(t, degreesOfFreedom).Lower;
        return t < 0 ? 1.0 - half : half;
    }

    /// <summary>log P(T above t), finite where the probability underflows.</summary>
    public static double LogSf(double t, double degreesOfFreedom)
    {
        if (IsNormal(t, degreesOfFreedom))
        {
            return Normal.LogSf(t);
        }

        var tails = BothTails(t, degreesOfFreedom);
        return t < 0 ? Elementary.Log1p(-0.5 * tails.Lower) : tails.LogLower - LogTwo;
    }

    /// <summary>P(|T| at least |t|): the two-sided p-value.</summary>
    public static double TwoSided(double t, double degreesOfFreedom) =>
        IsNormal(t, degreesOfFreedom) ? Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(t))) : BothTails(t, degreesOfFreedom).Lower;

    /// <summary>The t with P(T at most t) = p; minus and plus infinity at 0 and 1.</summary>
    public static double Quantile(double p, double degreesOfFreedom) => -UpperQuantile(p, degreesOfFreedom);

    /// <summary>The t with P(T above t) = p; plus and minus infinity at 0 and 1.</summary>
    public static double UpperQuantile(double p, double degreesOfFreedom)
    {
        Require.Probability(p);
        if (IsNormal(0, degreesOfFreedom))
        {
            return Normal.UpperQuantile(p);
        }

        if (p > 0.5)
        {
            return -UpperQuantile(1.0 - p, degreesOfFreedom);
        }

        // Near the centre the two-sided share 1 - 2p is the exact small number; in the tail 2p is.
        var point = p > 0.25
            ? Beta.InverseTail(1.0 - 2.0 * p, lower: false, 0.5 * degreesOfFreedom, 0.5)
            : Beta.InverseTail(2.0 * p, lower: true, 0.5 * degreesOfFreedom, 0.5);
        return Math.Sqrt(degreesOfFreedom * (point.Y / point.X));
    }

    static TailValue BothTails(double t, double degreesOfFreedom)
    {
        var ratio = t / Math.Sqrt(degreesOfFreedom);
        var square = ratio * ratio;
        if (square > 1e300)
        {
            return Beta.Incomplete(1.0 / ratio * (1.0 / ratio), 1.0, 0.5 * degreesOfFreedom, 0.5);
        }

        return Beta.Incomplete(1.0 / (1.0 + square), square / (1.0 + square), 0.5 * degreesOfFreedom, 0.5);
    }

    static bool IsNormal(double t, double degreesOfFreedom)
    {
        Require.NotNaN(t);
        if (double.IsPositiveInfinity(degreesOfFreedom))
        {
            return true;
        }

        Require.Positive(degreesOfFreedom);
        return false;
    }
}
