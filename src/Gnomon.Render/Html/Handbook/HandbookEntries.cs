using System.Text;

namespace Gnomon.Render.Html.Handbook;

/// <summary>An entry for each table, feature, model and job: what it is, who answers for it, what it is made from, what happened to it, what is missing.</summary>
internal static class HandbookEntries
{
    public static readonly (string Kind, string Id, string Text)[] Kinds = [("table", "tables", "Tables"), ("feature", "features", "Features"), ("model", "models", "Models"), ("job", "jobs", "Jobs")];

    public static void Draw(HandbookData data, StringBuilder page)
    {
        foreach (var (kind, id, text) in Kinds)
        {
            var assets = data.Assets.Where(a => a.Kind == kind).ToList();
            if (assets.Count > 0)
            {
                HandbookPage.Section(id, text, page, p =>
                {
                    if (kind == "feature")
                    {
                        Features(assets, data, p);
                    }
                    else
                    {
                        assets.ForEach(a => Card(a, data, p));
                    }
                });
            }
        }
    }

    private static void Card(HandbookAsset asset, HandbookData data, StringBuilder page)
    {
        page.Append($"<article class=\"entry\" id=\"{HtmlText.Of(HandbookLinks.Anchor(asset))}\">\n<h3>{HtmlText.Name(asset.Id)} <span class=\"muted small\">{(asset.Owner is null ? string.Empty : "owner ")}{HandbookLinks.Owner(asset.Owner, data)}</span></h3>\n");
        page.Append(asset.Description is { } says ? $"<p dir=\"auto\">{HtmlText.Of(says)}</p>\n" : "<p class=\"lack\">Nobody wrote what it is.</p>\n");
        page.Append("<dl class=\"pairs small\">\n");
        foreach (var detail in asset.Details?.Split('\n') ?? [])
        {
            var colon = detail.IndexOf(": ", StringComparison.Ordinal);
            var (name, text) = colon < 0 ? ("", detail) : (detail[..colon], detail[(colon + 2)..]);
            Pair(page, name, name is "command" or "file" ? $"<code>{HtmlText.Of(text)}</code>" : $"<bdi>{HtmlText.Of(text)}</bdi>");
        }

        Links(page, "made from", data.From(asset.Id), data);
        Links(page, asset.Kind == "job" ? "makes" : "used by", data.To(asset.Id), data);
        foreach (var one in data.EventsOf(asset.Id))
        {
            Pair(page, one.Kind, $"{HandbookLinks.Link(HandbookLinks.Anchor(one), one.Title)} <span class=\"muted\">{HtmlText.Of(one.Date)}</span>");
        }

        page.Append("</dl>\n");
        if (asset.Caveats is { } caveats)
        {
            page.Append($"<p class=\"caveat small\" dir=\"auto\">{HtmlText.Of(caveats)}</p>\n");
        }

        foreach (var (kind, text) in data.Gaps(asset.Id))
        {
            page.Append($"<p class=\"lack small\" dir=\"auto\">{HtmlText.Of($"{kind}: {text}")}</p>\n");
        }

        Columns(asset, data, page);
        page.Append("</article>\n");
    }

    private static void Columns(HandbookAsset asset, HandbookData data, StringBuilder page)
    {
        var columns = data.Columns(asset.Id).ToList();
        if (columns.Count == 0)
        {
            return;
        }

        page.Append($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Columns of {HtmlText.Of(asset.Id)}\">\n<table class=\"data\">\n<thead><tr><th scope=\"col\">column</th><th scope=\"col\">type</th><th scope=\"col\">what it is</th><th scope=\"col\">examples</th></tr></thead>\n<tbody>\n");
        foreach (var c in columns)
        {
            var caveat = c[4] is { } warns ? $"<br><span class=\"caveat\">{HtmlText.Of(warns)}</span>" : string.Empty;
            page.Append($"<tr><td><code>{HtmlText.Name(c[1]!)}</code></td><td class=\"muted\">{HtmlText.Of(c[2]!)}</td><td dir=\"auto\">{(c[3] is { } says ? HtmlText.Of(says) : "<span class=\"lack\">not described</span>")}{caveat}</td><td class=\"muted\"><bdi>{HtmlText.Of((c[5] ?? string.Empty).Replace(" | ", " · ", StringComparison.Ordinal))}</bdi></td></tr>\n");
        }

        page.Append("</tbody>\n</table>\n</div>\n");
    }

    private static void Features(List<HandbookAsset> features, HandbookData data, StringBuilder page)
    {
        page.Append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"features\">\n<table class=\"data\">\n<thead><tr><th scope=\"col\">feature</th><th scope=\"col\">what it is</th><th scope=\"col\">from</th><th scope=\"col\">used by</th><th scope=\"col\">owner</th></tr></thead>\n<tbody>\n");
        foreach (var f in features)
        {
            var events = string.Concat(data.EventsOf(f.Id).Select(e => $"<br>{HandbookLinks.Link(HandbookLinks.Anchor(e), $"{e.Date} {e.Title}")}"));
            var caveat = f.Caveats is { } warns ? $"<br><span class=\"caveat\">{HtmlText.Of(warns)}</span>" : string.Empty;
            page.Append($"<tr id=\"{HtmlText.Of(HandbookLinks.Anchor(f))}\"><td>{HtmlText.Name(f.Id)}</td><td dir=\"auto\">{(f.Description is { } says ? HtmlText.Of(says) : "<span class=\"lack\">not described</span>")}{caveat}{events}</td>");
            page.Append($"<td>{Made(f, data)}</td><td>{List(data.To(f.Id), data)}</td><td>{HandbookLinks.Owner(f.Owner, data)}</td></tr>\n");
        }

        page.Append("</tbody>\n</table>\n</div>\n");
    }

    // Columns where the project names them, each leading to its table.
    private static string Made(HandbookAsset feature, HandbookData data)
    {
        const string Key = "made of: ";
        var refs = feature.Details?.Split('\n').FirstOrDefault(d => d.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..].Split(", ") ?? [];
        return string.Join(", ", refs.Select(r => (data.Asset(r) ?? (r.LastIndexOf('.') is > 0 and var dot ? data.Asset(r[..dot]) : null)) is { } asset ? HandbookLinks.Link(HandbookLinks.Anchor(asset), r) : HtmlText.Name(r)));
    }

    private static void Links(StringBuilder page, string term, IEnumerable<string> ids, HandbookData data)
    {
        var links = List(ids, data);
        if (links.Length > 0)
        {
            Pair(page, term, links);
        }
    }

    private static string List(IEnumerable<string> ids, HandbookData data) => string.Join(", ", ids.Select(id => HandbookLinks.Asset(id, data)));

    private static void Pair(StringBuilder page, string term, string html) => page.Append($"<div><dt>{HtmlText.Of(term)}</dt><dd>{html}</dd></div>\n");
}
