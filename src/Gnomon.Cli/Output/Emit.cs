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
        var failures = Files(finding).Select(f => f.Save()).OfType<GnomonError>().ToList();
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

    private void TellWhereTheLedgerIs()
    {
        if (ledger.IsNew && !output.Quiet && ledger.Ledger.Location is { } location && File.Exists(location))
        {
            surface.Error.WriteLine(surface.Dim($"Looks and plans are remembered in {location} (--no-ledger to leave no trace)."));
        }
    }
}
