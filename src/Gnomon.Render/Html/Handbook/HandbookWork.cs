using System.Globalization;
using System.Text;

namespace Gnomon.Render.Html.Handbook;

/// <summary>What is done on the first days: the tour and the first tasks.</summary>
internal static class HandbookWork
{
    public static void Tour(HandbookData data, StringBuilder page)
    {
        if (!data.Has("tour"))
        {
            return;
        }

        HandbookPage.Section("tour", "Tour", page, p =>
        {
            p.Append("<p class=\"muted\">Each recorded run, made again on a copy. Run them in the folder work/ of your sandbox and compare.</p>\n<ol class=\"steps\">\n");
            foreach (var (row, raw) in data.Rows("tour").Zip(data.Table("tour").Rows))
            {
                var same = row[5] == "the same";
                p.Append($"<li><h3>{HandbookLinks.Asset(row[0]!, data)} <span class=\"badge {(same ? "good" : row[5] == "not run" ? "plain" : "bad")}\">{HtmlText.Of(row[5] ?? string.Empty)}</span></h3>\n");
                if (row[1] is { } command)
                {
                    p.Append($"<pre><code>{HtmlText.Of(command)}</code></pre>\n");
                }

                if (row[2] is { } metric)
                {
                    p.Append($"<p class=\"small\"><bdi>{HtmlText.Of(metric)}</bdi>: {(Exact(raw[3]) is { } was ? $"<b>{was}</b> on record" : "not on record")}{(Exact(raw[4]) is { } now ? $", <b>{now}</b> again" : string.Empty)}</p>\n");
                }

                p.Append("</li>\n");
            }

            p.Append("</ol>\n");
        });
    }

    public static void Tasks(HandbookData data, StringBuilder page)
    {
        if (!data.Has("tasks"))
        {
            return;
        }

        HandbookPage.Section("tasks", "First tasks", page, p =>
        {
            p.Append("<p class=\"muted\">On your copy, from the easiest up. The command that made this page marks them when it is run again.</p>\n<ol class=\"steps\">\n");
            foreach (var row in data.Rows("tasks"))
            {
                var state = row[5]!;
                p.Append($"<li><h3>{HtmlText.Of(row[2]!)} <span class=\"badge {(state == "done" ? "good" : state == "open" ? "plain" : "bad")}\">{HtmlText.Of(state)}</span></h3>\n");
                p.Append($"<p dir=\"auto\">{Command(row[3]!)}</p>\n<p class=\"small muted\" dir=\"auto\">It counts when {HtmlText.Of(row[4]!)}. Now: {HtmlText.Of(row[6]!)}.</p>\n</li>\n");
            }

            p.Append("</ol>\n");
        });
    }

    // Every digit: the sameness of the numbers is the point.
    private static string? Exact(object? value) => value switch
    {
        double number => HtmlText.Number(number.ToString("R", CultureInfo.InvariantCulture)),
        long number => HtmlText.Number(number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    // "In work/, run: gnomon ..." with the command set apart.
    private static string Command(string text)
    {
        var at = text.IndexOf("gnomon ", StringComparison.Ordinal);
        if (at < 0)
        {
            return HtmlText.Of(text);
        }

        var end = text.IndexOf(", and ", at, StringComparison.Ordinal);
        var command = end < 0 ? text[at..] : text[at..end];
        return $"{HtmlText.Of(text[..at])}</p>\n<pre><code>{HtmlText.Of(command)}</code></pre>\n<p dir=\"auto\">{(end < 0 ? string.Empty : HtmlText.Of($"Then {text[(end + 6)..]}."))}";
    }
}
