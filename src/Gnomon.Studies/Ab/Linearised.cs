using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>Ratios in the shape of a mean, so that one set of methods serves all metrics.</summary>
internal static class Linearised
{
    /// <summary>
    /// Moments of r + (num - r den) / mean(den), whose mean is the ratio r of totals and whose variance of the mean is the delta method's
    /// (Deng, Knoblich and Lu 2018). Empty when the denominators add to nothing.
    /// </summary>
    public static Moments Of(CoMoments joint)
    {
        ArgumentNullException.ThrowIfNull(joint);
        var denominator = joint.Count == 0 ? 0 : joint.Mean(1);
        if (denominator == 0)
        {
            return Moments.Empty;
        }

        var ratio = joint.Mean(0) / denominator;
        if (joint.Count < 2)
        {
            return new Moments(joint.Count, ratio, 0);
        }

        var variance = (joint.Covariance(0, 0) - 2 * ratio * joint.Covariance(0, 1) + ratio * ratio * joint.Covariance(1, 1)) / (denominator * denominator);
        return new Moments(joint.Count, ratio, Math.Max(0, variance) * (joint.Count - 1));
    }
}
