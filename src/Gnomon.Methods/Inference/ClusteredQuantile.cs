using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Inference;

/// <summary>A quantile of rows that belong to units: the 99 % latency of page views of users who were randomised.</summary>
/// <remarks>
/// Source: Deng, Knoblich and Lu 2018, KDD, section 4.3, and Liu, Sun, Varshney and Xu 2019, KDD. The share of rows up to the quantile is a ratio of totals
/// per unit, and its delta-method error tells how far to each side the quantile may lie in ranks; the values at those ranks, divided by twice the normal
/// point, are its standard error (their "outer interval"). No density is estimated. The quantile interpolates linearly (Hyndman and Fan type 7). Taking rows
/// for independent makes the error too small by the root of the design effect at that quantile.
/// </remarks>
public static class ClusteredQuantile
{
    const int FewestUnits = 20;
    const double BandZ = 1.96;

    /// <param name="values">Finite values, any order.</param>
    /// <param name="unit">Unit of each value, 0 .. <paramref name="units"/> - 1.</param>
    /// <param name="units">Number of units; those without a value do not count.</param>
    /// <param name="share">Which quantile, in (0, 1).</param>
    /// <param name="what">The sample, as messages name it.</param>
    /// <returns>The quantile in the values' unit, with the variance of that estimate.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 20 units, or too few for ranks on both sides of the quantile.</exception>
    /// <exception cref="NotEstimableException">The values around the quantile are equal.</exception>
    public static MeanEstimate Estimate(ReadOnlySpan<double> values, ReadOnlySpan<int> unit, int units, double share, string what = "The sample")
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile's share lies between 0 and 1.");
        }

        if (unit.Length != values.Length)
        {
            throw new ArgumentException("Every value has a unit.", nameof(unit));
        }

        var sorted = values.ToArray();
        RadixSort.Sort(sorted);
        if (sorted.Length > 0)
        {
            InferenceGuard.Finite(sorted[0], nameof(values));
            InferenceGuard.Finite(sorted[^1], nameof(values));
        }

        var sizes = new long[units];
        foreach (var u in unit)
        {
            sizes[u]++;
        }

        var seen = sizes.LongCount(s => s > 0);
        if (seen < FewestUnits)
        {
            throw new TooFewRowsException(what, seen, FewestUnits);
        }

        var quantile = QuantileDifference.Quantile(sorted, share);
        var half = BandZ * ShareError(values, unit, sizes, quantile, seen);
        if (!(share - half > 0 && share + half < 1))
        {
            throw new TooFewRowsException(what, seen, (long)Math.Ceiling(seen * Math.Pow(half / Math.Min(share, 1 - share), 2)) + 1);
        }

        var error = (QuantileDifference.Quantile(sorted, share + half) - QuantileDifference.Quantile(sorted, share - half)) / (2 * BandZ);
        return error > 0 ? new(quantile, error * error) : throw new NotEstimableException($"{what}: the values around the {100 * share:0.##} % quantile are equal, so it has no standard error.");
    }

    // Standard error of (rows up to the quantile) / (rows), both per unit.
    static double ShareError(ReadOnlySpan<double> values, ReadOnlySpan<int> unit, long[] sizes, double quantile, long seen)
    {
        var below = new long[sizes.Length];
        for (var i = 0; i < values.Length; i++)
        {
            below[unit[i]] += values[i] <= quantile ? 1 : 0;
        }

        var ratio = (double)below.Sum() / values.Length;
        var squares = 0.0;
        for (var u = 0; u < sizes.Length; u++)
        {
            var d = below[u] - ratio * sizes[u];
            squares += d * d;
        }

        return Math.Sqrt(squares * seen / (seen - 1.0)) / values.Length;
    }
}
