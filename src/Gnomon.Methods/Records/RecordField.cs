using System.Text;

namespace Gnomon.Methods.Records;

/// <summary>A column of texts as it is compared: without case, punctuation and surplus blanks, every distinct text once.</summary>
public sealed class RecordField
{
    readonly int[] _codes;
    readonly string[] _values;
    readonly int[] _counts;
    readonly bool _isCode;

    RecordField(string name, int[] codes, string[] values, int[] counts)
    {
        Name = name;
        (_codes, _values, _counts) = (codes, values, counts);
        long digits = 0, all = 0;
        foreach (var value in values)
        {
            foreach (var c in value)
                digits += char.IsAsciiDigit(c) ? 1 : 0;
            all += value.Length;
        }
        _isCode = digits > 0.5 * all;
        foreach (var count in counts)
        {
            Present += count;
            PairsAlike += count * (count - 1.0) / 2;
        }
    }

    /// <summary>The column.</summary>
    public string Name { get; }

    /// <summary>Rows.</summary>
    public int Rows => _codes.Length;

    /// <summary>Rows with a text.</summary>
    public long Present { get; }

    /// <summary>Distinct texts.</summary>
    public int Distinct => _values.Length;

    /// <summary>Pairs of rows with the same text.</summary>
    public double PairsAlike { get; }

    /// <summary>True for numbers and dates written as digits, which are compared by edits; words are compared by Jaro-Winkler.</summary>
    public bool IsCode => _isCode;

    /// <summary>Code of each row's text, -1 for none.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>The text of a code.</summary>
    public string Value(int code) => _values[code];

    /// <summary>Rows that hold it.</summary>
    public int Count(int code) => _counts[code];

    /// <param name="name">The column.</param>
    /// <param name="codes">Code of each row into <paramref name="texts"/>, -1 for none.</param>
    /// <param name="texts">Texts as they stand.</param>
    public static RecordField Of(string name, ReadOnlySpan<int> codes, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var values = new List<string>();
        var map = new int[texts.Count];
        for (var i = 0; i < map.Length; i++)
        {
            var plain = Plain(texts[i]);
            if (plain.Length == 0)
            {
                map[i] = -1;
                continue;
            }
            if (!index.TryGetValue(plain, out map[i]))
            {
                index.Add(plain, map[i] = values.Count);
                values.Add(plain);
            }
        }
        var rows = new int[codes.Length];
        var counts = new int[values.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = codes[i] < 0 ? -1 : map[codes[i]];
            if (rows[i] >= 0)
                counts[rows[i]]++;
        }
        return new(name, rows, [.. values], counts);
    }

    /// <summary>3: the same; 2: nearly; 1: somewhat; 0: different; -1: one is not there.</summary>
    public int Compare(int a, int b)
    {
        int x = _codes[a], y = _codes[b];
        if (x < 0 || y < 0)
            return -1;
        return x == y ? FellegiSunter.Same : Alike(_values[x], _values[y]);
    }

    int Alike(string x, string y)
    {
        if (_isCode)
        {
            var shortest = Math.Min(x.Length, y.Length);
            // One edit of a two-digit number says nothing; of an eight-digit one it is a slip.
            return shortest < 3 ? 0 : StringSimilarity.Distance(x, y, 2) switch
            {
                1 => 2,
                2 when shortest >= 6 => 1,
                _ => 0,
            };
        }
        var similarity = StringSimilarity.JaroWinkler(x, y);
        return similarity >= 0.92 ? 2 : similarity >= 0.82 ? 1 : 0;
    }

    static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormC))
        {
            if (char.IsLetterOrDigit(c))
                plain.Append(char.ToLowerInvariant(c));
            else if (c is not ('\'' or '.') && plain.Length > 0 && plain[^1] != ' ')
                plain.Append(' ');
        }
        return plain.ToString().TrimEnd();
    }
}
