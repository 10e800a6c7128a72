using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>Two arms that were assigned by cluster.</summary>
/// <param name="Difference">First minus second arm, with its Satterthwaite t interval.</param>
/// <param name="First">Mean of the first arm with its variance.</param>
/// <param name="Second">Mean of the second arm with its variance.</param>
public sealed record ClusterComparisonResult(ContrastResult Difference, MeanEstimate First, MeanEstimate Second);

/// <summary>Difference of two means where whole clusters were assigned: bias-reduced errors (CR2) with Satterthwaite degrees of freedom, from totals per cluster.</summary>
/// <remarks>
/// Sources: Bell and McCaffrey 2002, Survey Methodology 28; Pustejovsky and Tipton 2018, JBES 36. In a regression on the arm alone the hat matrix of a cluster is 1 1' / N with N the size
/// of its arm, so (I - H)^-1/2 1 = 1 / sqrt(1 - n/N) and CR2 needs the totals only: V = sum over clusters of (S - n mean)^2 / (1 - n/N) / N^2 per arm. The degrees of freedom are
/// (tr G)^2 / tr(G G) under independent errors of equal spread. With sizes that are not counts of rows the working variance of a cluster is proportional to its size.
/// Agrees with R's clubSandwich 0.5.8 to 1e-10. One pass over clusters, no allocation.
/// </remarks>
public static class ClusterComparison
{
    // A cluster that is its whole arm would have no residual; beyond this it is treated as one.
    const double LargestShare = 1.0 - 1e-9;

    /// <param name="first">Clusters of the first arm, at least 2.</param>
    /// <param name="second">Clusters of the second arm, at least 2.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 clusters.</exception>
    /// <exception cref="NotEstimableException">Clusters do not differ within arms, or one cluster is all of its arm.</exception>
    public static ClusterComparisonResult Compare(ClusterTotals first, ClusterTotals second, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        InferenceGuard.Level(level);
        first.Require("the first arm", 2);
        second.Require("the second arm", 2);
        var (a, b) = (Arm.Of(first.Sums, first.Sizes), Arm.Of(second.Sums, second.Sizes));
        if (Math.Max(a.LargestShare, b.LargestShare) > LargestShare)
            throw new NotEstimableException("One cluster is all of its arm, so nothing tells the effect from that cluster.");
        var variance = a.Variance + b.Variance;
        if (!(variance > Rounding(a.Mean, b.Mean)))
            throw new NotEstimableException("Clusters of one arm do not differ, so the difference has no standard error.");
        var error = Math.Sqrt(variance);
        var degrees = Degrees(a, b);
        var value = a.Mean - b.Mean;
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
        var t = value / error;
        var p = Math.Min(1.0, 2.0 * StudentT.Sf(Math.Abs(t), degrees));
        return new(
            new ContrastResult(value, value - reach, value + reach, error, t, degrees, p, level, $"clustered ({first.Count + second.Count} clusters), CR2 with Satterthwaite degrees of freedom"),
            new MeanEstimate(a.Mean, a.Variance), new MeanEstimate(b.Mean, b.Variance));
    }

    /// <summary>Squared CR2 t of a split of clusters into treated and control; infinite when the clusters of both arms agree exactly and the arms differ.</summary>
    /// <param name="sums">Totals of all clusters.</param>
    /// <param name="sizes">Their sizes.</param>
    /// <param name="treated">Which belong to the first arm.</param>
    internal static double SquaredT(ReadOnlySpan<double> sums, ReadOnlySpan<double> sizes, ReadOnlySpan<bool> treated)
    {
        double s1 = 0, n1 = 0, s0 = 0, n0 = 0;
        for (var i = 0; i < sums.Length; i++)
        {
            if (treated[i])
            {
                s1 += sums[i];
                n1 += sizes[i];
            }
            else
            {
                s0 += sums[i];
                n0 += sizes[i];
            }
        }

        var (m1, m0) = (s1 / n1, s0 / n0);
        double v1 = 0, v0 = 0;
        for (var i = 0; i < sums.Length; i++)
        {
            var (mean, n) = treated[i] ? (m1, n1) : (m0, n0);
            var residual = sums[i] - sizes[i] * mean;
            var term = residual * residual / Math.Max(1e-9, 1.0 - sizes[i] / n);
            if (treated[i])
                v1 += term;
            else
                v0 += term;
        }

        var variance = v1 / (n1 * n1) + v0 / (n0 * n0);
        var gap = (m1 - m0) * (m1 - m0);
        return variance > Rounding(m1, m0) ? gap / variance : gap > Rounding(m1, m0) ? double.PositiveInfinity : 0.0;
    }

    /// <summary>Satterthwaite degrees of freedom of a difference of two arms whose clusters have these sizes.</summary>
    internal static double Degrees(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var (a, b) = (new double[first.Length], new double[second.Length]);
        return Degrees(Arm.Of(a, first), Arm.Of(b, second));
    }

    static double Rounding(double a, double b)
    {
        var scale = Math.Max(Math.Abs(a), Math.Abs(b));
        return 1e-26 * scale * scale;
    }

    // Of the quadratic form G = P P' with one column per cluster: p_g'p_g = n_g / N^2 and p_g'p_k = -n_g n_k / (N^3 sqrt((1 - h_g)(1 - h_k))) within an arm, h = n / N.
    static double Degrees(Arm a, Arm b)
    {
        var trace = 1.0 / a.Size + 1.0 / b.Size;
        return trace * trace / (a.SquaredTrace + b.SquaredTrace);
    }

    readonly record struct Arm(double Size, double Mean, double Variance, double SquaredTrace, double LargestShare)
    {
        public static Arm Of(ReadOnlySpan<double> sums, ReadOnlySpan<double> sizes)
        {
            double sum = 0, size = 0;
            for (var i = 0; i < sums.Length; i++)
            {
                sum += sums[i];
                size += sizes[i];
            }

            var mean = sum / size;
            double variance = 0, own = 0, cross = 0, crossSquares = 0, largest = 0;
            for (var i = 0; i < sums.Length; i++)
            {
                var share = sizes[i] / size;
                var left = 1.0 - share;
                var residual = (sums[i] - sizes[i] * mean) / size;
                largest = Math.Max(largest, share);
                variance += residual * residual / left;
                own += share * share;
                var u = share * share / left;
                cross += u;
                crossSquares += u * u;
            }

            return new(size, mean, variance, (own + cross * cross - crossSquares) / (size * size), largest);
        }
    }
}
