using System.Runtime.CompilerServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Eight digits at a time in one word.</summary>
internal static class Digits
{
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>The 8 bytes that end before <paramref name="end"/>, of which the last <paramref name="count"/> (1 to 8) are kept; digits become 0 to 9, what is not kept 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Before(ref byte text, int end, int count)
    {
        var shift = (8 - count) * 8;
        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, end - 8)) ^ Zeros;
        return word >> shift << shift;
    }

    /// <summary>All 8 bytes lie between 0 and 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreDigits(ulong word) => (((word + 0x7676767676767676) | word) & 0x8080808080808080) == 0;

    /// <summary>The number that 8 digits make, the first digit in the lowest byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(ulong word)
    {
        word = (word * 10) + (word >> 8);
        return (((word & 0x000000FF000000FF) * 0x000F424000000064) + (((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
    }
}
