using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gnomon.Data.Ledger;

/// <summary>A sketch as stored: 8 bytes a hash, least significant first, whatever the machine.</summary>
internal static class SketchBytes
{
    public static byte[] From(IReadOnlyList<ulong> units)
    {
        var hashes = ToHashes(units);
        if (hashes.Length > SketchContainment.Capacity)
        {
            throw new ArgumentException($"A sketch holds at most {SketchContainment.Capacity} hashes; got {hashes.Length}.", nameof(units));
        }

        var bytes = new byte[hashes.Length * sizeof(ulong)];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (i > 0 && hashes[i] <= hashes[i - 1])
            {
                throw new ArgumentException("The hashes of a sketch ascend and do not repeat.", nameof(units));
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), hashes[i]);
        }

        return bytes;
    }

    public static ulong[] ToHashes(ReadOnlySpan<byte> bytes)
    {
        var hashes = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }

        return hashes;
    }

    /// <summary>The hashes of a key as an array, without a copy when it is one.</summary>
    public static ulong[] ToHashes(IReadOnlyList<ulong> hashes)
    {
        if (hashes is ulong[] array)
        {
            return array;
        }

        var copy = new ulong[hashes.Count];
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = hashes[i];
        }

        return copy;
    }

    /// <summary>Reads in place where the machine's byte order allows it.</summary>
    public static ReadOnlySpan<ulong> AsHashes(ReadOnlySpan<byte> bytes) =>
        BitConverter.IsLittleEndian ? MemoryMarshal.Cast<byte, ulong>(bytes) : ToHashes(bytes);
}
