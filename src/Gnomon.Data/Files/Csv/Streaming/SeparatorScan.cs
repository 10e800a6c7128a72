using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>
/// Finds the ends of all cells of a block, 64 bytes at a time as bit masks. Bytes between quotes are told from the others by the running parity of quotes
/// (Langdale and Lemire 2019, VLDB Journal 28, section 3.1.1).
/// </summary>
internal static class SeparatorScan
{
    private const int Step = 64;

    /// <returns>False when the block is not plain: zero bytes, stray quotes, a line end of another kind, or rows of different widths.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryFind(RawBlock block, FieldTable fields, StreamShape shape)
    {
        ref var text = ref block.First;
        var length = block.Length;
        var delimiter = shape.Delimiter;
        var ends = fields.Ends;
        var (count, lines, quotes) = (1, 0, 0);
        var (isQuoted, afterReturn) = (0UL, 0UL);
        for (var at = 0; at < length; at += Step)
        {
            var masks = Masks.Of(ref Unsafe.Add(ref text, at), delimiter);
            if (length - at < Step)
            {
                masks = masks.Keep((1UL << (length - at)) - 1);
            }

            var outside = ~isQuoted;
            if (masks.Quotes != 0)
            {
                outside = ~(PrefixXor(masks.Quotes) ^ isQuoted);
                quotes += BitOperations.PopCount(masks.Quotes);
                isQuoted = (ulong)((long)~outside >> 63);
            }

            var feeds = masks.Feeds & outside;
            var returns = masks.Returns & outside;
            var followReturn = (returns << 1) | afterReturn;
            afterReturn = returns >> 63;
            if (masks.Zeros != 0 || followReturn != (shape.EndsInCrLf ? feeds : 0))
            {
                return false;
            }

            if (count + Step > ends.Length)
            {
                ends = fields.Grow();
            }

            lines += BitOperations.PopCount(feeds);
            count = Write(ends, count, at, (masks.Delimiters & outside) | feeds);
        }

        return isQuoted == 0 && afterReturn == 0 && fields.TrySettle(block, count - 1, lines, quotes, shape);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Write(int[] ends, int count, int at, ulong separators)
    {
        while (separators != 0)
        {
            ends[count++] = at + BitOperations.TrailingZeroCount(separators);
            separators &= separators - 1;
        }

        return count;
    }

    /// <summary>Bit i of the result is the parity of bits 0 to i.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    private readonly record struct Masks(ulong Delimiters, ulong Feeds, ulong Quotes, ulong Returns, ulong Zeros)
    {
        public Masks Keep(ulong used) => new(Delimiters & used, Feeds & used, Quotes & used, Returns & used, Zeros & used);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Masks Of(ref byte at, byte delimiter)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                var all = Vector512.LoadUnsafe(ref at);
                return new(
                    Vector512.Equals(all, Vector512.Create(delimiter)).ExtractMostSignificantBits(),
                    Vector512.Equals(all, Vector512.Create((byte)'\n')).ExtractMostSignificantBits(),
                    Vector512.Equals(all, Vector512.Create(CsvFormat.Quote)).ExtractMostSignificantBits(),
                    Vector512.Equals(all, Vector512.Create((byte)'\r')).ExtractMostSignificantBits(),
                    Vector512.Equals(all, Vector512<byte>.Zero).ExtractMostSignificantBits());
            }

            var low = Vector256.LoadUnsafe(ref at);
            var high = Vector256.LoadUnsafe(ref at, 32);
            return new(Both(low, high, delimiter), Both(low, high, (byte)'\n'), Both(low, high, CsvFormat.Quote), Both(low, high, (byte)'\r'), Both(low, high, 0));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Both(Vector256<byte> low, Vector256<byte> high, byte value)
        {
            var wanted = Vector256.Create(value);
            return Vector256.Equals(low, wanted).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, wanted).ExtractMostSignificantBits() << 32);
        }
    }
}
