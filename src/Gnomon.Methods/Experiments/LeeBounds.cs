using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>Bounds of a difference when one arm lost units, with an interval for the effect between them.</summary>
/// <param name="Low">Estimated lower bound of the difference, treatment minus control, in the metric's unit.</param>
/// <param name="High">Estimated upper bound.</param>
/// <param name="LowError">Standard error of the lower bound.</param>
/// <param name="HighError">Standard error of the upper bound.</param>
/// <param name="Interval">Interval that holds the effect itself, wherever it lies between the bounds, with the level.</param>
/// <param name="MissingShare">Share of the smaller arm's planned units that are missing, the other arm taken as complete; in [0, 1).</param>
/// <param name="TreatmentIsFuller">True when units of the control arm are missing.</param>
/// <param name="Level">Confidence level.</param>
public sealed record LeeBoundsResult(
    double Low, double High, double LowError, double HighError, Numerics.Interval Interval, double MissingShare, bool TreatmentIsFuller, double Level);

/// <summary>Trimming bounds of an effect whose arms do not have their planned sizes.</summary>
/// <remarks>
/// Source: Lee 2009, Review of Economic Studies 76, for the bounds and their variance (proposition 3); Imbens and Manski 2004, Econometrica 72, for the interval of the effect. The units
/// lost from the smaller arm have a counterpart in the fuller one; cutting their share from its top, then from its bottom, bounds the effect among units that stay in either arm.
/// How many units were assigned to each arm is unknown, so the share is estimated from the sizes alone: with q the missing share, n and m the two sizes, Var(q) = (1 - q)^2 (1/n + 1/m),
/// which is Lee's variance where few of the assigned are seen. It does not hold when both arms lose different units. Estimated bounds never cross, as the interval asks (Stoye 2009).
/// Agrees with numpy to 1e-10, and its errors with a bootstrap (tests/reference/experiments/lee-interval.json).
/// </remarks>
public static class LeeBounds
{
    /// <summary>Bounds of a difference of means.</summary>
    /// <param name="treatment">Metric of the treatment arm's units, ascending, at least 2.</param>
    /// <param name="control">Metric of the control arm's units, ascending, at least 2.</param>
    /// <param name="treatmentUnits">Units seen in the treatment arm, those without a value included.</param>
    /// <param name="controlUnits">Units seen in the control arm, those without a value included.</param>
    /// <param name="treatmentShare">Planned share of the treatment arm, positive.</param>
    /// <param name="controlShare">Planned share of the control arm, positive.</param>
    /// <param name="level">Confidence level of the interval.</param>
    /// <exception cref="TooFewRowsException">An arm, or what trimming leaves of it, has fewer than 2 values.</exception>
    public static LeeBoundsResult Means(
        ReadOnlySpan<double> treatment, ReadOnlySpan<double> control, long treatmentUnits, long controlUnits, double treatmentShare, double controlShare, double level = 0.95)
    {
        var split = Split.Of(treatmentUnits, controlUnits, treatmentShare, controlShare, level);
        Require(treatment.Length, "The treatment arm");
        Require(control.Length, "The control arm");
        var fuller = split.TreatmentIsFuller ? treatment : control;
        var smaller = split.TreatmentIsFuller ? control : treatment;
        Require((long)(fuller.Length * (1 - split.Missing)), "What trimming leaves of the fuller arm");
        var whole = Kept(smaller, 1, fromBottom: true);
        return split.Result(Kept(fuller, 1 - split.Missing, fromBottom: true), Kept(fuller, 1 - split.Missing, fromBottom: false), fuller.Length, whole.Mean, whole.Variance / (smaller.Length - 1), level);
    }

    /// <summary>Bounds of a difference of two shares.</summary>
    /// <param name="treatmentEvents">Events of the treatment arm.</param>
    /// <param name="treatmentValues">Its units with a value, at least 2.</param>
    /// <param name="controlEvents">Events of the control arm.</param>
    /// <param name="controlValues">Its units with a value, at least 2.</param>
    /// <param name="treatmentUnits">Units seen in the treatment arm, those without a value included.</param>
    /// <param name="controlUnits">Units seen in the control arm, those without a value included.</param>
    /// <param name="treatmentShare">Planned share of the treatment arm, positive.</param>
    /// <param name="controlShare">Planned share of the control arm, positive.</param>
    /// <param name="level">Confidence level of the interval.</param>
    public static LeeBoundsResult Proportions(
        long treatmentEvents, long treatmentValues, long controlEvents, long controlValues, long treatmentUnits, long controlUnits, double treatmentShare, double controlShare, double level = 0.95)
    {
        var split = Split.Of(treatmentUnits, controlUnits, treatmentShare, controlShare, level);
        Require(treatmentValues, "The treatment arm");
        Require(controlValues, "The control arm");
        InferenceGuard.Successes(treatmentEvents, treatmentValues, "The treatment arm");
        InferenceGuard.Successes(controlEvents, controlValues, "The control arm");
        var (events, n, others, m) = split.TreatmentIsFuller ? (treatmentEvents, treatmentValues, controlEvents, controlValues) : (controlEvents, controlValues, treatmentEvents, treatmentValues);
        var (share, other, keep) = ((double)events / n, (double)others / m, 1 - split.Missing);
        Require((long)(n * keep), "What trimming leaves of the fuller arm");
        var least = 1 - share >= keep ? new Trimmed(0, 0, 0) : Of(1 - (1 - share) / keep, 1);
        var most = share >= keep ? new Trimmed(1, 0, 1) : Of(share / keep, 0);
        return split.Result(least, most, n, other, other * (1 - other) / (m - 1), level);

        static Trimmed Of(double mean, double edge) => new(mean, mean * (1 - mean), edge);
    }

