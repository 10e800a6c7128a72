using System.Globalization;

namespace Gnomon.Render.Html.Handbook;

/// <summary>Where everything stands on the page. Each kind has its own prefix, so that a person may be called like a table.</summary>
internal static class HandbookLinks
{
    public static string Anchor(HandbookAsset asset) => $"a-{asset.Id}";

    public static string Anchor(HandbookEvent one) => $"{(one.IsLedger ? "l" : "e")}-{one.Id}";

    public static string Person(string id) => $"p-{id}";

    public static string Term(int at) => $"t-{at.ToString(CultureInfo.InvariantCulture)}";

    public static string Link(string anchor, string text) => $"<a href=\"#{HtmlText.Of(anchor)}\">{HtmlText.Name(text)}</a>";

    /// <summary>The asset as a link; plain text where the project has none of that name.</summary>
    public static string Asset(string id, HandbookData data) => data.Asset(id) is { } asset ? Link(Anchor(asset), id) : HtmlText.Name(id);

    /// <summary>A person as a link; plain text for a stranger, a mark where nobody is named.</summary>
    public static string Owner(string? id, HandbookData data) =>
        id is null ? "<span class=\"lack\">no owner</span>" : data.IsPerson(id) ? Link(Person(id), id) : HtmlText.Name(id);

    /// <summary>What a gap speaks of: an asset, an incident, or a name alone.</summary>
    public static string Any(string id, HandbookData data) =>
        data.Asset(id) is not null ? Asset(id, data) : data.IsEvent(id) ? Link($"e-{id}", id) : HtmlText.Name(id);
}
