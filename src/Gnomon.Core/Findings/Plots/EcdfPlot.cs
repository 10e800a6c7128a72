using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="Value">A value of the distribution, in the unit of the plot.</param>
/// <param name="Share">Share of rows at or below it, 0 to 1.</param>
/// <param name="Series">The arm or group.</param>
public sealed record EcdfPoint(double Value, double Share, string Series);

/// <summary>Cumulative distributions as steps, one per arm: where two arms differ, and by how much, at every quantile.</summary>
public static class EcdfPlot
{
    private const int Height = 240;

    /// <param name="points">Points in increasing order of value within a series; the caller thins them to what a screen can show.</param>
    /// <param name="title">What is distributed: the title of the horizontal axis without its unit.</param>
    /// <param name="unit">Unit of the values.</param>
    public static JsonObject Build(IReadOnlyList<EcdfPoint> points, string title, PlotUnit unit)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. points.Select(p => (JsonNode)new JsonObject
        {
            ["series"] = p.Series,
            ["value"] = PlotSpec.Finite(p.Value * unit.Factor, p.Series),
            ["share"] = PlotSpec.Finite(p.Share * 100, p.Series),
        })]);
        var encoding = new JsonObject
        {
            ["x"] = PlotSpec.Quantity("value", unit.Title(title), fromZero: false),
            ["y"] = PlotSpec.Quantity("share", "rows at or below (%)", fromZero: true),
        };
        PlotSpec.ColourBySeries(encoding, points.Select(p => p.Series).Distinct().Count(), "arm");
        var mark = new JsonObject { ["type"] = "line", ["interpolate"] = "step-after", ["strokeWidth"] = 2, ["tooltip"] = true };
        return PlotSpec.Of(values, Height, PlotSpec.Layer(mark, encoding));
    }
}
