using System.IO.Enumeration;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Data.Files.Conversion;

namespace Gnomon.Data.Files;

/// <summary>From what the user wrote to the files that exist, in name order.</summary>
internal static class FileFinder
{
    /// <exception cref="GnomonError">Nothing there, a folder, or no permission: with the nearest file as hint.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (File.Exists(path))
        {
            CheckReadable(path);
            return [path];
        }

        if (Directory.Exists(path))
        {
            if (PartitionFolder.Files(path) is { Count: > 0 } parts)
            {
                return parts;
            }

            var shown = Directory.EnumerateFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(5).ToList();
            throw new GnomonError(
                "source-is-folder",
                $"{path} is a folder, not a file.",
                path,
                shown.Count == 0 ? "Name a file." : $"Name a file in it ({string.Join(", ", shown)}), or a pattern such as {Path.Combine(path, "*.csv")}.");
        }

        if (path.AsSpan().IndexOfAny("*?") < 0)
        {
            throw Missing(path);
        }

        var files = Expand(path).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new GnomonError("no-files-match", $"No file matches {path}.", path, "Check the folder and the pattern; ** stands for any folders.");
        }

        files.ForEach(CheckReadable);
        return files;
    }

    /// <summary>What messages call a file.</summary>
    public static string Shown(string path) => Path.GetFileName(path);

    private static IEnumerable<string> Expand(string pattern)
    {
        var root = Path.GetPathRoot(pattern) ?? "";
        var parts = pattern[root.Length..].Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        return Expand(root, parts);
    }

    private static IEnumerable<string> Expand(string folder, ReadOnlyMemory<string> parts)
    {
        var part = parts.Span[0];
        var rest = parts[1..];
        var place = folder.Length == 0 ? "." : folder;
        if (part == "**")
        {
            var here = rest.IsEmpty ? Files(place, "*", folder) : Expand(folder, rest);
            return here.Concat(Folders(place, "*", folder).SelectMany(f => Expand(f, parts)));
        }

        if (rest.IsEmpty)
        {
            return Files(place, part, folder);
        }

        return part.AsSpan().IndexOfAny("*?") < 0
            ? Expand(Path.Combine(folder, part), rest)
            : Folders(place, part, folder).SelectMany(f => Expand(f, rest));
    }

    private static IEnumerable<string> Files(string place, string pattern, string folder) => Matching(place, pattern, folder, wantFolders: false);

    private static IEnumerable<string> Folders(string place, string pattern, string folder) => Matching(place, pattern, folder, wantFolders: true);

    private static List<string> Matching(string place, string pattern, string folder, bool wantFolders)
    {
        if (!Directory.Exists(place))
        {
            return [];
        }

        return [.. new DirectoryInfo(place).EnumerateFileSystemInfos()
            .Where(e => e is DirectoryInfo == wantFolders && FileSystemName.MatchesSimpleExpression(pattern, e.Name, ignoreCase: false))
            .Where(e => !e.Name.StartsWith('.') || pattern.StartsWith('.'))
            .Select(e => Path.Combine(folder, e.Name))];
    }

    private static GnomonError Missing(string path)
    {
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } f ? f : ".";
        if (!Directory.Exists(folder))
        {
            return new GnomonError("file-not-found", $"There is no file {path}: the folder {folder} does not exist.", path, "Check the path.");
        }

        var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().ToList();
        var nearest = NearestName.To(Path.GetFileName(path), names);
        var hint = nearest is null ? "Check the path." : $"Did you mean {(folder == "." ? nearest : Path.Combine(folder, nearest))}?";
        return new GnomonError("file-not-found", $"There is no file {path}.", path, hint);
    }

    private static void CheckReadable(string path)
    {
        try
        {
            using var _ = File.OpenRead(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new GnomonError("no-permission", $"{path} may not be read.", path, "Change its permissions, or run as a user who may read it.", e);
        }
        catch (IOException e)
        {
            throw new GnomonError("file-unreadable", $"{path} cannot be read: {e.Message}", path, "Close the program that holds it.", e);
        }
    }
}
