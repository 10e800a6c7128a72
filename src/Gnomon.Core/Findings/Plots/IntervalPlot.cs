using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <param name="Label">What the row is: a metric, a subgroup, a method.</param>
/// <param name="Value">Point estimate, in the unit of the plot.</param>
/// <param name="Low">Lower bound, same unit.</param>
/// <param name="High">Upper bound, same unit.</param>
public sealed record IntervalRow(string Label, double Value, double Low, double High);

/// <summary>A forest plot: one row per estimate, its interval as a line, with no effect and reference lines on one axis.</summary>
public static class IntervalPlot
{
    private const int RowHeight = 28;
    private const int LineHeight = 13;

    // A label up to this long stands on one line of the axis; a longer one is broken, since what is cut off is often what tells rows apart.
    private const int LineLength = 32;
    private const int LabelWidth = 240;
    private const string Kind = "intervals";

    /// <param name="rows">Rows from top to bottom.</param>
    /// <param name="title">What is estimated: the axis title without its unit.</param>
    /// <param name="unit">Unit of the rows and of <paramref name="lines"/>.</param>
    /// <param name="lines">Margins, planned effects, targets.</param>
    public static JsonObject Build(IReadOnlyList<IntervalRow> rows, string title, PlotUnit unit, IReadOnlyList<ReferenceLine>? lines = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(unit);
        var values = new JsonArray([.. rows.Select(r => (JsonNode)new JsonObject
        {
            ["label"] = Broken(r.Label),
            ["value"] = PlotSpec.Finite(r.Value * unit.Factor, r.Label),
            ["low"] = PlotSpec.Finite(r.Low * unit.Factor, r.Label),
            ["high"] = PlotSpec.Finite(r.High * unit.Factor, r.Label),
        })]);
        var all = (unit.NoEffect is { } none ? new List<ReferenceLine> { new("no effect", none, unit.Unit) } : []).Concat(lines ?? []).ToList();
        var layers = new JsonArray([.. PlotSpec.References(all, unit.Factor, "x", unit.Title(title))]);
        layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "rule", ["strokeWidth"] = 2, ["tooltip"] = true }, Encoding("low", unit.Title(title), x2: true)));
        layers.Add(PlotSpec.Layer(new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 70, ["opacity"] = 1, ["tooltip"] = true }, Encoding("value", unit.Title(title), x2: false)));
        var spec = PlotSpec.Of(values, Math.Max(2, rows.Count) * Math.Max(RowHeight, 10 + (LineHeight * rows.Select(r => Broken(r.Label).Split('\n').Length).DefaultIfEmpty(1).Max())), new JsonObject { ["layer"] = layers });
        spec["usermeta"] = new JsonObject { ["gnomon"] = Kind };
        return spec;
    }

    /// <summary>True when the plot is a forest plot and every row of it is an estimate of the finding: a page that draws its estimates has drawn it.</summary>
    public static bool Repeats(Plot plot, IReadOnlyList<Estimate> estimates)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentNullException.ThrowIfNull(estimates);
        return (string?)plot.VegaLite["usermeta"]?["gnomon"] == Kind && plot.VegaLite["data"]?["values"] is JsonArray { Count: > 0 } rows
            && rows.All(row => estimates.Any(e => Is(row, "value", e.Value, e) && Is(row, "low", e.Low, e) && Is(row, "high", e.High, e)));
    }

    // At spaces, into lines of at most that length where words allow it.
    private static string Broken(string label)
    {
        if (label.Length <= LineLength)
        {
            return label;
        }

        var (text, line) = (new System.Text.StringBuilder(), 0);
        foreach (var word in label.Split(' '))
        {
            if (line > 0 && line + 1 + word.Length > LineLength)
            {
                text.Append('\n');
                line = 0;
            }
            else if (line > 0)
            {
                text.Append(' ');
                line++;
            }

            text.Append(word);
            line += word.Length;
        }

        return text.ToString();
    }

    private static bool Is(JsonNode? row, string name, double number, Estimate estimate)
    {
        var scaled = number * FigureUnit.Of(estimate).Factor;
        return row?[name]?.GetValue<double>() is { } drawn && Math.Abs(drawn - scaled) <= 1e-12 * Math.Abs(scaled);
    }

    private static JsonObject Encoding(string x, string title, bool x2)
    {
        var label = PlotSpec.Field("label", "nominal", null);
        label["sort"] = null;
        label["axis"] = new JsonObject { ["labelExpr"] = "split(datum.label, '\\n')", ["labelLimit"] = LabelWidth, ["labelLineHeight"] = LineHeight };
        var encoding = new JsonObject { ["y"] = label, ["x"] = PlotSpec.Quantity(x, title, fromZero: false) };
        if (x2)
        {
            encoding["x2"] = new JsonObject { ["field"] = "high" };
        }

        encoding["tooltip"] = new JsonArray(
            PlotSpec.Field("label", "nominal", "row"), PlotSpec.Field("value", "quantitative", "estimate"), PlotSpec.Field("low", "quantitative", "low"), PlotSpec.Field("high", "quantitative", "high"));
        return encoding;
    }
}
