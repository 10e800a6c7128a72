using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Xunit;

namespace Gnomon.Conformance;

/// <summary>All checks together on clean data: each keeps its own promise, yet a person sees them all at once.</summary>
internal static class FamilyWise
{
    // Three point three binomial standard errors, as everywhere in these suites.
    private const double Slack = 3.3;

    /// <summary>At most <paramref name="share"/> of clean findings carry a warning or a failure.</summary>
    /// <param name="clean">Makes a whole finding, checks and all, from data without a flaw; one per seed.</param>
    /// <param name="draws">Seeds 1, 2, ... to draw.</param>
    /// <param name="share">Share of clean findings that may warn.</param>
    /// <param name="but">Checks that are right to speak of these data: true of them, not a false alarm.</param>
    public static void StaysQuiet(Func<int, Finding> clean, int draws = 400, double share = 0.05, IReadOnlyList<string>? but = null)
    {
        var fired = Enumerable.Range(1, draws)
            .SelectMany(seed => clean(seed).Checks.Where(c => c.Status is CheckStatus.Warn or CheckStatus.Fail && !(but ?? []).Contains(c.Id)).Select(c => (Seed: seed, c.Id)).ToList())
            .ToList();
        var findings = fired.Select(f => f.Seed).Distinct().Count();
        var allowed = (draws * share) + (Slack * Math.Sqrt(draws * share * (1 - share)));
        var counts = string.Join(", ", fired.GroupBy(f => f.Id).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()} (seed {g.First().Seed})"));
        TestContext.Current.SendDiagnosticMessage($"{findings} of {draws} clean findings warned: {counts}");
        Assert.True(
            findings <= allowed,
            $"{findings} of {draws} clean findings warned; {allowed:0} are allowed. By check: {counts}");
    }

    /// <summary>At least <paramref name="share"/> of findings from data with a flaw carry a warning or a failure of the check that is there for it.</summary>
    /// <param name="id">The check.</param>
    /// <param name="flawed">Makes a whole finding from data with the flaw; one per seed.</param>
    /// <param name="draws">Seeds 1, 2, ... to draw.</param>
    /// <param name="share">Share of flawed findings that must warn, binomial slack aside.</param>
    public static void Catches(string id, Func<int, Finding> flawed, int draws = 100, double share = 0.95)
    {
        var silent = Enumerable.Range(1, draws).Where(seed => !flawed(seed).Checks.Any(c => c.Id == id && c.Status is CheckStatus.Warn or CheckStatus.Fail)).ToList();
        var allowed = (draws * (1 - share)) + (Slack * Math.Sqrt(draws * share * (1 - share)));
        TestContext.Current.SendDiagnosticMessage($"{id} was silent in {silent.Count} of {draws} findings with the flaw");
        Assert.True(silent.Count <= allowed, $"{id} was silent in {silent.Count} of {draws} findings with the flaw ({allowed:0} are allowed), first at seed {silent.FirstOrDefault()}.");
    }
}
