using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Words;

namespace Gnomon.Render.Picture;

/// <summary>A shared axis in display units (percentages where the paper shows percentages).</summary>
internal sealed record Axis(double Min, double Max, IReadOnlyList<AxisTick> Ticks)
{
    // An interval this much wider than the median one is cut at the edge, with an arrow, so that the others stay readable.
    private const double TooWide = 8;
    private const int CutFrom = 4;
    private const double Margin = 0.04;

    internal static Axis For(IReadOnlyList<Estimate> estimates, FigureUnit unit, IReadOnlyList<ReferenceLine> lines)
    {
        var shown = Shown(estimates);
        double min = shown.Min(e => e.Low), max = shown.Max(e => e.High);
        foreach (var at in lines.Select(l => l.Value).Concat(unit.NoEffect is { } zero ? [zero] : []))
        {
            (min, max) = (Math.Min(min, at), Math.Max(max, at));
        }

        (min, max) = (min * unit.Factor, max * unit.Factor);
        var room = max > min ? (max - min) * Margin : Math.Max(Math.Abs(max) * 0.1, 1);
        // Levels that cannot be negative do not get a negative axis from the margin alone.
        var low = min >= 0 && unit.NoEffect is null ? Math.Max(0, min - room) : min - room;
        return new Axis(low, max + room, TicksBetween(low, max + room));
    }

    /// <summary>Position of a display value as a fraction of the axis; outside 0..1 when it is cut off.</summary>
    internal double At(double value) => (value - Min) / (Max - Min);

    private static IReadOnlyList<Estimate> Shown(IReadOnlyList<Estimate> estimates)
    {
        if (estimates.Count < CutFrom)
        {
            return estimates;
        }

        var widths = estimates.Select(e => e.High - e.Low).Order().ToList();
        var limit = widths[widths.Count / 2] * TooWide;
        var kept = estimates.Where(e => e.High - e.Low <= limit).ToList();
        return limit > 0 && kept.Count > 0 ? kept : estimates;
    }

    private static List<AxisTick> TicksBetween(double min, double max)
    {
        var raw = (max - min) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * ((raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 });
        var ticks = new List<AxisTick>();
        for (var k = Math.Ceiling(min / step); k * step <= max && ticks.Count < 12; k++)
        {
            var at = k == 0 ? 0 : k * step;
            ticks.Add(new AxisTick(at, Figures.Number(Math.Round(at / step * 2) / 2 * step)));
        }

        return ticks;
    }
}

/// <param name="At">Position in display units.</param>
/// <param name="Text">What stands there.</param>
internal readonly record struct AxisTick(double At, string Text);
