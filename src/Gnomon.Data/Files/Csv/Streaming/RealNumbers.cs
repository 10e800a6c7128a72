using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>
/// Finite numbers: minus? digits (point digits)? (e sign? digits)?, without leading zeros. The result is the double nearest to the decimal: up to 15 digits and powers
/// of ten up to 22 are exact, so that one division rounds once (Clinger 1990, PLDI); everything else goes to the runtime's parser, which rounds correctly.
/// </summary>
internal static class RealNumbers
{
    private const int ExactDigits = 15;

    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ref byte text, int start, int end, out double value)
    {
        var isNegative = Unsafe.Add(ref text, start) == (byte)'-';
        var from = isNegative ? start + 1 : start;
        if ((uint)(end - from - 1) > 7)
        {
            return TryParseLong(ref text, from, end, isNegative, out value);
        }

        return TryParseShort(ref text, from, end, isNegative, out value) || TryParseLong(ref text, from, end, isNegative, out value);
    }

    /// <summary>Up to 8 bytes with at most one point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParseShort(ref byte text, int from, int end, bool isNegative, out double value)
    {
        var length = end - from;
        var word = Digits.Before(ref text, end, length);

        // A point is 0x1E after the digits were made 0 to 9. The lowest mark is always true; higher ones may be false, and then a byte is no digit anyway.
        var different = word ^ 0x1E1E1E1E1E1E1E1E;
        var marks = (different - 0x0101010101010101) & ~different & 0x8080808080808080;
        var whole = length;
        var fraction = 0;
        if (marks != 0)
        {
            var at = BitOperations.TrailingZeroCount(marks) >> 3;
            whole = at - (8 - length);
            fraction = 7 - at;
            var below = (1UL << (at * 8)) - 1;
            word = ((word & below) << 8) | (at == 7 ? 0 : word >> ((at + 1) * 8) << ((at + 1) * 8));
            if (fraction == 0)
            {
                value = 0;
                return false;
            }
        }

        var magnitude = Digits.Value(word) / Powers[fraction];
        value = isNegative ? -magnitude : magnitude;
        return whole > 0 && Digits.AreDigits(word) && (whole == 1 || Unsafe.Add(ref text, from) != (byte)'0');
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryParseLong(ref byte text, int from, int end, bool isNegative, out double value)
    {
        value = 0;
        if (end <= from)
        {
            return false;
        }

        var cell = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, from), end - from);
        var mantissa = 0UL;
        var at = Run(cell, 0, ref mantissa);
        var (whole, fraction) = (at, 0);
        if (whole == 0 || (whole > 1 && cell[0] == (byte)'0'))
        {
            return false;
        }

        if (at < cell.Length && cell[at] == (byte)'.')
        {
            var next = Run(cell, at + 1, ref mantissa);
            fraction = next - at - 1;
            if (fraction == 0)
            {
                return false;
            }

            at = next;
        }

        if (at == cell.Length && whole + fraction <= ExactDigits)
        {
            var magnitude = mantissa / Powers[fraction];
            value = isNegative ? -magnitude : magnitude;
            return true;
        }

        if (!IsExponent(cell[at..]) || whole > 38)
        {
            return false;
        }

        var isRead = double.TryParse(cell, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
        value = isNegative ? -value : value;
        return isRead && double.IsFinite(value);
    }

    private static int Run(ReadOnlySpan<byte> cell, int at, ref ulong mantissa)
    {
        for (; at < cell.Length && (uint)(cell[at] - '0') <= 9; at++)
        {
            mantissa = unchecked((mantissa * 10) + (uint)(cell[at] - '0'));
        }

        return at;
    }

    private static bool IsExponent(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        rest = rest[1..];
        rest = rest.Length > 0 && rest[0] is (byte)'-' or (byte)'+' ? rest[1..] : rest;
        return rest.Length is > 0 and <= 9 && rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
