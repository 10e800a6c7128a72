using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>The surrogates of one arm by cluster.</summary>
/// <param name="Sums">For each surrogate, its total in each cluster.</param>
/// <param name="Sizes">Units of each cluster that have all surrogates; at least 1.</param>
public sealed record SurrogateClusters(IReadOnlyList<double[]> Sums, double[] Sizes);

/// <summary>An effect on the expected long-term outcome where clusters were assigned.</summary>
/// <param name="Difference">First minus second arm, its error from the clusters and from the history.</param>
/// <param name="X">Expected outcome of the first arm.</param>
/// <param name="Y">Expected outcome of the second arm.</param>
/// <param name="Shared">Covariance of the two, which the history alone brings.</param>
/// <param name="ExperimentError">The part of the error that comes from the clusters.</param>
/// <param name="ModelError">The part that comes from the history.</param>
/// <param name="First">Expected outcomes by cluster, less the history's mean outcome: the first arm.</param>
/// <param name="Second">The second arm, likewise.</param>
public sealed record ClusteredSurrogateResult(
    ContrastResult Difference, MeanEstimate X, MeanEstimate Y, double Shared, double ExperimentError, double ModelError, ClusterTotals First, ClusterTotals Second);

/// <summary>The surrogate index of an experiment whose clusters were assigned, learned from past units that may lie in clusters of their own.</summary>
/// <remarks>
/// The estimate is that of <see cref="SurrogateIndex"/> (Athey, Chetty, Imbens and Kang 2019, NBER 26463): an index linear in the surrogates is a mean over clusters, compared with CR2 errors
/// (<see cref="ClusterComparison"/>); to its variance the history adds d'Vd, d the difference of the arms' surrogate means and V the covariance of the slopes, itself CR2 by the history's clusters where they
/// are known. Degrees of freedom by Satterthwaite 1946 from both. Agrees with R's lm and clubSandwich 0.5.8 to 1e-8 (tests/reference/interference/parts.json).
/// </remarks>
public static class ClusteredSurrogateIndex
{
    /// <summary>The history, its errors by cluster.</summary>
    /// <param name="outcome">The long-term outcome per past unit, finite.</param>
    /// <param name="surrogates">One column per surrogate, as long as <paramref name="outcome"/>.</param>
    /// <param name="clusters">Cluster of each past unit: any whole numbers.</param>
    /// <exception cref="TooFewRowsException">Fewer than p + 10 units, or fewer than 2 clusters.</exception>
    /// <exception cref="NotEstimableException">No surrogate varies, or the outcome does not.</exception>
    public static SurrogateModel Fit(double[] outcome, IReadOnlyList<double[]> surrogates, int[] clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        var plain = SurrogateIndex.Fit(outcome, surrogates);
        int[] kept = [.. Enumerable.Range(0, surrogates.Count).Where(i => plain.Slopes[i] != 0)];
        if (kept.Length == 0)
        {
            return plain;
        }

        var columns = kept.Select(i => Array.ConvertAll(surrogates[i], v => v - plain.Centre[i])).ToList();
        var errors = RobustErrors.BiasReducedClustered(LeastSquares.Fit(DesignMatrix.WithIntercept(columns), outcome), clusters);
        var (size, covariance) = (surrogates.Count + 1, new double[(surrogates.Count + 1) * (surrogates.Count + 1)]);
        int At(int j) => j == 0 ? 0 : kept[j - 1] + 1;
        for (var i = 0; i <= kept.Length; i++)
        {
            for (var j = 0; j <= kept.Length; j++)
            {
                covariance[At(i) * size + At(j)] = errors[i, j];
            }
        }

        return plain with { Covariance = covariance, Degrees = errors.DegreesOfFreedom.Skip(1).Min() };
    }

    /// <param name="model">The fitted history.</param>
    /// <param name="x">First arm, at least 2 clusters.</param>
    /// <param name="y">Second arm, at least 2 clusters.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 clusters.</exception>
    /// <exception cref="NotEstimableException">The expected outcome does not differ between clusters, or one cluster is all of its arm.</exception>
    public static ClusteredSurrogateResult Compare(SurrogateModel model, SurrogateClusters x, SurrogateClusters y, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var (first, second) = (Index(model, x), Index(model, y));
        var plain = ClusterComparison.Compare(first, second, level);
        var (atX, atY) = (At(model, x), At(model, y));
        double[] gap = [0, .. Enumerable.Range(1, model.Slopes.Count).Select(i => atX[i] - atY[i])];
        var (own, learned) = (plain.Difference.StandardError * plain.Difference.StandardError, Math.Max(0, SurrogateIndex.Form(model, gap, gap)));
        var error = Math.Sqrt(own + learned);
        var degrees = (own + learned) * (own + learned) / (own * own / plain.Difference.DegreesOfFreedom!.Value + learned * learned / model.Degrees);
        var (value, t) = (plain.Difference.Value, plain.Difference.Value / error);
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        return new(
            plain.Difference with { Low = value - reach, High = value + reach, StandardError = error, Statistic = t, DegreesOfFreedom = degrees, PValue = StudentT.TwoSided(t, degrees) },
            new(plain.First.Mean + model.Level, plain.First.Variance + Math.Max(0, SurrogateIndex.Form(model, atX, atX))),
            new(plain.Second.Mean + model.Level, plain.Second.Variance + Math.Max(0, SurrogateIndex.Form(model, atY, atY))),
            SurrogateIndex.Form(model, atX, atY), Math.Sqrt(own), Math.Sqrt(learned), first, second);
    }

    static ClusterTotals Index(SurrogateModel model, SurrogateClusters arm)
    {
        var sums = new double[arm.Sizes.Length];
        for (var i = 0; i < model.Slopes.Count; i++)
        {
            for (var g = 0; g < sums.Length; g++)
            {
                sums[g] += model.Slopes[i] * (arm.Sums[i][g] - arm.Sizes[g] * model.Centre[i]);
            }
        }

        return new(sums, arm.Sizes);
    }

    static double[] At(SurrogateModel model, SurrogateClusters arm) => [1, .. Enumerable.Range(0, model.Slopes.Count).Select(i => arm.Sums[i].Sum() / arm.Sizes.Sum() - model.Centre[i])];
}
