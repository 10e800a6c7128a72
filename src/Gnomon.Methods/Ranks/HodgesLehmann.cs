using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Ranks;

/// <summary>A location estimate from ranks with the interval that inverts its test.</summary>
/// <param name="Value">Median of all pairwise differences, or of all pairwise averages.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Level">Level asked for.</param>
/// <param name="IsExact">True when the interval's order statistics come from the exact null distribution, so that it covers at least its level.</param>
public sealed record HodgesLehmannResult(double Value, double Low, double High, double Level, bool IsExact)
{
    /// <summary>Low to high.</summary>
    public Interval Interval => new(Low, High);
}

/// <summary>Hodges and Lehmann's estimates of a shift between two samples and of the centre of one.</summary>
/// <remarks>
/// Source: Hodges and Lehmann 1963, Annals of Mathematical Statistics 34; intervals: Moses 1965, Lehmann 1975. The shift is the difference of locations when
/// both distributions have one shape, else the median of differences. Agrees with R <c>wilcox.test(conf.int = TRUE)</c> where that is exact.
/// Any number of pairs: order statistics are selected without forming them, O((m + n) log) time and O(m + n) memory.
/// </remarks>
public static class HodgesLehmann
{
    /// <summary>Median of x - y over all pairs.</summary>
    /// <param name="x">First sample, at least 2 finite values.</param>
    /// <param name="y">Second sample, at least 2 finite values.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">The samples are too small for an interval of this level.</exception>
    public static HodgesLehmannResult Shift(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (x.Length < 2 || y.Length < 2)
        {
            throw new TooFewRowsException(x.Length < 2 ? "The first sample" : "The second sample", Math.Min(x.Length, y.Length), 2);
        }

        return Shift(SortedPair.Of(x, y), level);
    }

    internal static HodgesLehmannResult Shift(SortedPair pair, double level)
    {
        var (m, n) = (pair.X.Length, pair.Y.Length);
        var isExact = (long)m * n <= MannWhitneyU.MostPairs;
        var tail = 0.5 * (1.0 - level);
        var k = isExact ? ExactRank(new MannWhitneyU(m, n), tail) : NormalRank(0.5 * m * n, (double)m * n * (m + n + 1.0) / 12.0, tail);
        return Of(SumSelection.Differences(pair.X, pair.Y), k, 1.0, level, isExact);
    }

    /// <summary>Median of the averages of all pairs, each value with itself included: the centre of a symmetric distribution.</summary>
    /// <param name="values">At least 2 finite values; differences of pairs, for paired samples.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">The sample is too small for an interval of this level.</exception>
    public static HodgesLehmannResult Centre(ReadOnlySpan<double> values, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (values.Length < 2)
        {
            throw new TooFewRowsException("The sample", values.Length, 2);
        }

        var sorted = values.ToArray();
        RadixSort.Sort(sorted);
        double n = sorted.Length;
        var isExact = sorted.Length <= SignedRank.MostPairs;
        var tail = 0.5 * (1.0 - level);
        var k = isExact ? ExactRank(new SignedRank(sorted.Length), tail) : NormalRank(0.25 * n * (n + 1.0), n * (n + 1.0) * (2.0 * n + 1.0) / 24.0, tail);
        return Of(SumSelection.Pairs(sorted), k, 0.5, level, isExact);
    }

    static HodgesLehmannResult Of(SumSelection sums, long k, double scale, double level, bool isExact)
    {
        if (k < 1)
        {
            throw new NotEstimableException($"The samples are too small for a rank interval of level {level}: even the widest one covers less.");
        }

        return new(scale * sums.Median(), scale * sums.Smallest(k), scale * sums.Smallest(sums.Count + 1 - k), level, isExact);
    }

    // The largest k with P(statistic at most k - 1) at most the tail.
    static long ExactRank(MannWhitneyU table, double tail)
    {
        var k = table.Quantile(tail);
        return table.Cdf(k) <= tail ? k + 1 : k;
    }

    static long ExactRank(SignedRank table, double tail)
    {
        var k = table.Quantile(tail);
        return table.Cdf(k) <= tail ? k + 1 : k;
    }

    static long NormalRank(double mean, double variance, double tail) =>
        Math.Max(1, (long)Math.Floor(mean + 0.5 - Normal.UpperQuantile(tail) * Math.Sqrt(variance)));
}
