using System.Globalization;
using Gnomon.Cli.Parsing;
using Gnomon.Cli.Running;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Cli.Output;

/// <summary>Takes the finding where it was asked for. The screen comes first, so that a file that cannot be written never costs the answer.</summary>
internal sealed class Emit(Surface surface, OutputSettings output, LedgerChoice ledger)
{
    /// <returns>The exit code.</returns>
    public int Write(Finding finding)
    {
        Print(finding);
        surface.Out.Flush();
        var failures = Files(finding).Select(Save).OfType<GnomonError>().ToList();
        if (failures.Count > 0)
        {
            Complaint.Print(surface, GnomonError.Join(failures), output.Json);
            return ExitCode.Unusable;
        }

        TellWhereTheLedgerIs();
        return output.Reached(finding) ? ExitCode.Reached : ExitCode.Answered;
    }

    private void Print(Finding finding)
    {
        if (output.Json)
        {
            surface.Out.WriteLine(FindingText.Json(finding));
        }
        else if (output.Markdown == OutputSettings.StandardOutput)
        {
            surface.Out.WriteLine(FindingText.Markdown(finding).TrimEnd());
        }
        else
        {
            FindingText.Terminal(finding, surface, output.Quiet);
        }
    }

    private IEnumerable<OutputFile> Files(Finding finding)
    {
        OutputFile?[] files =
        [
            OutputFile.If(output.Html, "--html", () => FindingText.Html(finding)),
            OutputFile.If(output.Markdown, "--markdown", () => FindingText.Markdown(finding)),
            OutputFile.If(output.Junit, "--junit", () => FindingText.Junit(finding, output.FailOn)),
            OutputFile.If(output.Sarif, "--sarif", () => FindingText.Sarif(finding)),
        ];
        return files.OfType<OutputFile>();
    }

    // Written beside its place and moved there, so that a reader never meets half a page.
    private static GnomonError? Save(OutputFile file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        if (!Directory.Exists(folder))
        {
            return new GnomonError("cannot-write", $"{file.Option} could not be written: there is no folder {folder}.", file.Option, $"Create it: mkdir -p {folder}");
        }

        var draft = string.Create(CultureInfo.InvariantCulture, $"{file.Path}.{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllText(draft, file.Text());
            File.Move(draft, file.Path, overwrite: true);
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            return new GnomonError("cannot-write", $"{file.Option} could not be written to {file.Path}: {unwritable.Message}", file.Option, "Name another file.");
        }
    }

    private void TellWhereTheLedgerIs()
    {
        if (ledger.IsNew && !output.Quiet && ledger.Ledger.Location is { } location && File.Exists(location))
        {
            surface.Error.WriteLine(surface.Dim($"Looks and plans are remembered in {location} (--no-ledger to leave no trace)."));
        }
    }

    private sealed record OutputFile(string Path, string Option, Func<string> Text)
    {
        public static OutputFile? If(string? path, string option, Func<string> text) =>
            path is null or OutputSettings.StandardOutput ? null : new OutputFile(path, option, text);
    }
}
