using System.Text;
using Gnomon.Render.Words;

namespace Gnomon.Render.Markdown;

/// <summary>User text that stays text in GitHub-flavoured Markdown.</summary>
internal static class MarkdownText
{
    private const string Special = "\\`*_[]#|~$";

    /// <summary>A paragraph or an item of a list: its beginning cannot be taken for a list, a heading or a rule either.</summary>
    internal static string Block(string text) => LineStart(Of(text));

    /// <summary>Every character that Markdown could take for markup is escaped; control characters and line ends become spaces.</summary>
    internal static string Of(string text)
    {
        var clean = Prose.Clean(text);
        var escaped = new StringBuilder(clean.Length + 16);
        foreach (var c in clean)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                // A mention would notify a stranger.
                '@' => escaped.Append("&#64;"),
                _ when Special.Contains(c, StringComparison.Ordinal) => escaped.Append('\\').Append(c),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString().Trim();
    }

    /// <summary>As code: the only characters that can end it are taken care of.</summary>
    internal static string Code(string text)
    {
        var clean = Prose.Clean(text).Trim();
        var fence = new string('`', LongestRun(clean) + 1);
        var pad = clean.StartsWith('`') || clean.EndsWith('`') ? " " : string.Empty;
        return clean.Length == 0 ? string.Empty : $"{fence}{pad}{clean}{pad}{fence}";
    }

    // "- x", "+ x" and "1. x" would begin a list.
    private static string LineStart(string text)
    {
        var start = text.TrimStart();
        if (start.StartsWith('-') || start.StartsWith('+') || start.StartsWith('='))
        {
            return "\\" + start;
        }

        var digits = start.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && digits < start.Length && start[digits] == '.' ? start[..digits] + "\\" + start[digits..] : start;
    }

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
