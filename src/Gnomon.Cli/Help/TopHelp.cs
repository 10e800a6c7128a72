using Gnomon.Cli.Commands;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Help;

/// <summary>The first page: what it is, the verbs with their questions, and where to go next.</summary>
internal static class TopHelp
{
    public static IEnumerable<string> Lines(IReadOnlyList<VerbCard> verbs, IReadOnlyList<ICommand> commands, int width)
    {
        yield return "gnomon: decision-grade data science. Data and a question in; an estimate, the checks that guard it and the decision out.";
        yield return string.Empty;
        yield return "  gnomon VERB DATA [options]      DATA: a CSV, TSV, JSON, JSONL or Parquet file, a glob, - for standard input, or postgres://...";
        foreach (var example in verbs.Where(v => v.Example.Length > 0).Take(1))
        {
            yield return $"  {example.Example}";
        }

        yield return string.Empty;
        yield return "Verbs:";
        foreach (var line in Columns.Two([.. verbs.Select(v => (v.Name, v.Question))], width))
        {
            yield return line;
        }

        yield return string.Empty;
        yield return "And:";
        foreach (var line in Columns.Two([.. commands.Select(c => (c.Name, c.Summary))], width))
        {
            yield return line;
        }

        yield return string.Empty;
        yield return "gnomon VERB --help shows a verb's options. Exit codes: 0 finding, 1 --fail-on reached, 2 question or data unusable, 3 defect.";
    }
}
