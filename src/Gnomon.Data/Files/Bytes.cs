using System.Runtime.InteropServices;

namespace Gnomon.Data.Files;

/// <summary>A read-only stream over bytes in memory.</summary>
internal static class Bytes
{
    public static Stream Stream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
