using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="X">Where on the horizontal axis, in its own unit.</param>
/// <param name="Value">Value, in the unit of the plot.</param>
/// <param name="Series">Which curve.</param>
public sealed record CurvePoint(double X, double Value, string Series);

/// <summary>Curves over a quantity, for example power over the number of units.</summary>
public static class CurvePlot
{
    private const int Height = 240;

    /// <param name="points">Points in increasing order of x within a series.</param>
    /// <param name="across">Title of the horizontal axis.</param>
    /// <param name="title">What is followed: the title of the vertical axis without its unit.</param>
    /// <param name="unit">Unit of the values and of <paramref name="lines"/>.</param>
    /// <param name="lines">Horizontal reference lines.</param>
    /// <param name="legend">Title of the legend.</param>
    public static JsonObject Build(
        IReadOnlyList<CurvePoint> points, string across, string title, PlotUnit unit, IReadOnlyList<ReferenceLine>? lines = null, string legend = "curve")
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. points.Select(p => (JsonNode)new JsonObject
        {
            ["series"] = p.Series,
            ["x"] = PlotSpec.Finite(p.X, p.Series),
            ["value"] = PlotSpec.Finite(p.Value * unit.Factor, p.Series),
        })]);
        var axis = unit.Title(title);
        var layers = new JsonArray([.. PlotSpec.References(lines ?? [], unit.Factor, "y", axis)]);
        var encoding = new JsonObject { ["x"] = PlotSpec.Quantity("x", across, fromZero: false), ["y"] = PlotSpec.Quantity("value", axis, fromZero: true) };
        PlotSpec.ColourBySeries(encoding, points.Select(p => p.Series).Distinct().Count(), legend);
        layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "line", ["strokeWidth"] = 2, ["tooltip"] = true }, encoding));
        return PlotSpec.Of(values, Height, new JsonObject { ["layer"] = layers });
    }
}
