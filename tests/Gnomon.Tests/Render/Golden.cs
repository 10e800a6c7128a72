using System.Text.RegularExpressions;
using Xunit;

namespace Gnomon.Tests.Render;

/// <summary>Golden files under tests/golden/render. GNOMON_ACCEPT=1 writes them; a person reads the diff.</summary>
internal static class Golden
{
    internal static string Root { get; } = FindRoot();

    internal static void Check(string name, string actual)
    {
        var path = Path.Combine(Root, "tests", "golden", "render", name);
        if (Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing: run with GNOMON_ACCEPT=1 and read the diff.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }

    /// <summary>The chart library is named, not repeated: it comes from its package, and its hash changes with its version.</summary>
    internal static string WithoutLibrary(string html)
    {
        var named = Regex.Replace(html, @"<script>/\*! (?<name>vega[a-z-]*)\n.*?</script>", "<script>(${name})</script>", RegexOptions.Singleline);
        return Regex.Replace(named, "'sha256-[^']+'", "'sha256-...'");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
