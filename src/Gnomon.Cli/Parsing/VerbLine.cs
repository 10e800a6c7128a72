using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Parsing;

/// <summary>A verb's command line: its options record and where the finding goes. Every wrong option is reported, not the first one.</summary>
internal sealed record VerbLine(StudyOptions Options, OutputSettings Output)
{
    public static IReadOnlyList<OptionShape> Shapes(VerbCard verb) =>
    [
        .. verb.Options.Where(o => !o.Positional).Select(o => new OptionShape(o.Name, o.Value, o.Summary)
        {
            Alias = o.Alias, IsSwitch = o.Kind == "flag", Choices = o.Choices, IsFile = o.Value is "FILE" or "DIR",
        }),
        .. OutputSettings.Shapes,
    ];

    /// <exception cref="GnomonError">All wrong options together.</exception>
    public static VerbLine Parse(VerbCard verb, IReadOnlyList<string> words)
    {
        var line = LineParser.Parse(verb.Name, Shapes(verb), OutputSettings.Untangle(words));
        var errors = line.UnknownOptions().ToList();
        var output = Collect(errors, () => OutputSettings.From(line));
        var options = Collect(errors, () => verb.Bind(Given(verb, line), line.Meant));
        var extra = verb.Options.Any(TakesTheRest) ? [] : line.Positionals.Skip(verb.Options.Count(o => o.Positional)).ToList();
        if (line.Unknown.Count == 0 && extra.Count > 0)
        {
            errors.Add(new GnomonError("too-many-words", $"gnomon {verb.Name} takes one DATA; got also '{string.Join("', '", extra)}'.", "DATA", "Quote names with blanks; use a glob for several files: 'visits-*.csv'."));
        }

        return errors.Count == 0 ? new VerbLine(options!, output!) : throw GnomonError.Join(errors);
    }

    // A list that is positional takes every word that no other option wants.
    private static bool TakesTheRest(OptionCard option) => option is { Positional: true, Kind: "list" };

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Given(VerbCard verb, ParsedLine line)
    {
        var single = verb.Options.Where(o => o.Positional && !TakesTheRest(o)).ToList();
        var rest = line.Positionals.Skip(single.Count).ToList();
        var positionals = single.Zip(line.Positionals, (o, word) => KeyValuePair.Create(o.Name, (IReadOnlyList<string>)[word]))
            .Concat(verb.Options.Where(o => TakesTheRest(o) && rest.Count > 0).Select(o => KeyValuePair.Create(o.Name, (IReadOnlyList<string>)rest)));
        var named = verb.Options.Where(o => !o.Positional && line.Has(o.Name)).Select(o => KeyValuePair.Create(o.Name, line.Given[o.Name]));
        return positionals.Concat(named);
    }

    private static T? Collect<T>(List<GnomonError> errors, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (GnomonError wrong)
        {
            errors.Add(wrong);
            return null;
        }
    }
}
