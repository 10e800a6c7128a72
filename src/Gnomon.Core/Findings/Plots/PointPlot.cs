using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <summary>One point for each row: two quantities against each other.</summary>
public static class PointPlot
{
    private const int Height = 300;

    /// <param name="points">Points in the order in which they are drawn.</param>
    /// <param name="across">Title of the horizontal axis.</param>
    /// <param name="title">Title of the vertical axis without its unit.</param>
    /// <param name="unit">Unit of the vertical values.</param>
    /// <param name="legend">Title of the legend, where there is more than one series.</param>
    public static JsonObject Build(IReadOnlyList<CurvePoint> points, string across, string title, PlotUnit unit, string legend = "group")
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. points.Select(p => (JsonNode)new JsonObject
        {
            ["series"] = p.Series,
            ["x"] = PlotSpec.Finite(p.X, p.Series),
            ["value"] = PlotSpec.Finite(p.Value * unit.Factor, p.Series),
        })]);
        var encoding = new JsonObject { ["x"] = PlotSpec.Quantity("x", across, fromZero: false), ["y"] = PlotSpec.Quantity("value", unit.Title(title), fromZero: false) };
        PlotSpec.ColourBySeries(encoding, points.Select(p => p.Series).Distinct().Count(), legend);
        return PlotSpec.Of(values, Height, PlotSpec.Layer(new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 36, ["opacity"] = 0.6, ["tooltip"] = true }, encoding));
    }
}
