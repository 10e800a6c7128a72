using System.Text;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Programme;

/// <summary>Was this idea tried before, and what came of it? The experiments whose name, idea or metric holds the words; the family that is corrected for stays the whole list.</summary>
internal sealed class ProgrammeSearch
{
    private const int MostRows = 100;
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ";
    private const string Plain = "aaaaaaceeeeiiiinoooooouuuuyy";
    private readonly ProgrammeFacts _facts;
    private readonly List<JudgedTest> _found;
    private readonly bool _isPartial;

    private ProgrammeSearch(ProgrammeFacts facts, List<JudgedTest> found, bool isPartial)
    {
        _facts = facts;
        _found = found;
        _isPartial = isPartial;
    }

    private string Asked => _facts.Options.Search!.Trim();

    private string Word => _facts.Input.Unit == "relative" ? "lift" : "effect";

    /// <returns>Null when nothing is asked.</returns>
    public static ProgrammeSearch? Of(ProgrammeFacts facts)
    {
        if (facts.Options.Search is not { } text)
        {
            return null;
        }

        string[] words = [.. Words(text)];
        var hits = facts.Tests.Select(t => (Test: t, Hits: Hits(t.Row, words))).ToList();
        var all = hits.Where(h => h.Hits == words.Length).Select(h => h.Test).ToList();

        // Nothing holds every word: those that hold most of them, named as such.
        var most = hits.Count == 0 ? 0 : hits.Max(h => h.Hits);
        return all.Count > 0 || most == 0 ? new(facts, all, false) : new(facts, [.. hits.Where(h => h.Hits == most).Select(h => h.Test)], true);
    }

    /// <summary>Words of a text, without case, accents and the plural s, so that "Résumés" finds "resume".</summary>
    public static IEnumerable<string> Words(string text)
    {
        // By hand: without the platform's language data nothing else takes accents off.
        var plain = new StringBuilder();
        foreach (var c in text.Select(char.ToLowerInvariant))
        {
            var accent = Accented.IndexOf(c, StringComparison.Ordinal);
            plain.Append(accent >= 0 ? Plain[accent] : char.IsLetterOrDigit(c) ? c : ' ');
        }

        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Length > 3 && w[^1] == 's' ? w[..^1] : w);
    }

    /// <summary>The proposal with what was found told first.</summary>
    public Proposal Before(Proposal proposal) => proposal with
    {
        Summary = $"{Headline} {proposal.Summary}",
        WhenBlocked = proposal.WhenBlocked?.ToDictionary(w => w.Key, w => $"{Headline} {w.Value}"),
    };

    private string Headline
    {
        get
        {
            if (_found.Count == 0)
            {
                return $"None of {Figures.Count(_facts.Tests.Count, "experiment")} speaks of '{Asked}'.";
            }

            string[] parts = [.. new[] { "launch", "test again", "not settled", "lost", "split broken" }.Select(v => (Verdict: v, Count: _found.Count(t => ProgrammeReport.Verdict(t) == v))).Where(v => v.Count > 0)
                .Select(v => $"{Figures.Count(v.Count)} {Said(v.Verdict, v.Count)}")];
            var found = _isPartial
                ? $"No experiment speaks of '{Asked}'; {Figures.Count(_found.Count)} of {Figures.Count(_facts.Tests.Count)} {(_found.Count == 1 ? "holds" : "hold")} some of the words"
                : $"{Figures.Count(_found.Count)} of {Figures.Count(_facts.Tests.Count, "experiment")} {(_found.Count == 1 ? "speaks" : "speak")} of '{Asked}'";
            return $"{found}: {string.Join(", ", parts)}.";
        }
    }

    public IEnumerable<ResultTable> Tables()
    {
        if (_found.Count == 0)
        {
            yield break;
        }

        var (dates, effects, shrunken, ideas) = (_found.Exists(t => t.Row.Day is not null), _found.Exists(t => t.Row.Effect is not null), _found.Exists(t => t.Shrunken is not null), _found.Exists(t => t.Row.Idea is not null));
        List<string> columns = ["experiment"];
        Add(columns, dates, "started");
        Add(columns, effects, Word);
        Add(columns, shrunken, $"shrunken {Word}");
        columns.AddRange(["p", "verdict"]);
        Add(columns, _facts.Input.HasDecisions, "decided");
        Add(columns, ideas, "idea");
        var rows = _found.OrderByDescending(t => t.Row.Day ?? long.MinValue).Take(MostRows).Select(t =>
        {
            List<object?> row = [t.Row.Name];
            Add(row, dates, t.Row.Day is { } day ? ProgrammeStale.Date(day) : null);
            Add(row, effects, t.Row.Effect);
            Add(row, shrunken, t.Shrunken?.Estimate);
            row.AddRange([t.Row.P, ProgrammeReport.Verdict(t)]);
            Add(row, _facts.Input.HasDecisions, t.Row.Override ?? t.Row.Decision);
            Add(row, ideas, t.Row.Idea);
            return (IReadOnlyList<object?>)row;
        }).ToList();
        yield return new ResultTable("search", $"Experiments that speak of '{Asked}'{(_found.Count > MostRows ? $" (newest {MostRows} of {Figures.Count(_found.Count)})" : string.Empty)}", columns, rows);
    }

    private static void Add<T>(List<T> to, bool isThere, T item)
    {
        if (isThere)
        {
            to.Add(item);
        }
    }

    private static int Hits(TestRow row, string[] words)
    {
        string[] held = [.. Words($"{row.Name} {row.Idea} {row.Metric}")];
        return words.Count(w => held.Any(h => h.StartsWith(w, StringComparison.Ordinal)));
    }

    private static string Said(string verdict, int count) => verdict switch
    {
        "launch" => count == 1 ? "win stands" : "wins stand",
        "test again" => count == 1 ? "win is to be tested again" : "wins are to be tested again",
        "not settled" => count == 1 ? "was not settled" : "were not settled",
        "lost" => "lost",
        _ => count == 1 ? "has a broken split" : "have a broken split",
    };
}
