using Gnomon.Cases;
using Gnomon.Cli.Help;
using Gnomon.Cli.Parsing;
using Gnomon.Core.Findings;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon cases show ID</c>: the page, or for practice only what the person brings.</summary>
internal static class CasesShow
{
    public static int Run(Case chosen, ParsedLine line, Surface surface)
    {
        var verdict = !line.Has("no-verdict");
        if (line.Has("json"))
        {
            surface.Out.WriteLine(CasesJson.One(chosen, verdict));
            return ExitCode.Answered;
        }

        var page = Casebook.Page(chosen);
        foreach (var text in !verdict || page is null ? Card(chosen, verdict, surface.Width) : Page(page))
        {
            surface.Out.WriteLine(text);
        }

        return ExitCode.Answered;
    }

    // The markers of the generated parts are for the tests, not for readers.
    private static IEnumerable<string> Page(string page) =>
        page.TrimEnd().Split('\n').Where(l => !l.StartsWith("<!--", StringComparison.Ordinal));

    private static IEnumerable<string> Card(Case chosen, bool verdict, int width)
    {
        var card = chosen.Card;
        yield return card.Title;
        yield return string.Empty;
        foreach (var text in Columns.Wrap(card.Situation, width))
        {
            yield return text;
        }

        yield return string.Empty;
        yield return $"  gnomon {chosen.Traps[0].Command}";
        yield return string.Empty;
        if (!verdict)
        {
            yield return $"What would you decide, and what would you look at first? Then: gnomon cases run {card.Id}";
            yield break;
        }

        IReadOnlyList<(string, string)> rows = [.. chosen.Scenes.Select(s => (s.Name, $"{s.Data} Decision: {s.Action.Word()}.")), ("Lesson", card.Lesson)];
        foreach (var text in Columns.Two(rows, width))
        {
            yield return text;
        }
    }
}
