using System.Globalization;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>What the texts of a column look like; shares of cells (of distinct texts when only the first are known).</summary>
internal sealed record TextShape
{
    private const int MostTexts = 20_000;
    private const int LongestLook = 400;

    private static readonly HashSet<string> NullWords = new(StringComparer.OrdinalIgnoreCase)
        { "n/a", "na", "#n/a", "n.a.", "null", "none", "nan", "nil", "?", "-", "--", "---", ".", "unknown", "missing", "undefined", "not available", "not applicable", "(blank)", "tbd" };

    public double MeanLength { get; private init; }

    /// <summary>Mean number of words.</summary>
    public double Words { get; private init; }

    public double HasSpaces { get; private init; }

    public double Numbers { get; private init; }

    public double Dates { get; private init; }

    public double Emails { get; private init; }

    /// <summary>Digits that pass the checksum of payment cards.</summary>
    public double Cards { get; private init; }

    /// <summary>Digits as long as a card's, whatever their checksum.</summary>
    public double CardLike { get; private init; }

    /// <summary>Private keys and access tokens by their published prefixes.</summary>
    public double Secrets { get; private init; }

    /// <summary>Texts that may stand for no value, with their cells, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> MissingWords { get; private init; } = [];

    /// <summary>Clock offsets at the end of times, such as +02:00, with their cells.</summary>
    public IReadOnlyDictionary<string, long> Offsets { get; private init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public static TextShape Of(TextCounts texts)
    {
        double cells = 0, length = 0, words = 0, spaced = 0, numbers = 0, dates = 0, emails = 0, cards = 0, cardLike = 0, secrets = 0;
        var missing = new Dictionary<string, long>(StringComparer.Ordinal);
        var offsets = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(MostTexts, texts.Texts.Count); i++)
        {
            var whole = texts.Texts[i];
            var n = texts.Counts[i];
            var text = whole.AsSpan(0, Math.Min(LongestLook, whole.Length)).Trim();
            cells += n;
            length += (double)n * whole.Length;
            if (text.IsEmpty || NullWords.Contains(whole.Trim()))
            {
                missing[whole] = missing.GetValueOrDefault(whole) + n;
                continue;
            }

            var gaps = text.Count(' ');
            words += n * (gaps + 1.0);
            spaced += gaps > 0 ? n : 0;
            if (char.IsAsciiDigit(text[^1]) || char.IsAsciiDigit(text[0]))
            {
                numbers += IsNumber(text) ? n : 0;
                dates += IsDate(text) ? n : 0;
                Offset(text, n, offsets);
                if (Card(text) is { } passes)
                {
                    cardLike += n;
                    cards += passes ? n : 0;
                }
            }

            emails += IsEmail(text) ? n : 0;
            secrets += IsSecret(text) ? n : 0;
        }

        var share = cells > 0 ? 1 / cells : 0;
        return new TextShape
        {
            MeanLength = length * share,
            Words = words * share,
            HasSpaces = spaced * share,
            Numbers = numbers * share,
            Dates = dates * share,
            Emails = emails * share,
            Cards = cards * share,
            CardLike = cardLike * share,
            Secrets = secrets * share,
            MissingWords = [.. missing.OrderByDescending(m => m.Value).ThenBy(m => m.Key, StringComparer.Ordinal)],
            Offsets = offsets,
        };
    }

    /// <summary>Whether a whole number has the length, the first digit and the checksum of a payment card.</summary>
    public static bool IsCardNumber(long number) => Card(number.ToString(CultureInfo.InvariantCulture)) == true;

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length <= 40 && double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);

    private static bool IsDate(ReadOnlySpan<char> text) =>
        text.Length is >= 6 and <= 40 && text.IndexOfAny("-/: ") > 0 && text.ContainsAnyInRange('0', '9') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    // 2024-05-01T10:00:00+02:00, 2024-05-01 10:00+0200, ...Z
    private static void Offset(ReadOnlySpan<char> text, long n, SortedDictionary<string, long> offsets)
    {
        if (text.Length < 16 || text.Length > 40 || !text.Contains(':') || !char.IsAsciiDigit(text[0]))
        {
            return;
        }

        var sign = text[11..].LastIndexOfAny('+', '-');
        var offset = text[^1] is 'Z' or 'z' ? "+00:00" : sign < 0 ? null : text[(11 + sign)..].ToString();
        if (offset is { Length: 3 or 5 or 6 } && offset.Skip(1).All(c => char.IsAsciiDigit(c) || c == ':'))
        {
            offset = offset.Length == 3 ? offset + ":00" : offset.Length == 5 ? offset.Insert(3, ":") : offset;
            offsets[offset] = offsets.GetValueOrDefault(offset) + n;
        }
    }

    private static bool IsEmail(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at < text.Length - 3 && !text.Contains(' ') && text[(at + 1)..].IndexOf('@') < 0 && text[(at + 2)..].IndexOf('.') >= 0 && text[^1] != '.';
    }

    // 13 to 19 digits in groups and a known first digit; then whether the checksum of Luhn holds. Null for anything else.
    private static bool? Card(ReadOnlySpan<char> text)
    {
        Span<int> digits = stackalloc int[19];
        var n = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                if (n == 19)
                {
                    return null;
                }

                digits[n++] = c - '0';
            }
            else if (c is not (' ' or '-'))
            {
                return null;
            }
        }

        if (n < 13 || digits[0] is not (3 or 4 or 5 or 6))
        {
            return null;
        }

        var sum = 0;
        for (var i = 0; i < n; i++)
        {
            var d = digits[n - 1 - i] * (i % 2 == 1 ? 2 : 1);
            sum += d > 9 ? d - 9 : d;
        }

        return sum % 10 == 0;
    }

    private static bool IsSecret(ReadOnlySpan<char> text) =>
        text.Contains("-----BEGIN", StringComparison.Ordinal) && text.Contains("PRIVATE KEY", StringComparison.Ordinal)
        || Prefixed(text, "AKIA", 20) || Prefixed(text, "ASIA", 20) || Prefixed(text, "ghp_", 40) || Prefixed(text, "gho_", 40)
        || (text.StartsWith("xoxb-", StringComparison.Ordinal) && text.Length > 30) || (text.StartsWith("sk_live_", StringComparison.Ordinal) && text.Length > 20);

    private static bool Prefixed(ReadOnlySpan<char> text, string prefix, int length) =>
        text.Length == length && text.StartsWith(prefix, StringComparison.Ordinal) && text.IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") < 0;
}
