using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>One metric in one treatment arm against control.</summary>
internal sealed record Comparison
{
    public required MetricInput Metric { get; init; }

    public required string Arm { get; init; }

    public required string Control { get; init; }

    public required ArmMetric Treatment { get; init; }

    public required ArmMetric Baseline { get; init; }

    /// <summary>Treatment minus control without adjustment.</summary>
    public required ContrastResult Raw { get; init; }

    /// <summary>The same adjusted for what was known before; null without <c>--pre</c>, <c>--predict</c> or <c>--post-stratify</c>.</summary>
    public LinAdjustmentResult? Adjusted { get; init; }

    /// <summary>What <see cref="Adjusted"/> is adjusted for, in words.</summary>
    public Metrics.AdjustmentWords AdjustedBy { get; init; } = Metrics.AdjustmentWords.PrePeriod;

    public required LiftResult Lift { get; init; }

    /// <summary>p adjusted over the family the comparison belongs to.</summary>
    public double FamilyP { get; init; } = 1;

    /// <summary>Clustered or not, by rows: what an analysis of rows would have printed; null when units do not repeat.</summary>
    public ContrastResult? ByRows { get; init; }

    /// <summary>The comparison by the design that assigned the arms; null where units are taken as independent.</summary>
    public Touching.DesignedContrast? Designed { get; init; }

    public MetricSpec Spec => Metric.Spec;

    /// <summary>Difference and lift with an interval and a p-value that hold at every look; null unless the experiment has no planned end.</summary>
    public LookAnswer? Sequence { get; init; }

    /// <summary>Difference and lift as they may be reported at this look of a plan; null without a stopping rule. The test itself is held against the rule's bound.</summary>
    public LookAnswer? Corrected { get; init; }

    /// <summary>The earlier look that ended the test of it under a plan's stopping rule; null where none did. That look is the answer.</summary>
    public PathStop? Stopped { get; init; }

    /// <summary>The difference as a test that is read once has it.</summary>
    public ContrastResult Fixed => Adjusted?.Difference ?? Raw;

    public LiftResult FixedLift => Adjusted?.Lift ?? Lift;

    /// <summary>The difference that decides.</summary>
    public ContrastResult Effect => Stopped?.Read.Once ?? Sequence?.Difference ?? Fixed;

    /// <summary>The difference that is reported.</summary>
    public ContrastResult Shown => Corrected?.Difference ?? Effect;

    public LiftResult EffectLift => (Corrected ?? Sequence) is { } answer && FixedLift.IsIdentified ? FixedLift with { Contrast = answer.Lift } : FixedLift;

    public string Contrast => $"{Arm} - {Control}";

    public string LiftContrast => $"{Arm} / {Control} - 1";

    public long N => Treatment.N + Baseline.N;

    /// <summary>Positive when the treatment did better.</summary>
    public double Benefit => Spec.Sign * Effect.Value;

    /// <summary>The effect in standard normal units, from the p-value of a single reading: the same scale whatever the test.</summary>
    public double Z => Math.Sign(Fixed.Value) * Normal.UpperQuantile(Math.Max(Fixed.PValue, 1e-300) / 2);
}

/// <summary>A comparison with its looks taken into account.</summary>
internal sealed record LookAnswer(ContrastResult Difference, ContrastResult? Lift)
{
    /// <summary>What this look alone allows, where an earlier one narrowed it; else null.</summary>
    public ContrastResult? Alone { get; init; }

    /// <summary>The earlier look with the smallest p-value, where it is smaller than the one of this look; else null.</summary>
    public int? Look { get; init; }

    /// <summary>No effect lies within the intervals of all looks.</summary>
    public bool IsEmpty { get; init; }
}

/// <summary>A comparison that could not be made, and why.</summary>
internal sealed record Refusal(string Metric, string Arm, string Why);

/// <summary>Picks and runs the test of each metric: proportions by score or exact test, means by Welch, ratios by the delta method, all adjusted when they can be.</summary>
internal static class Comparer
{
    public static (IReadOnlyList<Comparison> Made, IReadOnlyList<Refusal> Refused) Compare(AbInput input, AbDesign design)
    {
        var made = new List<Comparison>();
        var refused = new List<Refusal>();
        foreach (var metric in input.Metrics)
        {
            for (var arm = 1; arm < input.Arms.Count; arm++)
            {
                try
                {
                    made.Add(One(input, metric, arm, design));
                }
                catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
                {
                    refused.Add(new Refusal(metric.Spec.Name, input.Arms[arm], Sentence(e.Message)));
                }
            }
        }

        return (WithFamily(made, input.Correlation), refused);
    }

