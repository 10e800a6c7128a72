using Gnomon.Core.Errors;

namespace Gnomon.Data.Files;

/// <summary>The kinds of files that are read.</summary>
internal enum FileKind
{
    DelimitedText,
    Json,
    JsonLines,
    Parquet,
}

/// <summary>Tells a file's kind by what the user said, its first bytes and its name, in this order of trust.</summary>
internal static class FileFormat
{
    public static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    private static readonly (byte[] Magic, string Word, string Hint)[] Foreign =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP archive or an Excel workbook", "Save the sheet as CSV, or unpack the archive."),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook", "Save the sheet as CSV."),
        ("SQLite format 3"u8.ToArray(), "a SQLite database", "Export the table as CSV."),
        ("%PDF"u8.ToArray(), "a PDF document", "Export the table as CSV."),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "Unpack it first: zstd -d."),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "Unpack it first: xz -d."),
        ("BZh"u8.ToArray(), "compressed with bzip2", "Unpack it first: bzip2 -d."),
        ([0x89, 0x50, 0x4E, 0x47], "a picture", "Name a table."),
        ("ARROW1"u8.ToArray(), "an Arrow file", "Save it as Parquet."),
    ];

    /// <exception cref="GnomonError"><c>bad-format</c>: the word is not known.</exception>
    public static FileKind? Named(string? format) => format?.ToLowerInvariant() switch
    {
        null => null,
        "csv" or "tsv" => FileKind.DelimitedText,
        "json" => FileKind.Json,
        "jsonl" or "ndjson" => FileKind.JsonLines,
        "parquet" => FileKind.Parquet,
        _ => throw new GnomonError("bad-format", $"The format '{format}' is not known.", "--format", "Write csv, tsv, json, jsonl or parquet."),
    };

    /// <param name="shown">The name for messages.</param>
    /// <param name="path">The name whose ending counts.</param>
    /// <param name="head">First bytes of the unpacked file.</param>
    /// <exception cref="GnomonError"><c>binary-file</c>: the bytes are not a table.</exception>
    public static FileKind Detect(string shown, string path, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PAR1"u8))
        {
            return FileKind.Parquet;
        }

        foreach (var (magic, word, hint) in Foreign)
        {
            if (head.StartsWith(magic))
            {
                throw new GnomonError("binary-file", $"{shown} is {word}, not a table that can be read.", shown, hint);
            }
        }

        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        switch (Path.GetExtension(name).ToLowerInvariant())
        {
            case ".parquet" or ".pq":
                throw new GnomonError("broken-parquet", $"{shown} does not begin like a Parquet file.", shown, "Copy the file again, or name its format with --format.");
            case ".json":
                return FirstSign(head) == '{' && HasSecondObject(head) ? FileKind.JsonLines : FileKind.Json;
            case ".jsonl" or ".ndjson":
                return FileKind.JsonLines;
            case ".csv" or ".tsv" or ".tab" or ".psv":
                return FileKind.DelimitedText;
        }

        return FirstSign(head) switch
        {
            '[' when head.Contains((byte)'{') => FileKind.Json,
            '{' when head.Contains((byte)':') => FileKind.JsonLines,
            _ => FileKind.DelimitedText,
        };
    }

    private static char FirstSign(ReadOnlySpan<byte> head)
    {
        var trimmed = head.TrimStart(" \t\r\n"u8);
        return trimmed.IsEmpty ? '\0' : (char)trimmed[0];
    }

    /// <summary>A line that begins with '{' after a first one: objects one per line under a .json name.</summary>
    private static bool HasSecondObject(ReadOnlySpan<byte> head) => head.IndexOf("}\n{"u8) >= 0 || head.IndexOf("}\r\n{"u8) >= 0;
}
