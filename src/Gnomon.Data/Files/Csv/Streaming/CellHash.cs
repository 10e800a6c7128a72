using System.Runtime.CompilerServices;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>
/// The embedded engine's <c>hash()</c> of BIGINT and VARCHAR (DuckDB 1.5): Murmur's finaliser over numbers, and over eight-byte words of a text that were folded with its
/// multiplier. Hashes of files that are streamed equal those of files that the engine holds.
/// </summary>
internal static class CellHash
{
    /// <summary>What the engine gives for no value.</summary>
    public const ulong OfNull = 0xBF58476D1CE4E5B9;

    private const ulong Multiplier = 0xD6E8FEB86659FD93;
    private const ulong Seed = 0xE17A1465;
    private const ulong LengthMultiplier = 0xC6A4A7935BD1E995;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(long value) => Mix((ulong)value);

    /// <param name="text">The first byte of a block with spare bytes behind its end.</param>
    /// <param name="start">Where the cell begins.</param>
    /// <param name="length">Bytes of the cell, at least 1.</param>
    public static ulong Of(ref byte text, int start, int length)
    {
        var hash = Seed ^ ((ulong)length * LengthMultiplier);
        ref var at = ref Unsafe.Add(ref text, start);
        var left = length;
        for (; left >= 8; left -= 8)
        {
            hash = (hash ^ Unsafe.ReadUnaligned<ulong>(ref at)) * Multiplier;
            at = ref Unsafe.Add(ref at, 8);
        }

        if (left > 0)
        {
            var tail = Unsafe.ReadUnaligned<ulong>(ref at) & ((1UL << (left * 8)) - 1);
            hash = (hash ^ tail) * Multiplier;
        }

        return Mix(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong x)
    {
        x ^= x >> 32;
        x *= Multiplier;
        x ^= x >> 32;
        x *= Multiplier;
        return x ^ (x >> 32);
    }
}
