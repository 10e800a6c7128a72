using Gnomon.Cli.Parsing;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Help;

/// <summary>The help of one verb, from its card: its own options explained, the shared ones named in a short tail.</summary>
internal static class VerbHelp
{
    private static readonly string[] Shared = ["Data", "Run"];

    public static IEnumerable<string> Lines(VerbCard verb, int width, bool all)
    {
        var own = verb.Options.Where(o => !o.Positional && !Shared.Contains(o.Group)).ToList();
        yield return $"{verb.Name}: {verb.Question}";
        yield return string.Empty;
        yield return $"  gnomon {verb.Name} [DATA]{(own.Count > 0 ? " [options]" : string.Empty)}";
        yield return $"  {verb.Example}";
        foreach (var line in all ? Remarks(verb, width) : [])
        {
            yield return line;
        }

        foreach (var group in own.GroupBy(o => o.Group))
        {
            yield return string.Empty;
            yield return $"{(group.Key.Length == 0 ? "Options" : group.Key)}:";
            foreach (var line in Columns.Two([.. group.Select(o => (Term(o), Text(o, all)))], width))
            {
                yield return line;
            }
        }

        yield return string.Empty;
        foreach (var line in all ? Tail(verb, width) : ShortTail(verb, width))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Remarks(VerbCard verb, int width) =>
        verb.Remarks.Length == 0 ? [] : verb.Remarks.Split('\n').SelectMany(p => Columns.Wrap(p, width)).Prepend(string.Empty);

    private static IEnumerable<string> ShortTail(VerbCard verb, int width)
    {
        var rows = Shared.Select(g => (g, string.Join("  ", verb.Options.Where(o => !o.Positional && o.Group == g).Select(Term)))).Where(r => r.Item2.Length > 0)
            .Append(("Output", string.Join("  ", OutputSettings.Shapes.Select(Term))));
        return [.. Columns.Two([.. rows.Select(r => ($"{r.Item1}:", r.Item2))], width, indent: 0), $"Every option explained: gnomon help {verb.Name} --all"];
    }

    private static IEnumerable<string> Tail(VerbCard verb, int width)
    {
        foreach (var group in Shared)
        {
            yield return $"{group}:";
            foreach (var line in Columns.Two([.. verb.Options.Where(o => !o.Positional && o.Group == group).Select(o => (Term(o), Text(o, all: true)))], width))
            {
                yield return line;
            }

            yield return string.Empty;
        }

        yield return "Output:";
        foreach (var line in Columns.Two([.. OutputSettings.Shapes.Select(o => (Term(o), o.Summary))], width))
        {
            yield return line;
        }
    }

    private static string Term(OptionCard option) => $"--{option.Name}{(option.Kind == "flag" ? string.Empty : $" {option.Value}")}";

    private static string Term(OptionShape option) => option.IsSwitch ? option.Dashed : $"{option.Dashed} {option.Value}";

    // On one screen the first sentence must do; the rest is one command away.
    private static string Text(OptionCard option, bool all)
    {
        var end = option.Summary.IndexOf(". ", StringComparison.Ordinal);
        var text = all || end < 0 ? option.Summary : option.Summary[..(end + 1)];
        var choices = all && option.Choices.Count > 0 && !option.Value.Contains('|') ? $" One of {string.Join(", ", option.Choices)}." : string.Empty;
        return option.Default.Length == 0 ? text + choices : $"{text}{choices} [{option.Default}]";
    }
}
