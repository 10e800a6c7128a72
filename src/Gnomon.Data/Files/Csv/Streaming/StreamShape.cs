using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>A plain text file whose rows can be read straight from its bytes.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Where the first row of data begins.</param>
/// <param name="Length">Bytes of the file when it was opened.</param>
/// <param name="Modified">When the file was last written to, as it stood when it was opened.</param>
/// <param name="Delimiter">The byte between cells.</param>
/// <param name="Width">Cells in a row, at least 2.</param>
/// <param name="EndsInCrLf">Every row ends in CR LF; otherwise every row ends in LF.</param>
internal sealed record StreamShape(string Path, long Start, long Length, DateTime Modified, byte Delimiter, int Width, bool EndsInCrLf)
{
    /// <summary>The file is the one that was opened.</summary>
    public bool IsUnchanged()
    {
        var file = FollowedFile.At(Path);
        return file.Exists && file.Length == Length && file.LastWriteTimeUtc == Modified;
    }
}
