using System.Diagnostics;
using System.Globalization;

namespace Gnomon.System.Cli;

/// <summary>The command line as a process of its own, from this build.</summary>
internal static class GnomonProcess
{
    public static Process Start(string workingFolder, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Gnomon.Cli.dll"), .. words])
        {
            WorkingDirectory = workingFolder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
    }

    public static CommandResult Run(string workingFolder, params string[] words)
    {
        using var process = Start(workingFolder, words);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
