using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Inference;

/// <summary>Ratio of two proportions, x / y.</summary>
/// <remarks>
/// Sources: Katz et al. 1978, Biometrics 34 (log interval); Miettinen and Nurminen 1985, Statistics in Medicine 4 (score interval). The p-value is the pooled
/// score test of equal rates in both; <c>StandardError</c> is the delta-method one on the ratio's own scale.
/// </remarks>
public static class RiskRatio
{
    const double LogReach = 60.0;

    /// <summary>The interval that is symmetric on the log scale.</summary>
    /// <param name="xs">Successes of the first group, at least 1.</param>
    /// <param name="xn">Size of the first group.</param>
    /// <param name="ys">Successes of the second group, at least 1.</param>
    /// <param name="yn">Size of the second group.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">A group has no successes, or all units succeed.</exception>
    public static ContrastResult Log(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var t = TwoByTwo.Of(xs, xn, ys, yn, level);
        if (xs == 0 || ys == 0)
        {
            throw new NotEstimableException("A group has no successes, so the log of the ratio is not finite; the score interval may still have an answer.");
        }

        var z = t.PooledZ();
        var ratio = t.RateX / t.RateY;
        var error = LogError(t);
        var reach = Math.Exp(Normal.UpperQuantile(0.5 * (1.0 - level)) * error);
        return new(ratio, ratio / reach, ratio * reach, ratio * error, z, null, TwoByTwo.TwoSided(z), level, "risk ratio, log interval");
    }

    /// <summary>The interval that inverts the score test; answers also when the first group has no successes.</summary>
    /// <inheritdoc cref="Log"/>
    /// <exception cref="NotEstimableException">The second group has no successes (the ratio has no upper bound), or all units succeed.</exception>
    public static ContrastResult Score(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var t = TwoByTwo.Of(xs, xn, ys, yn, level);
        if (ys == 0)
        {
            throw new NotEstimableException("The second group has no successes, so the ratio has no upper bound.");
        }

        var z = t.PooledZ();
        var ratio = t.RateX / t.RateY;
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level));
        double Gap(double log, double sign)
        {
            var r = Math.Exp(log);
            return sign * (t.RateX - r * t.RateY) - reach * Math.Sqrt(RestrictedRates.RatioVariance(t, r));
        }

        // Between the estimate, where the gap is negative, and far beyond it.
        var centre = Math.Log(xs == 0 ? 0.5 / xn / t.RateY : ratio);
        var low = xs == 0 ? 0.0 : Math.Exp(Brent.Root(log => Gap(log, 1.0), centre - LogReach, centre).X);
        var high = Math.Exp(Brent.Root(log => Gap(log, -1.0), xs == 0 ? centre - LogReach : centre, centre + LogReach).X);
        var error = xs == 0 ? Math.Sqrt(RestrictedRates.RatioVariance(t, high)) / t.RateY : ratio * LogError(t);
        return new(ratio, low, high, error, z, null, TwoByTwo.TwoSided(z), level, "risk ratio, score interval");
    }

    static double LogError(TwoByTwo t) => Math.Sqrt((1.0 - t.RateX) / t.Xs + (1.0 - t.RateY) / t.Ys);
}
