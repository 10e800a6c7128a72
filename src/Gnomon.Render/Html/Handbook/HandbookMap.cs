using System.Globalization;
using System.Text;

namespace Gnomon.Render.Html.Handbook;

/// <summary>What is made from what, as a drawing: tables, features, models and jobs in columns, lines between them, every box a link.</summary>
internal static class HandbookMap
{
    private const int BoxWidth = 176;
    private const int BoxHeight = 22;
    private const int Row = 27;
    private const int ColumnGap = 72;
    private const int Top = 28;
    private const int MostLetters = 25;
    private static readonly (string Kind, string Heading)[] Kinds = [("table", "Tables"), ("feature", "Features"), ("model", "Models"), ("job", "Jobs")];

    public static void Draw(HandbookData data, StringBuilder page)
    {
        var columns = Kinds.Where(k => data.Assets.Any(a => a.Kind == k.Kind)).ToList();
        var places = Places(data, columns.ConvertAll(c => c.Kind));
        var width = (columns.Count * (BoxWidth + ColumnGap)) - ColumnGap + 4;
        var height = Top + (columns.Max(c => data.Assets.Count(a => a.Kind == c.Kind)) * Row) + 4;
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll map\" role=\"region\" tabindex=\"0\" aria-label=\"Map of the project\">\n<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"group\">\n");
        foreach (var (at, column) in columns.Index())
        {
            page.Append(CultureInfo.InvariantCulture, $"<text class=\"head\" x=\"{X(at) + 2}\" y=\"14\">{column.Heading}</text>\n");
        }

        foreach (var (from, to) in data.Lineage)
        {
            Line(places[from], places[to], page);
        }

        foreach (var asset in data.Assets)
        {
            Box(asset, places[asset.Id], data, page);
        }

        page.Append("</svg>\n</div>\n");
    }

    // Each column follows the mean place of what leads to it, so that lines cross less.
    private static Dictionary<string, (int Column, double Y)> Places(HandbookData data, List<string> kinds)
    {
        var places = new Dictionary<string, (int Column, double Y)>(StringComparer.Ordinal);
        var tallest = kinds.Max(k => data.Assets.Count(a => a.Kind == k));
        foreach (var (column, kind) in kinds.Index())
        {
            var here = data.Assets.Where(a => a.Kind == kind).Index()
                .Select(a => (a.Item, a.Index, Mean: data.From(a.Item.Id).Concat(data.To(a.Item.Id)).Where(places.ContainsKey).Select(id => places[id].Y).DefaultIfEmpty(double.NaN).Average()))
                .OrderBy(a => column == 0 || double.IsNaN(a.Mean) ? double.MaxValue : a.Mean).ThenBy(a => a.Index).ToList();

            // Few boxes are spread over the height of the tallest column.
            var step = Math.Max(1.0, Math.Min(6.0, tallest / (double)here.Count));
            foreach (var (at, asset) in here.Index())
            {
                places[asset.Item.Id] = (column, Top + (((at * step) + ((step - 1) / 2)) * Row));
            }
        }

        return places;
    }

    private static void Box(HandbookAsset asset, (int Column, double Y) place, HandbookData data, StringBuilder page)
    {
        var (x, y) = (X(place.Column), Number(place.Y));
        var lacks = data.Gaps(asset.Id).Any();
        var name = asset.Id.Length > MostLetters ? asset.Id[..(MostLetters - 1)] + "…" : asset.Id;
        var owner = asset.Owner is null ? "no owner" : $"owner {asset.Owner}";
        page.Append(CultureInfo.InvariantCulture, $"<a href=\"#{HtmlText.Of(HandbookLinks.Anchor(asset))}\"><title>{HtmlText.Of($"{asset.Kind} {asset.Id}, {owner}{(lacks ? ", not fully described" : string.Empty)}")}</title>");
        page.Append(CultureInfo.InvariantCulture, $"<rect class=\"{asset.Kind}{(lacks ? " lacks" : string.Empty)}\" x=\"{x}\" y=\"{y}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"4\"/>");
        page.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 8}\" y=\"{Number(place.Y + 15)}\">{HtmlText.Of(name)}{(lacks ? "<tspan class=\"mark\"> !</tspan>" : string.Empty)}</text></a>\n");
    }

    private static void Line((int Column, double Y) from, (int Column, double Y) to, StringBuilder page)
    {
        var (left, right) = from.Column <= to.Column ? (from, to) : (to, from);
        var (x1, y1, y2) = (X(left.Column) + BoxWidth, left.Y + (BoxHeight / 2.0), right.Y + (BoxHeight / 2.0));
        var x2 = left.Column == right.Column ? x1 : X(right.Column);
        var bend = left.Column == right.Column ? 36 : (x2 - x1) / 2;
        var end = left.Column == right.Column ? x1 + bend : x2 - bend;
        page.Append(CultureInfo.InvariantCulture, $"<path class=\"{(from.Column > to.Column ? "makes" : right.Column - left.Column > 1 ? "far" : "near")}\" d=\"M{x1} {Number(y1)}C{x1 + bend} {Number(y1)} {end} {Number(y2)} {x2} {Number(y2)}\"/>\n");
    }

    private static int X(int column) => 2 + (column * (BoxWidth + ColumnGap));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
