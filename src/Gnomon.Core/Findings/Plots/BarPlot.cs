using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="Label">The category.</param>
/// <param name="Value">Length of the bar, in the unit of the plot.</param>
/// <param name="Low">Lower bound; null when the bar has no interval.</param>
/// <param name="High">Upper bound.</param>
public sealed record Bar(string Label, double Value, double? Low = null, double? High = null);

/// <summary>Horizontal bars from zero, with intervals where they are given; long labels stay readable.</summary>
public static class BarPlot
{
    private const int RowHeight = 26;

    /// <param name="bars">Bars from top to bottom.</param>
    /// <param name="title">What is measured: the axis title without its unit.</param>
    /// <param name="unit">Unit of the values.</param>
    public static JsonObject Build(IReadOnlyList<Bar> bars, string title, PlotUnit unit)
    {
        ArgumentNullException.ThrowIfNull(bars);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. bars.Select(b => (JsonNode)Value(b, unit))]);
        var layers = new JsonArray(PlotSpec.Layer(new JsonObject { ["type"] = "bar", ["tooltip"] = true, ["opacity"] = 0.9 }, Encoding("value", unit.Title(title))));
        if (bars.Any(b => b.Low is not null && b.High is not null))
        {
            var interval = Encoding("low", unit.Title(title));
            interval["x2"] = new JsonObject { ["field"] = "high" };
            layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "rule", ["strokeWidth"] = 2, ["color"] = PlotSpec.ReferenceColour, ["tooltip"] = true }, interval));
        }

        return PlotSpec.Of(values, Math.Max(2, bars.Count) * RowHeight, new JsonObject { ["layer"] = layers });
    }

    private static JsonObject Encoding(string x, string title)
    {
        var label = PlotSpec.Field("label", "nominal", null);
        label["sort"] = null;
        return new JsonObject { ["y"] = label, ["x"] = PlotSpec.Quantity(x, title, fromZero: true) };
    }

    private static JsonObject Value(Bar bar, PlotUnit unit)
    {
        var value = new JsonObject { ["label"] = bar.Label, ["value"] = PlotSpec.Finite(bar.Value * unit.Factor, bar.Label) };
        if (bar is { Low: { } low, High: { } high })
        {
            value["low"] = PlotSpec.Finite(low * unit.Factor, bar.Label);
            value["high"] = PlotSpec.Finite(high * unit.Factor, bar.Label);
        }

        return value;
    }
}
