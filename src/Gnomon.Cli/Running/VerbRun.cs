using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Running;

/// <summary>One question on the command line, from words to exit code.</summary>
internal sealed class VerbRun(VerbCard verb, Surface surface, CancellationToken cancellation)
{
    public int Run(IReadOnlyList<string> words)
    {
        var line = VerbLine.Parse(verb, [.. words.Skip(1)]);
        using var ledger = LedgerChoice.Open(line, Environment.CurrentDirectory);
        var finding = Ask(line, words, ledger);
        return new Emit(surface, line.Output, ledger).Write(finding);
    }

    private Finding Ask(VerbLine line, IReadOnlyList<string> words, LedgerChoice ledger)
    {
        using var progress = ProgressLine.For(surface, line.Output.Quiet);
        return Gnomon.Ask.Run(verb, line.Options, new AskSettings
        {
            Ledger = ledger.Ledger,
            Command = words,
            Clock = surface.Clock,
            Progress = progress,
            Cancellation = cancellation,
        });
    }
}
