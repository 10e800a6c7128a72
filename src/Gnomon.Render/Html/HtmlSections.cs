using System.Globalization;
using System.Text;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render.Picture;
using Gnomon.Render.Words;

namespace Gnomon.Render.Html;

/// <summary>The parts of the page, each a function of the finding.</summary>
internal static class HtmlSections
{
    // More columns than this do not fit an upright page of paper.
    private const int WideFrom = 8;

    internal static void Head(Finding finding, StringBuilder page)
    {
        var verdict = Verdict.Of(finding.Decision.Action);
        page.Append("<header>\n");
        page.Append($"<h1><span class=\"symbol\" aria-hidden=\"true\">{verdict.Symbol(unicode: true)}</span> {HtmlText.Of(verdict.Words)}</h1>\n");
        page.Append($"<p class=\"question\" dir=\"auto\">{HtmlText.Of(finding.Title)}</p>\n");
        page.Append($"<p class=\"summary\" dir=\"auto\">{HtmlText.Of(finding.Decision.Summary)}</p>\n");
        page.Append("</header>\n");
    }

    internal static void Numbers(Finding finding, StringBuilder page)
    {
        if (finding.Estimates.Count == 0)
        {
            return;
        }

        page.Append("<section aria-labelledby=\"estimates\">\n<h2 id=\"estimates\">What the data say</h2>\n");
        if (finding.Decision.Because.Count > 0)
        {
            page.Append($"<p class=\"muted\">{Prose.ForCompleteness}</p>\n");
        }

        Headlines(finding, page);
        foreach (var picture in IntervalPicture.Of(finding))
        {
            HtmlPicture.Draw(picture, page);
        }

        page.Append("</section>\n");
    }

    internal static void Checks(Finding finding, StringBuilder page)
    {
        if (finding.Checks.Count == 0)
        {
            return;
        }

        var summary = CheckSummary.Of(finding);
        page.Append("<section aria-labelledby=\"checks\">\n<h2 id=\"checks\">Checks</h2>\n");
        foreach (var check in summary.Fired)
        {
            var failed = check.Status == CheckStatus.Fail;
            page.Append($"<article class=\"check {(failed ? "fail" : "warn")}\">\n");
            page.Append($"<h3><span class=\"status\">{(failed ? "✖ Failed" : "▲ Warning")}</span> {HtmlText.Name(check.Id)}</h3>\n");
            page.Append($"<p dir=\"auto\">{HtmlText.Of(check.Evidence)}</p>\n<p class=\"remedy\" dir=\"auto\">{HtmlText.Of(check.Remedy)}</p>\n");
            page.Append($"<p class=\"muted small\" dir=\"auto\">{HtmlText.Of(check.Source)}</p>\n</article>\n");
        }

        if (summary.Rest.Length > 0)
        {
            page.Append($"<details>\n<summary>{HtmlText.Of(summary.Rest)}</summary>\n<dl class=\"pairs small\">\n");
            foreach (var check in summary.Passed.Concat(summary.Skipped))
            {
                Pair(page, HtmlText.Name(check.Id), $"<bdi>{HtmlText.Of(check.Status == CheckStatus.Skipped ? $"could not run: {check.Evidence}" : check.Evidence)}</bdi>");
            }

            page.Append("</dl>\n</details>\n");
        }

        page.Append("</section>\n");
    }

    /// <param name="plots">Charts with their place among the plots of the finding, by which the script finds them.</param>
    /// <param name="page">The page so far.</param>
    internal static void Plots(IReadOnlyList<(int Index, Plot Plot)> plots, StringBuilder page)
    {
        if (plots.Count == 0)
        {
            return;
        }

        page.Append("<section aria-labelledby=\"charts\">\n<h2 id=\"charts\">Charts</h2>\n<noscript><p class=\"muted\">The charts need JavaScript. Everything else on this page does not.</p></noscript>\n");
        foreach (var (index, plot) in plots)
        {
            page.Append($"<figure>\n<figcaption dir=\"auto\">{HtmlText.Of(plot.Title)}</figcaption>\n");
            page.Append($"<div class=\"chart\" id=\"plot-{index.ToString(CultureInfo.InvariantCulture)}\" role=\"img\" aria-label=\"{HtmlText.Of(plot.Title)}\"></div>\n</figure>\n");
        }

        page.Append("</section>\n");
    }

