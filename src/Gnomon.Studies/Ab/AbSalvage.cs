using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab;

/// <summary>
/// What survives a split that one kind of unit broke: the effect among all the others, whose split is as planned, and bounds of the effect among all units in which the misrouted kind counts
/// by its worst case (Lee 2009). Told beside the blocked answer, never as a decision.
/// </summary>
internal static class AbSalvage
{
    private const int MostTold = 3;

    public static AbPart Of(AbDesign design, AbInput input, AbFacts facts)
    {
        if (input.Designed is not null || new AbSplit(design, input, facts).Culprit() is not { } culprit)
        {
            return new();
        }

        var (arms, shares, _) = design.Shares(input.Arms);
        double Share(string arm) => shares[arms.ToList().IndexOf(arm)];
        var saved = facts.Comparisons.Where(c => c is { Spec: { Role: MetricRole.Primary, Derived: null }, Metric: { IsRatio: false, Own: null } })
            .Select(c => One(c, culprit.Part, Share, design.Level)).OfType<Saved>().ToList();
        return saved.Count == 0 ? new() : new()
        {
            Estimates = [.. saved.Select(s => Line(s, culprit.Part.Name))],
            Tables = [Table(saved, culprit.Part.Name, design.Level)],
            Limitations = [.. saved.Take(MostTold).Select((s, i) => Sentence(s, culprit.Part.Name, culprit.Slice, design.Level, isFirst: i == 0))],
        };
    }

    private static Saved? One(Comparison c, UnitPart part, Func<string, double> share, double level)
    {
        var (treatment, control) = (part.Outside(c.Treatment), part.Outside(c.Baseline));
        try
        {
            var rest = c.Metric.Binary
                ? TwoProportions.Compare(Ones(treatment), treatment.Count, Ones(control), control.Count, level)
                : WelchT.Test(treatment, control, level);
            return new Saved(c, rest, treatment.Count + control.Count, All(c, part, rest, treatment.Count + control.Count, share, level));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // The misrouted kind has the size that its fuller arm says it was meant to have.
    private static Bound? All(Comparison c, UnitPart part, ContrastResult rest, long others, Func<string, double> share, double level)
    {
        var (treatment, control) = (part.Inside(c.Treatment), part.Inside(c.Baseline));
        if (treatment.Count < 2 || control.Count < 2)
        {
            return null;
        }

        var meant = (share(c.Arm) + share(c.Control)) * Math.Max(treatment.Count / share(c.Arm), control.Count / share(c.Control));
        var weight = meant / (meant + others);
        double low, high, lowError, highError;
        if (c.Metric.Binary)
        {
            var lee = LeeBounds.Proportions(Ones(treatment), treatment.Count, Ones(control), control.Count, treatment.Count, control.Count, share(c.Arm), share(c.Control), level);
            (low, high, lowError, highError) = (lee.Low, lee.High, lee.LowError, lee.HighError);
        }
        else
        {
            var spread = SrmSeverity.MomentBounds([treatment.Count, control.Count], [share(c.Arm), share(c.Control)], treatment, control);
            (low, high) = (spread.Low, spread.High);
            lowError = highError = Math.Sqrt(treatment.VarianceOfMean + control.VarianceOfMean);
        }

        var reach = Normal.UpperQuantile((1 - level) / 2);
        double End(double bound, double error, int sign) =>
            weight * bound + (1 - weight) * rest.Value + sign * reach * Math.Sqrt(weight * weight * error * error + (1 - weight) * (1 - weight) * rest.StandardError * rest.StandardError);
        return new Bound(
            weight, weight * low + (1 - weight) * rest.Value, weight * high + (1 - weight) * rest.Value, new Interval(End(low, lowError, -1), End(high, highError, 1)));
    }

    private static Estimate Line(Saved s, string part) => new()
    {
        Name = "difference", Metric = s.Comparison.Spec.Name, Contrast = s.Comparison.Contrast, Value = s.Rest.Value, Low = s.Rest.Low, High = s.Rest.High, Level = s.Rest.Level, Unit = s.Comparison.Metric.Unit,
        P = s.Rest.PValue, N = s.Units, Method = $"outside {part}: {s.Rest.Method}", Role = "sensitivity",
    };

    private static ResultTable Table(List<Saved> saved, string part, double level) => new(
        "split-salvage", $"What survives: the effect outside {part}, and for all units with those of {part} at their worst case ({Figures.Confidence(level)} intervals)",
        ["metric", "contrast", "units", "effect", "low", "high", "all: lower bound", "all: upper bound", "all: from", "all: to"],
        [.. saved.Select(s => (IReadOnlyList<object?>)
            [s.Comparison.Spec.Name, s.Comparison.Contrast, s.Units, s.Rest.Value, s.Rest.Low, s.Rest.High, s.All?.Low, s.All?.High, s.All?.Interval.Low, s.All?.Interval.High])]);

    private static string Sentence(Saved s, string part, SampleRatioSlice slice, double level, bool isFirst)
    {
        var c = s.Comparison;
        var text = AbWords.Text(s.Rest, c.Metric.Unit);
        var rest = $"{(isFirst ? $"What survives: outside {part} the split is as planned ({Figures.Count(s.Units, "unit")}, {Figures.P(slice.RestPValue!.Value)}), and there" : $"Outside {part}")} {c.Arm} changes {c.Spec.Name} by {text.Point} ({Figures.Confidence(level)} interval {text.Range})."
            + (isFirst ? " That is an effect on those units, if nothing else was misrouted and what names them was settled before assignment." : string.Empty);
        return s.All is not { } all ? rest
            : $"{rest} For all units, with those of {part} ({Figures.WholePercent(all.Weight)} of them) at their worst case, the effect is anything from {Figures.Range(all.Low, all.High, c.Metric.Unit)} ({Figures.Confidence(level)} interval {Figures.Range(all.Interval.Low, all.Interval.High, c.Metric.Unit)}).";
    }

    private static long Ones(Moments values) => (long)Math.Round(values.Mean * values.Count);

    /// <param name="Weight">Share of the misrouted kind among the units that were meant to come.</param>
    private sealed record Bound(double Weight, double Low, double High, Interval Interval);

    private sealed record Saved(Comparison Comparison, ContrastResult Rest, long Units, Bound? All);
}
