using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gnomon.Data.Ledger;

/// <summary>A sketch as stored: 8 bytes a hash, least significant first, whatever the machine.</summary>
internal static class SketchBytes
{
    public static byte[] From(IReadOnlyList<ulong> hashes)
    {
        if (hashes.Count > SketchContainment.Capacity)
        {
            throw new ArgumentException($"A sketch holds at most {SketchContainment.Capacity} hashes; got {hashes.Count}.", nameof(hashes));
        }

        var bytes = new byte[hashes.Count * sizeof(ulong)];
        for (var i = 0; i < hashes.Count; i++)
        {
            if (i > 0 && hashes[i] <= hashes[i - 1])
            {
                throw new ArgumentException("The hashes of a sketch ascend and do not repeat.", nameof(hashes));
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

    /// <summary>Reads in place where the machine's byte order allows it.</summary>
    public static ReadOnlySpan<ulong> AsHashes(ReadOnlySpan<byte> bytes) =>
        BitConverter.IsLittleEndian ? MemoryMarshal.Cast<byte, ulong>(bytes) : ToHashes(bytes);
}
