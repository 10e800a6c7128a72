using Gnomon.Methods.Data;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>A ratio of what came to what was expected.</summary>
internal sealed record Ratio(double Value, double Low, double High)
{
    private const double Near = 0.05;
    private const double Widest = 4.0 / 3;

    /// <summary>True where the ratio cannot be told from 1 and is known well enough, or is within 5 % of it.</summary>
    public bool IsKept => Math.Abs(Value - 1) <= Near || (Low <= 1 && High >= 1 && Low >= 1 / Widest && High <= Widest);
}

/// <summary>How a model that learned from the substitute does on real rows, beside one that learned from real rows.</summary>
/// <param name="Areas">Area under the curve, trained on the substitute (first) and on real rows in folds (second), both on the same real rows.</param>
/// <param name="Alone">Area of the model trained on the substitute.</param>
/// <param name="Own">Area of the model trained on real rows, in folds.</param>
/// <param name="Events">Events seen over events expected by the substitute's model.</param>
/// <param name="Slope">Slope of the log odds seen on those expected; 1 when they spread as they should.</param>
/// <param name="SlopeInterval">Its interval.</param>
/// <param name="Flagged">Share of real rows above the substitute's cut over the share it was set for.</param>
/// <param name="Hits">Share of events among the real rows flagged over that among the substitute's.</param>
/// <param name="Cut">The share it was set for.</param>
internal sealed record SubstituteQuality(PairedAreasResult Areas, AucResult Alone, AucResult Own, Ratio Events, double Slope, Interval SlopeInterval, Ratio Flagged, Ratio Hits, double Cut)
{
    /// <summary>Folds of the model that learns from real rows.</summary>
    public const int FoldCount = 5;

    private const double TopShare = 0.1;

    /// <param name="rows">Both files.</param>
    /// <param name="folds">Fold of each real row.</param>
    /// <param name="level">Confidence level.</param>
    /// <param name="threads">Threads to fit with.</param>
    /// <returns>Null where a model cannot be fitted.</returns>
    public static SubstituteQuality? Of(SubstituteRows rows, int[] folds, double level, int? threads)
    {
        var all = Enumerable.Range(0, rows.RealTarget.Length).ToArray();
        var others = Enumerable.Range(0, rows.OtherTarget.Length).ToArray();
        if (LogisticScores.Fit(rows.Other, rows.OtherTarget, others, threads) is not { } beta || Crossed(rows, folds, threads) is not { } own)
        {
            return null;
        }

        var expected = LogisticScores.Score(rows.Real, beta, all);
        var (slope, interval) = CalibrationSlope(expected, rows.RealTarget, level);
        var (flagged, hits) = AtTheCut(LogisticScores.Score(rows.Other, beta, others), rows.OtherTarget, expected, rows.RealTarget, level);
        return new SubstituteQuality(
            PairedAreas.Compare(expected, own, rows.RealTarget, level), Area(expected, rows.RealTarget, level), Area(own, rows.RealTarget, level),
            EventRatio(expected, rows.RealTarget, level), slope, interval, flagged, hits, TopShare);
    }

    private static double[]? Crossed(SubstituteRows rows, int[] folds, int? threads)
    {
        var scores = new double[folds.Length];
        for (var fold = 0; fold < FoldCount; fold++)
        {
            var (inside, outside) = (Rows(folds, f => f == fold), Rows(folds, f => f != fold));
            if (LogisticScores.Fit(rows.Real, rows.RealTarget, outside, threads) is not { } beta)
            {
                return null;
            }

            var found = LogisticScores.Score(rows.Real, beta, inside);
            for (var i = 0; i < inside.Length; i++)
            {
                scores[inside[i]] = found[i];
            }
        }

        return scores;
    }

    internal static int[] Rows(int[] folds, Func<int, bool> take) => [.. Enumerable.Range(0, folds.Length).Where(i => take(folds[i]))];

    internal static AucResult Area(double[] scores, bool[] target, double level)
    {
        double[] Of(bool wanted) => [.. scores.Where((_, i) => target[i] == wanted)];
        return AreaUnderCurve.Of(Of(true), Of(false), level);
    }

    // The number of events given their chances has the variance of independent draws.
    private static Ratio EventRatio(double[] logit, bool[] target, double level)
    {
        double expected = 0, variance = 0, seen = 0;
        for (var i = 0; i < logit.Length; i++)
        {
            var p = 1 / (1 + Math.Exp(-logit[i]));
            expected += p;
            seen += target[i] ? 1 : 0;
        }

        var rate = seen / logit.Length;
        variance = logit.Length * rate * (1 - rate);
        return OnLogScale(seen / expected, Math.Sqrt(variance) / Math.Max(1, seen), level);
    }

    private static Ratio OnLogScale(double ratio, double relativeError, double level)
    {
        var half = Normal.UpperQuantile((1 - level) / 2) * relativeError;
        return new Ratio(ratio, ratio * Math.Exp(-half), ratio * Math.Exp(half));
    }

    private static (double Slope, Interval Interval) CalibrationSlope(double[] logit, bool[] target, double level)
    {
        var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([logit]), Array.ConvertAll(target, t => t ? 1.0 : 0.0));
        var error = RobustErrors.Classical(fit).StandardError(1);
        var half = Normal.UpperQuantile((1 - level) / 2) * error;
        return (fit.Coefficients[1], new Interval(fit.Coefficients[1] - half, fit.Coefficients[1] + half));
    }

    // The cut that flags a tenth of the substitute's rows: what it flags of the real ones, and how many of these are events.
    private static (Ratio Flagged, Ratio Hits) AtTheCut(double[] there, bool[] thereTarget, double[] here, bool[] hereTarget, double level)
    {
        var sorted = (double[])there.Clone();
        Array.Sort(sorted);
        var cut = sorted[(int)Math.Ceiling((1 - TopShare) * sorted.Length) - 1];
        var (set, setHits) = Above(there, thereTarget, cut);
        var (seen, seenHits) = Above(here, hereTarget, cut);
        return (OfShares(seen, here.Length, set, there.Length, level), OfShares(seenHits, seen, setHits, set, level));
    }

    private static (int Rows, int Events) Above(double[] scores, bool[] target, double cut)
    {
        var (rows, events) = (0, 0);
        for (var i = 0; i < scores.Length; i++)
        {
            rows += scores[i] > cut ? 1 : 0;
            events += scores[i] > cut && target[i] ? 1 : 0;
        }

        return (rows, events);
    }

    // One share over another on the log scale (Katz et al. 1978), half a row added where there is none.
    private static Ratio OfShares(double a, double n, double b, double m, double level)
    {
        (a, n, b, m) = a == 0 || b == 0 ? (a + 0.5, n + 1, b + 0.5, m + 1) : (a, n, b, m);
        return OnLogScale(a / n / (b / m), Math.Sqrt(Math.Max(0, (1 / a) - (1 / n)) + Math.Max(0, (1 / b) - (1 / m))), level);
    }
}
