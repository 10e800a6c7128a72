using System.Globalization;
using System.Text;

namespace Gnomon.Data.Files.Csv;

/// <summary>Tells what a cell's bytes could be. Strict: what is not plainly a number or a date is text.</summary>
/// <param name="decimalMark">'.' or ','.</param>
/// <param name="nullTexts">The user's own words for no value, compared with the whole cell.</param>
internal sealed class CellClassifier(char decimalMark, IReadOnlyList<string> nullTexts)
{
    private const int MaxHugeDigits = 38;
    private const int MaxPlusDigits = 6;

    private static readonly string[] MissingWords =
        ["NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "Null", "null", "None", "none", "inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity"];

    private readonly byte[][] _nullTexts = [.. nullTexts.Select(Encoding.UTF8.GetBytes)];
    private readonly byte _mark = (byte)decimalMark;
    private readonly byte _otherMark = decimalMark == '.' ? (byte)',' : (byte)'.';

    /// <param name="cell">Without surrounding spaces.</param>
    public CellKind Classify(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            return CellKind.Empty;
        }

        var first = cell[0];
        if (first is >= (byte)'0' and <= (byte)'9')
        {
            var number = Number(cell);
            return number != CellKind.Text ? number : Temporal(cell);
        }

        if (first is (byte)'-' or (byte)'+' or (byte)'.' || first == _mark)
        {
            var number = Number(cell);
            if (number != CellKind.Text)
            {
                return number;
            }
        }

        return Word(cell);
    }

