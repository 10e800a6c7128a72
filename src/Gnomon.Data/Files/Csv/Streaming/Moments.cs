using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>ISO dates as days since 1970-01-01, and ISO dates with a clock time as microseconds; years 1 to 9999 of the Gregorian calendar.</summary>
internal static class Moments
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    private const int DateBytes = 10;
    private const int SecondBytes = 19;

    // "0000-00-" and "00:00:00" as words: what is left after xor are digits, and 0 at the signs.
    private const ulong DatePattern = 0x2D30302D30303030;
    private const ulong DateSigns = 0xFF0000FF00000000;
    private const ulong ClockPattern = 0x30303A30303A3030;
    private const ulong ClockSigns = 0x0000FF0000FF0000;

    /// <summary>yyyy-mm-dd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDay(ref byte text, int start, int end, out long days)
    {
        days = 0;
        return end - start == DateBytes && TryDay(ref Unsafe.Add(ref text, start), out days);
    }

    /// <summary>yyyy-mm-dd, alone or with ' ' or 'T', hh:mm:ss and a fraction of up to six digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMicroseconds(ref byte text, int start, int end, out long microseconds)
    {
        ref var cell = ref Unsafe.Add(ref text, start);
        var length = end - start;
        microseconds = 0;
        if (length < DateBytes || !TryDay(ref cell, out var days))
        {
            return false;
        }

        microseconds = days * MicrosecondsPerDay;
        if (length == DateBytes)
        {
            return true;
        }

        if (length < SecondBytes || Unsafe.Add(ref cell, DateBytes) is not ((byte)' ' or (byte)'T'))
        {
            return false;
        }

        var clock = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref cell, DateBytes + 1)) ^ ClockPattern;
        var (hour, minute, second) = (Two(clock, 0), Two(clock, 3), Two(clock, 6));
        microseconds += ((((hour * 60L) + minute) * 60) + second) * 1_000_000;
        return (clock & ClockSigns) == 0 && Digits.AreDigits(clock) && hour < 24 && minute < 60 && second < 60
            && (length == SecondBytes || TryFraction(MemoryMarshal.CreateReadOnlySpan(ref cell, length)[SecondBytes..], ref microseconds));
    }

    /// <summary>The day that an instant lies in.</summary>
    public static long DayOf(long microseconds) =>
        (microseconds / MicrosecondsPerDay) - (microseconds % MicrosecondsPerDay < 0 ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDay(ref byte cell, out long days)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref cell) ^ DatePattern;
        var tens = Unsafe.Add(ref cell, 8) - '0';
        var ones = Unsafe.Add(ref cell, 9) - '0';
        var year = (Two(word, 0) * 100) + Two(word, 2);
        var month = Two(word, 5);
        var day = (tens * 10) + ones;
        days = DaysSinceEpoch(year, month, day);
        return (word & DateSigns) == 0 && Digits.AreDigits(word) && (uint)tens <= 9 && (uint)ones <= 9
            && year > 0 && (uint)(month - 1) < 12 && day > 0 && (day <= 28 || day <= DateTime.DaysInMonth(year, month));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Two(ulong word, int at) => ((int)(byte)(word >> (at * 8)) * 10) + (byte)(word >> ((at + 1) * 8));

    /// <summary>Days from 0000-03-01, so that the leap day is the last of its year (Hinnant 2013, chrono-compatible low-level date algorithms).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        var isEarly = month <= 2;
        var y = (uint)(isEarly ? year - 1 : year);
        var dayOfYear = (uint)(((153 * (isEarly ? month + 9 : month - 3)) + 2) / 5) + (uint)day - 1;
        return (y * 365L) + (y / 4) - (y / 100) + (y / 400) + dayOfYear - 719_468;
    }

    private static bool TryFraction(ReadOnlySpan<byte> rest, ref long microseconds)
    {
        if (rest.Length is < 2 or > 7 || rest[0] != (byte)'.')
        {
            return false;
        }

        var value = 0L;
        for (var i = 1; i < 7; i++)
        {
            var digit = i < rest.Length ? rest[i] - '0' : 0;
            if ((uint)digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        microseconds += value;
        return true;
    }
}
