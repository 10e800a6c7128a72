namespace Gnomon.Data.Files;

/// <summary>The first bytes of a text file.</summary>
/// <param name="Text">Without a byte order mark.</param>
/// <param name="IsWhole">There is nothing behind it.</param>
/// <param name="MarkLength">Bytes of the byte order mark.</param>
internal sealed record FileHead(ReadOnlyMemory<byte> Text, bool IsWhole, int MarkLength)
{
    public static FileHead Read(string path, int limit)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[(int)Math.Min(limit, file.Length)];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var mark = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        return new FileHead(bytes.AsMemory(mark, read - mark), read == file.Length, mark);
    }
}
