using System.Globalization;

namespace Gnomon.Data.DuckDb;

/// <summary>The memory that this process may use, by the limits that the system sets on it.</summary>
internal static class MemoryInForce
{
    // The engine is told a share of what is left: the runtime, buffers of readers and writers and what the engine does not count need the rest.
    private const double ShareForEngine = 0.6;
    private const long Least = 128L << 20;

    /// <summary>What the engine should keep to, and whose limit that follows; null when nothing narrower than the machine is set.</summary>
    public static (long Bytes, string From)? Find() => Find(Read, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <param name="read">The text of a file; null when it is not there.</param>
    /// <param name="machine">Memory of the machine.</param>
    internal static (long Bytes, string From)? Find(Func<string, string?> read, long machine)
    {
        var found = new List<(long Left, string From)>();
        if (Limit(read("/proc/self/limits"), "Max data size") is { } data)
        {
            found.Add((data - Pages(read("/proc/self/statm"), 5), "the limit of the process (ulimit -d)"));
        }

        if (Limit(read("/proc/self/limits"), "Max address space") is { } space)
        {
            found.Add((space - Pages(read("/proc/self/statm"), 0), "the limit of the process (ulimit -v)"));
        }

        if (ControlGroup(read) is { } group)
        {
            found.Add((group - Pages(read("/proc/self/statm"), 1), "the limit of its control group"));
        }

        if (found.Count == 0)
        {
            return null;
        }

        var (left, from) = found.MinBy(f => f.Left);
        return left < machine ? (Math.Max(Least, (long)(ShareForEngine * left)), from) : null;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Limit(string? limits, string name)
    {
        var line = limits?.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : Number(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);
    }

    // A group is narrowed by those above it; each path is looked at from the root down.
    private static long? ControlGroup(Func<string, string?> read)
    {
        long? least = null;
        foreach (var line in (read("/proc/self/cgroup") ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(':', 3);
            if (parts.Length < 3 || (parts[1].Length > 0 && !parts[1].Split(',').Contains("memory", StringComparer.Ordinal)))
            {
                continue;
            }

            var (root, file) = parts[1].Length == 0 ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes");
            var folder = string.Empty;
            foreach (var part in parts[2].Split('/').Prepend(string.Empty))
            {
                folder = part.Length == 0 ? folder : folder + "/" + part;
                if (Number(read($"{root}{folder}/{file}")?.Trim()) is { } bytes && (least is null || bytes < least))
                {
                    least = bytes;
                }
            }
        }

        return least;
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long Pages(string? statm, int field) =>
        statm is not null && statm.Split(' ') is var parts && parts.Length > field && long.TryParse(parts[field], NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? pages * Environment.SystemPageSize : 0;
}
