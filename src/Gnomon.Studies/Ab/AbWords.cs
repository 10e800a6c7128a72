using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab;

/// <summary>Sentences of an experiment's finding: business words first.</summary>
internal static class AbWords
{
    // Of the interval's width: less is lost in rounding.
    private const double FineShare = 0.01;

    public static string Title(AbInput input, AbDesign design)
    {
        var metrics = string.Join(", ", design.Primaries.Select(m => m.Name).Take(3)) + (design.Primaries.Count > 3 ? ", ..." : string.Empty);
        return input.Arms.Count == 2 ? $"Does {input.Arms[1]} change {metrics}?" : $"Which of {input.Arms.Count - 1} arms changes {metrics}?";
    }

    /// <summary><c>B raises converted from 4.50 % to 4.80 %: +0.30 pp (95 % interval +0.04 to +0.56 pp)</c>.</summary>
    public static string Effect(Comparison c)
    {
        var unit = c.Metric.Unit;
        var verb = c.Shown.Value > 0 ? "raises" : c.Shown.Value < 0 ? "lowers" : "leaves";
        var adjusted = c.Adjusted is null ? string.Empty : $", {c.AdjustedBy.Phrase}";
        var looks = c.Corrected is not null ? ", looks counted" : c.Sequence is not null ? ", valid at every look" : string.Empty;
        string Level(double mean) => Figures.Level(mean, unit, c.Shown.Low, c.Shown.High);
        var (before, after) = (c.Baseline.Values.Mean, c.Treatment.Values.Mean);

        // An effect that is adjusted, or corrected for the looks, is not the difference of the two means: naming both would not add up.
        var isDifference = Math.Abs(after - before - c.Shown.Value) <= FineShare * Math.Abs(c.Shown.High - c.Shown.Low);
        var point = Text(c.Shown, unit).Point;
        var move = c.Shown.Value == 0 ? $"at {Level(before)}: {point}" : isDifference ? $"from {Level(before)} to {Level(after)}: {point}" : $"from {Level(before)} by {point.TrimStart('+', '-', '\u2212')}";
        return $"{c.Arm} {verb} {c.Spec.Name} {move} ({Interval(c)}{adjusted}{looks})";
    }

    /// <summary><c>95 % interval -0.27 to +0.87 pp</c>.</summary>
    public static string Interval(Comparison c) =>
        $"{Figures.Confidence(c.Effect.Level)} interval {Text(c.Shown, c.Metric.Unit).Range}";

    /// <summary><c>the data allow from -0.27 to +0.87 pp</c>.</summary>
    public static string Allowed(Comparison c) => $"for {c.Spec.Name} in {c.Arm} the data allow anything from {Text(c.Shown, c.Metric.Unit).Range}";

    /// <summary>The digits of the estimates; the metric's own unit is its name, which the sentence holds already.</summary>
    public static FigureInterval Text(ContrastResult effect, string unit)
    {
        var written = FigureUnit.Of(unit, change: true);
        return Figures.Interval(effect.Value, effect.Low, effect.High, written.Factor == 1 ? written with { Suffix = string.Empty } : written);
    }
}
