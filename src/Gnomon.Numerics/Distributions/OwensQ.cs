namespace Gnomon.Numerics.Distributions;

/// <summary>Owen's Q function: the noncentral t distribution, with the estimated standard deviation held to a part of its range.</summary>
/// <remarks>
/// Source: Owen 1965, Biometrika 52: Q(t, delta; low, high) is the chance that (Z + delta) / S is at most t while low at most chi at most high, S = chi / sqrt(nu).
/// Integrated directly, for any positive nu; Owen's closed form for whole nu, by his T function, is its test. Absolute accuracy 1e-14.
/// </remarks>
public static class OwensQ
{
    /// <param name="t">Bound of the t statistic, finite.</param>
    /// <param name="degreesOfFreedom">nu, finite and above 0.</param>
    /// <param name="noncentrality">delta, finite.</param>
    /// <param name="low">Lower end of chi = S sqrt(nu), at least 0.</param>
    /// <param name="high">Upper end of chi; plus infinity gives the noncentral t distribution itself when <paramref name="low"/> is 0.</param>
    public static double Of(double t, double degreesOfFreedom, double noncentrality, double low, double high)
    {
        Require.Finite(t);
        Require.Positive(degreesOfFreedom);
        Require.Finite(noncentrality);
        Require.AtLeast(low, 0);
        Require.NotNaN(high);
        var root = Math.Sqrt(degreesOfFreedom);
        return Math.Min(1.0, ChiMixture.Mean(degreesOfFreedom, s => Normal.Cdf(t * s - noncentrality), low / root, high / root));
    }

    /// <summary>The chance that an estimate lies between two bounds by t times its estimated standard error: P((Z + nearLow) / S above t and (Z + nearHigh) / S below -t).</summary>
    /// <remarks>The power of two one-sided tests. It is the difference of two values of Q, integrated as one positive function so that a small power keeps its accuracy.</remarks>
    /// <param name="t">Critical value of both tests, above 0.</param>
    /// <param name="degreesOfFreedom">nu, finite and above 0.</param>
    /// <param name="nearLow">Noncentrality of the test against the lower bound: (true value - lower bound) / standard error.</param>
    /// <param name="nearHigh">That of the test against the upper bound, (true value - upper bound) / standard error; below <paramref name="nearLow"/>.</param>
    public static double BothRejected(double t, double degreesOfFreedom, double nearLow, double nearHigh)
    {
        Require.Positive(t);
        Require.Positive(degreesOfFreedom);
        Require.Finite(nearLow);
        Require.Finite(nearHigh);
        return nearLow <= nearHigh
            ? 0.0
            : Math.Min(1.0, ChiMixture.Mean(degreesOfFreedom, s => Between(t * s - nearLow, -t * s - nearHigh), 0, (nearLow - nearHigh) / (2 * t)));
    }

    // P(low < Z < high), from the tail in which both ends lie.
    static double Between(double low, double high) => high <= low ? 0.0 : low > 0 ? Normal.Sf(low) - Normal.Sf(high) : Normal.Cdf(high) - Normal.Cdf(low);
}
