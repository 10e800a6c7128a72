namespace Gnomon.Data.Files.Csv;

/// <summary>One text file of a source.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Path">The plain UTF-8 file that the engine reads.</param>
/// <param name="Layout">Where its records are.</param>
/// <param name="Survey">What was seen of its rows.</param>
/// <param name="IsRewritten">The file is our own plain copy, without a header.</param>
internal sealed record CsvPart(string Name, string Path, CsvLayout Layout, CsvSurvey Survey, bool IsRewritten)
{
    /// <summary>Bytes of the byte order mark.</summary>
    public int MarkLength { get; init; }

    public Dictionary<string, int> IndexOf { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The text without its byte order mark.</summary>
    public Stream Open()
    {
        var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        file.Seek(MarkLength, SeekOrigin.Begin);
        return file;
    }
}
