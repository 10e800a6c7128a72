namespace Gnomon.Data.DuckDb;

/// <summary>A temporary folder with a fresh name; made when first needed, removed at the end.</summary>
internal sealed class ScratchFolder(string? parent) : IDisposable
{
    private int _files;

    public string Path { get; } = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), "gnomon-" + Guid.NewGuid().ToString("N"));

    /// <summary>A path for a new file in the folder.</summary>
    public string NewFile(string extension)
    {
        Directory.CreateDirectory(Path);
        return System.IO.Path.Combine(Path, FormattableString.Invariant($"{Interlocked.Increment(ref _files)}{extension}"));
    }

    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }
        }
        catch (IOException)
        {
            // Somebody still reads a spilled block; the system's own cleaning of temporary folders takes the rest.
        }
    }
}
