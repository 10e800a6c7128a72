using System.Globalization;
using System.Text;

namespace Gnomon.Methods.Data;

/// <summary>What decoding, copying or a web page did to a text.</summary>
[Flags]
public enum TextDamage
{
    None = 0,

    /// <summary>UTF-8 read as Windows-1252 or Latin-1: <c>MÃ¼nchen</c>.</summary>
    Mojibake = 1,

    /// <summary>The same, twice.</summary>
    DoubleEncoded = 2,

    /// <summary>U+FFFD: a character that is lost.</summary>
    Replacement = 4,

    /// <summary>Characters that nobody sees: zero-width spaces, byte order marks, soft hyphens, control characters.</summary>
    Invisible = 8,

    /// <summary>A space that is not the ordinary one.</summary>
    OddSpace = 16,

    /// <summary><c>&amp;amp;</c>, <c>&amp;#39;</c>, <c>&amp;eacute;</c>.</summary>
    HtmlEntity = 32,

    /// <summary>Letters and digits of double width, from East Asian input, in a text without East Asian characters.</summary>
    FullWidth = 64,
}

/// <param name="Text">The text as it was meant, as far as that can be had back.</param>
/// <param name="Damage">What was wrong with it.</param>
public sealed record RepairedText(string Text, TextDamage Damage);

/// <summary>Undoes wrong decoding and its relatives, part by part: a text may hold both damaged and sound characters.</summary>
/// <remarks>
/// Source: Unicode 15, chapter 3 (UTF-8); WHATWG Encoding (windows-1252); the idea of repairing by encoding back: Speer 2019 (ftfy). Runs of two to four characters that are the bytes of one UTF-8
/// character are taken for it. Sound text is left alone: characters that could only start such a run, and joiners that scripts need, stay.
/// Repairs agree with the codecs and <c>html.unescape</c> of Python (tests/reference/profile/looks.json).
/// </remarks>
public static class TextRepair
{
    // The 27 characters that Windows-1252 puts on 0x80-0x9F; its five holes are Latin-1's controls.
    private const string Windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    private static readonly Dictionary<string, string> Entities = new(StringComparer.Ordinal)
    {
        ["amp"] = "&", ["lt"] = "<", ["gt"] = ">", ["quot"] = "\"", ["apos"] = "'", ["nbsp"] = " ", ["eacute"] = "é", ["egrave"] = "è", ["agrave"] = "à", ["ccedil"] = "ç", ["ecirc"] = "ê", ["acirc"] = "â",
        ["ocirc"] = "ô", ["uuml"] = "ü", ["ouml"] = "ö", ["auml"] = "ä", ["Uuml"] = "Ü", ["Ouml"] = "Ö", ["Auml"] = "Ä", ["szlig"] = "ß", ["ntilde"] = "ñ", ["aacute"] = "á", ["iacute"] = "í", ["oacute"] = "ó", ["uacute"] = "ú",
        ["atilde"] = "ã", ["otilde"] = "õ", ["aring"] = "å", ["oslash"] = "ø", ["aelig"] = "æ", ["euro"] = "€", ["pound"] = "£", ["copy"] = "©", ["reg"] = "®", ["deg"] = "°", ["hellip"] = "…", ["ndash"] = "–", ["mdash"] = "—",
        ["rsquo"] = "’", ["lsquo"] = "‘", ["rdquo"] = "”", ["ldquo"] = "“", ["trade"] = "™", ["times"] = "×",
    };

    /// <param name="text">Any text.</param>
    /// <param name="oddSpaces">True where a non-breaking space is out of place: names and categories rather than prose.</param>
    public static RepairedText Of(string text, bool oddSpaces = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsSound(text))
        {
            return new RepairedText(text, TextDamage.None);
        }

        var damage = TextDamage.None;
        if (Undone(text) is { } once)
        {
            damage |= TextDamage.Mojibake;
            text = once;
            if (Undone(text) is { } twice)
            {
                (text, damage) = (twice, (damage & ~TextDamage.Mojibake) | TextDamage.DoubleEncoded);
            }
        }

