using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>Reading without a planned end: intervals that hold at every look, and evidence of harm that may stop at any.</summary>
internal static class OpenEnded
{
    // The size that a sequence is tuned for must not follow the data; a plan may name another.
    public const double UsualUnits = 10_000;

    // Of whole clusters, or blocks of time, an experiment seldom has more than some hundreds.
    public const double UsualClusters = 100;

    // Below so many events or units in an arm the normal approximation is not trusted, and the exact sequence decides. The error is shared between the two, a fifth to the exact one.
    private const double Enough = 100;
    private const double ExactShare = 0.2;

    // Beyond it a tail has no quantile that a double can hold.
    private const double SmallestTail = 1e-300;

    // Fewer events or units than this leave even an e-value of harm to the approximation.
    private const double FewestForHarm = 20;

    /// <summary>What was assigned is a cluster or a block of time: sizes are counted in those.</summary>
    public static bool IsByCluster(AbInput input) => input.Designed is Touching.ClusterSet or Touching.SwitchbackSet;

    /// <summary>The size at which intervals are narrowest: that of a plan made before the first look, else a usual one. It never follows the data.</summary>
    public static double Tuned(LookHistory looks, AbInput input, int looksBeforePlan) =>
        looks.PlannedUnits is > 0 and var planned && looksBeforePlan == 0 ? planned : IsByCluster(input) ? UsualClusters : UsualUnits;

    /// <summary>Primaries with sequences in place of fixed intervals, what earlier looks left of them kept, and the family corrected anew.</summary>
    public static IReadOnlyList<Comparison> Correct(IReadOnlyList<Comparison> comparisons, LookHistory looks, AbDesign design, double tuned, IReadOnlyList<PastLook> past, BoundedMetrics? bounded = null) =>
        Comparer.WithFamily([.. comparisons.Select(c => c.Spec.Role == MetricRole.Primary ? c with { Sequence = RunningSequence.Of(c, bounded?.Answer(c, design.Level) ?? Answer(c, looks, design, tuned), past) } : c)]);

    /// <summary>e-value of any harm; null where the spread is not known or there is too little to judge it by.</summary>
    public static double? Harm(Comparison c, ContrastResult effect, LookHistory looks, AbDesign design, double tuned) =>
        effect.StandardError > 0 && Smallest(c) >= FewestForHarm
            ? HarmProcess.At(c.Spec.Sign * InErrors(effect with { StandardError = effect.StandardError * Wider(c) }, Degrees(c)) * effect.StandardError, effect.StandardError, looks.Units > 0 ? looks.Units : c.N, tuned, 0, 1 - design.Alpha / 2).EValue
            : null;

    /// <summary>How many times the units of a single reading the sequence needs for the same interval, at the size it is tuned for.</summary>
    public static double Price(AbDesign design)
    {
        var sequence = AlwaysValid.Interval(0, 1, UsualUnits, UsualUnits, design.Level);
        var once = Normal.UpperQuantile(design.Alpha / 2);
        return sequence.High * sequence.High / (once * once);
    }

    /// <summary>Whether a comparison is still small enough for the exact sequence.</summary>
    public static bool IsExact(Comparison c) => c is { Metric: { Binary: true, IsRatio: false }, Adjusted: null } && Smallest(c) < Enough;

    /// <summary>The sequence at one look.</summary>
    /// <remarks>An error from few clusters is itself uncertain: t is read as the z with the same tail, so that the normal boundary is widened as Student's t widens an interval.</remarks>
    /// <param name="plain">The difference with its standard error, positive.</param>
    /// <param name="degrees">Degrees of freedom of that error where it comes from clusters; null for a normal one.</param>
    /// <param name="n">Units or clusters so far.</param>
    /// <param name="tuned">Size at which it is narrowest.</param>
    /// <param name="level">Confidence level.</param>
    internal static AlwaysValidResult Interval(ContrastResult plain, double? degrees, double n, double tuned, double level)
    {
        var error = plain.StandardError;
        var result = AlwaysValid.Interval(InErrors(plain, degrees) * error, error, n, tuned, level);
        var half = (result.High - result.Estimate) / error;
        half = error * (degrees is { } d ? StudentT.UpperQuantile(Math.Max(Normal.Sf(half), SmallestTail), d) : half);
        return result with { Estimate = plain.Value, Low = plain.Value - half, High = plain.Value + half };
    }

    private static double InErrors(ContrastResult effect, double? degrees)
    {
        var t = effect.Value / effect.StandardError;
        return degrees is { } d ? Math.Sign(t) * Normal.UpperQuantile(Math.Max(StudentT.Sf(Math.Abs(t), d), SmallestTail)) : t;
    }

    private static double? Degrees(Comparison c) => c.Designed switch
    {
        Touching.SwitchbackContrast switchback => switchback.Result.Stretches.Degrees,
        Touching.ClusterContrast => c.Fixed.DegreesOfFreedom,
        _ => null,
    };

    // A sequence looks further out than designs drawn again can tell, so it takes the error that holds by itself.
    private static double Wider(Comparison c) => c.Designed is Touching.SwitchbackContrast { Result: var result } && c.Fixed.StandardError > 0 ? result.Stretches.StandardError / result.Hajek.StandardError : 1;

    private static LookAnswer? Answer(Comparison c, LookHistory looks, AbDesign design, double tuned)
    {
        var level = design.Level;
        if (IsExact(c))
        {
            var exact = BetaBinomialSequence.Difference(Ones(c.Treatment), c.Treatment.N, Ones(c.Baseline), c.Baseline.N, 1 - ExactShare * design.Alpha);
            return new LookAnswer(
                c.Fixed with { Low = exact.Low, High = exact.High, PValue = Math.Min(1, exact.PValue / ExactShare), Method = "beta-binomial confidence sequence, two proportions" }, null);
        }

        if (!(c.Fixed.StandardError > 0))
        {
            return null;
        }

        var share = c.Metric.Binary ? 1 - ExactShare : 1;
        return new LookAnswer(Sequence(c.Fixed), c.FixedLift.Contrast is { } lift ? Sequence(lift) : null);

        ContrastResult Sequence(ContrastResult plain)
        {
            var result = Interval(plain with { StandardError = plain.StandardError * Wider(c) }, Degrees(c), looks.Units > 0 ? looks.Units : c.N, tuned, 1 - share * (1 - level));
            return plain with { Low = result.Low, High = result.High, PValue = Math.Min(1, result.PValue / share), Method = $"{PastResult.Anytime}, {plain.Method}" };
        }
    }

    private static double Smallest(Comparison c) => c.Metric.Binary
        ? new[] { Ones(c.Treatment), c.Treatment.N - Ones(c.Treatment), Ones(c.Baseline), c.Baseline.N - Ones(c.Baseline) }.Min()
        : Math.Min(c.Treatment.N, c.Baseline.N);

    private static long Ones(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);
}
