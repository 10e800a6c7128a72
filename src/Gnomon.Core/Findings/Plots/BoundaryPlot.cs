using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <summary>The bounds of a test that is read several times, with the way of the data between them and the looks taken so far as labelled dots.</summary>
public static class BoundaryPlot
{
    private const int Height = 280;

    /// <summary>Series of a point on the way that was no look; it has no label.</summary>
    public const string OnTheWay = "after each day";

    /// <param name="bounds">Corners of each bound, in increasing order of x within a series.</param>
    /// <param name="taken">Points on the way and looks taken, oldest first; the series is the label of a look.</param>
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
            layers.Add(Dots(25, "datum.taken && !datum.look", across, title));
            layers.Add(Dots(110, "datum.look", across, title));
            var labels = PlotSpec.Layer(new JsonObject { ["type"] = "text", ["dy"] = 18, ["fontSize"] = 11 }, Encoding(across, title));
            labels["transform"] = new JsonArray(new JsonObject { ["filter"] = "datum.look" });
            ((JsonObject)labels["encoding"]!)["text"] = new JsonObject { ["field"] = "series", ["type"] = "nominal" };
            layers.Add(labels);
        }

        return PlotSpec.Of(values, Height, new JsonObject { ["layer"] = layers });
    }

    private static JsonObject Dots(int size, string which, string across, string title)
    {
        var dots = PlotSpec.Layer(new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = size, ["opacity"] = 1, ["color"] = PlotSpec.ReferenceColour, ["tooltip"] = true }, Encoding(across, title));
        dots["transform"] = new JsonArray(new JsonObject { ["filter"] = which });
        return dots;
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
        ["look"] = taken && p.Series != OnTheWay,
    };
}
