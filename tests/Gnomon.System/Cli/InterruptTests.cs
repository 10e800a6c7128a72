using System.Diagnostics;
using Xunit;

namespace Gnomon.System.Cli;

public sealed class InterruptTests
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(30);

    // The bound leaves room for a busy machine; the process itself gives up waiting after 0.8 s.
    private static readonly TimeSpan Ended = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_a_run_cleanly_within_a_second(string signal, int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Signals are sent with kill.");
        }

        if (signal == "INT" && InterruptIsIgnored())
        {
            Assert.Skip("This run was started in the background with SIGINT ignored, which its children inherit.");
        }

        using var folder = new TemporaryFolder();
        using var process = GnomonProcess.Start(folder.Path, "ab", "-", "--variant", "arm", "--metric", "converted", "--no-ledger");
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.WriteLine("arm,converted");
        process.StandardInput.Flush();
        WaitUntilHandled(process);
        GnomonProcess.Signal(process, signal);
        Assert.True(process.WaitForExit(Ended), "the run did not end");
        Assert.Equal(code, process.ExitCode);
        Assert.DoesNotContain("   at ", await error, StringComparison.Ordinal);
    }

    // SigIgn is a mask in hexadecimal; SIGINT is signal 2, the second bit.
    private static bool InterruptIsIgnored()
    {
        const string status = "/proc/self/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & 2) != 0;
    }

    // Linux shows which signals a process has handlers for; elsewhere the run is given time to start.
    private static void WaitUntilHandled(Process process)
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < StartUp && !Reading(process))
        {
            Thread.Sleep(50);
        }
    }

    private static bool Reading(Process process)
    {
        var status = $"/proc/{process.Id}/fd";
        if (!Directory.Exists(status))
        {
            Thread.Sleep(2000);
            return true;
        }

        // The engine's assembly is mapped once the data are being opened: the handlers stand by then.
        return File.ReadAllText($"/proc/{process.Id}/maps").Contains("Gnomon.Data.dll", StringComparison.Ordinal);
    }
}
