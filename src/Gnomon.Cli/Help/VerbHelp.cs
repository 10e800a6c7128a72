using Gnomon.Cli.Parsing;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Help;

/// <summary>The help of one verb, from its card: its own options explained, the shared ones named in a short tail.</summary>
internal static class VerbHelp
{
    private const int WidestTerm = 26;
    private const int Screen = 48;
    private const char Unbroken = '\u00a0';

    private static readonly string[] Shared = ["Data", "Run"];

    public static IEnumerable<string> Lines(VerbCard verb, int width, bool all)
    {
        var groups = verb.Options.Where(o => !o.Positional && !Shared.Contains(o.Group)).GroupBy(o => o.Group).Select(g => (IReadOnlyList<OptionCard>)[.. g]).ToList();
        var lines = Lines(verb, width, all, groups, groups.Count);

        // As many groups as the screen holds are explained, the first ones first; of the others the names stand in the tail.
        for (var explained = groups.Count - 1; !all && lines.Count > Screen && explained > 0; explained--)
        {
            lines = Lines(verb, width, all, groups, explained);
        }

        return lines;
    }

    private static List<string> Lines(VerbCard verb, int width, bool all, List<IReadOnlyList<OptionCard>> groups, int explained)
    {
        List<string> lines =
        [
            $"{verb.Name}: {verb.Question}", string.Empty, $"  gnomon {verb.Name} [DATA{(verb.Options.Any(o => o is { Positional: true, Kind: "list" }) ? " ..." : string.Empty)}]{(groups.Count > 0 ? " [options]" : string.Empty)}", $"  {verb.Example}", .. all ? Remarks(verb, width) : [],
        ];
        foreach (var group in groups.Take(explained))
        {
            lines.Add(string.Empty);
            lines.Add($"{(group[0].Group.Length == 0 ? "Options" : group[0].Group)}:");
            lines.AddRange(Columns.Two([.. group.Select(o => (Term(o), all ? Text(o) : Short(o, width)))], width, widest: WidestTerm));
        }

        lines.Add(string.Empty);
        lines.AddRange(all ? Tail(verb, width) : ShortTail(verb, width, groups.Skip(explained)));
        return lines;
    }

    private static IEnumerable<string> Remarks(VerbCard verb, int width) =>
        verb.Remarks.Length == 0 ? [] : verb.Remarks.Split('\n').SelectMany(p => Columns.Wrap(p, width)).Prepend(string.Empty);

    private static IEnumerable<string> ShortTail(VerbCard verb, int width, IEnumerable<IReadOnlyList<OptionCard>> named)
    {
        var rows = named.Select(g => (Group: $"{g[0].Group}:", Terms: g.Select(Term).ToList())).Concat(Shared.Select(g => (Group: $"{g}:", Terms: verb.Options.Where(o => !o.Positional && o.Group == g).Select(Term).ToList())).Where(r => r.Terms.Count > 0))
            .Append((Group: "Output:", Terms: [.. OutputSettings.Shapes.Select(Term)]));
        var lines = Columns.Two([.. rows.Select(r => (r.Group, string.Join(' ', r.Terms.Select(t => t.Replace(' ', Unbroken)))))], width, indent: 0);
        return [.. lines.Select(l => l.Replace(Unbroken, ' ')), $"Every option explained: gnomon help {verb.Name} --all"];
    }

    private static IEnumerable<string> Tail(VerbCard verb, int width)
    {
        foreach (var group in Shared)
        {
            yield return $"{group}:";
            foreach (var line in Columns.Two([.. verb.Options.Where(o => !o.Positional && o.Group == group).Select(o => (Term(o), Text(o)))], width))
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

    private static string Text(OptionCard option)
    {
        var choices = option.Choices.Count > 0 && !option.Value.Contains('|', StringComparison.Ordinal) ? $" One of {string.Join(", ", option.Choices)}." : string.Empty;
        return $"{option.Summary}{choices}{Default(option)}";
    }

    // On one screen a line per option must do: the first sentence, or as many of its clauses as fit. The rest is one command away.
    private static string Short(OptionCard option, int width)
    {
        var room = width - WidestTerm - 4 - Default(option).Length;
        var end = option.Summary.IndexOf(". ", StringComparison.Ordinal);
        var text = (end < 0 ? option.Summary : option.Summary[..end]).TrimEnd('.');
        var cut = text.Length <= room ? -1 : LastClause(text, room);
        return (cut > room / 3 ? text[..cut] : text) + Default(option);
    }

    // A cut inside quotes or brackets would leave half a remark behind.
    private static int LastClause(string text, int room)
    {
        for (var cut = Math.Min(room, text.Length - 2); cut > 0; cut--)
        {
            var head = text.AsSpan(0, cut);
            if (text[cut] is ',' or ';' or ':' && text[cut + 1] == ' ' && head.Count('"') % 2 == 0 && head.Count('(') == head.Count(')'))
            {
                return cut;
            }
        }

        return -1;
    }

    private static string Default(OptionCard option) => option.Default.Length == 0 ? string.Empty : $" [{option.Default}]";
}
