using System.Text;

namespace Gnomon.Render.Html;

/// <summary>The scripts that draw charts inside a page, with the licences they come under (BSD 3-Clause).</summary>
internal static class ChartLibrary
{
    private static readonly string[] Names = ["vega", "vega-lite", "vega-embed"];

    /// <summary>Scripts in the order in which they must run; each begins with its licence.</summary>
    internal static IReadOnlyList<string> Scripts() =>
        [.. Names.Select(n => $"/*! {n}\n{Text(n + ".license").Trim()}\n*/\n{WithoutMap(Text(n + ".js"))}"), Text("charts.js")];

    internal static string Text(string name)
    {
        using var stream = typeof(ChartLibrary).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without its resource '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // Browsers read line ends as line feeds before they check a script's hash.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // The map file is not there; a browser's tools would look for it.
    private static string WithoutMap(string script)
    {
        var at = script.LastIndexOf("//# sourceMappingURL=", StringComparison.Ordinal);
        return at < 0 ? script : script[..at];
    }
}
