using System.Text;
using Gnomon.Render.Words;

namespace Gnomon.Render.Html;

/// <summary>Text that stays text in HTML, in content and in quoted attributes.</summary>
internal static class HtmlText
{
    internal static string Of(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in Prose.Clean(text))
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A name in its own writing direction.</summary>
    internal static string Name(string text) => $"<bdi>{Of(text)}</bdi>";

    /// <summary>A number with a typographic minus.</summary>
    internal static string Number(string paper)
    {
        var text = new StringBuilder(paper.Length);
        for (var i = 0; i < paper.Length; i++)
        {
            var isSign = paper[i] == '-' && i + 1 < paper.Length && char.IsAsciiDigit(paper[i + 1]) && (i == 0 || !char.IsLetterOrDigit(paper[i - 1]) || paper[i - 1] == 'e');
            text.Append(isSign ? '\u2212' : paper[i]);
        }

        return Of(text.ToString());
    }

    /// <summary>JSON inside a script element: no character that HTML could take for the end of it.</summary>
    internal static string Json(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal);
}
