using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Ratio of the odds of two proportions, x over y.</summary>
/// <remarks>Source: Woolf 1955, Annals of Human Genetics 19. The p-value is the pooled score test of equal rates.</remarks>
public static class OddsRatio
{
    /// <summary>The interval that is symmetric on the log scale; <c>StandardError</c> is the delta-method one on the ratio's own scale.</summary>
    /// <param name="xs">Successes of the first group.</param>
    /// <param name="xn">Size of the first group.</param>
    /// <param name="ys">Successes of the second group.</param>
    /// <param name="yn">Size of the second group.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">One of the four counts is 0.</exception>
    public static ContrastResult Log(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var t = TwoByTwo.Of(xs, xn, ys, yn, level);
        var xf = xn - xs;
        var yf = yn - ys;
        if (xs == 0 || ys == 0 || xf == 0 || yf == 0)
        {
            throw new NotEstimableException("A group has no successes or no failures, so the log odds ratio is not finite.");
        }

        var z = t.PooledZ();
        var ratio = (double)xs / xf * ((double)yf / ys);
        var error = Math.Sqrt(1.0 / xs + 1.0 / xf + 1.0 / ys + 1.0 / yf);
        var reach = Math.Exp(Normal.UpperQuantile(0.5 * (1.0 - level)) * error);
        return new(ratio, ratio / reach, ratio * reach, ratio * error, z, null, TwoByTwo.TwoSided(z), level, "odds ratio, log interval");
    }
}
