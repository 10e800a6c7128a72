using System.Globalization;
using System.Text;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Findings;
using Gnomon.Render.Picture;
using Gnomon.Render.Words;

namespace Gnomon.Render.Html;

/// <summary>The interval picture as a table whose bar column is drawn: readable by eye, by screen reader and without scripts.</summary>
/// <remarks>Positions are percentages of the column, so one drawing fits a phone, a screen and paper.</remarks>
internal sealed class HtmlPicture
{
    private const int Dashes = 4;

    // A longer unit has no room beside the number; the legend names it.
    private const int LongestSuffix = 6;

    private readonly IntervalPicture _picture;
    private readonly StringBuilder _page;
    private readonly IReadOnlyList<string> _lineNames;
    private readonly bool _hasP;

    private HtmlPicture(IntervalPicture picture, StringBuilder page)
    {
        _picture = picture;
        _page = page;
        _lineNames = [.. picture.Lines.Select(l => l.Name).Distinct()];
        _hasP = picture.Rows.Any(r => r.Estimate.P is not null);
    }

    internal static void Draw(IntervalPicture picture, StringBuilder page) => new HtmlPicture(picture, page).Draw();

    private void Draw()
    {
        _page.Append("<div class=\"group\">\n<table class=\"picture\" role=\"table\">\n");
        _page.Append("<caption class=\"hidden\">Estimates with their intervals</caption>\n");
        _page.Append("<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\" class=\"row\"><span class=\"hidden\">Row</span></th>");
        _page.Append("<th scope=\"col\" role=\"columnheader\" class=\"number estimate\">Estimate</th>");
        _page.Append("<th scope=\"col\" role=\"columnheader\" class=\"bar\"><span class=\"hidden\">Picture</span></th>");
        _page.Append($"<th scope=\"col\" role=\"columnheader\" class=\"number interval\">{(_picture.Level is { } level ? $"{Paper.Level(level)} interval" : "Interval")}</th>");
        _page.Append(_hasP ? "<th scope=\"col\" role=\"columnheader\" class=\"number p\">p</th>" : string.Empty);
        _page.Append("</tr></thead>\n<tbody role=\"rowgroup\">\n");
        foreach (var row in _picture.Rows)
        {
            Row(row);
        }

        Axis();
        _page.Append("</tbody>\n</table>\n");
        Legend();
        _page.Append("</div>\n");
    }

