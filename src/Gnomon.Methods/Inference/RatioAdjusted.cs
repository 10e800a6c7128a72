using Gnomon.Numerics;

namespace Gnomon.Methods.Inference;

/// <summary>Ratio metrics adjusted for covariates measured before the treatment.</summary>
/// <remarks>
/// Each unit's ratio is linearised about its arm's ratio, r + (numerator - r denominator) / mean denominator (Deng, Knoblich and Lu 2018; Budylin et al. 2018,
/// WSDM), and adjusted as a mean (<see cref="LinAdjustment"/>). To adjust for the ratio before, pass its numerator and denominator as two covariates.
/// </remarks>
public static class RatioAdjusted
{
    /// <param name="x">First arm: column 0 the numerator, 1 the denominator, 2.. the covariates, per unit.</param>
    /// <param name="y">Second arm, same columns.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has too few units.</exception>
    /// <exception cref="NotEstimableException">An arm's denominator is 0, or nothing varies.</exception>
    public static LinAdjustmentResult Compare(CoMoments x, CoMoments y, double level = 0.95)
    {
        InferenceGuard.Level(level);
        InferenceGuard.Rows(x, 3, (x?.Dimension ?? 0) + 1, "The first arm");
        InferenceGuard.Rows(y, x!.Dimension, x.Dimension + 1, "The second arm");
        return LinAdjustment.Adjust(Linearised(x), Linearised(y), level, "regression-adjusted ratio of totals (Lin, delta method)");
    }

    static CoMoments Linearised(CoMoments arm)
    {
        var ratio = RatioMetric.Estimate(arm).Mean;
        var weights = new double[arm.Dimension - 1][];
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = new double[arm.Dimension];
            weights[k][k + 1] = 1.0;
        }

        weights[0] = new double[arm.Dimension];
        weights[0][0] = 1.0 / arm.Mean(1);
        weights[0][1] = -ratio / arm.Mean(1);
        var combined = arm.Combine(weights);
        var means = combined.Means.ToArray();
        means[0] = ratio;
        return new CoMoments(arm.Count, means, combined.Products);
    }
}
