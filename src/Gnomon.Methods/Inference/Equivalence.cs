using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Two one-sided tests that a difference lies between two margins.</summary>
/// <param name="Contrast">The difference with its two-sided interval at <see cref="IntervalLevel"/>: inside the margins exactly when <see cref="PValue"/> is below alpha.</param>
/// <param name="LowMargin">Lower margin.</param>
/// <param name="HighMargin">Upper margin.</param>
/// <param name="PAboveLow">One-sided p of "at most the lower margin".</param>
/// <param name="PBelowHigh">One-sided p of "at least the upper margin".</param>
/// <param name="IntervalLevel">1 - 2 alpha.</param>
public sealed record EquivalenceResult(
    ContrastResult Contrast, double LowMargin, double HighMargin, double PAboveLow, double PBelowHigh, double IntervalLevel)
{
    /// <summary>p of "not equivalent": the larger of the two.</summary>
    public double PValue => Math.Max(PAboveLow, PBelowHigh);
}

/// <summary>Equivalence by two one-sided tests (TOST).</summary>
/// <remarks>
/// Source: Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15. Means by Welch's t, pairs by Student's t, proportions by the
/// Miettinen-Nurminen score. Size alpha each; margins are declared before the data.
/// </remarks>
public static class Equivalence
{
    /// <summary>Are two means equal but for the margins?</summary>
    /// <param name="x">First sample, at least 2 values.</param>
    /// <param name="y">Second sample, at least 2 values.</param>
    /// <param name="low">Lower margin of x - y, in the metric's unit.</param>
    /// <param name="high">Upper margin, above <paramref name="low"/>.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <exception cref="TooFewRowsException">A sample has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">Neither sample varies.</exception>
    public static EquivalenceResult Means(Moments x, Moments y, double low, double high, double alpha = 0.05)
    {
        CheckMargins(low, high, alpha);
        return Of(WelchT.Test(x, y, 1.0 - 2.0 * alpha), low, high, alpha);
    }

    /// <summary>Is the mean of paired differences 0 but for the margins?</summary>
    /// <param name="differences">At least 2 differences.</param>
    /// <param name="low">Lower margin.</param>
    /// <param name="high">Upper margin.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 differences.</exception>
    /// <exception cref="NotEstimableException">The differences do not vary.</exception>
    public static EquivalenceResult Paired(Moments differences, double low, double high, double alpha = 0.05)
    {
        CheckMargins(low, high, alpha);
        return Of(OneSampleT.Test(differences, 0.0, 1.0 - 2.0 * alpha, "paired t"), low, high, alpha);
    }

    /// <summary>Are two proportions equal but for the margins?</summary>
    /// <param name="xs">Successes of the first group.</param>
    /// <param name="xn">Size of the first group.</param>
    /// <param name="ys">Successes of the second group.</param>
    /// <param name="yn">Size of the second group.</param>
    /// <param name="low">Lower margin of the difference of rates, above -1.</param>
    /// <param name="high">Upper margin, below 1.</param>
    /// <param name="alpha">Size of the test.</param>
    /// <exception cref="NotEstimableException">The score has no variance at a margin.</exception>
    public static EquivalenceResult Proportions(long xs, long xn, long ys, long yn, double low, double high, double alpha = 0.05)
    {
        CheckMargins(low, high, alpha);
        var above = TwoProportions.NonInferiority(xs, xn, ys, yn, low, 1.0 - 2.0 * alpha);
        var below = TwoProportions.NonInferiority(ys, yn, xs, xn, -high, 1.0 - 2.0 * alpha);
        return new(above with { Method = "Miettinen-Nurminen score" }, low, high, above.PValue, below.PValue, 1.0 - 2.0 * alpha);
    }

    static EquivalenceResult Of(ContrastResult contrast, double low, double high, double alpha)
    {
        var degrees = contrast.DegreesOfFreedom ?? double.PositiveInfinity;
        var aboveLow = StudentT.Sf((contrast.Value - low) / contrast.StandardError, degrees);
        var belowHigh = StudentT.Sf((high - contrast.Value) / contrast.StandardError, degrees);
        return new(contrast, low, high, aboveLow, belowHigh, 1.0 - 2.0 * alpha);
    }

    static void CheckMargins(double low, double high, double alpha)
    {
        InferenceGuard.Finite(low);
        InferenceGuard.Finite(high);
        if (low >= high)
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, $"The upper margin lies above the lower one, {low}.");
        }

        if (!(alpha > 0 && alpha < 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The size of an equivalence test lies between 0 and 0.5.");
        }
    }
}
