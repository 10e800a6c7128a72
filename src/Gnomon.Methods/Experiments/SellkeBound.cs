using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>What a p-value is worth at best, and how often it would come back.</summary>
/// <param name="OddsBound">The most that the odds of a real effect can have moved: -1 / (e p ln p), at least 1.</param>
/// <param name="RerunAtEstimate">Chance that an identical rerun is significant in the same direction if the estimate is the truth.</param>
/// <param name="RerunPredictive">The same when the truth is as uncertain as the estimate (flat prior).</param>
public sealed record SellkeBoundResult(double OddsBound, double RerunAtEstimate, double RerunPredictive);

/// <summary>The Sellke-Bayarri-Berger bound on evidence in a p-value.</summary>
/// <remarks>
/// Sources: Sellke, Bayarri and Berger 2001, American Statistician 55 (bound, for p below 1/e);
/// Goodman 1992, Statistics in Medicine 11 (rerun probability, both versions).
/// </remarks>
public static class SellkeBound
{
    /// <param name="p">Two-sided p-value, in (0, 1].</param>
    /// <param name="alpha">Two-sided size that the rerun must reach.</param>
    public static SellkeBoundResult Of(double p, double alpha = 0.05)
    {
        if (!(p > 0 && p <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A p-value lies in (0, 1].");
        SequentialArguments.Alpha(alpha);
        var odds = p < 1 / Math.E ? -1 / (Math.E * p * Math.Log(p)) : 1;
        var gap = Normal.UpperQuantile(p / 2) - Normal.UpperQuantile(alpha / 2);
        return new(odds, Normal.Cdf(gap), Normal.Cdf(gap / Math.Sqrt(2)));
    }
}
