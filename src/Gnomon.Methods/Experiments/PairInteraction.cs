using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>Two experiments on the same units.</summary>
/// <param name="Interaction">Effect of the second where the first is on, less its effect where the first is off, in the metric's unit.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">Satterthwaite's.</param>
/// <param name="PValue">Two-sided t test of no interaction.</param>
/// <param name="EffectWithout">Effect of the second where the first is off.</param>
/// <param name="EffectWith">Effect of the second where the first is on.</param>
/// <param name="IndependenceP">Chi-square p-value that the two assignments are independent: tiny when one hash drives both.</param>
public sealed record PairInteractionResult(double Interaction, double StandardError, double DegreesOfFreedom, double PValue, double EffectWithout, double EffectWith, double IndependenceP);

/// <summary>Do two experiments that share their users change each other's effect?</summary>
/// <remarks>
/// The contrast of the four cell means with a variance of its own in every cell (equal to least squares on the full model with HC2 errors), Welch-Satterthwaite degrees of freedom;
/// independence of the assignments by Pearson's chi-square on the four counts. Scan of pairs: Tang, Agarwal, O'Brien and Meyer 2010, KDD.
/// </remarks>
public static class PairInteraction
{
    /// <param name="neither">Units in control of both.</param>
    /// <param name="second">Units treated by the second only.</param>
    /// <param name="first">Units treated by the first only.</param>
    /// <param name="both">Units treated by both.</param>
    /// <exception cref="TooFewRowsException">A cell has fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">No cell varies.</exception>
    public static PairInteractionResult Of(Moments neither, Moments second, Moments first, Moments both)
    {
        Moments[] cells = [neither, second, first, both];
        double variance = 0, spread = 0;
        foreach (var cell in cells)
        {
            Inference.InferenceGuard.Rows(cell, 2, "A cell of two experiments");
            var v = cell.VarianceOfMean;
            variance += v;
            spread += v * v / (cell.Count - 1);
        }
        if (!(variance > 0))
            throw new NotEstimableException("No cell varies, so an interaction has no error to be judged by.");
        var (without, with) = (second.Mean - neither.Mean, both.Mean - first.Mean);
        var df = variance * variance / spread;
        var error = Math.Sqrt(variance);
        double a = neither.Count, b = second.Count, c = first.Count, d = both.Count;
        var cross = a * d - b * c;
        var chi = (a + b + c + d) * cross / ((a + b) * (c + d)) * cross / ((a + c) * (b + d));
        return new(with - without, error, df, StudentT.TwoSided((with - without) / error, df), without, with, ChiSquared.Sf(chi, 1));
    }
}
