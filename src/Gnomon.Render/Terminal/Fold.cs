using System.Globalization;
using System.Text;
using Gnomon.Render.Words;
using Spectre.Console;

namespace Gnomon.Render.Terminal;

/// <summary>Text to lines of at most a given number of terminal cells; words that are longer are cut.</summary>
internal static class Fold
{
    internal static int Width(string text) => text.GetCellWidth();

    internal static IReadOnlyList<string> Lines(string text, int width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in Prose.Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(w => Cut(w, width)))
        {
            var needed = Width(word);
            if (used > 0 && used + 1 + needed > width)
            {
                lines.Add(Spaces.Plain(line.ToString()));
                line.Clear();
                used = 0;
            }

            line.Append(used > 0 ? " " : string.Empty).Append(word);
            used += needed + (used > 0 ? 1 : 0);
        }

        if (used > 0)
        {
            lines.Add(Spaces.Plain(line.ToString()));
        }

        return lines;
    }

    /// <summary>The text in exactly so many cells: cut with an ellipsis or filled with spaces.</summary>
    internal static string Fit(string text, int width, bool right = false, string ellipsis = "…")
    {
        var clean = Spaces.Plain(Prose.Clean(text));
        var have = Width(clean);
        if (have > width)
        {
            clean = Head(clean, Math.Max(0, width - ellipsis.Length)) + (width >= ellipsis.Length ? ellipsis : string.Empty);
            have = Width(clean);
        }

        var fill = new string(' ', Math.Max(0, width - have));
        return right ? fill + clean : clean + fill;
    }

    private static IEnumerable<string> Cut(string word, int width)
    {
        while (Width(word) > width)
        {
            var head = Head(word, width);
            if (head.Length == 0)
            {
                break;
            }

            yield return head;
            word = word[head.Length..];
        }

        if (word.Length > 0)
        {
            yield return word;
        }
    }

    // Whole characters as the reader sees them: an accent or a joined emoji is never torn apart.
    private static string Head(string text, int width)
    {
        var at = 0;
        var used = 0;
        while (at < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var cells = Width(text.Substring(at, length));
            if (used + cells > width)
            {
                break;
            }

            used += cells;
            at += length;
        }

        return text[..at];
    }
}
