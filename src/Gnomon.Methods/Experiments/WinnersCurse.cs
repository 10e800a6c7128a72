using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>What significance as a filter does to an estimate.</summary>
/// <param name="Power">Chance of significance at the true effect.</param>
/// <param name="ExaggerationRatio">Type M: expected size of a significant estimate over the true size, at least 1.</param>
/// <param name="WrongSign">Type S: chance that a significant estimate has the wrong sign.</param>
public sealed record SelectionResult(double Power, double ExaggerationRatio, double WrongSign);

/// <summary>An estimate pulled towards zero by what effects of this kind usually are.</summary>
/// <param name="Estimate">Posterior mean.</param>
/// <param name="Low">Lower end of the posterior interval.</param>
/// <param name="High">Upper end of the posterior interval.</param>
/// <param name="StandardDeviation">Posterior standard deviation.</param>
/// <param name="Shrinkage">Share of the raw estimate that was taken away, in (0, 1).</param>
public sealed record ShrunkenEffect(double Estimate, double Low, double High, double StandardDeviation, double Shrinkage);

/// <summary>The effect that won the race is probably larger than the truth: by how much?</summary>
/// <remarks>
/// Sources: Gelman and Carlin 2014, Perspectives on Psychological Science 9 (here in closed form by the truncated normal);
/// Lee and Shen 2018, KDD (winner's curse in online experiments).
/// </remarks>
public static class WinnersCurse
{
    /// <param name="trueEffect">Assumed true effect, not zero.</param>
    /// <param name="standardError">Standard error of the estimate, positive.</param>
    /// <param name="alpha">Two-sided size of the test that selected it.</param>
    public static SelectionResult Selection(double trueEffect, double standardError, double alpha = 0.05)
    {
        SequentialArguments.Alpha(alpha);
        Error(standardError);
        if (trueEffect == 0 || !double.IsFinite(trueEffect))
            throw new ArgumentOutOfRangeException(nameof(trueEffect), trueEffect, "The exaggeration of a zero effect is not defined.");
        var z = Normal.UpperQuantile(alpha / 2);
        var signal = Math.Abs(trueEffect) / standardError;
        var right = Normal.Sf(z - signal);
        var wrong = Normal.Cdf(-z - signal);
        // Mean of |Z| over both tails, Z ~ N(signal, 1).
        var size = signal * (right - wrong) + Normal.Pdf(z - signal) + Normal.Pdf(z + signal);
        var power = right + wrong;
        return new(power, size / power / signal, wrong / power);
    }

    /// <summary>Posterior of the effect under a zero-mean normal prior.</summary>
    /// <param name="priorSd">Standard deviation of true effects of this kind, positive, for example learned from past experiments.</param>
    /// <param name="estimate">Current estimate.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static ShrunkenEffect Shrink(double estimate, double standardError, double priorSd, double level = 0.95)
    {
        InferenceGuard.Level(level);
        Error(standardError);
        if (!(priorSd > 0) || !double.IsFinite(priorSd))
            throw new ArgumentOutOfRangeException(nameof(priorSd), priorSd, "The prior's standard deviation must be positive.");
        var ratio = standardError / priorSd;
        var keep = 1 / (1 + ratio * ratio);
        var mean = keep * estimate;
        var sd = standardError * Math.Sqrt(keep);
        var half = Normal.UpperQuantile((1 - level) / 2) * sd;
        return new(mean, mean - half, mean + half, sd, 1 - keep);
    }

    static void Error(double standardError)
    {
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "The standard error must be positive.");
    }
}
