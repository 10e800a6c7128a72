using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>
/// When the split is off: between which bounds the effect would lie if the missing units of one arm have a counterpart in the other. Told beside the answer, and held against it: a difference
/// that the loss alone could have made is not an effect.
/// </summary>
internal sealed class AbSplitBounds
{
    private const double Suspicious = 0.001;
    private const double EValueThreshold = 100;

    // Trimming needs the values themselves, sorted.
    private const long MostUnits = 5_000_000;
    private const int MostTold = 3;
    private readonly IReadOnlyList<SplitBound> _bounds;
    private readonly double _level;

    private AbSplitBounds(IReadOnlyList<SplitBound> bounds, double level) => (_bounds, _level) = (bounds, level);

    public AbPart Part => _bounds.Count == 0 ? new() : new() { Tables = [Table()], Limitations = [.. Sentences()] };

    public static AbSplitBounds Read(AbDesign design, AbInput input, AbFacts facts, AbReader? reader)
    {
        if (input.Designed is not null)
        {
            return new([], design.Level);
        }

        var (arms, shares, _) = design.Shares(input.Arms);
        double Share(string arm) => shares[arms.ToList().IndexOf(arm)];
        return new(
            [.. facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary && IsOff(c, input, Share)).Select(c => Bounds(c, input, reader, Share, design.Level)).OfType<SplitBound>()], design.Level);
    }

    /// <summary>Whether the units that one arm lost could have made the whole difference.</summary>
    public bool CouldExplain(Comparison c) => Of(c) is { } b && b.Interval.Low <= 0 && b.Interval.High >= 0;

    /// <summary><c>with 0.2 % of A missing, the effect on y is anything from -0.08 to +0.12 pp</c>.</summary>
    public string Allowed(Comparison c) => Of(c) is not { } b ? string.Empty
        : $"with {Figures.Percent(b.MissingShare)} of {b.Smaller} missing, the effect is anything from {Figures.Range(b.Interval.Low, b.Interval.High, c.Metric.Unit)}";

    private SplitBound? Of(Comparison c) => _bounds.FirstOrDefault(b => b.Comparison.Spec.Name == c.Spec.Name && b.Comparison.Contrast == c.Contrast);

    private static bool IsOff(Comparison c, AbInput input, Func<string, double> share)
    {
        var (treatment, control) = (share(c.Arm), share(c.Control));
        long[] observed = [Units(input, c.Control), Units(input, c.Arm)];

        // Groups of different sizes leave unequal numbers of units by themselves.
        if (input.Drawn is not null)
        {
            return false;
        }

        if (!(treatment > 0) || !(control > 0) || observed.Min() < 1)
        {
            return false;
        }

        return IsOff(observed, [control / (control + treatment), treatment / (control + treatment)]);
    }

    /// <summary>Whether units beyond chance are missing, read once or at any look.</summary>
    public static bool IsOff(long[] observed, double[] planned) =>
        planned.Count(s => s > 0) >= 2 && observed.Where((_, i) => planned[i] > 0).Sum() > 0
        && (SampleRatio.ChiSquare(observed, planned).PValue < Suspicious || SampleRatio.EProcess(observed, planned).EValue > EValueThreshold);

    private static SplitBound? Bounds(Comparison c, AbInput input, AbReader? reader, Func<string, double> share, double level) =>
        Trimmed(c, input, reader, share, level) is { } lee ? new SplitBound(c, lee.Low, lee.High, lee.Interval, lee.MissingShare, lee.TreatmentIsFuller, "values trimmed (Lee)")
        : c.Raw.StandardError > 0 ? FromSpread(c, input, share, level) : null;

    // Without the values: dropping a share q moves a mean by no more than its standard deviation times sqrt(q / (1 - q)); what is no mean is taken by its linear approximation, from its error.
    private static SplitBound FromSpread(Comparison c, AbInput input, Func<string, double> share, double level)
    {
        var (treatment, control) = (c.Treatment.Values, c.Baseline.Values);
        var (n, m) = (Units(input, c.Arm), Units(input, c.Control));
        if (c.Spec.Derived is not null || c.Metric.Own is not null)
        {
            var spread = c.Raw.StandardError * c.Raw.StandardError / (1.0 / n + 1.0 / m);
            (treatment, control) = (new Numerics.Moments(n, c.Raw.Value, spread * n), new Numerics.Moments(m, 0, spread * m));
        }

        var bound = SrmSeverity.MomentBounds([n, m], [share(c.Arm), share(c.Control)], treatment, control);
        var reach = Numerics.Distributions.Normal.UpperQuantile((1 - level) / 2) * c.Raw.StandardError;
        return new SplitBound(c, bound.Low, bound.High, new Numerics.Interval(bound.Low - reach, bound.High + reach), bound.MissingShare, bound.FullerArm == 0, "mean and spread alone");
    }

    private static LeeBoundsResult? Trimmed(Comparison c, AbInput input, AbReader? reader, Func<string, double> share, double level)
    {
        var (treatmentUnits, controlUnits) = (Units(input, c.Arm), Units(input, c.Control));
        if (c.Spec.Derived is not null || c.Metric.IsRatio || c.Metric.Own is not null)
        {
            return null;
        }

        try
        {
            if (c.Metric.Binary)
            {
                return LeeBounds.Proportions(Ones(c.Treatment), c.Treatment.N, Ones(c.Baseline), c.Baseline.N, treatmentUnits, controlUnits, share(c.Arm), share(c.Control), level);
            }

            if (reader is null || input.Repeated || c.Spec.Kind != MetricKind.Value || c.N > MostUnits)
            {
                return null;
            }

            var values = reader.Values(c.Spec, [c.Control, c.Arm]);
            Array.Sort(values[0]);
            Array.Sort(values[1]);
            return LeeBounds.Means(values[1], values[0], treatmentUnits, controlUnits, share(c.Arm), share(c.Control), level);
        }
        catch (TooFewRowsException)
        {
            return null;
        }
    }

    private ResultTable Table() => new(
        "split-bounds", $"Worst case: the effect if the arms differ by lost units alone (bounds of Lee; the {Figures.Confidence(_level)} interval is for the effect between them)",
        ["metric", "contrast", "units missing from", "share missing", "lower bound", "upper bound", "interval from", "interval to", "bounds from"],
        [.. _bounds.Select(b => (IReadOnlyList<object?>)[b.Comparison.Spec.Name, b.Comparison.Contrast, b.Smaller, b.MissingShare, b.Low, b.High, b.Interval.Low, b.Interval.High, b.Method])]);

    private IEnumerable<string> Sentences()
    {
        foreach (var b in _bounds.Take(MostTold))
        {
            var c = b.Comparison;
            yield return $"Worst case, not a result: if {Figures.Percent(b.MissingShare)} of {b.Smaller} was lost and every lost unit has its like in {(b.TreatmentIsFuller ? c.Arm : c.Control)}, the effect of {c.Arm} on {c.Spec.Name} among units seen in either arm "
                + $"is anything from {Figures.Range(b.Low, b.High, c.Metric.Unit)} ({Figures.Confidence(_level)} interval {Figures.Range(b.Interval.Low, b.Interval.High, c.Metric.Unit)}). "
                + $"{(CouldExplain(c) ? "That holds 0: the loss alone could have made the difference." : "That leaves out 0: this kind of loss alone would not have made the difference; another kind may have.")}";
        }
    }

    private static long Units(AbInput input, string arm) => input.Units[input.Arms.ToList().IndexOf(arm)];

    private static long Ones(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);

    /// <param name="Method">What the bounds were read from.</param>
    private sealed record SplitBound(Comparison Comparison, double Low, double High, Numerics.Interval Interval, double MissingShare, bool TreatmentIsFuller, string Method)
    {
        /// <summary>The arm that lost units.</summary>
        public string Smaller => TreatmentIsFuller ? Comparison.Control : Comparison.Arm;
    }
}
