using System.Runtime.InteropServices;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>One term of a difference, with its interval.</summary>
/// <param name="Value">In the unit of the metric.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="StandardError">Standard error.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DifferenceTerm(double Value, double Low, double High, double StandardError);

/// <summary>A difference of two means, split into what the mixture of groups explains and what changed within them.</summary>
/// <param name="Total">Second minus first.</param>
/// <param name="Mix">What the shares of the groups explain, at the groups' average means.</param>
/// <param name="Within">What the means within groups explain, at the groups' average shares.</param>
/// <param name="GroupsUsed">Groups with rows on both sides.</param>
/// <param name="RowsOutside">Rows of groups that stand on one side only, left out of every number here.</param>
public sealed record MixDecompositionResult(DifferenceTerm Total, DifferenceTerm Mix, DifferenceTerm Within, int GroupsUsed, long RowsOutside);

/// <summary>Did the cases change, or only their mixture? Kitagawa's decomposition with errors.</summary>
/// <remarks>
/// Source: Kitagawa 1955, Journal of the American Statistical Association 50; symmetric weights (each term at the average of both sides), which is also the Shapley value of the two factors.
/// Errors by the delta method with shares and means both random: rows of a side are a sample of a multinomial mixture, and means within groups are independent of the shares.
/// </remarks>
public static class MixDecomposition
{
    /// <param name="first">Moments of the metric for each group on the first side.</param>
    /// <param name="second">The same groups on the second side.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups hold 2 rows on both sides.</exception>
    /// <exception cref="NotEstimableException">The metric does not vary within any group and the mixtures are the same.</exception>
    public static MixDecompositionResult Of(IReadOnlyList<Moments> first, IReadOnlyList<Moments> second, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count);
        InferenceGuard.Level(level);
        var used = Enumerable.Range(0, first.Count).Where(g => first[g].Count > 1 && second[g].Count > 1).ToList();
        if (used.Count < 2)
            throw new TooFewRowsException("The set of groups with 2 rows on both sides", used.Count, 2);
        long n = used.Sum(g => first[g].Count), m = used.Sum(g => second[g].Count);
        double mix = 0, within = 0, variance = 0, a = 0, b = 0, aa = 0, bb = 0, mixMeans = 0, withinMeans = 0, c = 0, d = 0, cc = 0, dd = 0;
        double meanA = 0, meanB = 0, spreadA = 0, spreadB = 0;
        foreach (var g in used)
        {
            Moments x = first[g], y = second[g];
            double p = x.Count / (double)n, q = y.Count / (double)m, middle = (x.Mean + y.Mean) / 2, change = y.Mean - x.Mean;
            mix += (q - p) * middle;
            within += change * (p + q) / 2;
            meanA += p * x.Mean;
            meanB += q * y.Mean;

            // Multinomial shares: the variance of sum(c p) is (sum c^2 p - (sum c p)^2) / n.
            (a, aa) = (a + p * middle, aa + p * middle * middle);
            (b, bb) = (b + q * middle, bb + q * middle * middle);
            (c, cc) = (c + p * change / 2, cc + p * change * change / 4);
            (d, dd) = (d + q * change / 2, dd + q * change * change / 4);
            var errors = x.VarianceOfMean + y.VarianceOfMean;
            mixMeans += (q - p) * (q - p) / 4 * errors;
            withinMeans += (p + q) * (p + q) / 4 * errors;
        }
        foreach (var g in used)
        {
            spreadA += first[g].M2 + first[g].Count * (first[g].Mean - meanA) * (first[g].Mean - meanA);
            spreadB += second[g].M2 + second[g].Count * (second[g].Mean - meanB) * (second[g].Mean - meanB);
        }
        variance = spreadA / (n * (n - 1.0)) + spreadB / (m * (m - 1.0));
        if (!(variance > 0))
            throw new NotEstimableException("The metric does not vary, so there is no difference to split.");
        var z = Normal.UpperQuantile((1 - level) / 2);
        var outside = first.Sum(x => x.Count) + second.Sum(x => x.Count) - n - m;
        return new(
            Term(meanB - meanA, variance),
            Term(mix, Math.Max(0, aa - a * a) / n + Math.Max(0, bb - b * b) / m + mixMeans),
            Term(within, Math.Max(0, cc - c * c) / n + Math.Max(0, dd - d * d) / m + withinMeans),
            used.Count, outside);

        DifferenceTerm Term(double value, double v) => new(value, value - z * Math.Sqrt(v), value + z * Math.Sqrt(v), Math.Sqrt(v));
    }
}
