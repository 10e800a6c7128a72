using Gnomon.Core.Errors;

namespace Gnomon.Cli.Commands;

/// <summary>Where a case's data lie while it runs: a temporary folder that goes away, or a folder the person named.</summary>
internal sealed class CaseFolder : IDisposable
{
    private CaseFolder(string path, bool kept)
    {
        Path = path;
        Kept = kept;
    }

    public string Path { get; }

    public bool Kept { get; }

    /// <exception cref="GnomonError"><c>folder-not-empty</c>, <c>cannot-write</c>.</exception>
    public static CaseFolder For(string? keep)
    {
        if (keep is null)
        {
            return new CaseFolder(Directory.CreateTempSubdirectory("gnomon-case-").FullName, kept: false);
        }

        // An old ledger would count as earlier looks, and somebody's files are not ours to replace.
        if (Directory.Exists(keep) && Directory.EnumerateFileSystemEntries(keep).Any())
        {
            throw new GnomonError("folder-not-empty", $"--keep {keep} is not empty.", "--keep", "Name a new folder.");
        }

        try
        {
            return new CaseFolder(Directory.CreateDirectory(keep).FullName, kept: true);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("cannot-write", $"--keep {keep} cannot be created: {unwritable.Message}", "--keep", "Name another folder.", unwritable);
        }
    }

    public void Dispose()
    {
        if (!Kept)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
