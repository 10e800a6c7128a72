namespace Gnomon.Methods.Records;

/// <summary>How alike two short texts are.</summary>
/// <remarks>Sources: Jaro 1989, Winkler 1990; Damerau 1964 in its restricted form (optimal string alignment); Soundex as in the United States census rules (Knuth, vol. 3).</remarks>
public static class StringSimilarity
{
    const int Longest = 64;
    const double PrefixWeight = 0.1;
    const int PrefixLength = 4;

    /// <summary>Jaro-Winkler similarity, 0 to 1; of texts beyond 64 characters their first 64 count.</summary>
    public static double JaroWinkler(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, Longest)];
        b = b[..Math.Min(b.Length, Longest)];
        var jaro = Jaro(a, b);
        var prefix = 0;
        while (prefix < PrefixLength && prefix < a.Length && prefix < b.Length && a[prefix] == b[prefix])
            prefix++;
        return jaro + prefix * PrefixWeight * (1 - jaro);
    }

    /// <summary>Edits between two texts: insert, delete, replace, or swap two neighbours; no part is edited twice.</summary>
    /// <param name="a">A text.</param>
    /// <param name="b">Another.</param>
    /// <param name="most">Where the distance is larger, <paramref name="most"/> + 1 is returned.</param>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most = int.MaxValue - 1)
    {
        if (Math.Abs(a.Length - b.Length) > most)
        {
            return most + 1;
        }

        Span<int> room = b.Length < 256 ? stackalloc int[3 * (b.Length + 1)] : new int[3 * (b.Length + 1)];
        var last = room[..(b.Length + 1)];
        var row = room.Slice(b.Length + 1, b.Length + 1);
        var next = room[(2 * (b.Length + 1))..];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            next[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var d = Math.Min(Math.Min(row[j] + 1, next[j - 1] + 1), row[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d = Math.Min(d, last[j - 2] + 1);
                }

                next[j] = d;
                least = Math.Min(least, d);
            }

            if (least > most)
            {
                return most + 1;
            }

            var spare = last;
            last = row;
            row = next;
            next = spare;
        }

        return Math.Min(row[b.Length], most + 1);
    }

    /// <summary>First letter and three digits of the sound of the word; empty without a letter.</summary>
    public static string Soundex(ReadOnlySpan<char> text)
    {
        Span<char> code = stackalloc char[4];
        code.Fill('0');
        var length = 0;
        var previous = '0';
        foreach (var letter in text)
        {
            var upper = char.ToUpperInvariant(letter);
            if (upper is < 'A' or > 'Z')
                continue;
            var digit = "01230120022455012623010202"[upper - 'A'];
            if (length == 0)
            {
                code[length++] = upper;
                previous = digit;
                continue;
            }
            // H and W do not part two letters of one sound, vowels do.
            if (upper is 'H' or 'W')
                continue;
            if (digit != '0' && digit != previous)
            {
                code[length++] = digit;
                if (length == 4)
                    break;
            }
            previous = digit;
        }
        return length == 0 ? string.Empty : new string(code);
    }

    static double Jaro(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return a.Length == b.Length ? 1 : 0;
        var window = Math.Max(0, Math.Max(a.Length, b.Length) / 2 - 1);
        ulong usedA = 0, usedB = 0;
        var matches = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var end = Math.Min(b.Length, i + window + 1);
            for (var j = Math.Max(0, i - window); j < end; j++)
            {
                if ((usedB & (1UL << j)) == 0 && a[i] == b[j])
                {
                    usedA |= 1UL << i;
                    usedB |= 1UL << j;
                    matches++;
                    break;
                }
            }
        }
        if (matches == 0)
            return 0;
        var swapped = 0;
        while (usedA != 0)
        {
            var i = System.Numerics.BitOperations.TrailingZeroCount(usedA);
            var j = System.Numerics.BitOperations.TrailingZeroCount(usedB);
            swapped += a[i] != b[j] ? 1 : 0;
            usedA &= usedA - 1;
            usedB &= usedB - 1;
        }
        double m = matches;
        return (m / a.Length + m / b.Length + (m - swapped / 2) / m) / 3;
    }
}
