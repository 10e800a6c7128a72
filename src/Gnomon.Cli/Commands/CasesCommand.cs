using Gnomon.Cases;
using Gnomon.Cli.Help;
using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon cases [list | show ID | run ID | check [ID ...]]</c>: situations in which data fool people, and what Gnomon says of them.</summary>
internal sealed class CasesCommand : ICommand
{
    private static readonly string[] Verbs = ["list", "show", "run", "check"];

    private static readonly IReadOnlyList<OptionShape> Shapes =
    [
        new("area", "AREA", "List: cases of one area."),
        new("level", "LEVEL", "List: basic, intermediate or advanced.") { Choices = ["basic", "intermediate", "advanced"] },
        new("verb", "VERB", "List: cases that this verb answers."),
        new("check", "CHECK", "List: cases in which this check fires."),
        new("search", "TEXT", "List: cases that hold all these words."),
        OptionShape.Switch("no-verdict", "Show: only what the person brings, to judge for yourself."),
        new("scene", "NAME", "Run: one of the case's data sets; its first trap when left out."),
        OptionShape.Switch("twin", "Run: the data without the flaw."),
        new("seed", "N", "Run: seed of the data [1]."),
        OptionShape.Switch("full", "Run, check: the size that the situation tells of; a smaller one otherwise."),
        new("keep", "DIR", "Run: leave data, plan and ledger in this folder."),
        new("seeds", "N", "Check: seeds 1 to N [1]."),
        OptionShape.Switch("json", "Print JSON."),
    ];

    public string Name => "cases";

    public string Summary => "Show situations in which data fool people, run them, check what Gnomon says.";

    public IReadOnlyList<OptionShape> Options => Shapes;

    public IReadOnlyList<string> Words => Verbs;

    public IEnumerable<string> Help(int width) =>
    [
        "gnomon cases [--area A] [--level L] [--verb V] [--check C] [--search TEXT]   list",
        "gnomon cases show ID [--no-verdict]                                          read one",
        "gnomon cases run ID [--twin | --scene NAME] [--seed N] [--full] [--keep DIR] make its data, ask the question",
        "gnomon cases check [ID ...] [--seeds N] [--full]                             exit code 1 when a case fails",
        string.Empty,
        .. Columns.Two([.. Shapes.Select(s => (s.IsSwitch ? s.Dashed : $"{s.Dashed} {s.Value}", s.Summary))], width),
    ];

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Shapes, words);
        line.Expect(mostPositionals: int.MaxValue);
        var word = line.Positionals.FirstOrDefault() ?? "list";
        IReadOnlyList<string> ids = [.. line.Positionals.Skip(1)];
        return word switch
        {
            "list" when ids.Count == 0 => List(line, surface),
            "show" => CasesShow.Run(One(word, ids), line, surface),
            "run" => CasesRun.Run(One(word, ids), line, surface, cancellation),
            "check" => CasesCheck.Run(ids.Count == 0 ? Casebook.All : [.. ids.Select(Casebook.Find).Distinct()], line, surface, cancellation),
            _ when ids.Count == 0 && !Words.Contains(word) && Known(word) is { } found => CasesShow.Run(found, line, surface),
            _ => throw Unknown(word, ids),
        };
    }

    private static int List(ParsedLine line, Surface surface)
    {
        var found = Casebook.Select(new CaseFilter(line.Value("area"), Level(line), line.Value("verb"), line.Value("check"), line.Value("search")));
        if (line.Has("json"))
        {
            surface.Out.WriteLine(CasesJson.List(found));
            return ExitCode.Answered;
        }

        if (found.Count == 0)
        {
            surface.Out.WriteLine($"None of {Casebook.All.Count} cases matches. gnomon cases lists them all.");
            return ExitCode.Answered;
        }

        var widest = found.Max(c => c.Card.Id.Length);
        foreach (var text in Columns.Two([.. found.Select(c => (c.Card.Id, $"[{CasesJson.Word(c.Card.Level)}] {c.Card.Title}"))], surface.Width, indent: 0, widest: widest))
        {
            surface.Out.WriteLine(text);
        }

        surface.Out.WriteLine();
        surface.Out.WriteLine($"{found.Count} of {Casebook.All.Count} cases. gnomon cases show ID reads one, gnomon cases run ID runs it.");
        return ExitCode.Answered;
    }

    private static CaseLevel? Level(ParsedLine line) => line.Value("level") switch
    {
        null => null,
        var word when Enum.GetValues<CaseLevel>().Cast<CaseLevel?>().FirstOrDefault(l => CasesJson.Word(l!.Value) == word) is { } level => level,
        var word => throw new GnomonError("bad-choice", $"--level must be one of basic, intermediate, advanced; got '{word}'.", "--level"),
    };

    private static Case One(string word, IReadOnlyList<string> ids) => ids.Count switch
    {
        1 => Casebook.Find(ids[0]),
        0 => throw new GnomonError("option-missing", "Which case?", word, $"Write gnomon cases {word} ID; gnomon cases lists them."),
        _ => throw new GnomonError("too-many-words", $"gnomon cases {word} takes one case; got also '{ids[1]}'.", ids[1]),
    };

    private static Case? Known(string word) => Casebook.All.FirstOrDefault(c => c.Card.Id == word || c.Card.Slug == word);

    private static GnomonError Unknown(string word, IReadOnlyList<string> ids)
    {
        if (word == "list")
        {
            return new GnomonError("too-many-words", $"gnomon cases list does not take '{ids[0]}'.", ids[0], "Filter with --search.");
        }

        var names = Verbs.Concat(Casebook.All.SelectMany(c => new[] { c.Card.Id, c.Card.Slug }));
        return new GnomonError("unknown-word", $"gnomon cases has no word and no case '{word}'.", word, NearestName.To(word, names) is { } nearest ? $"Did you mean '{nearest}'?" : "Write list, show ID, run ID or check.");
    }
}
