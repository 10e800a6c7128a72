using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Whole numbers within 64 bits, written the one canonical way: no plus, no leading zero, no minus zero.</summary>
internal static class WholeNumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ref byte text, int start, int end, out long value)
    {
        var first = Unsafe.Add(ref text, start);
        var isNegative = first == (byte)'-';
        var from = isNegative ? start + 1 : start;
        var length = end - from;
        if ((uint)(length - 1) > 15)
        {
            return TryParseLong(ref text, start, end, out value);
        }

        var low = Digits.Before(ref text, end, Math.Min(length, 8));
        var isPlain = Digits.AreDigits(low);
        var magnitude = Digits.Value(low);
        if (length > 8)
        {
            var high = Digits.Before(ref text, end - 8, length - 8);
            isPlain &= Digits.AreDigits(high);
            magnitude += Digits.Value(high) * 100_000_000;
        }

        value = isNegative ? -(long)magnitude : (long)magnitude;
        return isPlain && (Unsafe.Add(ref text, from) != (byte)'0' || (length == 1 && !isNegative));
    }

    /// <summary>17 digits and more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryParseLong(ref byte text, int start, int end, out long value)
    {
        var cell = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, start), end - start);
        var digits = cell.Length > 0 && cell[0] == (byte)'-' ? cell[1..] : cell;
        if (digits.Length is 0 or > 19 || digits[0] == (byte)'0' || digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            value = 0;
            return false;
        }

        return long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
