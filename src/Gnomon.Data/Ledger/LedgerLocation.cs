using Gnomon.Core.Errors;

namespace Gnomon.Data.Ledger;

/// <summary>Where the ledger lies: beside the data it remembers, unless a place was named.</summary>
public static class LedgerLocation
{
    /// <summary>Folder and file by default.</summary>
    public const string DefaultFile = ".gnomon/ledger.db";

    /// <param name="source">The data as named by the user: a file, a pattern, a folder; null or "-" when typed, queried or piped in.</param>
    /// <param name="chosen">Value of <c>--ledger</c>, a file or an existing folder; null when not given.</param>
    /// <param name="workingFolder">Current folder, the home of what has no folder of its own.</param>
    /// <returns>Full path of the ledger file, whether it exists or not.</returns>
    /// <exception cref="GnomonError"><c>option-out-of-range</c> when the chosen place is an address and not a path.</exception>
    public static string For(string? source, string? chosen, string workingFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(workingFolder);
        if (chosen is { Length: > 0 })
        {
            return Chosen(chosen, workingFolder);
        }

        return Path.GetFullPath(DefaultFile, FolderOf(source, workingFolder));
    }

    private static string Chosen(string chosen, string workingFolder)
    {
        if (IsAddress(chosen))
        {
            throw new GnomonError("option-out-of-range", $"--ledger names a file; got the address {chosen}.", "--ledger", "Write a path, for example --ledger team/ledger.db.");
        }

        var path = Path.GetFullPath(chosen, workingFolder);
        return Directory.Exists(path) || Path.EndsInDirectorySeparator(chosen) ? Path.Combine(path, "ledger.db") : path;
    }

    private static string FolderOf(string? source, string workingFolder)
    {
        if (source is null or "" or "-" || IsAddress(source))
        {
            return workingFolder;
        }

        // A pattern's folder is what precedes its first wildcard.
        var wildcard = source.AsSpan().IndexOfAny('*', '?', '[');
        var path = Path.GetFullPath(wildcard < 0 ? source : source[..wildcard] + "_", workingFolder);
        return wildcard < 0 && Directory.Exists(path) ? path : Path.GetDirectoryName(path) ?? workingFolder;
    }

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal);
}
