using System.Runtime.InteropServices;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics;

namespace Gnomon.Methods.Experiments;

/// <summary>Which way a metric should move.</summary>
public enum DesiredDirection
{
    /// <summary>Larger values are better.</summary>
    Higher,

    /// <summary>Smaller values are better.</summary>
    Lower,
}

/// <summary>A guardrail's answer: is there harm, and is harm beyond the margin ruled out?</summary>
/// <param name="Difference">Treatment minus control, in the metric's unit.</param>
/// <param name="Bound">The one-sided confidence bound on the bad side of <paramref name="Difference"/>: at this level the truth is no worse.</param>
/// <param name="HarmPValue">One-sided p-value of "not worse": small means that the treatment is worse.</param>
/// <param name="NonInferiorPValue">One-sided p-value of "worse by the margin or more": small means that such harm is ruled out.</param>
/// <param name="MarginStatistic">Distance from the margin in standard errors; positive on the good side.</param>
/// <param name="MarginDegreesOfFreedom">Satterthwaite degrees of freedom of that distance.</param>
/// <param name="Level">One-sided confidence level of <paramref name="Bound"/>.</param>
/// <param name="Method">Which contrast was tested.</param>
public sealed record GuardrailResult(
    double Difference, double Bound, double HarmPValue, double NonInferiorPValue, double MarginStatistic, double MarginDegreesOfFreedom, double Level, string Method);

/// <summary>Guardrail metrics: one-sided tests for harm, and non-inferiority with a margin.</summary>
/// <remarks>
/// Welch standard errors throughout. A relative margin m is tested on the linear contrast treatment - (1 -+ m) control (Fieller 1954):
/// no ratio is formed, so the size holds for any baseline above zero. Source: Schultzberg, Ankargren and Franberg 2024; Wellek 2010.
/// </remarks>
public static class GuardrailTest
{
    /// <summary>Margin in the metric's own unit.</summary>
    /// <param name="margin">Tolerated worsening, not negative.</param>
    /// <param name="level">One-sided confidence level.</param>
    /// <param name="treatment">Moments of the treatment arm, at least 2 units.</param>
    /// <param name="control">Moments of the control arm, at least 2 units.</param>
    /// <param name="better">Which direction is an improvement.</param>
    public static GuardrailResult Absolute(Moments treatment, Moments control, double margin, DesiredDirection better, double level = 0.95) =>
        Test(treatment, control, 1, margin, margin, better, level, "Welch, absolute margin");

    /// <summary>Margin as a share of the control mean, which must be positive.</summary>
    /// <param name="margin">Tolerated relative worsening: in [0, 1) for a fall, at least 0 for a rise.</param>
    /// <param name="treatment">Moments of the treatment arm, at least 2 units.</param>
    /// <param name="control">Moments of the control arm, at least 2 units.</param>
    /// <param name="better">Which direction is an improvement.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static GuardrailResult Relative(Moments treatment, Moments control, double margin, DesiredDirection better, double level = 0.95)
    {
        if (better == DesiredDirection.Higher && !(margin < 1))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A relative margin for a fall must be below 1.");
        if (!(control.Mean > 0))
            throw new ArgumentException($"A relative margin needs a positive control mean; it is {control.Mean}.", nameof(control));
        var scale = better == DesiredDirection.Higher ? 1 - margin : 1 + margin;
        return Test(treatment, control, scale, 0, margin, better, level, "Welch on the Fieller contrast, relative margin");
    }

    static GuardrailResult Test(Moments treatment, Moments control, double scale, double offset, double margin, DesiredDirection better, double level, string method)
    {
        InferenceGuard.Level(level);
        if (!(margin >= 0))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin is a tolerated worsening and must not be negative.");
        if (treatment.Count < 2 || control.Count < 2)
            throw new TooFewRowsException("The smaller arm", Math.Min(treatment.Count, control.Count), 2);
        var good = better == DesiredDirection.Higher ? 1 : -1;
        var plain = Contrast.Of(treatment, control, 1);
        var shifted = Contrast.Of(treatment, control, scale);
        var t = (good * shifted.Value + offset) / shifted.StandardError;
        var bound = plain.Value - good * StudentT.UpperQuantile(1 - level, plain.DegreesOfFreedom) * plain.StandardError;
        var harm = StudentT.Cdf(good * plain.Value / plain.StandardError, plain.DegreesOfFreedom);
        return new(plain.Value, bound, harm, StudentT.Sf(t, shifted.DegreesOfFreedom), t, shifted.DegreesOfFreedom, level, method);
    }

    /// <summary>treatment - scale * control with Satterthwaite's degrees of freedom.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Contrast(double Value, double StandardError, double DegreesOfFreedom)
    {
        public static Contrast Of(Moments treatment, Moments control, double scale)
        {
            var a = treatment.Variance / treatment.Count;
            var b = scale * scale * control.Variance / control.Count;
            if (!(a + b > 0))
                throw new NotEstimableException("Neither arm varies, so the difference has no standard error.");
            var df = (a + b) * (a + b) / (a * a / (treatment.Count - 1) + b * b / (control.Count - 1));
            return new(treatment.Mean - scale * control.Mean, Math.Sqrt(a + b), df);
        }
    }
}