    private static Comparison One(AbInput input, MetricInput metric, int arm, AbDesign design)
    {
        var treatment = metric.Arms[arm];
        var control = metric.Arms[0];
        if ((treatment.Refused ?? control.Refused) is { } why)
        {
            throw new NotEstimableException(why);
        }

        RequireUnits(treatment.Values, metric, input.Arms[arm]);
        RequireUnits(control.Values, metric, input.Arms[0]);
        var raw = metric.Binary ? Proportions(treatment.Values, control.Values, design.Level) : Means(treatment.Values, control.Values, metric, design.Level);
        var own = metric.Own?.GetValueOrDefault(arm);
        var designed = metric.Spec.Derived is not null && !metric.ByDesign ? null : input.Designed?.Contrast(metric.Spec.Name, arm, design.Level, (ulong)design.Options.Seed);
        return new Comparison
        {
            Metric = metric,
            Arm = input.Arms[arm],
            Control = input.Arms[0],
            Treatment = treatment,
            Baseline = control,
            Raw = own?.Difference ?? (metric is { ByDesign: true, Method: { } how } && designed is not null ? designed.Effect with { Method = $"{how}; {designed.Effect.Method}" } : designed?.Effect) ?? raw,
            Designed = designed,
            Adjusted = designed is not null ? null : input.Adjustments is { } made ? made.Of(metric.Spec.Name, arm) : Adjust(metric, treatment, control, design),
            AdjustedBy = input.Adjustments?.Words ?? Metrics.AdjustmentWords.PrePeriod,
            Lift = metric.Spec.IsIndex ? new LiftResult(null, null, "the zero of a composite means nothing") : own?.Lift ?? designed?.Lift ?? RelativeLiftOf(treatment.Values, control.Values, design.Level),
            ByRows = designed is null && treatment.RowValues is { } t && control.RowValues is { } c ? WelchT.TryTest(t, c, design.Level) : null,
        };
    }

    private static ContrastResult Proportions(Moments treatment, Moments control, double level) =>
        TwoProportions.Compare(Ones(treatment), treatment.Count, Ones(control), control.Count, level);

    private static ContrastResult Means(Moments treatment, Moments control, MetricInput metric, double level)
    {
        var test = WelchT.Test(treatment, control, level);
        return metric.Method is { } method ? test with { Method = method } : metric.IsRatio ? test with { Method = "ratio of totals, delta method" } : test;
    }

    private static LinAdjustmentResult? Adjust(MetricInput metric, ArmMetric treatment, ArmMetric control, AbDesign design)
    {
        if (design.Options.Pre.Count == 0 || treatment.Joint is null || control.Joint is null)
        {
            return null;
        }

        try
        {
            return metric.IsRatio
                ? RatioAdjusted.Compare(treatment.Joint, control.Joint, design.Level)
                : LinAdjustment.Compare(treatment.Joint, control.Joint, design.Level);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static LiftResult RelativeLiftOf(Moments treatment, Moments control, double level)
    {
        if (control.Mean == 0)
        {
            return new LiftResult(null, null, "the control value is 0");
        }

        try
        {
            return RelativeLift.Compare(MeanEstimate.Of(treatment), MeanEstimate.Of(control), 0, level);
        }
        catch (NotEstimableException e)
        {
            // The difference stands without it: two shares of 1 still have an exact interval.
            return new LiftResult(null, null, Sentence(char.ToLowerInvariant(e.Message[0]) + e.Message[1..]));
        }
    }

    /// <summary>Holm over the primaries (metrics times arms), and over the secondaries by Benjamini-Hochberg; guardrails keep their own p.</summary>
    public static IReadOnlyList<Comparison> WithFamily(List<Comparison> made, Metrics.FamilyCorrelation? correlation = null)
    {
        var result = made.ToArray();
        foreach (var role in new[] { MetricRole.Primary, MetricRole.Secondary, MetricRole.Guardrail })
        {
            var members = Enumerable.Range(0, made.Count).Where(i => made[i].Spec.Role == role).ToList();
            double[] p = [.. members.Select(i => made[i].Effect.PValue)];
            var adjusted = role switch
            {
                MetricRole.Primary => correlation?.Adjust([.. members.Select(i => made[i])]) ?? Multiplicity.Holm(p),
                MetricRole.Secondary => Multiplicity.BenjaminiHochberg(p),
                _ => p,
            };
            foreach (var (i, family) in members.Zip(adjusted))
            {
                result[i] = made[i] with { FamilyP = family };
            }
        }

        return result;
    }

    private static void RequireUnits(Moments values, MetricInput metric, string arm)
    {
        if (values.Count == 0)
        {
            throw new NotEstimableException($"arm {arm} has no unit with a value of {metric.Spec.Name}");
        }

        if (values.Count < 2 && !metric.Binary)
        {
            throw new NotEstimableException($"arm {arm} has 1 unit with a value of {metric.Spec.Name}; the test needs 2");
        }
    }

    private static long Ones(Moments values) => (long)Math.Round(values.Mean * values.Count);

    private static string Sentence(string text) => text.TrimEnd('.');
}
