using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>A ratio of totals per arm, their difference and their relative lift.</summary>
/// <param name="X">Ratio of the first arm with its variance.</param>
/// <param name="Y">Ratio of the second arm with its variance.</param>
/// <param name="Difference">X - Y.</param>
/// <param name="Lift">X / Y - 1.</param>
public sealed record RatioMetricResult(MeanEstimate X, MeanEstimate Y, ContrastResult Difference, LiftResult Lift);

/// <summary>Compares ratio metrics such as clicks per view, where the unit of randomisation (the user) owns several denominators.</summary>
/// <remarks>
/// Source: Deng, Knoblich and Lu 2018, Applying the Delta Method in Metric Analytics (KDD). Equal to the cluster-robust error of the ratio, up to the
/// small-sample factor. Intervals are normal: meant for hundreds of units per arm.
/// </remarks>
public static class RatioMetric
{
    /// <param name="x">First arm: per unit, column 0 the numerator, column 1 the denominator; further columns are ignored.</param>
    /// <param name="y">Second arm, likewise.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">An arm's denominator is 0, or neither ratio varies between units.</exception>
    public static RatioMetricResult Compare(CoMoments x, CoMoments y, double level = 0.95)
    {
        InferenceGuard.Rows(x, 2, 2, "The first arm");
        InferenceGuard.Rows(y, 2, 2, "The second arm");
        InferenceGuard.Level(level);
        var ratioX = Estimate(x);
        var ratioY = Estimate(y);
        return new(ratioX, ratioY, Difference(ratioX, ratioY, level), RelativeLift.Compare(ratioX, ratioY, 0.0, level));
    }

    /// <summary>Ratio of the means of columns 0 and 1 with its delta-method variance.</summary>
    /// <exception cref="NotEstimableException">The mean of column 1 is 0.</exception>
    public static MeanEstimate Estimate(CoMoments arm)
    {
        InferenceGuard.Rows(arm, 2, 2, "The arm");
        var denominator = arm.Mean(1);
        if (denominator == 0)
        {
            throw new NotEstimableException("The mean of the denominator is 0, so there is no ratio.");
        }

        var ratio = arm.Mean(0) / denominator;
        var residual = arm.Variance(0) - 2.0 * ratio * arm.Covariance(0, 1) + ratio * ratio * arm.Variance(1);
        return new(ratio, Math.Max(0.0, residual) / (arm.Count * denominator * denominator));
    }

    static ContrastResult Difference(MeanEstimate x, MeanEstimate y, double level)
    {
        var error = Math.Sqrt(x.Variance + y.Variance);
        if (!(error > 0))
        {
            throw new NotEstimableException("The ratio is the same for all units, so the difference has no standard error.");
        }

        var value = x.Mean - y.Mean;
        var z = value / error;
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new(value, value - reach, value + reach, error, z, null, Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(z))), level, "ratio of totals, delta method");
    }
}
