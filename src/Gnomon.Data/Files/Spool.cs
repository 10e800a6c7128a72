using Gnomon.Core.Tables;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Data.Files;

/// <summary>Turns what cannot be read twice or in parallel into a plain file: standard input, gzip, UTF-16.</summary>
internal static class Spool
{
    private const int BlockBytes = 1 << 18;

    /// <summary>Header, an empty block, checksum and length.</summary>
    private const int SmallestMember = 18;

    private static ReadOnlySpan<byte> MemberMark => [0x1F, 0x8B, 0x08];

    public static void Copy(Stream source, string target, CancellationToken cancellation)
    {
        using var output = Create(target);
        var buffer = new byte[BlockBytes];
        int read;
        while ((read = source.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(buffer, 0, read);
        }
    }

    /// <exception cref="GnomonError"><c>broken-gzip</c>: damaged or cut off.</exception>
    public static void Unpack(string shown, string source, string target, CancellationToken cancellation)
    {
        try
        {
            using var input = File.OpenRead(source);
            using var unpacked = new GZipStream(input, CompressionMode.Decompress);
            Copy(unpacked, target, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw Broken(shown, e);
        }

        // A cut file unpacks without complaint; the lengths that its members state then do not add up.
        if (!AddsUp(source, FollowedFile.At(target).Length))
        {
            throw Broken(shown, null);
        }
    }

    /// <summary>UTF-16 in either byte order to UTF-8.</summary>
    public static void ToUtf8(string source, string target, Encoding encoding, CancellationToken cancellation)
    {
        using var input = File.OpenRead(source);
        using var text = Encoding.CreateTranscodingStream(input, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Copy(text, target, cancellation);
    }

    /// <summary>The encoding a text begins in; null for UTF-8 and everything else that keeps ASCII.</summary>
    public static Encoding? WideEncoding(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xFE, ..])
        {
            return Encoding.Unicode;
        }

        if (head is [0xFE, 0xFF, ..])
        {
            return Encoding.BigEndianUnicode;
        }

        // Without a mark: ASCII text in UTF-16 has a zero in every second byte.
        var pairs = Math.Min(head.Length, 4096) / 2;
        var (even, odd) = (0, 0);
        for (var i = 0; i < pairs; i++)
        {
            even += head[2 * i] == 0 ? 1 : 0;
            odd += head[(2 * i) + 1] == 0 ? 1 : 0;
        }

        return pairs < 4 ? null
            : odd > pairs * 3 / 4 && even == 0 ? Encoding.Unicode
            : even > pairs * 3 / 4 && odd == 0 ? Encoding.BigEndianUnicode
            : null;
    }

    private static FileStream Create(string target) => new(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Each member ends with its unpacked length modulo 2^32 (RFC 1952).</summary>
    private static bool AddsUp(string source, long unpacked)
    {
        using var file = File.OpenRead(source);
        if (file.Length < SmallestMember)
        {
            return false;
        }

        Span<byte> tail = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(tail);
        var last = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        return last == (uint)unpacked || (last < unpacked && StatedByAllMembers(source) == (uint)unpacked);
    }

    /// <summary>The lengths stated before every place that looks like the beginning of a member, and at the end.</summary>
    private static uint StatedByAllMembers(string source)
    {
        var bytes = File.ReadAllBytes(source).AsSpan();
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        for (var at = SmallestMember; at < bytes.Length - SmallestMember; at++)
        {
            var next = bytes[at..^SmallestMember].IndexOf(MemberMark);
            if (next < 0)
            {
                break;
            }

            at += next;
            const byte reservedFlags = 0xE0;
            stated += (bytes[at + 3] & reservedFlags) == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at - 4)..]) : 0;
        }

        return stated;
    }

    private static GnomonError Broken(string shown, Exception? inner) =>
        new("broken-gzip", $"{shown} is a gzip file that is damaged or cut off.", shown, "Copy the file again; gzip -t tests it.", inner);
}
