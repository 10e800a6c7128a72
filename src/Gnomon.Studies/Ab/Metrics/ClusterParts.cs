using Gnomon.Methods.Interference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What arms whose clusters were assigned have in common, for metrics that are computed apart.</summary>
internal static class ClusterParts
{
    /// <summary>An arm's mean with the spread of its clusters, in the shape of a mean over so many clusters.</summary>
    public static Moments Shape(ClusterTotals arm, double centre)
    {
        var (n, mean, count) = (arm.Sizes.Sum(), arm.Mean, arm.Count);
        var squares = 0.0;
        for (var g = 0; g < count; g++)
        {
            var residual = (arm.Sums[g] - arm.Sizes[g] * mean) / n;
            squares += residual * residual;
        }

        // The variance of the mean is that of its clusters, G / (G - 1) times the sum of squares.
        return new Moments(count, centre + mean, squares * count * count);
    }
}
