using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gnomon.Methods.Experiments;

/// <summary>MD5 of a few bytes (RFC 1321), for hashing many short texts: a call of the system's library costs several times the hash itself.</summary>
internal static class ShortMd5
{
    /// <summary>Bytes that fit into one block with the mark and the length.</summary>
    public const int MostBytes = 55;

    static readonly uint[] Sines = [.. Enumerable.Range(1, 64).Select(i => (uint)Math.Floor(Math.Abs(Math.Sin(i)) * 4_294_967_296.0))];
    static readonly byte[] Turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    /// <param name="text">At most <see cref="MostBytes"/> bytes.</param>
    /// <param name="hash">Takes 16 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hash(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        Span<byte> block = stackalloc byte[64];
        block.Clear();
        text.CopyTo(block);
        block[text.Length] = 0x80;
        BinaryPrimitives.WriteUInt64LittleEndian(block[56..], (ulong)text.Length * 8);
        Span<uint> words = stackalloc uint[16];
        for (var i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        }

        uint a = 0x67452301, b = 0xEFCDAB89, c = 0x98BADCFE, d = 0x10325476;
        for (var i = 0; i < 16; i++)
        {
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(a + ((b & c) | (~b & d)) + Sines[i] + words[i], Turns[i & 3]));
        }

        for (var i = 0; i < 16; i++)
        {
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(a + ((d & b) | (~d & c)) + Sines[16 + i] + words[((5 * i) + 1) & 15], Turns[4 + (i & 3)]));
        }

        for (var i = 0; i < 16; i++)
        {
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(a + (b ^ c ^ d) + Sines[32 + i] + words[((3 * i) + 5) & 15], Turns[8 + (i & 3)]));
        }

        for (var i = 0; i < 16; i++)
        {
            (a, d, c, b) = (d, c, b, b + BitOperations.RotateLeft(a + (c ^ (b | ~d)) + Sines[48 + i] + words[(7 * i) & 15], Turns[12 + (i & 3)]));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(hash, a + 0x67452301);
        BinaryPrimitives.WriteUInt32LittleEndian(hash[4..], b + 0xEFCDAB89);
        BinaryPrimitives.WriteUInt32LittleEndian(hash[8..], c + 0x98BADCFE);
        BinaryPrimitives.WriteUInt32LittleEndian(hash[12..], d + 0x10325476);
    }
}
