using System.Text;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Picture;
using Gnomon.Render.Words;

namespace Gnomon.Render.Markdown;

/// <summary>A finding as GitHub-flavoured Markdown: for pull requests, issues and wikis. Same order as every other card.</summary>
public static class MarkdownRenderer
{
    /// <param name="finding">What to render.</param>
    /// <param name="ledgerLine">What the ledger has to add; the last line.</param>
    public static string Render(Finding finding, string? ledgerLine = null)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var page = new StringBuilder();
        Head(finding, page);
        if (finding.Decision.Because.Count > 0)
        {
            Checks(finding, page);
            Numbers(finding, page);
        }
        else
        {
            Numbers(finding, page);
            Checks(finding, page);
        }

        foreach (var table in finding.Tables.Where(t => t.Id != ReferenceLines.TableId))
        {
            Table(table, page);
        }

        Bullets("What limits this answer", finding.Limitations, page);
        Bullets("Next", finding.Next, page);
        Origin(finding, ledgerLine, page);
        return page.ToString();
    }

    private static void Head(Finding finding, StringBuilder page)
    {
        var verdict = Verdict.Of(finding.Decision.Action);
        page.Append($"# {verdict.Symbol(unicode: true)} {verdict.Words}\n\n");
        page.Append($"*{MarkdownText.Of(finding.Title)}*\n\n");
        page.Append($"**{MarkdownText.Of(finding.Decision.Summary)}**\n");
    }

    private static void Numbers(Finding finding, StringBuilder page)
    {
        if (finding.Estimates.Count == 0)
        {
            return;
        }

        page.Append("\n## Estimates\n");
        if (finding.Decision.Because.Count > 0)
        {
            page.Append($"\n{Prose.ForCompleteness}\n");
        }

        foreach (var picture in IntervalPicture.Of(finding))
        {
            Row(page.Append('\n'), [MarkdownText.Of(picture.Name ?? string.Empty), "estimate", Interval(picture), "p", "n", "method"]);
            page.Append("|---|---:|---:|---:|---:|---|\n");
            foreach (var row in picture.Rows)
            {
                var e = row.Estimate;
                var label = MarkdownText.Of(row.Label);
                Row(page,
                [
                    e.Role == "primary" ? $"**{label}**" : label,
                    MarkdownText.Of(row.Text.Point),
                    MarkdownText.Of(row.Text.Range) + (picture.Level is null ? $" ({Paper.Level(e.Level)})" : string.Empty),
                    e.P is { } p ? MarkdownText.Of(Figures.P(p)) : string.Empty,
                    Figures.Count(e.N),
                    MarkdownText.Of(e.Method),
                ]);
            }

            foreach (var line in picture.Lines)
            {
                page.Append($"\n{MarkdownText.Of(line.Name)}{(line.Metric is { } metric ? $" of {MarkdownText.Of(metric)}" : string.Empty)}: {Paper.Quantity(line.Value, picture.Unit)}\n");
            }
        }
    }

    private static string Interval(IntervalPicture picture) => picture.Level is { } level ? $"{Paper.Level(level)} interval" : "interval";

    private static void Checks(Finding finding, StringBuilder page)
    {
        if (finding.Checks.Count == 0)
        {
            return;
        }

        var summary = CheckSummary.Of(finding);
        page.Append("\n## Checks\n");
        foreach (var check in summary.Fired)
        {
            var failed = check.Status == CheckStatus.Fail;
            page.Append($"\n- {(failed ? "✖ **FAIL" : "▲ **WARN")} {MarkdownText.Of(check.Id)}**: {MarkdownText.Of(check.Evidence)}  \n");
            page.Append($"  → {MarkdownText.Of(check.Remedy)}  \n  <sub>{MarkdownText.Of(check.Source)}</sub>\n");
        }

        if (summary.Rest.Length > 0)
        {
            page.Append($"\n<details><summary>{MarkdownText.Of(summary.Rest)}</summary>\n\n");
            foreach (var check in summary.Passed.Concat(summary.Skipped))
            {
                page.Append($"- {(check.Status == CheckStatus.Pass ? "passed" : "could not run")}, {MarkdownText.Of(check.Id)}: {MarkdownText.Of(check.Evidence)}\n");
            }

            page.Append("\n</details>\n");
        }
    }

    private static void Table(ResultTable table, StringBuilder page)
    {
        page.Append($"\n## {MarkdownText.Of(table.Title)}\n\n");
        if (table.Columns.Count == 0 || table.Rows.Count == 0)
        {
            page.Append("(no rows)\n");
            return;
        }

        var columns = Enumerable.Range(0, table.Columns.Count).Select(c => CellText.Column(table, c)).ToList();
        Row(page, table.Columns.Select(MarkdownText.Of));
        Row(page, Enumerable.Range(0, table.Columns.Count).Select(c => CellText.IsNumeric(table, c) ? "---:" : "---"));
        for (var r = 0; r < table.Rows.Count; r++)
        {
            var row = r;
            Row(page, columns.Select(c => MarkdownText.Of(c[row])));
        }
    }

    private static void Row(StringBuilder page, IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static void Bullets(string heading, IReadOnlyList<string> items, StringBuilder page)
    {
        if (items.Count == 0)
        {
            return;
        }

        page.Append($"\n## {heading}\n\n");
        foreach (var item in items)
        {
            page.Append($"- {MarkdownText.Block(item)}\n");
        }
    }

    private static void Origin(Finding finding, string? ledgerLine, StringBuilder page)
    {
        page.Append($"\n---\n\n<sub>{MarkdownText.Of(string.Join(" · ", Prose.Origin(finding.Provenance)))}</sub>  \n");
        page.Append(MarkdownText.Code(Prose.Command(finding.Provenance))).Append('\n');
        if (ledgerLine is not null)
        {
            page.Append($"\n<sub>{MarkdownText.Of(ledgerLine)}</sub>\n");
        }
    }
}
