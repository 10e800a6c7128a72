using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Html.Handbook;
using Gnomon.Render.Json;
using Gnomon.Render.Words;

namespace Gnomon.Render.Html;

/// <summary>
/// A finding as one HTML file that fetches nothing: styles, charts and the finding itself travel inside.
/// Reads on a phone, on paper, in the dark and by screen reader; the main picture needs no script.
/// </summary>
public static class HtmlRenderer
{
    /// <param name="finding">What to render.</param>
    /// <param name="ledgerLine">What the ledger has to add; stands with the origin of the data.</param>
    /// <returns>The whole document. The chart library (about 0.8 MB) is inside only when charts remain besides the picture of the estimates.</returns>
    public static string Render(Finding finding, string? ledgerLine = null)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.Question == HandbookPage.Question)
        {
            return HandbookPage.Render(finding, ledgerLine);
        }

        // The estimates are drawn as a picture that needs no script; a chart of the same intervals would say it twice.
        var plots = finding.Plots.Index().Where(p => !IntervalPlot.Repeats(p.Item, finding.Estimates)).ToList();
        var scripts = plots.Count > 0 ? ChartLibrary.Scripts() : [];
        var page = new StringBuilder();
        Begin(finding, scripts, page);
        HtmlSections.Head(finding, page);
        // A check that turned the decision is read before the numbers it spoils.
        if (finding.Decision.Because.Count > 0)
        {
            HtmlSections.Checks(finding, page);
            HtmlSections.Numbers(finding, page);
        }
        else
        {
            HtmlSections.Numbers(finding, page);
            HtmlSections.Checks(finding, page);
        }

        HtmlSections.Plots(plots, page);
        foreach (var (index, table) in finding.Tables.Where(t => t.Id != ReferenceLines.TableId).Index())
        {
            HtmlSections.Table(table, index, page);
        }

        HtmlSections.Bullets("limits", "What limits this answer", finding.Limitations, page);
        HtmlSections.Bullets("next", "Next", finding.Next, page);
        HtmlSections.Origin(finding, ledgerLine, page);
        End(finding, scripts, page);
        return page.ToString();
    }

    private static void Begin(Finding finding, IReadOnlyList<string> scripts, StringBuilder page)
    {
        var verdict = Verdict.Of(finding.Decision.Action);
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy(scripts)}\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.Append($"<title>{HtmlText.Of($"{verdict.Words}: {finding.Title}")}</title>\n<style>\n{ChartLibrary.Text("page.css")}</style>\n</head>\n");
        page.Append($"<body class=\"{Tone(verdict.Tone)}\">\n<main>\n");
    }

    private static void End(Finding finding, IReadOnlyList<string> scripts, StringBuilder page)
    {
        page.Append($"</main>\n<script type=\"application/json\" id=\"finding\">\n{HtmlText.Json(FindingJson.Write(finding))}\n</script>\n");
        foreach (var script in scripts)
        {
            page.Append("<script>").Append(script).Append("</script>\n");
        }

        page.Append("</body>\n</html>\n");
    }

    // Nothing may be loaded, and only the scripts that were put here may run.
    private static string Policy(IReadOnlyList<string> scripts)
    {
        var hashes = string.Concat(scripts.Select(s => $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(s)))}'"));
        var run = hashes.Length > 0 ? $" script-src{hashes};" : string.Empty;
        return $"default-src 'none'; style-src 'unsafe-inline';{run} base-uri 'none'; form-action 'none'";
    }

    private static string Tone(VerdictTone tone) => tone switch { VerdictTone.Go => "go", VerdictTone.Stop => "stop", _ => "wait" };
}
