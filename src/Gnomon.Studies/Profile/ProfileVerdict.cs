using Gnomon.Core.Checks;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Profile;

/// <summary>What to do about the table: nothing, settle some questions first, or mend it. The checks decide what is a flaw; here it is put into words.</summary>
internal sealed class ProfileVerdict
{
    private const int MostNamed = 3;
    private const int MostQuestions = 8;
    private readonly ProfileFacts _facts;

    public ProfileVerdict(ProfileFacts facts) => _facts = facts;

    private string Size => $"{Figures.Count(_facts.Rows, "row")}, {Figures.Count(_facts.Columns.Count, "column")}";

    public Proposal Propose(IReadOnlyList<CheckRun> runs)
    {
        var things = Things(runs, CheckStatus.Warn).Concat(Spellings()).Concat(Dates()).ToList();
        var blocked = runs.Where(r => r.Result.Status == CheckStatus.Fail).GroupBy(r => r.Card.Id)
            .ToDictionary(g => g.Key, g => $"{Size}. {g.First().Card.Means.TrimEnd('.')}: {g.First().Result.Says}.{(things.Count > 0 ? $" Also to settle: {string.Join("; ", things)}." : string.Empty)}", StringComparer.Ordinal);
        if (things.Count == 0)
        {
            return new Proposal(DecisionAction.Answer, $"{Size}; nothing that would stop an analysis.", blocked);
        }

        var lead = things.Count == 1 ? "One thing to settle first" : $"{things.Count} things to settle first";
        return new Proposal(DecisionAction.Investigate, $"{Size}. {lead}: {string.Join("; ", things)}.", blocked);
    }

    /// <summary>Questions that only the owner of the data can answer, and the next command.</summary>
    public IEnumerable<string> Next() => Questions().Take(MostQuestions);

    private IEnumerable<string> Questions()
    {
        foreach (var group in _facts.Spellings.OrderByDescending(s => s.Rows).DistinctBy(s => s.Column).Take(3))
        {
            yield return $"{group.Column}: are {string.Join(" and ", group.Values.Take(3).Select(v => $"'{v.Text}' ({Figures.Count(v.Count)})"))} the same?";
        }

        foreach (var column in _facts.Columns.Where(c => c.Shape is { MissingWords.Count: > 0 } && c.Role != Role.Empty).OrderByDescending(c => c.Shape!.MissingWords[0].Value).Take(2))
        {
            var word = column.Shape!.MissingWords[0];
            yield return $"{column.Name}: does {(string.IsNullOrWhiteSpace(word.Key) ? "a blank" : $"'{word.Key}'")} ({Figures.Count(word.Value, "row")}) mean no value? Then read again with --nulls '{word.Key}'.";
        }

        foreach (var odd in _facts.OddDates.Take(2))
        {
            yield return $"{odd.Column.Name}: what are the times {(odd.Before > 0 ? $"before {odd.Column.Show(odd.Low)}" : $"after {odd.Column.Show(odd.High)}")} (as far as {odd.Column.Show(odd.Before > 0 ? odd.Column.Distribution.Min : odd.Column.Distribution.Max)})?";
        }

        foreach (var column in _facts.Columns.Where(c => c.Role == Role.Identifier && c.Scan.RepeatShare is > 0 and < 0.01 && c.Scan.DistinctIsExact).Take(2))
        {
            yield return $"{column.Name}: should it name one row? {Figures.Count(column.Present - column.Scan.Distinct, "row repeats", "rows repeat")} a value.";
        }

        foreach (var column in _facts.Columns.Where(c => c.MissingShare >= 0.05 && c.Present > 0).OrderByDescending(c => c.Missing).Take(1))
        {
            yield return $"{column.Name}: why is it missing in {Figures.Percent(column.MissingShare)} of rows, and would its own value have anything to do with it? The data cannot tell.";
        }

        if (_facts.Target is null && _facts.Columns.FirstOrDefault(c => NameHints.IsOutcome(c.Name) && c.Role is Role.Flag or Role.Category && NameHints.IsOutcome(c.Name)) is { } candidate)
        {
            yield return $"If {candidate.Name} is what you want to explain or predict, add --target {candidate.Name}: balance and leaks are looked at then.";
        }
    }

    private IEnumerable<string> Things(IReadOnlyList<CheckRun> runs, CheckStatus status) => runs.Where(r => r.Result.Status == status).GroupBy(r => r.Card.Id)
        .Select(g => g.Key == "population-drift" && g.FirstOrDefault(r => r.Subject.Length > 0) is { } beside ? $"columns differ from {beside.Subject}"
            : ProfileWords.Thing(g.Key, g.Key == "population-drift" ? _facts.Options.Time ?? string.Empty : Named(g), g.First().Result.Says));

    private IEnumerable<string> Spellings()
    {
        var columns = _facts.Spellings.Where(s => s.Rows > 0.001 * _facts.Rows).Select(s => s.Column).Distinct().ToList();
        if (columns.Count > 0)
        {
            yield return $"one value in several spellings ({ProfileWords.List(columns, MostNamed)})";
        }
    }

    private IEnumerable<string> Dates()
    {
        if (_facts.OddDates.Count > 0)
        {
            yield return $"dates far from all others ({ProfileWords.List([.. _facts.OddDates.Select(o => o.Column.Name)], MostNamed)})";
        }
    }

    private static string Named(IEnumerable<CheckRun> runs) => ProfileWords.List([.. runs.Select(r => r.Subject).Where(s => s.Length > 0)], MostNamed);
}
