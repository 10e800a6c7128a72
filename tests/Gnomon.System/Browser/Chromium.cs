using System.Diagnostics;
using Xunit;

namespace Gnomon.System.Browser;

/// <summary>A headless Chromium with a profile of its own, one process per call.</summary>
internal static class Chromium
{
    private const string Path = "/usr/bin/chromium";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Quiet =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps", "--hide-scrollbars",
        "--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000",
    ];

    internal static void SkipIfAbsent()
    {
        if (!File.Exists(Path))
        {
            Assert.Skip($"{Path} is not installed: the page was not opened in a browser.");
        }
    }

    internal static BrowserRun Run(string url, params string[] arguments)
    {
        var profile = Directory.CreateTempSubdirectory("gnomon-browser-");
        try
        {
            var start = new ProcessStartInfo(Path) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in Quiet.Append($"--user-data-dir={profile.FullName}").Concat(arguments).Append(url))
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var log = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"Chromium did not end within {Limit.TotalSeconds} s.");
            }

            return new BrowserRun(output.Result, log.Result);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}

/// <param name="Output">What the browser wrote: the page after its scripts, with --dump-dom.</param>
/// <param name="Log">Its log, with the page's console.</param>
internal sealed record BrowserRun(string Output, string Log)
{
    /// <summary>What the page had to say: errors, blocked loads, warnings.</summary>
    internal IReadOnlyList<string> Console => [.. Log.Split('\n').Where(l => l.Contains("CONSOLE", StringComparison.Ordinal))];
}
