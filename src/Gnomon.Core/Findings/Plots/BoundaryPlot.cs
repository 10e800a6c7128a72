using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <summary>The bounds of a test that is read several times, with the looks taken so far as dots.</summary>
public static class BoundaryPlot
{
    private const int Height = 280;

    /// <param name="bounds">Corners of each bound, in increasing order of x within a series.</param>
    /// <param name="taken">Looks taken, oldest first.</param>
    /// <param name="across">Title of the horizontal axis.</param>
    /// <param name="title">Title of the vertical axis.</param>
    public static JsonObject Build(IReadOnlyList<CurvePoint> bounds, IReadOnlyList<CurvePoint> taken, string across, string title)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(taken);
        var values = new JsonArray([.. bounds.Select(p => (JsonNode)Value(p, false)), .. taken.Select(p => (JsonNode)Value(p, true))]);
        var line = PlotSpec.Layer(new JsonObject { ["type"] = "line", ["strokeWidth"] = 2, ["point"] = true, ["tooltip"] = true }, Encoding(across, title));
        line["transform"] = new JsonArray(new JsonObject { ["filter"] = "!datum.taken" });
        PlotSpec.ColourBySeries((JsonObject)line["encoding"]!, bounds.Select(p => p.Series).Distinct().Count(), "stop");
        var layers = new JsonArray([.. PlotSpec.References([new ReferenceLine("no effect", 0, string.Empty)], 1, "y", title)]);
        layers.Add(line);
        if (taken.Count > 0)
        {
            var path = PlotSpec.Layer(new JsonObject { ["type"] = "line", ["strokeDash"] = new JsonArray(2, 3), ["color"] = PlotSpec.ReferenceColour }, Encoding(across, title));
            path["transform"] = new JsonArray(new JsonObject { ["filter"] = "datum.taken" });
            layers.Add(path);
            var dots = PlotSpec.Layer(new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 90, ["opacity"] = 1, ["color"] = PlotSpec.ReferenceColour, ["tooltip"] = true }, Encoding(across, title));
            dots["transform"] = new JsonArray(new JsonObject { ["filter"] = "datum.taken" });
            layers.Add(dots);
        }

        return PlotSpec.Of(values, Height, new JsonObject { ["layer"] = layers });
    }

    private static JsonObject Encoding(string across, string title) => new()
    {
        ["x"] = PlotSpec.Quantity("x", across, fromZero: true),
        ["y"] = PlotSpec.Quantity("value", title, fromZero: false),
        ["tooltip"] = new JsonArray(PlotSpec.Field("series", "nominal", "what"), PlotSpec.Field("x", "quantitative", across), PlotSpec.Field("value", "quantitative", title)),
    };

    private static JsonObject Value(CurvePoint p, bool taken) => new()
    {
        ["series"] = p.Series,
        ["x"] = PlotSpec.Finite(p.X, p.Series),
        ["value"] = PlotSpec.Finite(p.Value, p.Series),
        ["taken"] = taken,
    };
}
