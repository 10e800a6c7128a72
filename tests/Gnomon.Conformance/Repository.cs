using Xunit;

namespace Gnomon.Conformance;

/// <summary>Files of the repository that tests compare with what the code says. GNOMON_ACCEPT=1 writes them instead.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static bool Accepting => Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1";

    /// <summary>The file says exactly this; with GNOMON_ACCEPT=1 it is made to.</summary>
    public static void Says(string relativePath, string text)
    {
        var path = Path.Combine(Root, relativePath);
        if (Accepting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        Assert.True(File.Exists(path), $"{relativePath} is missing. Run the tests once with GNOMON_ACCEPT=1, read the new page, commit it.");
        Assert.True(text == File.ReadAllText(path).ReplaceLineEndings("\n"), $"{relativePath} is stale. Run the tests once with GNOMON_ACCEPT=1, read the difference, commit it.");
    }

    /// <summary>Between the two marker lines the file says exactly this; the rest is prose that people write.</summary>
    public static void SaysBetween(string relativePath, string begin, string end, string text, string newPage)
    {
        var path = Path.Combine(Root, relativePath);
        var page = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;
        if (page is null || !page.Contains(begin, StringComparison.Ordinal))
        {
            Assert.True(Accepting, $"{relativePath} is missing, or lacks its line {begin}. Run the tests once with GNOMON_ACCEPT=1 and write the prose.");
            Says(relativePath, (page ?? newPage) + $"\n{begin}\n{text}{end}\n");
            return;
        }

        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length + 1;
        var to = page.IndexOf(end, from, StringComparison.Ordinal);
        Assert.True(to >= 0, $"{relativePath} lacks its line {end}.");
        Says(relativePath, page[..from] + text + page[to..]);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run from a build inside the repository.");
    }
}
