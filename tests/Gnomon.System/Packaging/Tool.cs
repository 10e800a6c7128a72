using System.Diagnostics;

namespace Gnomon.System.Packaging;

/// <summary>Runs a program to its end and hands back what it printed.</summary>
internal static class Tool
{
    public static Cli.CommandResult Run(string program, string workingFolder, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = workingFolder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // no build server outlives the test
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Cli.CommandResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
