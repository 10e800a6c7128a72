using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Sampling;

/// <summary>A difference of two shares over groups.</summary>
/// <param name="First">First share.</param>
/// <param name="Second">Second share.</param>
/// <param name="Difference">First less second.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="StandardError">Standard error.</param>
/// <param name="DegreesOfFreedom">Groups that count, less one; Satterthwaite's where a variance from elsewhere is added.</param>
/// <param name="Above">One-sided p-value of "the first is not above the second".</param>
public sealed record GroupedDifference(double First, double Second, double Difference, double Low, double High, double StandardError, double DegreesOfFreedom, double Above);

/// <summary>Do two shares differ when rows of one group, such as a drive, go together?</summary>
/// <remarks>
/// Shares are ratios of sums over groups, linearised (Cochran 1977, 6.3 and 10.3): the standard error comes from how groups differ, whatever goes on within them, and from both shares together where groups
/// have rows of both. The interval is Student's with groups less one degrees of freedom; of two shares over other groups the fewer groups count. A
/// variance from elsewhere is added to it, with degrees of freedom by Satterthwaite 1946.
/// </remarks>
public static class GroupedShares
{
    /// <param name="hits">Hits of each group for the first share; may be weighted.</param>
    /// <param name="rows">Rows of each group for the first share, in the same weights.</param>
    /// <param name="otherHits">Hits of each group for the second share.</param>
    /// <param name="otherRows">Rows of each group for the second share.</param>
    /// <param name="extraVariance">Variance of the difference that does not come from the groups, such as that of a random procedure; 0 where there is none.</param>
    /// <param name="extraFreedom">Degrees of freedom that it was estimated with.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">Fewer than two groups have rows of one of the shares.</exception>
    public static GroupedDifference Difference(ReadOnlySpan<double> hits, ReadOnlySpan<double> rows, ReadOnlySpan<double> otherHits, ReadOnlySpan<double> otherRows, double extraVariance = 0, double extraFreedom = double.PositiveInfinity, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var groups = hits.Length;
        if (rows.Length != groups || otherHits.Length != groups || otherRows.Length != groups)
            throw new ArgumentException("Every group has hits and rows of both shares.", nameof(rows));
        double a = 0, n = 0, b = 0, m = 0;
        int first = 0, second = 0, any = 0;
        for (var g = 0; g < groups; g++)
        {
            (a, n, b, m) = (a + hits[g], n + rows[g], b + otherHits[g], m + otherRows[g]);
            (first, second, any) = (first + (rows[g] > 0 ? 1 : 0), second + (otherRows[g] > 0 ? 1 : 0), any + (rows[g] > 0 || otherRows[g] > 0 ? 1 : 0));
        }

        var freedom = Math.Min(first, second) - 1.0;
        if (freedom < 1)
            throw new NotEstimableException($"{Math.Min(first, second)} group has rows; a spread between groups takes two.");
        double p = a / n, q = b / m, sum = 0;
        for (var g = 0; g < groups; g++)
        {
            var part = ((hits[g] - (p * rows[g])) / n) - ((otherHits[g] - (q * otherRows[g])) / m);
            sum += part * part;
        }

        var between = sum * any / (any - 1);
        var error = Math.Sqrt(between + extraVariance);
        if (extraVariance > 0)
            freedom = (between + extraVariance) * (between + extraVariance) / ((between * between / freedom) + (extraVariance * extraVariance / extraFreedom));
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), freedom) * error;
        var above = error > 0 ? StudentT.Sf((p - q) / error, freedom) : p > q ? 0 : 1;
        return new(p, q, p - q, p - q - reach, p - q + reach, error, freedom, above);
    }
}
