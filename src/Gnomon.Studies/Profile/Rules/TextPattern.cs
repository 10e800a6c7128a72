using System.Globalization;
using System.Text;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>The shape that all texts of a column share: runs of digits and letters between fixed marks, as a regular expression.</summary>
internal static class TextPattern
{
    private const int FewestTexts = 50;
    private const int MostParts = 12;

    /// <returns>Null where the texts have no shape in common, or it says nothing.</returns>
    public static string? Of(IReadOnlyList<string> texts)
    {
        if (texts.Count < FewestTexts)
        {
            return null;
        }

        var shape = Split(texts[0]);
        if (shape is null || (shape.Count == 1 && shape[0].Class is not "[0-9]" && texts.Any(t => t.Length != texts[0].Length)))
        {
            return null;
        }

        var lengths = shape.Select(p => (Min: p.Length, Max: p.Length)).ToArray();
        foreach (var text in texts.Skip(1))
        {
            if (Split(text) is not { } parts || parts.Count != shape.Count || parts.Index().Any(p => p.Item.Class != shape[p.Index].Class))
            {
                return null;
            }

            for (var i = 0; i < lengths.Length; i++)
            {
                lengths[i] = (Math.Min(lengths[i].Min, parts[i].Length), Math.Max(lengths[i].Max, parts[i].Length));
            }
        }

        // Letters alone are words; a shape needs a digit or a mark.
        if (shape.TrueForAll(p => p.Class is "[a-z]" or "[A-Z]") && lengths.Any(l => l.Min != l.Max))
        {
            return null;
        }

        var pattern = new StringBuilder();
        foreach (var (i, part) in shape.Index())
        {
            var (min, max) = lengths[i];
            pattern.Append(part.Class).Append(part.IsMark || (min == 1 && max == 1) ? string.Empty : min == max ? string.Create(CultureInfo.InvariantCulture, $"{{{min}}}") : "+");
        }

        return pattern.ToString();
    }

    private static List<Part>? Split(string text)
    {
        var parts = new List<Part>();
        foreach (var c in text)
        {
            var (kind, isMark) = c switch
            {
                >= '0' and <= '9' => ("[0-9]", false),
                >= 'a' and <= 'z' => ("[a-z]", false),
                >= 'A' and <= 'Z' => ("[A-Z]", false),
                '-' or '_' or '/' or ':' or ' ' or ',' or '#' or '@' or '%' => (c.ToString(), true),
                '.' or '+' or '(' or ')' => ($"[{c}]", true),
                _ => (string.Empty, true),
            };
            if (kind.Length == 0)
            {
                return null;
            }

            if (!isMark && parts.Count > 0 && parts[^1].Class == kind)
            {
                parts[^1] = parts[^1] with { Length = parts[^1].Length + 1 };
            }
            else
            {
                parts.Add(new Part(kind, 1, isMark));
            }
        }

        return parts.Count is > 0 and <= MostParts ? parts : null;
    }

    private readonly record struct Part(string Class, int Length, bool IsMark);
}
