using System.Text;

namespace Gnomon.Render.Html.Handbook;

/// <summary>The first screen: who is there, what holds for everybody, how far one is.</summary>
internal static class HandbookStart
{
    public static void Draw(HandbookData data, StringBuilder page)
    {
        HandbookPage.Section("start", "Start here", page, p =>
        {
            var standards = data.About("standard").ToList();
            if (standards.Count > 0)
            {
                p.Append("<h3>What holds for everybody</h3>\n<ul class=\"plain\">\n");
                standards.ForEach(s => p.Append($"<li dir=\"auto\">{HtmlText.Of(s)}</li>\n"));
                p.Append("</ul>\n");
            }

            var people = data.Rows("people").ToList();
            if (people.Count > 0)
            {
                p.Append("<h3>Who to ask</h3>\n<ul class=\"people\">\n");
                foreach (var person in people)
                {
                    Person(person, data, p);
                }

                p.Append("</ul>\n");
            }
        });
        if (data.Has("progress"))
        {
            HandbookPage.Section("progress", "Progress", page, p => Progress(data, p));
        }
    }

    private static void Person(IReadOnlyList<string?> person, HandbookData data, StringBuilder page)
    {
        var owns = data.Assets.Where(a => a.Owner == person[0]).ToList();
        page.Append($"<li id=\"{HtmlText.Of(HandbookLinks.Person(person[0]!))}\"><strong>{HtmlText.Name(person[1]!)}</strong>{(person[2] is { } role ? $", {HtmlText.Of(role)}" : string.Empty)}{(person[3] is { } contact ? $" <span class=\"muted\">{HtmlText.Of(contact)}</span>" : string.Empty)}");
        if (owns.Count > 0)
        {
            page.Append($"<details><summary>answers for {owns.Count}</summary><p class=\"small\">{string.Join(", ", owns.Select(a => HandbookLinks.Asset(a.Id, data)))}</p></details>");
        }

        page.Append("</li>\n");
    }

    private static void Progress(HandbookData data, StringBuilder page)
    {
        page.Append("<dl class=\"bars\">\n");
        foreach (var row in data.Table("progress").Rows)
        {
            var (done, of) = ((long)row[1]!, (long)row[2]!);
            var said = $"{Core.Findings.Figures.Count(done)} of {Core.Findings.Figures.Count(of)}";
            page.Append($"<div><dt>{HtmlText.Of((string)row[0]!)}</dt><dd><progress max=\"{Math.Max(of, 1)}\" value=\"{done}\">{said}</progress> <span>{said}</span></dd></div>\n");
        }

        page.Append("</dl>\n");
    }
}
