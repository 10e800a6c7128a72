using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="Low">Left edge, in the unit of the plot.</param>
/// <param name="High">Right edge.</param>
/// <param name="Count">Rows in the bin.</param>
/// <param name="Series">The arm or group; null when there is one distribution only.</param>
public sealed record HistogramBin(double Low, double High, long Count, string? Series = null);

/// <summary>A distribution from finished bins; several series are drawn over one another, half transparent.</summary>
public static class HistogramPlot
{
    private const int Height = 220;

    /// <param name="bins">Bins in any order; widths may differ.</param>
    /// <param name="title">What is counted: the title of the horizontal axis without its unit.</param>
    /// <param name="unit">Unit of the edges.</param>
    public static JsonObject Build(IReadOnlyList<HistogramBin> bins, string title, PlotUnit unit)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. bins.Select(b => (JsonNode)Value(b, unit))]);
        var series = bins.Select(b => b.Series).Distinct().Count();
        var x = PlotSpec.Quantity("low", unit.Title(title), fromZero: false);
        x["bin"] = new JsonObject { ["binned"] = true };
        var y = PlotSpec.Quantity("count", "rows", fromZero: true);
        y["stack"] = null;
        var encoding = new JsonObject { ["x"] = x, ["x2"] = new JsonObject { ["field"] = "high" }, ["y"] = y };
        PlotSpec.ColourBySeries(encoding, series, "arm");
        var mark = new JsonObject { ["type"] = "bar", ["opacity"] = series > 1 ? 0.55 : 0.9, ["tooltip"] = true };
        return PlotSpec.Of(values, Height, PlotSpec.Layer(mark, encoding));
    }

    private static JsonObject Value(HistogramBin bin, PlotUnit unit)
    {
        var value = new JsonObject
        {
            ["low"] = PlotSpec.Finite(bin.Low * unit.Factor, "bin edge"),
            ["high"] = PlotSpec.Finite(bin.High * unit.Factor, "bin edge"),
            ["count"] = bin.Count,
        };
        if (bin.Series is { } series)
        {
            value["series"] = series;
        }

        return value;
    }
}
