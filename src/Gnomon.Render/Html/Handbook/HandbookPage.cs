using System.Text;
using Gnomon.Core.Findings;
using Gnomon.Render.Json;
using Gnomon.Render.Words;

namespace Gnomon.Render.Html.Handbook;

/// <summary>The finding of <c>onboard</c> as a handbook: one file that fetches nothing and runs no script, in which every registered thing has a place and is linked.</summary>
internal static class HandbookPage
{
    /// <summary>The question whose finding is a handbook.</summary>
    public const string Question = "onboard";

    public static string Render(Finding finding, string? ledgerLine)
    {
        var data = new HandbookData(finding);
        var verdict = Verdict.Of(finding.Decision.Action);
        var page = new StringBuilder(1 << 16);
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.Append($"<title>{HtmlText.Of($"Handbook: {data.Name}")}</title>\n<style>\n{ChartLibrary.Text("page.css")}{ChartLibrary.Text("handbook.css")}</style>\n</head>\n");
        page.Append($"<body class=\"{(verdict.Tone switch { VerdictTone.Go => "go", VerdictTone.Stop => "stop", _ => "wait" })} handbook\">\n<main>\n");
        Head(finding, data, verdict, page);
        HandbookStart.Draw(data, page);
        HandbookWork.Tour(data, page);
        HandbookWork.Tasks(data, page);
        Section("map", "Map", page, p =>
        {
            p.Append("<p class=\"muted\">What is made from what. Every box leads to its entry; boxes with ! are not fully described.</p>\n");
            HandbookMap.Draw(data, p);
        });
        HandbookEntries.Draw(data, page);
        HandbookTime.Timeline(data, page);
        HandbookTime.Glossary(data, page);
        HandbookTime.Gaps(data, page);
        if (data.Has("claims"))
        {
            HtmlSections.Table(data.Table("claims"), 0, page);
        }

        HtmlSections.Numbers(finding, page);
        HtmlSections.Checks(finding, page);
        HtmlSections.Bullets("limits", "What limits this handbook", finding.Limitations, page);
        HtmlSections.Bullets("next", "Next", finding.Next, page);
        HandbookTime.Index(data, page);
        HtmlSections.Origin(finding, ledgerLine, page);
        page.Append($"</main>\n<script type=\"application/json\" id=\"finding\">\n{HtmlText.Json(FindingJson.Write(finding))}\n</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    internal static void Section(string id, string heading, StringBuilder page, Action<StringBuilder> body)
    {
        page.Append($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{HtmlText.Of(heading)}</h2>\n");
        body(page);
        page.Append("</section>\n");
    }

    private static void Head(Finding finding, HandbookData data, Verdict verdict, StringBuilder page)
    {
        page.Append($"<header>\n<p class=\"muted small\">Handbook</p>\n<h1 dir=\"auto\">{HtmlText.Of(data.Name)}</h1>\n");
        foreach (var purpose in data.About("purpose"))
        {
            page.Append($"<p class=\"summary\" dir=\"auto\">{HtmlText.Of(purpose)}</p>\n");
        }

        page.Append($"<p class=\"verdict\" dir=\"auto\"><strong><span aria-hidden=\"true\">{verdict.Symbol(unicode: true)}</span> {HtmlText.Of(verdict.Words)}.</strong> {HtmlText.Of(finding.Decision.Summary)}</p>\n");
        page.Append("<nav aria-label=\"Contents\"><ul>\n");
        foreach (var (id, text) in Contents(data))
        {
            page.Append($"<li><a href=\"#{id}\">{text}</a></li>\n");
        }

        page.Append("</ul></nav>\n</header>\n");
    }

    private static IEnumerable<(string Id, string Text)> Contents(HandbookData data)
    {
        yield return ("start", "Start here");
        foreach (var (table, id, text) in new[] { ("progress", "progress", "Progress"), ("tour", "tour", "Tour"), ("tasks", "tasks", "First tasks") })
        {
            if (data.Has(table))
            {
                yield return (id, text);
            }
        }

        yield return ("map", "Map");
        foreach (var (kind, id, text) in HandbookEntries.Kinds.Where(k => data.Assets.Any(a => a.Kind == k.Kind)))
        {
            yield return (id, text);
        }

        foreach (var (table, id, text) in new[] { ("timeline", "timeline", "Timeline"), ("glossary", "glossary", "Words") })
        {
            if (data.Has(table))
            {
                yield return (id, text);
            }
        }

        yield return ("gaps", "What is missing");
        yield return ("index", "Index");
    }
}
