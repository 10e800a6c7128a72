using Gnomon.Cli.Help;
using Gnomon.Cli.Parsing;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon help VERB [--all]</c>.</summary>
internal sealed class HelpCommand : ICommand
{
    public string Name => "help";

    public string Summary => "Show the help of a verb; --all explains every option.";

    public IReadOnlyList<OptionShape> Options { get; } = [OptionShape.Switch("all", "Explain every option.")];

    public IReadOnlyList<string> Words => [.. Catalogue.Verbs.Select(v => v.Name), .. CommandList.All.Select(c => c.Name)];

    public IEnumerable<string> Help(int width) => ["gnomon help VERB [--all]"];

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 1);
        if (line.Positionals.Count == 0)
        {
            return new App(surface).Run(["--help"]);
        }

        if (Catalogue.Verbs.All(v => v.Name != line.Positionals[0]))
        {
            return new App(surface).Run([line.Positionals[0], "--help"]);
        }

        foreach (var text in VerbHelp.Lines(Catalogue.Verb(line.Positionals[0]), surface.Width, line.Has("all")))
        {
            surface.Out.WriteLine(text);
        }

        return ExitCode.Answered;
    }
}
