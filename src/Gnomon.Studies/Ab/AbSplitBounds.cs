using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab;

/// <summary>When the split is broken: between which bounds the effect would lie if the missing units of one arm have a counterpart in the other. Told beside the blocked answer, never as a decision.</summary>
internal static class AbSplitBounds
{
    private const double Suspicious = 0.001;
    private const double EValueThreshold = 100;

    // Trimming needs the values themselves, sorted.
    private const long MostUnits = 5_000_000;
    private const int MostTold = 3;

    public static AbPart Of(AbDesign design, AbInput input, AbFacts facts, AbReader? reader)
    {
        if (input.Designed is not null)
        {
            return new();
        }

        var (arms, shares, _) = design.Shares(input.Arms);
        double Share(string arm) => shares[arms.ToList().IndexOf(arm)];
        var bounded = facts.Comparisons.Where(c => c.Spec.Role == MetricRole.Primary && c.Spec.Derived is null && !c.Metric.IsRatio && c.Metric.Own is null && IsOff(c, input, Share))
            .Select(c => (Comparison: c, Bounds: Bounds(c, input, reader, Share, design.Level))).Where(x => x.Bounds is not null).Select(x => (x.Comparison, x.Bounds!)).ToList();
        return bounded.Count == 0 ? new() : new() { Tables = [Table(bounded, design.Level)], Limitations = [.. Sentences(bounded)] };
    }

    private static bool IsOff(Comparison c, AbInput input, Func<string, double> share)
    {
        var (treatment, control) = (share(c.Arm), share(c.Control));
        long[] observed = [Units(input, c.Control), Units(input, c.Arm)];
        if (!(treatment > 0) || !(control > 0) || observed.Min() < 1)
        {
            return false;
        }

        double[] planned = [control / (control + treatment), treatment / (control + treatment)];
        return SampleRatio.ChiSquare(observed, planned).PValue < Suspicious || SampleRatio.EProcess(observed, planned).EValue > EValueThreshold;
    }

    private static LeeBoundsResult? Bounds(Comparison c, AbInput input, AbReader? reader, Func<string, double> share, double level)
    {
        var (treatmentUnits, controlUnits) = (Units(input, c.Arm), Units(input, c.Control));
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

    private static ResultTable Table(List<(Comparison Comparison, LeeBoundsResult Bounds)> bounded, double level) => new(
        "split-bounds", $"Worst case: the effect if the arms differ by lost units alone (Lee bounds; the {Figures.Confidence(level)} interval is for the effect between them)",
        ["metric", "contrast", "units missing from", "share missing", "lower bound", "upper bound", "interval from", "interval to"],
        [.. bounded.Select(x => (IReadOnlyList<object?>)
            [x.Comparison.Spec.Name, x.Comparison.Contrast, Smaller(x), x.Bounds.MissingShare, x.Bounds.Low, x.Bounds.High, x.Bounds.Interval.Low, x.Bounds.Interval.High])]);

    private static IEnumerable<string> Sentences(List<(Comparison Comparison, LeeBoundsResult Bounds)> bounded)
    {
        foreach (var (c, b) in bounded.Take(MostTold))
        {
            yield return $"Worst case, not a result: if {Figures.Percent(b.MissingShare)} of {Smaller((c, b))} was lost and every lost unit has its like in {(b.TreatmentIsFuller ? c.Arm : c.Control)}, the effect of {c.Arm} on {c.Spec.Name} among units seen in either arm "
                + $"is anything from {Figures.Range(b.Low, b.High, c.Metric.Unit)} ({Figures.Confidence(b.Level)} interval {Figures.Range(b.Interval.Low, b.Interval.High, c.Metric.Unit)}). "
                + $"{(b.Interval.Low <= 0 && b.Interval.High >= 0 ? "That holds 0: the loss alone could have made the difference." : "That leaves out 0: this kind of loss alone would not have made the difference; another kind may have.")}";
        }
    }

    private static string Smaller((Comparison Comparison, LeeBoundsResult Bounds) x) => x.Bounds.TreatmentIsFuller ? x.Comparison.Control : x.Comparison.Arm;

    private static long Units(AbInput input, string arm) => input.Units[input.Arms.ToList().IndexOf(arm)];

    private static long Ones(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);
}
