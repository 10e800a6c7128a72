using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Onboard;

/// <summary>Copies of a project's files in a folder of their own: one for the tour, made anew each time, and one to work in, made once and then left alone.</summary>
internal sealed partial class Sandbox
{
    private const string Mark = "gnomon-sandbox.txt";
    private readonly Project _project;
    private readonly string _home;

    private Sandbox(Project project, string home) => (_project, _home) = (project, home);

    public string Home => _home;

    public string Tour => Path.Combine(_home, "tour");

    public string Work => Path.Combine(_home, "work");

    /// <summary>True when the folder to work in was made by this run.</summary>
    public bool IsNew { get; private init; }

    /// <exception cref="GnomonError">The folder holds something else, or lies where the project does.</exception>
    public static Sandbox Open(Project project, string folder)
    {
        var home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (IsIn(project.Folder, home))
        {
            throw new GnomonError("sandbox-is-project", $"{folder} is the project's own folder, or holds it; copies need another.", "--sandbox", "Name a new folder.");
        }

        if (File.Exists(home) || (Directory.Exists(home) && !File.Exists(Path.Combine(home, Mark)) && Directory.EnumerateFileSystemEntries(home).Any()))
        {
            throw new GnomonError("sandbox-not-empty", $"{folder} holds something that this command did not put there.", "--sandbox", "Name a new or empty folder.");
        }

        var sandbox = new Sandbox(project, home) { IsNew = !Directory.Exists(Path.Combine(home, "work")) };
        Write("the copies", () =>
        {
            Directory.CreateDirectory(home);
            File.WriteAllText(Path.Combine(home, Mark), $"Copies of {project.Name}, made by gnomon onboard: tour/ is made anew each time, work/ is yours.\n");
            if (Directory.Exists(sandbox.Tour))
            {
                Directory.Delete(sandbox.Tour, recursive: true);
            }

            sandbox.CopyTo(sandbox.Tour);
            if (sandbox.IsNew)
            {
                sandbox.CopyTo(sandbox.Work);
                File.Copy(project.Path, Path.Combine(sandbox.Work, Path.GetFileName(project.Path)), overwrite: true);
                Directory.CreateDirectory(Path.Combine(sandbox.Work, "answers"));
            }
        });
        return sandbox;
    }

    /// <summary>Files that the project names, by their path inside its folder: tables, inputs on record, and what commands read.</summary>
    public static IReadOnlyList<string> Files(Project project) => There(
        project, [.. project.Tables.Select(t => t.Path), .. project.Jobs.SelectMany(j => j.Record?.Inputs.Select(i => i.File) ?? []), .. project.Jobs.SelectMany(j => Named(j.Command))]);

    /// <summary>Files that a job reads: its tables, and what its command names.</summary>
    public static IReadOnlyList<string> Files(ProjectJob job, Project project) => There(
        project, [.. job.From.Select(project.Root).SelectMany(id => project.Tables.Where(t => t.Id == id).Select(t => t.Path)), .. Named(job.Command)]);

    /// <summary>SHA-256 of a file of the project; null when it is not there or cannot be read.</summary>
    public static string? Hash(Project project, string file)
    {
        try
        {
            using var stream = File.OpenRead(Path.GetFullPath(file, project.Folder));
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="GnomonError"><c>sandbox-not-written</c>.</exception>
    public static void Write(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("sandbox-not-written", $"The sandbox cannot take {what}: {wrong.Message}", "--sandbox", "Name a folder that can be written and has room.", wrong);
        }
    }

    private static IReadOnlyList<string> There(Project project, IEnumerable<string> files) =>
    [
        .. files.Select(f => Path.GetFullPath(f, project.Folder)).Where(f => IsIn(f, project.Folder) && File.Exists(f) && f != project.Path).Select(f => Path.GetRelativePath(project.Folder, f).Replace('\\', '/')).Distinct(StringComparer.Ordinal),
    ];

    private void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Files(_project))
        {
            var to = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(_project.Folder, file), to, overwrite: true);
            File.SetAttributes(to, FileAttributes.Normal); // a copy of a file that is kept from change can be worked on
        }
    }

    // Words of the command, parts of lists, and names in quotes within a query.
    private static IEnumerable<string> Named(string? command) => command is null ? [] : CommandWords.Split(command)
        .SelectMany(w => Quoted().Matches(w).Select(m => m.Groups["file"].Value).Concat(w.Split(',').SelectMany(p => new[] { p, p[(p.LastIndexOf('=') + 1)..] })))
        .Where(w => w.Length > 0 && !w.Contains("://", StringComparison.Ordinal) && w.IndexOfAny(Path.GetInvalidPathChars()) < 0 && !Path.IsPathRooted(w));

    // True for the folder itself.
    private static bool IsIn(string path, string folder) =>
        Path.TrimEndingDirectorySeparator(path) == Path.TrimEndingDirectorySeparator(folder) || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    [GeneratedRegex("'(?<file>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
