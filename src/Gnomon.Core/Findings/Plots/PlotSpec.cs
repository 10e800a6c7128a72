using System.Text.Json.Nodes;

namespace Gnomon.Core.Findings.Plots;

/// <summary>What all plots share: schema, font, colours that colour-blind readers can tell apart, width of the page.</summary>
/// <remarks>
/// Colours: Okabe and Ito 2008, ordered by contrast. Text, grid and background are left to the page, so that a plot fits light and dark.
/// Positions come from data values that travel inside the specification; nothing is fetched.
/// </remarks>
internal static class PlotSpec
{
    internal const string Schema = "https://vega.github.io/schema/vega-lite/v6.json";
    internal const string ReferenceColour = "#7f7f7f";
    internal const string Blue = "#0072B2";

    // Few enough for a phone.
    private const int TickCount = 6;

    private static readonly string[] Palette = [Blue, "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c6d31", "#7f7f7f"];

    /// <summary>The specification around <paramref name="content"/> (mark and encoding, or layers), in the order people read it.</summary>
    internal static JsonObject Of(JsonArray values, int height, JsonObject content)
    {
        var spec = new JsonObject
        {
            ["$schema"] = Schema,
            ["width"] = "container",
            ["height"] = height,
            ["autosize"] = new JsonObject { ["type"] = "fit-x", ["contains"] = "padding" },
            ["data"] = new JsonObject { ["values"] = values },
        };
        foreach (var (name, node) in content.ToList())
        {
            content.Remove(name);
            spec[name] = node;
        }

        spec["config"] = Config();
        return spec;
    }

    internal static JsonObject Field(string field, string type, string? title) => new()
    {
        ["field"] = field,
        ["type"] = type,
        ["title"] = title,
    };

    internal static JsonObject Quantity(string field, string title, bool fromZero) => new()
    {
        ["field"] = field,
        ["type"] = "quantitative",
        ["title"] = title,
        ["scale"] = new JsonObject { ["zero"] = fromZero },
        ["axis"] = new JsonObject { ["tickCount"] = TickCount },
    };

    internal static JsonObject Layer(JsonObject mark, JsonObject encoding) => new() { ["mark"] = mark, ["encoding"] = encoding };

    /// <summary>Colour per series, only when there is more than one.</summary>
    internal static void ColourBySeries(JsonObject encoding, int series, string title)
    {
        if (series > 1)
        {
            var colour = Field("series", "nominal", title);
            colour["sort"] = null;
            colour["legend"] = new JsonObject { ["orient"] = "top" };
            encoding["color"] = colour;
        }
    }

    /// <summary>A dashed line across the plot at each reference value, labelled at its end.</summary>
    internal static IEnumerable<JsonObject> References(IReadOnlyList<ReferenceLine> lines, double factor, string channel, string title)
    {
        foreach (var line in lines)
        {
            var values = new JsonArray(new JsonObject { ["at"] = Finite(line.Value * factor, line.Name), ["name"] = line.Name });
            yield return new JsonObject
            {
                ["data"] = new JsonObject { ["values"] = values },
                ["mark"] = new JsonObject { ["type"] = "rule", ["strokeDash"] = new JsonArray(4, 3), ["color"] = ReferenceColour, ["tooltip"] = true },
                ["encoding"] = new JsonObject { [channel] = Quantity("at", title, fromZero: false), ["tooltip"] = Field("name", "nominal", null) },
            };
        }
    }

    internal static double Finite(double value, string owner) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"'{owner}' is not finite; leave it out of the plot and state why in a limitation.");

    private static JsonObject Config() => new()
    {
        ["font"] = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
        ["range"] = new JsonObject { ["category"] = new JsonArray([.. Palette.Select(c => (JsonNode)c)]) },
        ["mark"] = new JsonObject { ["color"] = Blue },
        ["rule"] = new JsonObject { ["color"] = Blue },
        ["axis"] = new JsonObject { ["labelFontSize"] = 12, ["titleFontSize"] = 12, ["titleFontWeight"] = "normal", ["labelLimit"] = 160, ["titlePadding"] = 10 },
        ["legend"] = new JsonObject { ["labelFontSize"] = 12, ["titleFontSize"] = 12, ["titleFontWeight"] = "normal" },
        ["view"] = new JsonObject { ["stroke"] = null },
    };
}
