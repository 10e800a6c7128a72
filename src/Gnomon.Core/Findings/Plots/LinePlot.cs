using System.Globalization;
using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="At">The time of the point.</param>
/// <param name="Value">Value, in the unit of the plot.</param>
/// <param name="Series">The arm or group.</param>
/// <param name="Low">Lower edge of the band; null when there is none.</param>
/// <param name="High">Upper edge of the band.</param>
public sealed record LinePoint(DateTimeOffset At, double Value, string Series, double? Low = null, double? High = null);

/// <param name="At">When it was.</param>
/// <param name="Name">What happened then, in a word or two.</param>
public sealed record LineMoment(DateTimeOffset At, string Name);

/// <summary>Lines over time, one per arm, with bands where the points carry intervals.</summary>
public static class LinePlot
{
    private const int Height = 240;

    /// <param name="points">Points in any order; a band is drawn where both edges are given.</param>
    /// <param name="title">What is followed: the title of the vertical axis without its unit.</param>
    /// <param name="unit">Unit of the values and of <paramref name="lines"/>.</param>
    /// <param name="lines">Horizontal reference lines.</param>
    /// <param name="legend">Title of the legend, where there is more than one series.</param>
    /// <param name="moment">A moment that parts the time, such as the start of a change: an upright line with its name.</param>
    public static JsonObject Build(IReadOnlyList<LinePoint> points, string title, PlotUnit unit, IReadOnlyList<ReferenceLine>? lines = null, string legend = "arm", LineMoment? moment = null)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. points.Select(p => (JsonNode)Value(p, unit))]);
        var series = points.Select(p => p.Series).Distinct().Count();
        var all = (unit.NoEffect is { } none ? new List<ReferenceLine> { new("no effect", none, unit.Unit) } : []).Concat(lines ?? []).ToList();
        var layers = new JsonArray([.. PlotSpec.References(all, unit.Factor, "y", unit.Title(title))]);
        var axis = unit.Title(title);
        if (moment is not null)
        {
            layers.Add(Upright(moment));
        }

        if (points.Any(p => p.Low is not null && p.High is not null))
        {
            var band = Encoding("low", axis, series, legend);
            band["y2"] = new JsonObject { ["field"] = "high" };
            layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "area", ["opacity"] = 0.2 }, band));
        }

        var line = Encoding("value", axis, series, legend);
        layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "line", ["strokeWidth"] = 2, ["point"] = points.Count <= 200, ["tooltip"] = true }, line));
        return PlotSpec.Of(values, Height, new JsonObject { ["layer"] = layers });
    }

    private static JsonObject Upright(LineMoment moment)
    {
        var name = new JsonObject { ["type"] = "text", ["align"] = "left", ["baseline"] = "top", ["dx"] = 5, ["y"] = 4, ["color"] = PlotSpec.ReferenceColour };
        var text = new JsonObject { ["x"] = Time(), ["text"] = PlotSpec.Field("name", "nominal", null) };
        return new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = new JsonArray(new JsonObject { ["at"] = Text(moment.At), ["name"] = moment.Name }) },
            ["layer"] = new JsonArray(
                PlotSpec.Layer(new JsonObject { ["type"] = "rule", ["strokeDash"] = new JsonArray(5, 3), ["color"] = PlotSpec.ReferenceColour }, new JsonObject { ["x"] = Time() }),
                PlotSpec.Layer(name, text)),
        };
    }

    // Labels of an axis of dates differ in length ("March" beside "Mar 08"): those that would run into their neighbours are left out.
    private static JsonObject Time()
    {
        var time = PlotSpec.Field("at", "temporal", null);
        time["axis"] = new JsonObject { ["labelOverlap"] = "greedy", ["labelSeparation"] = 12 };
        return time;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static JsonObject Encoding(string y, string title, int series, string legend)
    {
        var encoding = new JsonObject { ["x"] = Time(), ["y"] = PlotSpec.Quantity(y, title, fromZero: false) };
        PlotSpec.ColourBySeries(encoding, series, legend);
        return encoding;
    }

    private static JsonObject Value(LinePoint p, PlotUnit unit)
    {
        var value = new JsonObject
        {
            ["at"] = Text(p.At),
            ["series"] = p.Series,
            ["value"] = PlotSpec.Finite(p.Value * unit.Factor, p.Series),
        };
        if (p is { Low: { } low, High: { } high })
        {
            value["low"] = PlotSpec.Finite(low * unit.Factor, p.Series);
            value["high"] = PlotSpec.Finite(high * unit.Factor, p.Series);
        }

        return value;
    }
}
