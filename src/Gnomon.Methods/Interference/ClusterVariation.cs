using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>How alike the units of one cluster are within their arm, and what that costs.</summary>
/// <param name="IntraClassCorrelation">One-way analysis-of-variance estimator within arms; can be slightly negative.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="DesignEffect">1 + (m* - 1) ICC with m* = sum of squared sizes over units: the factor on the variance of a mean of units.</param>
/// <param name="EffectiveUnits">Units over the design effect: independent units worth as much.</param>
/// <param name="Units">Units in all.</param>
/// <param name="Clusters">Clusters in all.</param>
public sealed record ClusterVariationResult(
    double IntraClassCorrelation, double Low, double High, double DesignEffect, double EffectiveUnits, double Units, int Clusters);

/// <summary>Intra-class correlation of clusters that are nested in arms, so that a difference between arms does not pass for likeness within clusters.</summary>
/// <remarks>
/// Sources: Donner and Klar 2000, section 6.3 (mean squares pooled within arms, average size n0); Searle 1971 with Thomas and Hultquist 1978 (interval, exact for equal sizes);
/// Kish 1965 (design effect).
/// </remarks>
public static class ClusterVariation
{
    /// <param name="arms">Clusters of each arm.</param>
    /// <param name="squares">Sum of squared values over all units of all arms.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No more clusters than arms, or no more units than clusters.</exception>
    /// <exception cref="NotEstimableException">Units do not vary within clusters.</exception>
    public static ClusterVariationResult Estimate(IReadOnlyList<ClusterTotals> arms, double squares, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(arms);
        InferenceGuard.Level(level);
        double between = 0, units = 0, nested = 0, sizeSquares = 0, ofMeans = 0;
        var clusters = 0;
        foreach (var arm in arms)
        {
            arm.Require("an arm", 1);
            var (mean, size, own) = (arm.Mean, arm.Sizes.Sum(), 0.0);
            for (var i = 0; i < arm.Count; i++)
            {
                var gap = arm.Sums[i] / arm.Sizes[i] - mean;
                between += arm.Sizes[i] * gap * gap;
                own += arm.Sizes[i] * arm.Sizes[i];
                ofMeans += arm.Sums[i] / arm.Sizes[i] * arm.Sums[i];
            }

            units += size;
            sizeSquares += own;
            nested += own / size;
            clusters += arm.Count;
        }

        if (clusters <= arms.Count)
            throw new TooFewRowsException("The set of clusters", clusters, arms.Count + 1, "cluster");
        if (units <= clusters)
            throw new TooFewRowsException($"The set of {clusters} clusters", (long)units, clusters + 1);
        var within = squares - ofMeans;
        if (!(within > 1e-12 * squares))
            throw new NotEstimableException("The metric does not vary within clusters; each cluster counts once.");
        var (df1, df2) = (clusters - (double)arms.Count, units - clusters);
        var (msBetween, msWithin) = (between / df1, within / df2);
        var n0 = (units - nested) / df1;
        var f = msBetween / msWithin;
        var tail = 0.5 * (1.0 - level);
        var low = f / FisherF.UpperQuantile(tail, df1, df2);
        var high = f / FisherF.Quantile(tail, df1, df2);
        var icc = (f - 1.0) / (f + n0 - 1.0);
        var design = Math.Max(1.0, 1.0 + (sizeSquares / units - 1.0) * icc);
        return new(icc, (low - 1.0) / (low + n0 - 1.0), (high - 1.0) / (high + n0 - 1.0), design, units / design, units, clusters);
    }
}
