using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>A total effect carried on to where all neighbours, or none, are treated.</summary>
/// <param name="Difference">Everybody treated against nobody.</param>
/// <param name="Slope">Change of the outcome when the treated share of neighbours goes from 0 to 1, own arm and cluster held fixed.</param>
/// <param name="SlopeError">Its standard error.</param>
/// <param name="Reached">How far the neighbours' share differs in the exposures that were compared.</param>
public sealed record FullExposureResult(ContrastResult Difference, double Slope, double SlopeError, double Reached);

/// <summary>What a launch does when neighbours of units taken as surrounded were a little mixed: the contrast of exposures, and the rest of the way along a straight line.</summary>
/// <remarks>
/// The contrast of <see cref="ExposureDesign"/> is about the treated shares of neighbours that its units had, say 0.97 against 0.02. Where outcomes follow that share in a straight line (the linear exposure model:
/// Toulis and Kao 2013, ICML; Eckles, Karrer and Ugander 2017, Journal of Causal Inference 5) the rest is the slope times what is missing of 1. The slope is that of outcomes less their cluster's mean on shares
/// less theirs (less the arm's where units were assigned one by one). Errors are sums over clusters of both parts, with their covariance, the contrast's own never below the design's; t with clusters less 2.
/// </remarks>
public static class FullExposure
{
    const double SmallestSpread = 1e-9;
    static readonly double SmallestProbability = new ExposureOptions().SmallestProbability;

    /// <param name="graph">The links.</param>
    /// <param name="treated">Arm of each unit.</param>
    /// <param name="cluster">Cluster that was assigned, from 0.</param>
    /// <param name="design">Exposures with their probabilities.</param>
    /// <param name="outcome">Outcome of each unit; NaN where there is none.</param>
    /// <param name="total">The contrast of exposures of this outcome.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Null where neighbours' shares do not vary within clusters, so that no line can be read.</returns>
    public static FullExposureResult? Of(UnitGraph graph, bool[] treated, int[] cluster, ExposureDesign design, double[] outcome, ExposureContrast total, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(total);
        InferenceGuard.Level(level);
        var clusters = cluster.Length == 0 ? 0 : cluster.Max() + 1;
        var group = clusters < treated.Length ? cluster : Array.ConvertAll(treated, t => t ? 1 : 0);
        var (share, known) = (new double[outcome.Length], new bool[outcome.Length]);
        for (var i = 0; i < share.Length; i++)
        {
            var neighbours = graph.Neighbours(i);
            var count = 0;
            foreach (var j in neighbours)
                count += treated[j] ? 1 : 0;
            known[i] = neighbours.Length > 0 && !double.IsNaN(outcome[i]);
            share[i] = known[i] ? count / (double)neighbours.Length : 0;
        }

        var (y, s) = (Centred(outcome, known, group), Centred(share, known, group));
        double products = 0, squares = 0;
        for (var i = 0; i < y.Length; i++)
        {
            products += y[i] * s[i];
            squares += s[i] * s[i];
        }

        if (!(squares > SmallestSpread * known.Count(k => k)))
            return null;
        var slope = products / squares;
        var (ofSlope, ofTotal) = (new double[clusters], Influence(cluster, clusters, design, outcome, total));
        for (var i = 0; i < y.Length; i++)
            ofSlope[cluster[i]] += s[i] * (y[i] - slope * s[i]) / squares;
        var (slopeVariance, covariance, more) = (0.0, 0.0, clusters / (clusters - 1.0));
        for (var g = 0; g < clusters; g++)
        {
            slopeVariance += more * ofSlope[g] * ofSlope[g];
            covariance += more * ofSlope[g] * ofTotal[g];
        }

        var reached = total.FirstTreated - total.SecondTreated;
        var (value, rest) = (total.Difference.Value + (1 - reached) * slope, 1 - reached);
        var variance = total.Difference.StandardError * total.Difference.StandardError + rest * rest * slopeVariance + 2 * rest * covariance;
        var error = Math.Sqrt(Math.Max(variance, rest * rest * slopeVariance));
        var degrees = Math.Max(1.0, clusters - 2.0);
        var half = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        return new(new ContrastResult(value, value - half, value + half, error, value / error, degrees, StudentT.TwoSided(value / error, degrees), level, "the same, carried on in a straight line to all neighbours treated against none"), slope, Math.Sqrt(slopeVariance), reached);
    }

    // What each cluster adds to the difference of the two exposure means.
    static double[] Influence(int[] cluster, int clusters, ExposureDesign design, double[] outcome, ExposureContrast total)
    {
        var seen = design.Observed();
        var (weight, first, second) = (new double[outcome.Length], 0.0, 0.0);
        for (var i = 0; i < outcome.Length; i++)
        {
            if (double.IsNaN(outcome[i]) || seen[i] is not (Exposure.TreatedAmongTreated or Exposure.ControlAmongControls))
                continue;
            var (p1, p0) = (design.Probability(i, Exposure.TreatedAmongTreated), design.Probability(i, Exposure.ControlAmongControls));
            if (p1 < SmallestProbability || p0 < SmallestProbability)
                continue;
            var isFirst = seen[i] == Exposure.TreatedAmongTreated;
            weight[i] = 1 / (isFirst ? p1 : p0);
            (first, second) = isFirst ? (first + weight[i], second) : (first, second + weight[i]);
        }

        var totals = new double[clusters];
        for (var i = 0; i < outcome.Length; i++)
        {
            if (weight[i] > 0)
                totals[cluster[i]] += seen[i] == Exposure.TreatedAmongTreated ? weight[i] * (outcome[i] - total.FirstMean) / first : -weight[i] * (outcome[i] - total.SecondMean) / second;
        }

        return totals;
    }

    // Less the mean of the group, over units that are known; 0 for the others.
    static double[] Centred(double[] values, bool[] known, int[] group)
    {
        var (sums, counts) = (new double[group.Max() + 1], new int[group.Max() + 1]);
        for (var i = 0; i < values.Length; i++)
        {
            if (known[i])
            {
                sums[group[i]] += values[i];
                counts[group[i]]++;
            }
        }

        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            result[i] = known[i] ? values[i] - sums[group[i]] / counts[group[i]] : 0;
        return result;
    }
}
