using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Data.Ledger;
using Gnomon.Programme;
using Gnomon.Studies.Programme;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon ledger report</c>: the programme's finding over everything a ledger holds.</summary>
internal static class LedgerReport
{
    private const double UsualAlpha = 0.05;

    public static IReadOnlyList<OptionShape> Options { get; } =
    [
        new("html", "FILE", "report: write the page to FILE as well.") { IsFile = true },
        new("correction", "NAME", "report: holm or bh, the correction that a win must survive [holm].") { Choices = ["holm", "bh"] },
        new("started", "N", "report: experiments that were started, when the ledger holds fewer."),
        new("aa", "K/N", "report: A/A tests that were significant, of all that were run."),
    ];

    public static int Run(ParsedLine line, string path, IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var options = new ProgrammeOptions
        {
            Alpha = line.Has("rate") ? OptionParser.Number("rate", line.Given["rate"], 0, 1) : UsualAlpha,
            Correction = line.Has("correction") ? OptionParser.Choice("correction", line.Given["correction"], ["holm", "bh"]) : "holm",
            Started = line.Has("started") ? OptionParser.Integer("started", line.Given["started"], 0, 100_001) : null,
            Aa = line.Value("aa"),
        };
        using var ledger = LedgerFile.Open(path);
        var finding = LedgerProgramme.Report(ledger, options, new AskSettings { Command = words, Clock = surface.Clock, Cancellation = cancellation });
        if (line.Has("json"))
        {
            surface.Out.WriteLine(FindingText.Json(finding));
        }
        else
        {
            FindingText.Terminal(finding, surface, quiet: false);
        }

        if (OutputFile.If(line.Value("html"), "--html", () => FindingText.Html(finding))?.Save() is { } unwritten)
        {
            throw unwritten;
        }

        return ExitCode.Answered;
    }
}