        text = Unescape(text, ref damage);
        return new RepairedText(Clean(text, oddSpaces, ref damage), damage);
    }

    private static bool IsSound(string text)
    {
        foreach (var c in text)
        {
            if (c > '~' || c == '&' || c < ' ')
            {
                return false;
            }
        }

        return true;
    }

    // Null when nothing in it is beyond doubt a run of UTF-8 bytes; where something is, the doubtful runs are taken too.
    private static string? Undone(string text) => Decode(text, doubtful: false) is null ? null : Decode(text, doubtful: true);

    private static string? Decode(string text, bool doubtful)
    {
        StringBuilder? repaired = null;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            var length = Run(text, i, bytes, doubtful);
            if (length > 0 && Rune.DecodeFromUtf8(bytes[..length], out var rune, out var used) == System.Buffers.OperationStatus.Done && used == length)
            {
                repaired ??= new StringBuilder(text, 0, i, text.Length);
                repaired.Append(rune.ToString());
                i += length;
            }
            else
            {
                repaired?.Append(text[i]);
                i++;
            }
        }

        return repaired?.ToString();
    }

    // How many characters from here on are the bytes of one UTF-8 character, when each stands for a byte; 0 for none.
    private static int Run(string text, int start, Span<byte> bytes, bool doubtful)
    {
        var length = Byte(text[start]) switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 0 };
        if (length == 0 || start + length > text.Length)
        {
            return 0;
        }

        for (var k = 0; k < length; k++)
        {
            var b = Byte(text[start + k]);
            if (b < 0 || (k > 0 && b is < 0x80 or > 0xBF))
            {
                return 0;
            }

            bytes[k] = (byte)b;
        }

        // A capital with a closing quote, dash or mark behind it may be meant so: «À…», «Ó’», «Â»; what decodes to a letter of Latin-1 or to punctuation is not.
        return doubtful || length > 2 ? length : text[start] is not ('Ã' or 'Â' or 'Å' or 'Ä' or 'Ð' or 'Ñ' or 'Î' or 'Ï') || IsMeant(text, start) ? 0 : length;
    }

    private static bool IsMeant(string text, int start) => text[start] switch
    {
        'Ã' => text[start + 1] is '“' or '”' or '‘' or '’' && start + 2 == text.Length,
        'Ä' or 'Å' or 'Ñ' or 'Ð' or 'Î' or 'Ï' => text[start + 1] is '“' or '”' or '‘' or '’' or '–' or '—' or '…' or '»' or '«' or '\u00A0',
        _ => false,
    };

    private static int Byte(char c) => c < 0x80 ? c : c is >= '\u0080' and <= 'ÿ' ? c : Windows.IndexOf(c) is >= 0 and var at ? 0x80 + at : -1;

    private static string Unescape(string text, ref TextDamage damage)
    {
        var at = text.IndexOf('&');
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text, 0, at, text.Length);
        for (var i = at; i < text.Length;)
        {
            var end = text[i] == '&' ? text.IndexOf(';', i, Math.Min(12, text.Length - i)) : -1;
            if (end > i + 1 && Entity(text.AsSpan(i + 1, end - i - 1)) is { } meant)
            {
                result.Append(meant);
                damage |= TextDamage.HtmlEntity;
                i = end + 1;
            }
            else
            {
                result.Append(text[i++]);
            }
        }

        return result.ToString();
    }

    private static string? Entity(ReadOnlySpan<char> name)
    {
        if (name[0] != '#')
        {
            return Entities.GetValueOrDefault(name.ToString());
        }

        var isHex = name.Length > 2 && name[1] is 'x' or 'X';
        return int.TryParse(isHex ? name[2..] : name[1..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code >= ' ' && Rune.IsValid(code)
            ? new Rune(code).ToString()
            : null;
    }

    private static string Clean(string text, bool oddSpaces, ref TextDamage damage)
    {
        var isEastAsian = text.AsSpan().ContainsAnyInRange('\u3040', '\u9FFF') || text.AsSpan().ContainsAnyInRange('\uAC00', '\uD7AF');
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '\uFFFD':
                    damage |= TextDamage.Replacement;
                    clean.Append(c);
                    break;
                case '\u200B' or '\uFEFF' or '\u00AD' or '\u2060' or '\u200E' or '\u200F' or (< ' ' and not ('\t' or '\n' or '\r')) or '\u007F' or (>= '\u0080' and <= '\u009F'):
                    damage |= TextDamage.Invisible;
                    break;
                case '\u00A0' or '\u2007' or '\u202F' when oddSpaces:
                    damage |= TextDamage.OddSpace;
                    clean.Append(' ');
                    break;
                case >= '\uFF10' and <= '\uFF5A' when !isEastAsian && char.IsLetterOrDigit(c):
                    damage |= TextDamage.FullWidth;
                    clean.Append((char)(c - 0xFEE0));
                    break;
                default:
                    clean.Append(c);
                    break;
            }
        }

        return clean.ToString();
    }
}
