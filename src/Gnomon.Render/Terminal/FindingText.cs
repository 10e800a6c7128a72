using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Picture;
using Gnomon.Render.Words;

namespace Gnomon.Render.Terminal;

/// <summary>The card, top to bottom: verdict, sentence, numbers, picture, checks, tables, limits, next steps, origin.</summary>
internal static class FindingText
{
    private const string Indent = "  ";

    internal static IReadOnlyList<TextLine> Lines(Finding finding, TerminalOptions options)
    {
        var page = new Page(Math.Clamp(options.Width, TerminalOptions.MinWidth, TerminalOptions.MaxWidth), options.Unicode ? Glyphs.Unicode : Glyphs.Ascii);
        Head(finding, page);
        if (options.Quiet)
        {
            return page.Lines;
        }

        // A check that turned the decision is read before the numbers it spoils.
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

        foreach (var chart in finding.Plots.Where(p => p.Id == ChartPlot.Id))
        {
            ChartText.Draw(chart, page);
        }

        foreach (var table in finding.Tables.Where(t => t.Id != ReferenceLines.TableId && !t.IsReference))
        {
            TableText.Draw(table, page);
        }

        LookedUp(finding, page);

        Bullets("What limits this answer", finding.Limitations, page);
        Bullets("Next", finding.Next, page);
        Origin(finding, options, page);
        return page.Lines;
    }

    private static void Head(Finding finding, Page page)
    {
        var verdict = Verdict.Of(finding.Decision.Action);
        var ink = verdict.Tone switch { VerdictTone.Go => Ink.Go, VerdictTone.Stop => Ink.Stop, _ => Ink.Wait };
        page.Prose(verdict.Words.ToUpperInvariant(), ink, verdict.Symbol(page.Glyphs.IsUnicode) + " ", ink);
        page.Prose(finding.Title, Ink.Faint);
        page.Blank();
        page.Prose(finding.Decision.Summary);
    }

    private static void Numbers(Finding finding, Page page)
    {
        var headlines = Prose.Headlines(finding);
        if (headlines.Count > 0)
        {
            page.Blank();
        }

        foreach (var e in headlines)
        {
            page.Prose($"{Prose.Subject(e)}: {Prose.Sentence(e)}", Ink.Strong);
            page.Prose(e.Method, Ink.Faint, Indent);
        }

        if (finding.Decision.Because.Count > 0 && finding.Estimates.Count > 0)
        {
            page.Blank();
            page.Prose(Prose.ForCompleteness, Ink.Faint);
        }

        foreach (var picture in IntervalPicture.Of(finding))
        {
            IntervalText.Draw(picture, page);
        }
    }

    private static void Checks(Finding finding, Page page)
    {
        var summary = CheckSummary.Of(finding);
        page.Blank();
        foreach (var check in summary.Fired)
        {
            var failed = check.Status == CheckStatus.Fail;
            var ink = failed ? Ink.Stop : Ink.Wait;
            page.Prose($"{(failed ? "FAIL" : "WARN")} {check.Id}", ink, failed ? page.Glyphs.Fail : page.Glyphs.Warn, ink);
            page.Prose(check.Evidence, Ink.Plain, Indent);
            page.Prose(check.Remedy, Ink.Plain, Indent + page.Glyphs.Arrow);
            page.Prose(check.Source, Ink.Faint, Indent);
        }

        page.Prose(summary.Rest, Ink.Faint);
    }

    private static void LookedUp(Finding finding, Page page)
    {
        var names = finding.Tables.Where(t => t.IsReference).Select(t => $"{t.Title} ({Figures.Count(t.Rows.Count)})").ToList();
        if (names.Count > 0)
        {
            page.Blank();
            page.Prose($"Also in --json and --html: {string.Join(", ", names)}", Ink.Faint);
        }
    }

    private static void Bullets(string heading, IReadOnlyList<string> items, Page page)
    {
        if (items.Count == 0)
        {
            return;
        }

        page.Heading(heading);
        foreach (var item in items)
        {
            page.Prose(item, Ink.Plain, Indent + page.Glyphs.Bullet);
        }
    }

    private static void Origin(Finding finding, TerminalOptions options, Page page)
    {
        page.Blank();
        page.Prose(string.Join(page.Glyphs.Separator, Prose.Origin(finding.Provenance)), Ink.Faint);
        if (options.LedgerLine is { } line)
        {
            page.Prose(line, Ink.Faint);
        }
    }
}