    /// <param name="cell">As it stands in the file.</param>
    public bool IsNullText(ReadOnlySpan<byte> cell)
    {
        foreach (var text in _nullTexts)
        {
            if (cell.SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsBoolean(ReadOnlySpan<byte> cell) =>
        cell.Length is 4 or 5 && (Ascii.EqualsIgnoreCase(cell, "true"u8) || Ascii.EqualsIgnoreCase(cell, "false"u8));

    private static CellKind Word(ReadOnlySpan<byte> cell)
    {
        if (IsBoolean(cell))
        {
            return CellKind.Boolean;
        }

        if (cell.Length <= 9)
        {
            foreach (var word in MissingWords)
            {
                if (Ascii.Equals(cell, word))
                {
                    return CellKind.MissingWord;
                }
            }
        }

        return CellKind.Text;
    }

    /// <summary>sign? digits (mark digits)? (e sign? digits)?</summary>
    private CellKind Number(ReadOnlySpan<byte> cell)
    {
        var at = cell[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var wholeStart = at;
        at = SkipDigits(cell, at);
        var whole = at - wholeStart;
        if (at == cell.Length)
        {
            return Whole(cell, wholeStart, whole);
        }

        var isOther = false;
        var fraction = 0;
        if (cell[at] == _mark || cell[at] == _otherMark)
        {
            isOther = cell[at] == _otherMark;
            var start = ++at;
            at = SkipDigits(cell, at);
            fraction = at - start;
        }

        if (whole + fraction == 0)
        {
            return CellKind.Text;
        }

        var hasExponent = at < cell.Length && cell[at] is (byte)'e' or (byte)'E';
        if (hasExponent)
        {
            at++;
            at += at < cell.Length && cell[at] is (byte)'-' or (byte)'+' ? 1 : 0;
            var digits = SkipDigits(cell, at) - at;
            at += digits;
            if (digits == 0 || isOther || !IsFinite(cell))
            {
                return CellKind.Text;
            }
        }

        if (at != cell.Length)
        {
            return CellKind.Text;
        }

        return !isOther ? CellKind.Real : fraction > 0 && whole > 0 ? CellKind.OtherDecimalMark : CellKind.Text;
    }

    private static CellKind Whole(ReadOnlySpan<byte> cell, int start, int digits)
    {
        if (digits == 0)
        {
            return CellKind.Text;
        }

        var isNegative = start == 1 && cell[0] == (byte)'-';
        if (start == 1 && !isNegative)
        {
            return digits <= MaxPlusDigits ? CellKind.Real : CellKind.Text;
        }

        if (cell[start] == (byte)'0')
        {
            return digits > 1 ? CellKind.LeadingZero : isNegative ? CellKind.Real : CellKind.Integer;
        }

        return digits <= 18 || (digits == 19 && long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) ? CellKind.Integer
            : digits <= MaxHugeDigits ? CellKind.Big
            : CellKind.Text;
    }

    private bool IsFinite(ReadOnlySpan<byte> cell)
    {
        if (_mark == (byte)'.')
        {
            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
        }

        var text = Encoding.ASCII.GetString(cell).Replace(',', '.');
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) && double.IsFinite(other);
    }

    private static CellKind Temporal(ReadOnlySpan<byte> cell)
    {
        if (IsoDate(cell))
        {
            return cell.Length == 10 ? CellKind.Date : IsoTime(cell[10..]);
        }

        if (ClockTime(cell) == cell.Length)
        {
            return CellKind.Time;
        }

        return RegionalDate.TryParse(cell, out _) ? CellKind.RegionalDate : CellKind.Text;
    }

    private static bool IsoDate(ReadOnlySpan<byte> cell)
    {
        if (cell.Length < 10 || cell[4] != (byte)'-' || cell[7] != (byte)'-' || SkipDigits(cell, 0) != 4)
        {
            return false;
        }

        return TwoDigits(cell, 5) is var month and >= 1 and <= 12
            && TwoDigits(cell, 8) is var day and >= 1
            && (day <= 28 || (Year(cell) is var year and > 0 && day <= DateTime.DaysInMonth(year, month)));
    }

    private static int Year(ReadOnlySpan<byte> cell) => (TwoDigits(cell, 0) * 100) + TwoDigits(cell, 2);

    private static CellKind IsoTime(ReadOnlySpan<byte> rest)
    {
        if (rest[0] is not ((byte)' ' or (byte)'T'))
        {
            return CellKind.Text;
        }

        rest = rest[1..];
        var used = ClockTime(rest);
        if (used < 5 || rest[2] != (byte)':')
        {
            return CellKind.Text;
        }

        return rest.Length == used ? CellKind.LocalTimestamp : IsZone(rest[used..]) ? CellKind.Timestamp : CellKind.Text;
    }

    private static bool IsZone(ReadOnlySpan<byte> zone)
    {
        if (zone.SequenceEqual("Z"u8))
        {
            return true;
        }

        if (zone[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        return zone.Length switch
        {
            3 => TwoDigits(zone, 1) is >= 0 and <= 15,
            6 => TwoDigits(zone, 1) is >= 0 and <= 15 && zone[3] == (byte)':' && TwoDigits(zone, 4) is >= 0 and < 60,
            _ => false,
        };
    }

    /// <summary>How many bytes of hh:mm[:ss[.f]] stand at the start; 0 when none.</summary>
    internal static int ClockTime(ReadOnlySpan<byte> cell)
    {
        var hourDigits = SkipDigits(cell, 0);
        if (hourDigits is 0 or > 2 || cell.Length < hourDigits + 3 || cell[hourDigits] != (byte)':')
        {
            return 0;
        }

        var hour = hourDigits == 2 ? TwoDigits(cell, 0) : cell[0] - '0';
        if (hour > 23 || TwoDigits(cell, hourDigits + 1) is < 0 or > 59)
        {
            return 0;
        }

        var used = hourDigits + 3;
        if (cell.Length < used + 3 || cell[used] != (byte)':')
        {
            return used;
        }

        if (TwoDigits(cell, used + 1) is < 0 or > 59)
        {
            return 0;
        }

        used += 3;
        if (used + 1 < cell.Length && cell[used] == (byte)'.')
        {
            var end = SkipDigits(cell, used + 1);
            return end - used - 1 is >= 1 and <= 9 ? end : 0;
        }

        return used;
    }

    internal static int TwoDigits(ReadOnlySpan<byte> cell, int at)
    {
        if (at + 2 > cell.Length)
        {
            return -1;
        }

        var (tens, ones) = (cell[at] - '0', cell[at + 1] - '0');
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9 ? (tens * 10) + ones : -1;
    }

    internal static int SkipDigits(ReadOnlySpan<byte> cell, int at)
    {
        while (at < cell.Length && (uint)(cell[at] - '0') <= 9)
        {
            at++;
        }

        return at;
    }
}
