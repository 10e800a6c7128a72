using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="X">Where on the horizontal axis, in its own unit.</param>
/// <param name="Value">Value, in the unit of the plot.</param>
/// <param name="Series">Which curve.</param>
/// <param name="Low">Lower edge of the band; null when there is none here.</param>
/// <param name="High">Upper edge of the band.</param>
public sealed record BandPoint(double X, double Value, string Series, double? Low = null, double? High = null);

/// <summary>Curves over a quantity with the bands of their intervals: survival, a forecast beside what came.</summary>
public static class BandPlot
{
    private const int Height = 260;

    /// <param name="points">Points in increasing order of x within a series.</param>
    /// <param name="across">Title of the horizontal axis.</param>
    /// <param name="title">What is followed: the title of the vertical axis without its unit.</param>
    /// <param name="unit">Unit of values and bands.</param>
    /// <param name="legend">Title of the legend.</param>
    /// <param name="fromZero">Whether the vertical axis begins at 0.</param>
    public static JsonObject Build(IReadOnlyList<BandPoint> points, string across, string title, PlotUnit unit, string legend = "curve", bool fromZero = true)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. points.Select(p => (JsonNode)Value(p, unit))]);
        var series = points.Select(p => p.Series).Distinct().Count();
        var axis = unit.Title(title);
        var layers = new JsonArray();
        if (points.Any(p => p.Low is not null && p.High is not null))
        {
            var band = Encoding("low", across, axis, series, legend, fromZero);
            band["y2"] = new JsonObject { ["field"] = "high" };
            layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "area", ["opacity"] = 0.16 }, band));
        }

        layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "line", ["strokeWidth"] = 2, ["tooltip"] = true }, Encoding("value", across, axis, series, legend, fromZero)));
        return PlotSpec.Of(values, Height, new JsonObject { ["layer"] = layers });
    }

    private static JsonObject Encoding(string y, string across, string title, int series, string legend, bool fromZero)
    {
        var encoding = new JsonObject { ["x"] = PlotSpec.Quantity("x", across, fromZero: false), ["y"] = PlotSpec.Quantity(y, title, fromZero) };
        PlotSpec.ColourBySeries(encoding, series, legend);
        return encoding;
    }

    private static JsonObject Value(BandPoint p, PlotUnit unit)
    {
        var value = new JsonObject { ["series"] = p.Series, ["x"] = PlotSpec.Finite(p.X, p.Series), ["value"] = PlotSpec.Finite(p.Value * unit.Factor, p.Series) };
        if (p is { Low: { } low, High: { } high })
        {
            value["low"] = PlotSpec.Finite(low * unit.Factor, p.Series);
            value["high"] = PlotSpec.Finite(high * unit.Factor, p.Series);
        }

        return value;
    }
}
