using Gnomon.Core.Findings;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>A piece of work and whether it can go on with the substitute.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Proceeds">True when it can go on.</param>
/// <param name="Because">What was measured, with its limit.</param>
internal sealed record SubstituteTask(string Work, bool Proceeds, string Because);

/// <summary>Which work can go on with a substitute, and which has to wait for real rows.</summary>
internal static class SubstituteTasks
{
    public const string Launch = "launch decision";

    private const double LeastShare = 0.7;
    private const double LargestLoss = 0.02;

    public static IReadOnlyList<SubstituteTask> Of(SubstituteFacts facts)
    {
        var q = facts.Quality;
        var slopeKept = new Ratio(q.Slope, q.SlopeInterval.Low, q.SlopeInterval.High).IsKept;
        List<SubstituteTask> tasks =
        [
            new("pipeline and code", facts.Missing.Count == 0, facts.Missing.Count == 0 ? $"all {Figures.Count(facts.Columns, "column")} there, of one kind" : $"not there, or of another kind: {string.Join(", ", facts.Missing.Take(5))}"),
            new("feature work", facts.Ranks.Items >= 2 && facts.Ranks.Share >= LeastShare, $"strongest column kept in {Figures.WholePercent(facts.Ranks.Share)} of draws"),
            new("tuning ranges", q.Areas.Low > -LargestLoss, $"AUC {Areas(q.Alone.Auc)}, real rows {Areas(q.Own.Auc)}"),
            new("decision threshold", q.Flagged.IsKept && q.Hits.IsKept, $"flags x{Times(q.Flagged)}, hit rate x{Times(q.Hits)}"),
            new("calibration", q.Events.IsKept && slopeKept, $"events x{Times(q.Events)}, slope {Areas(q.Slope)}"),
        ];
        var needed = tasks.Where(t => t.Work is "tuning ranges" or "decision threshold" or "calibration").ToList();
        var waits = needed.Where(t => !t.Proceeds).Select(t => t.Work).ToList();
        tasks.Add(new SubstituteTask(Launch, waits.Count == 0, waits.Count == 0 ? "ranges, threshold and calibration hold" : $"waits for {Listed(waits)}"));
        return tasks;
    }

    /// <summary>The sentence for the decision: what goes on, what waits, and for what.</summary>
    public static string Lead(string source, IReadOnlyList<SubstituteTask> tasks, string wait)
    {
        var (go, hold) = (tasks.Where(t => t.Proceeds).Select(t => t.Work).ToList(), tasks.Where(t => !t.Proceeds).Select(t => t.Work).ToList());
        return hold.Count == 0
            ? $"{source} can stand in for all {tasks.Count} kinds of work."
            : go.Count == 0
                ? $"{source} can stand in for nothing: wait {wait}."
                : $"Proceed with {Listed(go)} on {source}; hold {Listed(hold)} {wait}.";
    }

    private static string Listed(List<string> words) => words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} and {words[^1]}";

    private static string Areas(double value) => Math.Round(value, 3).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);

    private static string Times(Ratio ratio) => Math.Round(ratio.Value, 2).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
