using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;

namespace Gnomon.Data.Files;

/// <summary>One file of a source, unpacked and in an encoding that can be read.</summary>
/// <param name="Shown">What messages call it.</param>
/// <param name="Original">The file whose bytes identify the data.</param>
/// <param name="Path">The plain file to read; the original, or our copy.</param>
/// <param name="Kind">How to read it.</param>
internal sealed record SourceFile(string Shown, string Original, string Path, FileKind Kind)
{
    private const int HeadBytes = 4096;

    /// <exception cref="GnomonError">Empty, damaged, or not a table.</exception>
    public static SourceFile Prepare(string shown, string path, SourceOptions options, ScratchFolder scratch, CancellationToken cancellation)
    {
        var plain = path;
        var head = Head(plain);
        if (head.AsSpan().StartsWith(FileFormat.GzipMagic))
        {
            plain = scratch.NewFile(".bin");
            Spool.Unpack(shown, path, plain, cancellation);
            head = Head(plain);
        }

        if (head.Length == 0)
        {
            throw new GnomonError("empty-file", $"{shown} is empty.", shown, "Give a file with a header line and rows.");
        }

        if (Spool.WideEncoding(head) is { } encoding)
        {
            var wide = plain;
            plain = scratch.NewFile(".txt");
            Spool.ToUtf8(wide, plain, encoding, cancellation);
            head = Head(plain);
        }

        return new SourceFile(shown, path, plain, FileFormat.Named(options.Format) ?? FileFormat.Detect(shown, path, head));
    }

    private static byte[] Head(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(HeadBytes, file.Length)];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }
}
