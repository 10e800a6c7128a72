using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Ranks;

/// <summary>Outcome of Wilcoxon's signed-rank test.</summary>
/// <param name="W">Sum of the ranks of the positive differences.</param>
/// <param name="RankBiserial">(W - sum of the ranks of the negative ones) over the sum of all: -1 to 1.</param>
/// <param name="PValue">Two-sided p of "differences are symmetric about 0".</param>
/// <param name="IsExact">True when p is exact given the ties.</param>
/// <param name="Pairs">Differences that are not 0.</param>
/// <param name="Zeros">Differences of exactly 0, which the test leaves out.</param>
public sealed record SignedRankResult(double W, double RankBiserial, double PValue, bool IsExact, int Pairs, int Zeros);

/// <summary>Wilcoxon's signed-rank test of paired differences.</summary>
/// <remarks>
/// Source: Wilcoxon 1945, Biometrics Bulletin 1; zeros are left out (Wilcoxon 1949). Exact given the ties up to 300 differences, then the normal approximation
/// with correction for ties and continuity. Agrees with R <c>wilcox.test(paired = TRUE)</c> and scipy <c>wilcoxon</c> to 1e-10.
/// </remarks>
public static class WilcoxonSignedRank
{
    /// <param name="differences">Finite values, at least 1 of them not 0.</param>
    /// <exception cref="TooFewRowsException">No difference is given.</exception>
    /// <exception cref="NotEstimableException">All differences are 0.</exception>
    public static SignedRankResult Test(ReadOnlySpan<double> differences)
    {
        if (differences.IsEmpty)
        {
            throw new TooFewRowsException("The differences", 0, 1);
        }

        var kept = new List<double>(differences.Length);
        foreach (var d in differences)
        {
            InferenceGuard.Finite(d);
            if (d != 0)
            {
                kept.Add(d);
            }
        }

        if (kept.Count == 0)
        {
            throw new NotEstimableException("All differences are 0, so there is nothing to rank.");
        }

        var ranks = Midranks.Of(kept.ConvertAll(Math.Abs).ToArray());
        var twiceW = 0L;
        for (var i = 0; i < ranks.Length; i++)
        {
            twiceW += kept[i] > 0 ? (long)Math.Round(2.0 * ranks[i]) : 0;
        }

        var total = (double)ranks.Length * (ranks.Length + 1.0) / 2.0;
        var isExact = ranks.Length <= SignedRank.MostPairs;
        var p = isExact
            ? ConditionalRankSum.TwoSidedSigns(Array.ConvertAll(ranks, r => (int)Math.Round(2.0 * r)), twiceW)
            : NormalP(ranks, 0.5 * twiceW, continuity: true);
        return new(0.5 * twiceW, (twiceW - total) / total, p, isExact, ranks.Length, differences.Length - ranks.Length);
    }

    // The variance is a quarter of the sum of squared ranks, which takes care of ties by itself.
    internal static double NormalP(double[] ranks, double w, bool continuity)
    {
        var total = (double)ranks.Length * (ranks.Length + 1.0) / 2.0;
        var variance = 0.0;
        foreach (var rank in ranks)
        {
            variance += 0.25 * rank * rank;
        }

        var gap = Math.Max(0.0, Math.Abs(w - 0.5 * total) - (continuity ? 0.5 : 0.0));
        return Math.Min(1.0, 2.0 * Normal.Sf(gap / Math.Sqrt(variance)));
    }
}

/// <summary>The sign test of paired differences, with a distribution-free interval of their median.</summary>
/// <remarks>Source: Dixon and Mood 1946, JASA 41; interval from order statistics (Thompson 1936). Exact binomial at every size.</remarks>
public static class SignTest
{
    /// <param name="differences">Finite values; zeros are left out of the test and kept in the median.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No difference is given.</exception>
    /// <exception cref="NotEstimableException">All differences are 0, or there are too few for an interval of this level.</exception>
    public static SignTestResult Test(ReadOnlySpan<double> differences, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (differences.IsEmpty)
        {
            throw new TooFewRowsException("The differences", 0, 1);
        }

        var sorted = differences.ToArray();
        Array.Sort(sorted);
        InferenceGuard.Finite(sorted[0]);
        InferenceGuard.Finite(sorted[^1]);
        var positive = sorted.LongCount(d => d > 0);
        var negative = sorted.LongCount(d => d < 0);
        if (positive + negative == 0)
        {
            throw new NotEstimableException("All differences are 0, so there is no sign to count.");
        }

        var p = Math.Min(1.0, 2.0 * Binomial.Cdf(Math.Min(positive, negative), positive + negative, 0.5));
        var n = sorted.Length;

        // The largest k with P(B at most k - 1) at most the tail: the k-th value from each end.
        var tail = 0.5 * (1.0 - level);
        var k = Binomial.Quantile(tail, n, 0.5);
        k = Binomial.Cdf(k, n, 0.5) <= tail ? k + 1 : k;
        if (k < 1)
        {
            throw new NotEstimableException($"{n} differences are too few for an interval of the median at level {level}.");
        }

        var median = n % 2 == 1 ? sorted[n / 2] : 0.5 * sorted[n / 2 - 1] + 0.5 * sorted[n / 2];
        return new(median, sorted[k - 1], sorted[n - k], positive, negative, n - positive - negative, p, level);
    }
}

/// <summary>Outcome of the sign test.</summary>
/// <param name="Median">Median of the differences.</param>
/// <param name="Low">Lower end of its interval, which covers at least its level.</param>
/// <param name="High">Upper end.</param>
/// <param name="Positive">Differences above 0.</param>
/// <param name="Negative">Differences below 0.</param>
/// <param name="Zeros">Differences of 0.</param>
/// <param name="PValue">Two-sided exact p of "above 0 as often as below".</param>
/// <param name="Level">Level asked for.</param>
public sealed record SignTestResult(double Median, double Low, double High, long Positive, long Negative, long Zeros, double PValue, double Level);
