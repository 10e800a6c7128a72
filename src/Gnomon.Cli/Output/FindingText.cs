using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render;
using Gnomon.Render.Json;
using Gnomon.Render.Terminal;
using Spectre.Console;

namespace Gnomon.Cli.Output;

/// <summary>The renderers under one name each; only the one that is asked for is loaded.</summary>
internal static class FindingText
{
    public static string Json(Finding finding) => FindingJson.Write(finding);

    public static string Html(Finding finding) => HtmlRenderer.Text(finding);

    public static string Markdown(Finding finding) => MarkdownRenderer.Text(finding);

    public static string Junit(Finding finding, CheckStatus? failOn) => JunitRenderer.Text(finding, failOn);

    public static string Sarif(Finding finding) => SarifRenderer.Text(finding);

    /// <summary>Coloured on a terminal, plain in a pipe.</summary>
    public static void Terminal(Finding finding, Surface surface, bool quiet)
    {
        var options = new TerminalOptions { Width = surface.Width, Quiet = quiet, Unicode = surface.Unicode };
        if (surface.Colour)
        {
            TerminalRenderer.Write(finding, AnsiConsole.Console, options);
        }
        else
        {
            TerminalRenderer.Write(finding, surface.Out, options);
        }
    }
}
