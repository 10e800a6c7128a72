using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>The chance that a value of one sample exceeds one of another, ties counted half.</summary>
/// <param name="Auc">In [0, 1]; 0.5 is no separation.</param>
/// <param name="StandardError">DeLong's standard error; 0 when the samples are fully separated.</param>
/// <param name="Low">Lower end of the interval, on the logit scale where that exists.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="PValue">Two-sided p-value of 0.5 by the tie-corrected Mann-Whitney normal approximation, without continuity correction.</param>
/// <param name="Level">Confidence level.</param>
public sealed record AucResult(double Auc, double StandardError, double Low, double High, double PValue, double Level);

/// <summary>Area under the ROC curve from two samples.</summary>
/// <remarks>Sources: Mann and Whitney 1947; DeLong, DeLong and Clarke-Pearson 1988 in the fast form of Sun and Xu 2014; Hanley and McNeil 1982 for full separation.</remarks>
public static class AreaUnderCurve
{
    /// <param name="positives">Values of the sample expected to be larger, at least 2.</param>
    /// <param name="negatives">Values of the other sample, at least 2.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static AucResult Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, double level = 0.95)
    {
        if (positives.Length < 2 || negatives.Length < 2)
            throw new TooFewRowsException("The smaller sample", Math.Min(positives.Length, negatives.Length), 2);
        InferenceGuard.Level(level);
        double m = positives.Length, n = negatives.Length;
        var pooled = new double[positives.Length + negatives.Length];
        positives.CopyTo(pooled);
        negatives.CopyTo(pooled.AsSpan(positives.Length));
        var ranks = Midranks.Of(pooled);
        var ranksPositive = Midranks.Of(positives);
        var ranksNegative = Midranks.Of(negatives);
        var sum = 0.0;
        for (var i = 0; i < positives.Length; i++)
            sum += ranks[i];
        var auc = (sum - m * (m + 1) / 2) / (m * n);
        double v10 = 0, v01 = 0;
        for (var i = 0; i < positives.Length; i++)
        {
            var gap = (ranks[i] - ranksPositive[i]) / n - auc;
            v10 += gap * gap;
        }
        for (var j = 0; j < negatives.Length; j++)
        {
            var gap = 1 - (ranks[positives.Length + j] - ranksNegative[j]) / m - auc;
            v01 += gap * gap;
        }
        var se = Math.Sqrt(v10 / (m - 1) / m + v01 / (n - 1) / n);
        var interval = Interval(auc, se, Math.Min(m, n), level);
        return new(auc, se, interval.Low, interval.High, MannWhitneyP(auc, m, n, pooled), level);
    }

    static Numerics.Interval Interval(double auc, double se, double smaller, double level)
    {
        var tail = (1 - level) / 2;
        // Full separation has no estimated error: the exact one-sided limit of a share of 1 in the smaller sample stands in.
        if (auc >= 1)
            return new(Math.Pow(tail, 1 / smaller), 1);
        if (auc <= 0)
            return new(0, 1 - Math.Pow(tail, 1 / smaller));
        if (se == 0)
            return new(auc, auc);
        var half = Normal.UpperQuantile(tail) * se / (auc * (1 - auc));
        var logit = Math.Log(auc / (1 - auc));
        return new(1 / (1 + Math.Exp(half - logit)), 1 / (1 + Math.Exp(-half - logit)));
    }

    static double MannWhitneyP(double auc, double m, double n, double[] pooled)
    {
        Array.Sort(pooled);
        var total = m + n;
        var ties = 0.0;
        for (var start = 0; start < pooled.Length;)
        {
            var end = start + 1;
            while (end < pooled.Length && pooled[end] == pooled[start])
                end++;
            double t = end - start;
            ties += t * t * t - t;
            start = end;
        }
        var variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)));
        return variance > 0 ? 2 * Normal.Sf(Math.Abs(auc - 0.5) * m * n / Math.Sqrt(variance)) : 1;
    }
}
