using Gnomon.Cli.Commands;
using Gnomon.Cli.Help;
using Gnomon.Cli.Running;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Cli;

/// <summary>The command line: words to a verb or a command, and every way out with its exit code.</summary>
internal sealed class App(Surface surface)
{
    public int Run(IReadOnlyList<string> words)
    {
        using var interrupt = new Interrupt();
        var json = words.TakeWhile(w => w != "--").Contains("--json");
        try
        {
            return Dispatch(words, interrupt.Token);
        }
        catch (GnomonError wrong)
        {
            Complaint.Print(surface, wrong, json);
            return ExitCode.Unusable;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            surface.Error.WriteLine("Interrupted; nothing was written.");
            return interrupt.ExitCode;
        }
        catch (IOException unwritable) when (!interrupt.Token.IsCancellationRequested)
        {
            Complaint.Print(surface, new GnomonError("cannot-write", $"The output could not be written: {unwritable.Message}", null, "Free some space, or send the output elsewhere.", unwritable), json);
            return ExitCode.Unusable;
        }
#pragma warning disable CA1031 // the outermost frame: whatever is left is a defect, told in one message
        catch (Exception defect)
#pragma warning restore CA1031
        {
            // An engine that was stopped halfway may report it in its own way.
            if (interrupt.Token.IsCancellationRequested)
            {
                surface.Error.WriteLine("Interrupted; nothing was written.");
                return interrupt.ExitCode;
            }

            DefectReport.Print(surface, defect, words, json);
            return ExitCode.Defect;
        }
    }

    private int Dispatch(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        if (words.Count == 0 || words[0] is "--help" or "-h" or "-?")
        {
            Print(TopHelp.Lines(Catalogue.Verbs, CommandList.All, surface.Width));
            return words.Count == 0 ? ExitCode.Unusable : ExitCode.Answered;
        }

        if (words[0] is "--version" or "-v" or "version")
        {
            surface.Out.WriteLine($"gnomon {ProductVersion.Text}");
            return ExitCode.Answered;
        }

        IReadOnlyList<string> rest = [.. words.Skip(1)];
        if (CommandList.All.FirstOrDefault(c => c.Name == words[0]) is { } command)
        {
            return AsksForHelp(rest) ? Show(command.Help(surface.Width)) : command.Run(rest, surface, cancellation);
        }

        var verb = Catalogue.Verbs.FirstOrDefault(v => v.Name == words[0]) ?? throw UnknownVerb(words[0]);
        return AsksForHelp(rest) ? Show(VerbHelp.Lines(verb, surface.Width, all: false)) : new VerbRun(verb, surface, cancellation).Run(words);
    }

    private static bool AsksForHelp(IReadOnlyList<string> words) => words.TakeWhile(w => w != "--").Any(w => w is "--help" or "-h" or "-?");

    private static GnomonError UnknownVerb(string word)
    {
        var names = Catalogue.Verbs.Select(v => v.Name).Concat(CommandList.All.Select(c => c.Name)).ToList();
        var nearest = NearestName.To(word, names);
        var data = word.Contains('.', StringComparison.Ordinal) ? $"Write a verb first: gnomon {Catalogue.Verbs[0].Name} {word}." : "See gnomon --help.";
        return new GnomonError(
            "unknown-verb", $"There is no verb '{word}'. Verbs: {string.Join(", ", names)}.", word, nearest is null ? data : $"Did you mean '{nearest}'?");
    }

    private int Show(IEnumerable<string> lines)
    {
        Print(lines);
        return ExitCode.Answered;
    }

    private void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            surface.Out.WriteLine(line);
        }
    }
}
