using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Programme;

/// <summary>What was left lying: wins never tested again, launches that never stood, results never used, experiments never read.</summary>
internal sealed class ProgrammeStale
{
    private const int MostRows = 100;
    private const int MostNamed = 3;
    private readonly List<(string Name, long Day, string Why)> _entries;
    private readonly long _today;
    private readonly long _after;

    private ProgrammeStale(List<(string Name, long Day, string Why)> entries, long today, long after)
    {
        _entries = entries;
        _today = today;
        _after = after;
    }

    /// <returns>Null when the list has no dates or nothing is stale.</returns>
    public static ProgrammeStale? Of(ProgrammeFacts facts)
    {
        var dated = facts.Tests.Where(t => t.Row.Day is not null).ToList();
        long[] days = [.. dated.Select(t => t.Row.Day!.Value).Concat(facts.Input.Holdouts.Select(h => h.Day).OfType<long>()).Concat(facts.Input.Open.Select(o => o.Day).OfType<long>())];
        if (days.Length == 0)
        {
            return null;
        }

        var today = days.Max();
        var after = facts.Options.StaleAfter;
        var later = dated.Select(t => (t.Row.Day, Words: new HashSet<string>(ProgrammeSearch.Words($"{t.Row.Name} {t.Row.Idea}"), StringComparer.Ordinal))).ToList();
        var entries = dated.Where(t => today - t.Row.Day!.Value > after).Select(t => (t.Row.Name, Day: t.Row.Day!.Value, Why: Why(t, facts.Input.HasDecisions)))
            .Concat(facts.Input.Open.Where(o => o.Day is { } day && today - day > after).Select(o => (o.Name, Day: o.Day!.Value, Why: (string?)"started, never read")))
            .Where(e => e.Why is not null && !later.Exists(l => l.Day > e.Day && ProgrammeSearch.Words(e.Name).All(l.Words.Contains)))
            .Select(e => (e.Name, e.Day, e.Why!)).OrderBy(e => e.Day).ThenBy(e => e.Name, StringComparer.Ordinal).ToList();
        return entries.Count == 0 ? null : new(entries, today, after);
    }

    public static string Date(long day) => DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public IEnumerable<ResultTable> Tables()
    {
        yield return new ResultTable(
            "stale", $"Left lying for more than {Figures.Count(_after, "day")}{(_entries.Count > MostRows ? $" (oldest {MostRows} of {Figures.Count(_entries.Count)})" : string.Empty)}", ["experiment", "started", "days ago", "why"],
            [.. _entries.Take(MostRows).Select(e => (IReadOnlyList<object?>)[e.Name, Date(e.Day), _today - e.Day, e.Why])]);
    }

    public IEnumerable<string> Sentences()
    {
        var groups = _entries.GroupBy(e => e.Why).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{Figures.Count(g.Count())} {g.Key} ({string.Join(", ", g.Take(MostNamed).Select(e => e.Name))}{(g.Count() > MostNamed ? ", ..." : string.Empty)})");
        yield return $"Stale on {Date(_today)}, the newest date in the list: {string.Join("; ", groups)}. An experiment counts as followed up when a later one names it.";
    }

    // A loss, or a result that settled nothing and was not launched, is kept as it is: nobody owes it another test.
    private static string? Why(JudgedTest t, bool hasDecisions) => t switch
    {
        { IsBroken: true } => "with a broken split, never run again",
        { Row.IsLaunched: true, Survives: false } => "launched without standing, never confirmed",
        { Row.IsLaunched: true } => null,
        { Survives: true } => hasDecisions ? "stands, never launched" : null,
        { IsWin: true } => "won, never tested again",
        _ => null,
    };
}
