using System.Text;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Values of a category that differ by case, blanks, punctuation or a slip of one letter only.</summary>
internal static class Spellings
{
    private const int MostValues = 5_000;
    private const int MostForSlips = 400;
    private const int ShortestForSlips = 5;
    private const double TimesRarer = 20;

    public static IReadOnlyList<SpellingGroup> Of(ColumnFacts column)
    {
        if (column.Scan.Texts is not { IsComplete: true } t || !IsWordLike(column) || t.Texts.Count is < 2 or > MostValues)
        {
            return [];
        }

        var values = t.Texts.Zip(t.Counts, (text, n) => new Spelling(text, n)).ToList();
        var groups = values.GroupBy(v => Plain(v.Text)).Where(g => g.Key.Length > 0 && g.Count() > 1)
            .Select(g => new SpellingGroup(column.Name, [.. g.OrderByDescending(s => s.Count).ThenBy(s => s.Text, StringComparer.Ordinal)], "case, blanks or marks")).ToList();
        groups.AddRange(Slips(column.Name, values, groups));
        return [.. groups.OrderByDescending(g => g.Rows).ThenBy(g => g.Values[0].Text, StringComparer.Ordinal)];
    }

    // A rare value one letter away from a frequent one; words without digits only, for codes differ by one character by design.
    private static IEnumerable<SpellingGroup> Slips(string column, List<Spelling> values, List<SpellingGroup> found)
    {
        var known = found.SelectMany(g => g.Values).Select(v => v.Text).ToHashSet(StringComparer.Ordinal);
        var words = values.Where(v => v.Text.Length >= ShortestForSlips && !v.Text.Any(char.IsDigit)).OrderByDescending(v => v.Count).Take(MostForSlips).ToList();
        return from rare in words
               where !known.Contains(rare.Text)
               let frequent = words.Find(w => w.Count > TimesRarer * rare.Count && IsOneSlip(w.Text.ToLowerInvariant(), rare.Text.ToLowerInvariant()))
               where frequent is not null
               group rare by frequent into slips
               select new SpellingGroup(column, [slips.Key, .. slips], "one letter");
    }

    // Categories, and short texts that come again.
    private static bool IsWordLike(ColumnFacts column) =>
        column.Role is Role.Category or Role.Flag || (column.Role == Role.Text && column.UniqueShare < 0.5 && column.Shape is { Words: < 6 });

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
            else if (c is '+' or '-' or '<' or '>' or '=' or '%' or '/' or '#')
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }

    private static bool IsOneSlip(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1)
        {
            return false;
        }

        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
        {
            start++;
        }

        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
        {
            end++;
        }

        var (left, right) = (a.Length - start - end, b.Length - start - end);
        return (left <= 1 && right <= 1) || (left == 2 && right == 2 && a[start] == b[start + 1] && a[start + 1] == b[start]);
    }
}

internal sealed record Spelling(string Text, long Count);

/// <param name="Column">The column.</param>
/// <param name="Values">Spellings, most frequent first.</param>
/// <param name="DifferBy">What sets them apart.</param>
internal sealed record SpellingGroup(string Column, IReadOnlyList<Spelling> Values, string DifferBy)
{
    /// <summary>Rows with any but the most frequent spelling.</summary>
    public long Rows => Values.Skip(1).Sum(v => v.Count);
}
