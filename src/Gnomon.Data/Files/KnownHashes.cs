using System.Globalization;
using Gnomon.Data.Files.Native;

namespace Gnomon.Data.Files;

/// <summary>
/// The hashes of large files that were read before, so that an unchanged file is not hashed again. A file counts as unchanged when file system, number, length, creation, last write and last change
/// are to the nanosecond what they were. Only what lay still for a while on a file system of this machine is kept: a program that writes through memory is not seen at once.
/// </summary>
internal sealed class KnownHashes(string folder, TimeProvider clock, long fewestBytes = KnownHashes.FewestBytes)
{
    /// <summary>Names another folder, or <c>off</c>.</summary>
    public const string Variable = "GNOMON_HASHES";

    private const string Form = "gnomon.hash/1";
    private const int HexDigits = 64;
    private const int MostEntries = 1_000;
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A kernel writes pages back, and then sees the next write to them, within half a minute.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromMinutes(1);

    /// <summary>Smaller files are hashed sooner than looked up in earnest.</summary>
    public const long FewestBytes = 16L << 20;

    /// <summary>Those of this user; null where there is no place for them, or the user wants none.</summary>
    public static KnownHashes? OfUser()
    {
        var chosen = Environment.GetEnvironmentVariable(Variable);
        if (!OperatingSystem.IsLinux() || string.Equals(chosen, "off", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (chosen is { Length: > 0 })
        {
            return new KnownHashes(chosen, TimeProvider.System);
        }

        var (cache, home) = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetEnvironmentVariable("HOME"));
        var root = Path.IsPathFullyQualified(cache ?? string.Empty) ? cache! : Path.IsPathFullyQualified(home ?? string.Empty) ? Path.Combine(home!, ".cache") : null;
        return root is null ? null : new KnownHashes(Path.Combine(root, "gnomon", "hashes"), TimeProvider.System);
    }

    /// <summary>What is compared later; null for a file whose hash is not kept.</summary>
    public FileStamp? Stamp(string path) => FileStamp.Of(path) is { } stamp && stamp.Bytes >= fewestBytes ? stamp : null;

    /// <summary>The hash of a file as it is; null when it has changed or is not known.</summary>
    public string? Find(FileStamp stamp)
    {
        try
        {
            var parts = File.ReadAllText(Place(stamp)).TrimEnd('\n').Split(' ');
            var (sha, line) = (parts[^1], Line(stamp, parts[^1]));
            return sha.Length == HexDigits && sha.All(char.IsAsciiHexDigitLower) && string.Equals(string.Join(' ', parts), line, StringComparison.Ordinal) ? sha : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a hash, if the file is one to be trusted and has not changed meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="before">Its stamp from before the first byte was read.</param>
    /// <param name="sha">The hash of all its bytes.</param>
    public void Keep(string path, FileStamp before, string sha)
    {
        try
        {
            if (Stamp(path) != before || IsFresh(before) || !IsOfThisMachine(path))
            {
                return;
            }

            Directory.CreateDirectory(folder, Mine);
            MakeRoom();
            var place = Place(before);
            var partial = FormattableString.Invariant($"{place}.{Environment.ProcessId}.partial");
            File.WriteAllText(partial, Line(before, sha) + "\n");
            File.Move(partial, place, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is computed again next time.
        }
    }

    private static string Line(FileStamp stamp, string sha) =>
        string.Create(CultureInfo.InvariantCulture, $"{Form} {stamp.Device} {stamp.Node} {stamp.Bytes} {stamp.Created} {stamp.Written} {stamp.Changed} {sha}");

    private string Place(FileStamp stamp) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stamp.Device:x}-{stamp.Node:x}"));

    private bool IsFresh(FileStamp stamp) => Math.Max(stamp.Written, stamp.Changed) / 1_000_000 > (clock.GetUtcNow() - Still).ToUnixTimeMilliseconds();

    // What another machine writes is not seen by this one's kernel.
    private static bool IsOfThisMachine(string path) => new DriveInfo(Path.GetFullPath(path)).DriveType is DriveType.Fixed or DriveType.Ram;

    private void MakeRoom()
    {
        var entries = new DirectoryInfo(folder).GetFiles();
        foreach (var old in entries.Length < MostEntries ? [] : entries.OrderBy(f => f.LastWriteTimeUtc).Take(entries.Length / 2))
        {
            old.Delete();
        }
    }
}