    internal static void Table(ResultTable table, int index, StringBuilder page)
    {
        var id = $"table-{index.ToString(CultureInfo.InvariantCulture)}";
        page.Append($"<section aria-labelledby=\"{id}\"{(table.Columns.Count > WideFrom ? " class=\"wide\"" : string.Empty)}>\n<h2 id=\"{id}\" dir=\"auto\">{HtmlText.Of(table.Title)}</h2>\n");
        page.Append($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{id}\">\n<table class=\"data\">\n<thead><tr>");
        var columns = Enumerable.Range(0, table.Columns.Count).Select(c => CellText.Column(table, c)).ToList();
        var numeric = Enumerable.Range(0, table.Columns.Count).Select(c => CellText.IsNumeric(table, c)).ToList();
        for (var c = 0; c < columns.Count; c++)
        {
            page.Append($"<th scope=\"col\"{(numeric[c] ? " class=\"number\"" : string.Empty)}>{HtmlText.Name(table.Columns[c])}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        for (var r = 0; r < table.Rows.Count; r++)
        {
            page.Append("<tr>");
            for (var c = 0; c < columns.Count; c++)
            {
                page.Append(numeric[c] ? $"<td class=\"number\">{HtmlText.Number(columns[c][r])}</td>" : $"<td>{HtmlText.Name(columns[c][r])}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody>\n</table>\n</div>\n</section>\n");
    }

    internal static void Bullets(string id, string heading, IReadOnlyList<string> items, StringBuilder page)
    {
        if (items.Count == 0)
        {
            return;
        }

        page.Append($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{heading}</h2>\n<ul class=\"plain\">\n");
        foreach (var item in items)
        {
            page.Append($"<li dir=\"auto\">{HtmlText.Of(item)}</li>\n");
        }

        page.Append("</ul>\n</section>\n");
    }

    internal static void Origin(Finding finding, string? ledgerLine, StringBuilder page)
    {
        var p = finding.Provenance;
        page.Append("<footer>\n<dl class=\"pairs\">\n");
        foreach (var data in p.Data)
        {
            var rows = data.Rows is { } n ? $", {Figures.Count(n)} rows" : string.Empty;
            var hash = data.Sha256 is { } sha ? $", SHA-256 <code>{HtmlText.Of(sha)}</code>" : string.Empty;
            Pair(page, "Data", $"{HtmlText.Name(data.Source)}{rows}, {Figures.Count(data.Columns)} columns{hash}");
        }

        Pair(page, "Command", $"<code><bdi>{HtmlText.Of(Prose.Command(p))}</bdi></code>");
        Pair(page, "Run", $"{p.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, {Paper.Seconds(p.Seconds)}, seed {p.Seed.ToString(CultureInfo.InvariantCulture)}, gnomon {HtmlText.Of(p.Version)} on {HtmlText.Of(p.Engine)}");
        if (ledgerLine is not null)
        {
            Pair(page, "Ledger", $"<bdi>{HtmlText.Of(ledgerLine)}</bdi>");
        }

        page.Append("</dl>\n</footer>\n");
    }

    private static void Headlines(Finding finding, StringBuilder page)
    {
        var headlines = Prose.Headlines(finding);
        if (headlines.Count == 0)
        {
            return;
        }

        page.Append("<div class=\"figures\">\n");
        foreach (var e in headlines)
        {
            var text = Paper.Interval(e);
            page.Append($"<div class=\"figure\">\n<p class=\"of\"><bdi>{HtmlText.Number(Prose.Subject(e)).Replace(" - ", " − ", StringComparison.Ordinal)}</bdi></p>\n");
            page.Append($"<p class=\"value\">{HtmlText.Number(text.Point)}</p>\n");
            page.Append($"<p>{Paper.Level(e.Level)} interval {HtmlText.Number(text.Range)}</p>\n");
            var p = e.P is { } value ? $"{HtmlText.Of(Figures.P(value))}, " : string.Empty;
            page.Append($"<p class=\"muted small\">{p}{(e.N > 0 ? $"n = {Figures.Count(e.N)}, " : string.Empty)}<bdi>{HtmlText.Of(e.Method)}</bdi></p>\n</div>\n");
        }

        page.Append("</div>\n");
    }

    private static void Pair(StringBuilder page, string term, string description) =>
        page.Append($"<div><dt>{term}</dt><dd>{description}</dd></div>\n");
}
