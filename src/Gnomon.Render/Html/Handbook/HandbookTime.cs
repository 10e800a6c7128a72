using System.Text;

namespace Gnomon.Render.Html.Handbook;

/// <summary>What happened, what words mean, what is missing, and where everything stands.</summary>
internal static class HandbookTime
{
    public static void Timeline(HandbookData data, StringBuilder page)
    {
        if (data.Events.Count == 0)
        {
            return;
        }

        HandbookPage.Section("timeline", "Timeline", page, p =>
        {
            p.Append("<ol class=\"timeline\">\n");
            foreach (var one in data.Events)
            {
                p.Append($"<li id=\"{HtmlText.Of(HandbookLinks.Anchor(one))}\" class=\"{(one.IsLedger ? "ledger" : HtmlText.Of(one.Kind))}\"><p><time datetime=\"{HtmlText.Of(one.Date)}\">{HtmlText.Of(one.Date)}</time> <span class=\"kind\">{HtmlText.Of(one.Kind)}</span></p>\n<h3 dir=\"auto\">{HtmlText.Of(one.Title)}</h3>\n");
                if (one.Text is { Length: > 0 } text)
                {
                    p.Append($"<p class=\"small\" dir=\"auto\">{HtmlText.Of(text)}</p>\n");
                }

                if (one.About.Count > 0)
                {
                    p.Append($"<p class=\"small muted\">About {string.Join(", ", one.About.Select(a => HandbookLinks.Asset(a, data)))}</p>\n");
                }

                p.Append("</li>\n");
            }

            p.Append("</ol>\n");
        });
    }

    public static void Glossary(HandbookData data, StringBuilder page)
    {
        if (!data.Has("glossary"))
        {
            return;
        }

        HandbookPage.Section("glossary", "Words", page, p =>
        {
            p.Append("<dl class=\"pairs\">\n");
            foreach (var (at, row) in data.Rows("glossary").Index())
            {
                p.Append($"<div id=\"{HandbookLinks.Term(at)}\"><dt>{HtmlText.Name(row[0]!)}</dt><dd dir=\"auto\">{HtmlText.Of(row[1]!)}</dd></div>\n");
            }

            p.Append("</dl>\n");
        });
    }

    public static void Gaps(HandbookData data, StringBuilder page) => HandbookPage.Section("gaps", "What is missing", page, p =>
    {
        if (!data.Has("gaps"))
        {
            p.Append("<p>Nothing: everything has an owner and is described.</p>\n");
            return;
        }

        p.Append("<ul class=\"plain\">\n");
        foreach (var asset in data.Rows("gaps").GroupBy(r => r[0]!, StringComparer.Ordinal))
        {
            p.Append($"<li>{HandbookLinks.Any(asset.Key, data)}: {HtmlText.Of(string.Join("; ", asset.Select(r => $"{r[1]} ({r[2]})")))}</li>\n");
        }

        p.Append("</ul>\n");
    });

    public static void Index(HandbookData data, StringBuilder page) => HandbookPage.Section("index", "Index", page, p =>
    {
        var all = data.Assets.Select(a => (Anchor: HandbookLinks.Anchor(a), Name: a.Id, a.Kind))
            .Concat(data.Events.Select(e => (HandbookLinks.Anchor(e), e.Title, e.Kind)))
            .Concat(data.Rows("people").Select(r => (HandbookLinks.Person(r[0]!), r[1]!, "person")))
            .Concat(data.Rows("glossary").Index().Select(r => (HandbookLinks.Term(r.Index), r.Item[0]!, "word")))
            .OrderBy(e => e.Item2, StringComparer.OrdinalIgnoreCase).ThenBy(e => e.Item1, StringComparer.Ordinal);
        p.Append("<ul class=\"index small\">\n");
        foreach (var (anchor, name, kind) in all)
        {
            p.Append($"<li>{HandbookLinks.Link(anchor, name)} <span class=\"muted\">{HtmlText.Of(kind)}</span></li>\n");
        }

        p.Append("</ul>\n");
    });
}
