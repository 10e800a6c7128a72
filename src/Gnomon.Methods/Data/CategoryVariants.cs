using System.Text;
using Gnomon.Methods.Records;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>A value of a category and how often it stands there.</summary>
/// <param name="Text">The value as written.</param>
/// <param name="Count">Its cells, at least 1.</param>
public readonly record struct CategoryValue(string Text, long Count);

/// <summary>What sets a variant apart from the value it stands for.</summary>
public enum VariantKind
{
    /// <summary>Case, blanks, accents or punctuation.</summary>
    Form,

    /// <summary>A beginning with a full stop: <c>Calif.</c>.</summary>
    Abbreviation,

    /// <summary>One or two letters; a few more in a sentence.</summary>
    Slip,
}

/// <summary>One value that is written in several ways.</summary>
/// <param name="Keep">The most frequent way.</param>
/// <param name="Variants">The others, most frequent first.</param>
/// <param name="Kind">What sets them apart.</param>
public sealed record VariantGroup(CategoryValue Keep, IReadOnlyList<CategoryValue> Variants, VariantKind Kind)
{
    /// <summary>Cells that hold a variant.</summary>
    public long Cells => Variants.Sum(v => v.Count);
}

/// <summary>Values of a category that are one value in several spellings.</summary>
/// <remarks>
/// Three ways, in this order: equal fingerprints (case, blanks, accents and punctuation taken away); an abbreviation that only one frequent value begins with; and a slip, a rare
/// value one or two edits (up to four in a sentence; optimal string alignment: insert, delete, replace, swap) from exactly one frequent value. Whether closeness means anything is read off the column: where
/// the frequent values are close to each other (codes, numbered products) nothing is called a slip, and short words or moderate frequencies need so many close rare values that their
/// number is no accident (binomial tail below 0.001 at the upper bound of the closeness among frequent values).
/// Sources: OpenRefine's fingerprint clustering; Damerau 1964; Pollock and Zamora 1984 (where slips fall); Navarro 2001, ACM Computing Surveys 33. Distances agree with a recursion written from the definition
/// (tests/reference/profile/looks.json).
/// </remarks>
public static class CategoryVariants
{
    // Letters from U+00C0 to U+017F without their accents; written out, because the platform's normalisation depends on how the program was built.
    private const string Base = "aaaaaaaceeeeiiiidnoooooxouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    private const int MostValues = 5_000;
    private const int MostFrequent = 1_000;
    private const int MostRare = 2_000;
    private const int LongWord = 6;
    private const int LongForTwo = 8;
    private const int Sentence = 30;
    private const int MostEdits = 4;
    private const int ShortestWord = 4;
    private const double TimesRarer = 20;
    private const double TimesRarerInNumbers = 4;
    private const double MostlyClose = 0.05;
    private const double Accident = 0.001;
    private const long Frequent = 4;
    private const int FewestClose = 3;

    /// <param name="values">Distinct values with their cells; more than 5,000 are not compared.</param>
    /// <returns>Groups by cells, largest first; empty where nothing is a variant.</returns>
    public static IReadOnlyList<VariantGroup> Find(IReadOnlyList<CategoryValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count is < 2 or > MostValues)
        {
            return [];
        }

        var forms = values.GroupBy(v => Fingerprint(v.Text), StringComparer.Ordinal).Where(g => g.Key.Length > 0).ToList();
        var groups = new List<VariantGroup>();
        var merged = new List<CategoryValue>();
        foreach (var form in forms)
        {
            var ordered = form.OrderByDescending(v => v.Count).ThenBy(v => v.Text, StringComparer.Ordinal).ToList();
            merged.Add(new CategoryValue(ordered[0].Text, ordered.Sum(v => v.Count)));
            if (ordered.Count > 1)
            {
                groups.Add(new VariantGroup(ordered[0], [.. ordered.Skip(1)], VariantKind.Form));
            }
        }

