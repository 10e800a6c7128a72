using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render.Html;
using Gnomon.Render.Json;
using Gnomon.Render.Junit;
using Gnomon.Render.Markdown;
using Gnomon.Render.Sarif;
using Gnomon.Render.Terminal;
using Spectre.Console;

namespace Gnomon.Cli.Output;

/// <summary>The renderers under one name each; only the one that is asked for is loaded.</summary>
internal static class FindingText
{
    public static string Json(Finding finding) => FindingJson.Write(finding);

    public static string Html(Finding finding) => HtmlRenderer.Render(finding);

    public static string Markdown(Finding finding) => MarkdownRenderer.Render(finding);

    public static string Junit(Finding finding, CheckStatus? failOn) => JunitRenderer.Render(finding, failOn ?? CheckStatus.Fail);

    public static string Sarif(Finding finding) => SarifRenderer.Render(finding);

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
