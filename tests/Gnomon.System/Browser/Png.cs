using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Gnomon.System.Browser;

/// <summary>Just enough of PNG to tell a drawn page from an empty one.</summary>
internal static class Png
{
    /// <summary>Share of the filtered pixel bytes that differ from the most frequent one: near 0 for an empty page.</summary>
    internal static double Ink(string path)
    {
        var bytes = Pixels(File.ReadAllBytes(path));
        var counts = new long[256];
        foreach (var b in bytes)
        {
            counts[b]++;
        }

        return 1 - (counts.Max() / (double)bytes.Length);
    }

    private static byte[] Pixels(ReadOnlySpan<byte> png)
    {
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            if (Encoding.ASCII.GetString(png.Slice(at + 4, 4)) == "IDAT")
            {
                packed.Write(png.Slice(at + 8, length));
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Decompress))
        {
            zlib.CopyTo(unpacked);
        }

        return unpacked.ToArray();
    }
}
