using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Cli.Running;

/// <summary>A defect in Gnomon: a short message, the details in a file, the stack trace on screen only on request.</summary>
internal static class DefectReport
{
    public static void Print(Surface surface, Exception defect, IReadOnlyList<string> words, bool json)
    {
        var file = Write(surface, defect, words);
        var hint = file is null ? "Run again with GNOMON_TRACE=1 to see the details." : $"Send {file} with your report; it holds the command line and the place in the code, no data.";
        Complaint.Print(surface, new GnomonError("defect", $"This is a defect in Gnomon, not in your data: {defect.Message}", null, hint), json);
        if (surface.Variable("GNOMON_TRACE") == "1")
        {
            surface.Error.WriteLine(defect);
        }
    }

    private static string? Write(Surface surface, Exception defect, IReadOnlyList<string> words)
    {
        var now = surface.Clock.GetUtcNow();
        var stamp = now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(Path.GetTempPath(), $"gnomon-defect-{stamp}-{Environment.ProcessId}.txt");
        try
        {
            File.WriteAllText(path, $"gnomon {ProductVersion.Text}, .NET {Environment.Version}, {Environment.OSVersion}\n{now:O}\ngnomon {string.Join(' ', words)}\n\n{defect}\n");
            return path;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