        var short_ = Abbreviations(merged).ToList();
        groups.AddRange(short_);
        var known = short_.SelectMany(g => g.Variants).Select(v => v.Text).ToHashSet(StringComparer.Ordinal);
        groups.AddRange(Slips([.. merged.Where(v => !known.Contains(v.Text))]));
        return [.. groups.OrderByDescending(g => g.Cells).ThenBy(g => g.Keep.Text, StringComparer.Ordinal).ThenBy(g => g.Kind)];
    }

    /// <summary>A text without case, blanks, accents and punctuation. Marks that tell codes apart stay: signs at either end, and any mark in a text with digits.</summary>
    public static string Fingerprint(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hasDigit = text.AsSpan().ContainsAnyInRange('0', '9');
        var trimmed = text.Trim();
        var plain = new StringBuilder(trimmed.Length);
        foreach (var c in trimmed)
        {
            if (char.IsLetterOrDigit(c))
            {
                var plainLetter = c is >= '\u00C0' and <= '\u017F' && c is not ('×' or '÷') ? Base[c - '\u00C0'] : char.ToLowerInvariant(c);
                plain.Append(plainLetter);
                _ = c is 'ß' ? plain.Append('s') : c is 'æ' or 'Æ' or 'œ' or 'Œ' ? plain.Append('e') : plain;
            }
            else if (c is '+' or '-' or '<' or '>' or '=' or '%' or '/' or '#' or '*' or '.' or ',' && (hasDigit ? c is not ',' : c is not ('.' or ',') && (plain.Length == 0 || trimmed[^1] == c)))
            {
                plain.Append(c);
            }
        }

        // What is written with marks only, or in a script whose letters are marks, is left alone.
        return plain.Length == 0 ? trimmed : plain.ToString();
    }

    private static IEnumerable<VariantGroup> Abbreviations(List<CategoryValue> values) =>
        from v in values
        let text = v.Text.Trim()
        where text.Length >= 4 && text[^1] == '.' && text.AsSpan(0, text.Length - 1).IndexOf('.') < 0
        let start = text[..^1].ToLowerInvariant()
        let whole = values.Where(w => w.Text.Length > text.Length && w.Count > v.Count && w.Text.ToLowerInvariant().StartsWith(start, StringComparison.Ordinal)).Take(2).ToList()
        where whole.Count == 1
        group v by whole[0] into g
        select new VariantGroup(g.Key, [.. g.OrderByDescending(v => v.Count).ThenBy(v => v.Text, StringComparer.Ordinal)], VariantKind.Abbreviation);

    private static List<VariantGroup> Slips(IReadOnlyList<CategoryValue> values)
    {
        var words = values.Where(v => v.Text.Length >= ShortestWord).Select(v => new Word(v, v.Text.ToLowerInvariant())).OrderByDescending(w => w.Value.Count).ThenBy(w => w.Value.Text, StringComparer.Ordinal).ToList();
        if (words.Count < 2 || words[0].Value.Count < Frequent)
        {
            return [];
        }

        var common = words.Where(w => w.Value.Count >= Math.Max(Frequent, words[0].Value.Count / 50)).Take(MostFrequent).ToList();
        var (edits, upper) = Closeness(common);
        if (edits == 0)
        {
            return [];
        }

        var rare = words.Where(w => w.Value.Count * TimesRarerInNumbers <= words[0].Value.Count).TakeLast(MostRare).ToList();
        var pairs = rare.Select(r => (Rare: r, Near: Nearest(r, common, edits))).ToList();
        var close = pairs.Where(p => p.Near is { } near && !IsAmbiguous(p.Rare, near, words)).ToList();
        var many = close.Count >= FewestClose && Binomial.Sf(close.Count - 1, rare.Count, upper) < Accident;
        return [.. close.Where(p => many || IsPlain(p.Rare, p.Near!.Value)).GroupBy(p => p.Near!.Value.Word.Value)
            .Select(g => new VariantGroup(g.Key, [.. g.Select(p => p.Rare.Value).OrderByDescending(v => v.Count).ThenBy(v => v.Text, StringComparer.Ordinal)], VariantKind.Slip))];
    }

    // One edit in a long word, without digits, of a value twenty times as frequent: no further evidence is needed. Slips of the first letter are rare, names that differ in it are not.
    private static bool IsPlain(Word rare, Near near) =>
        near.Edits == 1 && rare.Plain[0] == near.Word.Plain[0] && rare.Plain.Length >= LongWord && near.Word.Value.Count >= TimesRarer * rare.Value.Count && !rare.Plain.AsSpan().ContainsAnyInRange('0', '9');

    // The one frequent value within reach; null where there is none, or two.
    private static Near? Nearest(Word rare, List<Word> common, int most)
    {
        Near? found = null;
        var reach = Math.Min(most, Reach(rare.Plain.Length));
        foreach (var word in common)
        {
            if (word.Value.Count < TimesRarerInNumbers * rare.Value.Count || Math.Abs(word.Plain.Length - rare.Plain.Length) > reach)
            {
                continue;
            }

            var edits = StringSimilarity.Distance(rare.Plain, word.Plain, Math.Min(reach, found?.Edits ?? reach));
            if (edits > reach || edits > (found?.Edits ?? reach) || TellApartByDigits(rare.Plain, word.Plain))
            {
                continue;
            }

            if (found is { } other && other.Edits == edits)
            {
                return null;
            }

            found = new Near(word, edits);
        }

        return found;
    }

    // A digit that was lost may have been any: only one value of the column, however rare, may fit.
    private static bool IsAmbiguous(Word rare, Near near, List<Word> words) =>
        rare.Plain.AsSpan().ContainsAnyInRange('0', '9')
        && words.Exists(w => w.Value.Count > 1 && w.Plain != rare.Plain && w.Plain != near.Word.Plain && StringSimilarity.Distance(rare.Plain, w.Plain, near.Edits) <= near.Edits);

    // Numbers differ by a digit by design; a letter among digits does not.
    private static bool TellApartByDigits(string a, string b)
    {
        if (!a.AsSpan().ContainsAnyInRange('0', '9') && !b.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return false;
        }

        var digits = (Text: string.Concat(a.Where(char.IsAsciiDigit)), Other: string.Concat(b.Where(char.IsAsciiDigit)));
        var letters = (Text: string.Concat(a.Where(char.IsLetter)), Other: string.Concat(b.Where(char.IsLetter)));
        return letters.Text == letters.Other || (digits.Text.Length == digits.Other.Length && digits.Text != digits.Other);
    }

    // Slips come with length: one in a word, more in a sentence.
    private static int Reach(int length) => length < LongForTwo ? 1 : length < Sentence ? 2 : Math.Min(MostEdits, 2 + (length / Sentence));

    // How often a frequent value has another within so many edits: what closeness is worth in this column. The most edits at which it is still rare, and its upper bound there.
    private static (int Edits, double Upper) Closeness(List<Word> common)
    {
        var close = new int[MostEdits + 1];
        for (var i = 0; i < common.Count; i++)
        {
            var reach = Reach(common[i].Plain.Length);
            var nearest = reach + 1;
            for (var j = 0; j < common.Count && nearest > 1; j++)
            {
                if (i != j && StringSimilarity.Distance(common[i].Plain, common[j].Plain, nearest - 1) is var d && d < nearest && !TellApartByDigits(common[i].Plain, common[j].Plain))
                {
                    nearest = d;
                }
            }

            for (var d = nearest; d <= reach; d++)
            {
                close[d]++;
            }
        }

        var most = Enumerable.Range(1, MostEdits).LastOrDefault(d => close[d] <= MostlyClose * common.Count);
        return (most, most == 0 ? 1 : (close[most] + 1.0) / (common.Count + 2));
    }

    private readonly record struct Word(CategoryValue Value, string Plain);

    private readonly record struct Near(Word Word, int Edits);
}
