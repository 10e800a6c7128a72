using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="Level">Level of the factor on the horizontal axis.</param>
/// <param name="Series">Levels of the other factors: one line each.</param>
/// <param name="Value">Mean of the cell, in the unit of the plot.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
public sealed record InteractionPoint(string Level, string Series, double Value, double Low, double High);

/// <summary>Means of crossed factors, one line per level of the second: parallel lines are parts that add up.</summary>
public static class InteractionPlot
{
    private const int Height = 240;

    /// <param name="points">Cells, in the order of the levels.</param>
    /// <param name="across">The factor on the horizontal axis.</param>
    /// <param name="title">What is measured: the title of the vertical axis without its unit.</param>
    /// <param name="unit">Unit of the values.</param>
    /// <param name="legend">The factor of the lines.</param>
    public static JsonObject Build(IReadOnlyList<InteractionPoint> points, string across, string title, PlotUnit unit, string legend)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. points.Select(p => (JsonNode)new JsonObject
        {
            ["level"] = p.Level,
            ["series"] = p.Series,
            ["value"] = PlotSpec.Finite(p.Value * unit.Factor, p.Series),
            ["low"] = PlotSpec.Finite(p.Low * unit.Factor, p.Series),
            ["high"] = PlotSpec.Finite(p.High * unit.Factor, p.Series),
        })]);
        var series = points.Select(p => p.Series).Distinct().Count();
        var axis = unit.Title(title);
        JsonObject Encoding(string y)
        {
            var level = PlotSpec.Field("level", "nominal", across);
            level["sort"] = null;
            level["axis"] = new JsonObject { ["labelAngle"] = 0 };
            level["scale"] = new JsonObject { ["type"] = "point", ["padding"] = 0.5 };
            var encoding = new JsonObject { ["x"] = level, ["y"] = PlotSpec.Quantity(y, axis, fromZero: false) };
            PlotSpec.ColourBySeries(encoding, series, legend);
            return encoding;
        }

        var bar = Encoding("low");
        bar["y2"] = new JsonObject { ["field"] = "high" };
        var layers = new JsonArray(
            PlotSpec.Layer(new JsonObject { ["type"] = "rule", ["opacity"] = 0.6 }, bar),
            PlotSpec.Layer(new JsonObject { ["type"] = "line", ["strokeWidth"] = 2, ["point"] = true, ["tooltip"] = true }, Encoding("value")));
        return PlotSpec.Of(values, Height, new JsonObject { ["layer"] = layers });
    }
}