    private void Row(PictureRow row)
    {
        var level = _picture.Level is null ? $" ({Paper.Level(row.Estimate.Level)})" : string.Empty;
        _page.Append($"<tr role=\"row\"{(row.Estimate.Role == "primary" ? " class=\"primary\"" : string.Empty)}>");
        _page.Append($"<th scope=\"row\" role=\"rowheader\">{HtmlText.Name(row.Label)}</th>");
        _page.Append($"<td role=\"cell\" class=\"number estimate\">{HtmlText.Number(_picture.Unit.Suffix.Length > LongestSuffix ? row.Text.Value : row.Text.Point)}</td>");
        _page.Append("<td role=\"cell\" class=\"bar\">");
        Bar(row);
        _page.Append("</td>");
        _page.Append($"<td role=\"cell\" class=\"number interval\">{HtmlText.Number($"{row.Text.Low} to {row.Text.High}{level}")}</td>");
        _page.Append(_hasP ? $"<td role=\"cell\" class=\"number p\">{P(row)}</td>" : string.Empty);
        _page.Append("</tr>\n");
    }

    // "p = " stands in the column's head; where there is no head (on a phone) it is shown with the number.
    private static string P(PictureRow row)
    {
        if (row.Estimate.P is not { } p)
        {
            return string.Empty;
        }

        var text = Figures.P(p);
        var lead = text.StartsWith("p = ", StringComparison.Ordinal) ? 4 : 2;
        return $"<span class=\"lead\">{HtmlText.Of(text[..lead])}</span>{HtmlText.Of(text[lead..])}";
    }

    private void Bar(PictureRow row)
    {
        var factor = _picture.Unit.Factor;
        double low = At(row.Estimate.Low * factor), high = At(row.Estimate.High * factor), point = At(row.Estimate.Value * factor);
        _page.Append("<svg aria-hidden=\"true\" focusable=\"false\">");
        if (_picture.Unit.NoEffect is { } none)
        {
            Vertical(At(none * factor), "none");
        }

        foreach (var line in _picture.LinesFor(row))
        {
            Vertical(At(line.Value * factor), Dash(line));
        }

        if (low <= 1 && high >= 0)
        {
            _page.Append($"<line class=\"range\" x1=\"{Percent(Math.Max(0, low))}\" x2=\"{Percent(Math.Min(1, high))}\" y1=\"50%\" y2=\"50%\"/>");
        }

        Cut(low < 0, "0%", "M8 -6 L0 0 L8 6 Z");
        Cut(high > 1, "100%", "M-8 -6 L0 0 L-8 6 Z");
        if (point is >= 0 and <= 1)
        {
            _page.Append($"<circle class=\"point\" cx=\"{Percent(point)}\" cy=\"50%\" r=\"{(row.Estimate.Role == "primary" ? 6 : 4.5)}\"/>");
        }

        _page.Append("</svg>");
    }

    private void Vertical(double at, string style) =>
        _page.Append($"<line class=\"{style}\" x1=\"{Percent(at)}\" x2=\"{Percent(at)}\" y1=\"0\" y2=\"100%\"/>");

    private void Cut(bool isCut, string at, string path)
    {
        if (isCut)
        {
            _page.Append($"<svg x=\"{at}\" y=\"50%\" overflow=\"visible\"><path class=\"cut\" d=\"{path}\"/></svg>");
        }
    }

    private void Axis()
    {
        _page.Append("<tr role=\"presentation\" class=\"axis\" aria-hidden=\"true\"><td></td><td></td><td class=\"bar\"><svg focusable=\"false\">");
        _page.Append("<line class=\"scale\" x1=\"0\" x2=\"100%\" y1=\"0.5\" y2=\"0.5\"/>");
        foreach (var tick in _picture.Axis.Ticks)
        {
            var at = At(tick.At);
            var anchor = at < 0.04 ? "start" : at > 0.96 ? "end" : "middle";
            _page.Append($"<line class=\"tick\" x1=\"{Percent(at)}\" x2=\"{Percent(at)}\" y1=\"0\" y2=\"5\"/>");
            _page.Append($"<text x=\"{Percent(at)}\" y=\"19\" text-anchor=\"{anchor}\">{HtmlText.Number(tick.Text)}</text>");
        }

        _page.Append($"</svg></td><td></td>{(_hasP ? "<td></td>" : string.Empty)}</tr>\n");
    }

    private void Legend()
    {
        var items = new List<string>();
        if (_picture.Name is { } name)
        {
            items.Add(HtmlText.Name(name));
        }

        if (_picture.Unit.Suffix.Length > 0)
        {
            items.Add(_picture.Unit.Suffix == "pp" ? "pp: percentage points" : $"in {HtmlText.Name(_picture.Unit.Suffix)}");
        }

        if (_picture.Unit.NoEffect is not null)
        {
            items.Add(Swatch("none") + "no effect");
        }

        items.AddRange(_lineNames.Select(n => Swatch(DashOf(n)) + HtmlText.Name(n) + Values(n)));
        if (items.Count > 0)
        {
            _page.Append("<ul class=\"legend\">").AppendJoin(string.Empty, items.Select(i => $"<li>{i}</li>")).Append("</ul>\n");
        }
    }

    private string Values(string name)
    {
        var values = _picture.Lines.Where(l => l.Name == name).Select(l => Paper.Quantity(l.Value, _picture.Unit)).Distinct().ToList();
        return values.Count == 1 ? " " + HtmlText.Number(values[0]) : string.Empty;
    }

    private static string Swatch(string style) =>
        $"<svg aria-hidden=\"true\" focusable=\"false\"><line class=\"{style}\" x1=\"50%\" x2=\"50%\" y1=\"0\" y2=\"100%\"/></svg>";

    private string Dash(ReferenceLine line) => DashOf(line.Name);

    private string DashOf(string name) => $"reference dash-{_lineNames.Index().First(n => n.Item == name).Index % Dashes}";

    private double At(double value) => _picture.Axis.At(value);

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