    static void Require(long rows, string what)
    {
        if (rows < 2)
            throw new TooFewRowsException(what, rows, 2);
    }

    // The unit on the edge of the kept share counts in part, so that the bounds are continuous in the share.
    static Trimmed Kept(ReadOnlySpan<double> sorted, double keep, bool fromBottom)
    {
        var size = keep * sorted.Length;
        var whole = Math.Min(sorted.Length, (int)size);
        var part = whole < sorted.Length ? size - whole : 0;
        var kept = fromBottom ? sorted[..whole] : sorted[(sorted.Length - whole)..];
        var edge = whole == sorted.Length ? sorted[fromBottom ? ^1 : 0] : sorted[fromBottom ? whole : sorted.Length - 1 - whole];
        var moments = Numerics.Moments.Of(kept);
        var mean = moments.Mean + part / size * (edge - moments.Mean);
        var squares = moments.M2 + whole * (moments.Mean - mean) * (moments.Mean - mean) + part * (edge - mean) * (edge - mean);
        return new(mean, squares / size, edge);
    }

    /// <param name="Mean">Mean of what is kept.</param>
    /// <param name="Variance">Its variance, divided by the number.</param>
    /// <param name="Edge">The value at which it is cut.</param>
    readonly record struct Trimmed(double Mean, double Variance, double Edge);

    readonly record struct Split(double Missing, bool TreatmentIsFuller, double SizeVariance)
    {
        public static Split Of(long treatment, long control, double treatmentShare, double controlShare, double level)
        {
            InferenceGuard.Level(level);
            if (!(treatmentShare > 0) || !(controlShare > 0))
                throw new ArgumentOutOfRangeException(nameof(treatmentShare), treatmentShare, "Both planned shares must be positive.");
            if (treatment < 1 || control < 1)
                throw new TooFewRowsException("The emptier arm", Math.Min(treatment, control), 1);
            var ratio = treatment / treatmentShare / (control / controlShare);
            return new(1 - Math.Min(ratio, 1 / ratio), ratio >= 1, 1.0 / treatment + 1.0 / control);
        }

        public LeeBoundsResult Result(Trimmed least, Trimmed most, long n, double other, double otherVariance, double level)
        {
            var (leastError, mostError) = (Math.Sqrt(Variance(least, n) + otherVariance), Math.Sqrt(Variance(most, n) + otherVariance));
            var (low, high, lowError, highError) = TreatmentIsFuller
                ? (least.Mean - other, most.Mean - other, leastError, mostError)
                : (other - most.Mean, other - least.Mean, mostError, leastError);
            var c = ImbensManski(high - low, Math.Max(lowError, highError), level);
            return new(low, high, lowError, highError, new(low - c * lowError, high + c * highError), Missing, TreatmentIsFuller, level);
        }

        // Lee's three terms: the spread of what is kept, the place of the cut, and the share that is cut.
        double Variance(Trimmed kept, long n)
        {
            var reach = (kept.Edge - kept.Mean) * (kept.Edge - kept.Mean);
            return (kept.Variance + Missing * reach) / (n * (1 - Missing)) + reach * SizeVariance;
        }
    }

    // Between the one-sided and the two-sided multiplier: the effect cannot be near both bounds when they are far apart.
    static double ImbensManski(double width, double error, double level)
    {
        if (!(error > 0))
            return 0;
        var (low, high) = (Normal.UpperQuantile(1 - level), Normal.UpperQuantile((1 - level) / 2));
        double Off(double c) => Normal.Cdf(c + width / error) - Normal.Cdf(-c) - level;
        return Off(low) >= 0 ? low : Off(high) <= 0 ? high : Brent.Root(Off, low, high).X;
    }
}
