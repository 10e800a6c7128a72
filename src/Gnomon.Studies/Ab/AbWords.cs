using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab;

/// <summary>Sentences of an experiment's finding: business words first.</summary>
internal static class AbWords
{
    public static string Title(AbInput input, AbDesign design)
    {
        var metrics = string.Join(", ", design.Primaries.Select(m => m.Name).Take(3)) + (design.Primaries.Count > 3 ? ", ..." : string.Empty);
        return input.Arms.Count == 2 ? $"Does {input.Arms[1]} change {metrics}?" : $"Which of {input.Arms.Count - 1} arms changes {metrics}?";
    }

    /// <summary><c>B raises converted from 4.50 % to 4.80 %: +0.30 pp (95 % interval +0.04 to +0.56 pp)</c>.</summary>
    public static string Effect(Comparison c)
    {
        var unit = c.Metric.Unit;
        var spread = c.Effect.High - c.Effect.Low;
        var verb = c.Effect.Value > 0 ? "raises" : c.Effect.Value < 0 ? "lowers" : "leaves";
        var adjusted = c.Adjusted is null ? string.Empty : ", adjusted for the pre-period";
        return $"{c.Arm} {verb} {c.Spec.Name} from {Figures.Level(c.Baseline.Values.Mean, unit, spread)} to {Figures.Level(c.Treatment.Values.Mean, unit, spread)}: "
            + $"{Figures.Effect(c.Effect.Value, unit, spread)} ({Interval(c)}{adjusted})";
    }

    /// <summary><c>95 % interval -0.27 to +0.87 pp</c>.</summary>
    public static string Interval(Comparison c) =>
        $"{(c.Effect.Level * 100).ToString("0.##", CultureInfo.InvariantCulture)} % interval {Figures.Range(c.Effect.Low, c.Effect.High, c.Metric.Unit)}";

    /// <summary><c>the data allow from -0.27 to +0.87 pp</c>.</summary>
    public static string Allowed(Comparison c) => $"for {c.Spec.Name} in {c.Arm} the data allow anything from {Figures.Range(c.Effect.Low, c.Effect.High, c.Metric.Unit)}";
}
