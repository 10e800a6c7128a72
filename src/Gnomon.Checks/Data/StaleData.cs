using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>A column that used to change has stopped, while rows keep coming.</summary>
public sealed class StaleData : Check<RefreshGaps>
{
    private const double TimesLongest = 3;
    private const long FewestChanges = 50;
    private const long FewestRows = 10;

    public override CheckCard Card { get; } = new(
        Id: "stale-data",
        Asks: "Are values still being refreshed?",
        FiresWhen: "along the time column, a number that changed at least 50 times holds its last value in the newest rows (10 or more) for longer than three times its longest earlier stand",
        Means: "Old values are being used as if they were current.",
        Remedy: "Repair the slow stage, propagate updates and deletes, fall back visibly, show the age on the figure.",
        Source: "Freshness service-level practice (Google SRE); Akidau et al. 2015")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.001, Aliases = ["stale-features", "freshness-sla-missed", "stale-content-served"] };

    // With gaps of one exponential law the last exceeds three times the longest of k earlier ones with probability 6 / ((k + 1)(k + 2)(k + 3)): 4 in 100,000 for k = 50.
    public override CheckResult Evaluate(RefreshGaps evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Changes < FewestChanges)
        {
            return CheckResult.Skip($"{evidence.Column} changes {Figures.Count(evidence.Changes, "time")} along {evidence.TimeColumn}; {FewestChanges} are needed to know its rhythm");
        }

        var limit = TimesLongest * evidence.LongestGapSeconds;
        var says = $"{evidence.Column} has held one value for {Span(evidence.SinceLastChangeSeconds)} of {evidence.TimeColumn}, {Figures.Count(evidence.RowsSinceLastChange, "row")}; "
            + $"before it changed every {Span(evidence.MedianGapSeconds)}, at the longest after {Span(evidence.LongestGapSeconds)}";
        return evidence.SinceLastChangeSeconds > limit && evidence.RowsSinceLastChange >= FewestRows
            ? CheckResult.Warn(says, evidence.SinceLastChangeSeconds, limit)
            : CheckResult.Pass(says, evidence.SinceLastChangeSeconds, limit);
    }

    public override RefreshGaps Trap(int seed) => Simulate(seed, frozenHours: 60);

    public override RefreshGaps Clean(int seed) => Simulate(seed, frozenHours: null);

    public override RefreshGaps? Tiny => new()
    {
        Column = "price", TimeColumn = "at", Changes = 4, MedianGapSeconds = 60, LongestGapSeconds = 90, SinceLastChangeSeconds = 900, RowsSinceLastChange = 15,
    };

    private static string Span(double seconds) => seconds switch
    {
        < 120 => $"{Figures.Number(seconds)} s",
        < 7_200 => $"{Figures.Number(Math.Round(seconds / 60, 1))} min",
        < 172_800 => $"{Figures.Number(Math.Round(seconds / 3_600, 1))} h",
        _ => Figures.Count((long)Math.Round(seconds / 86_400), "day"),
    };

    // A price that moves at random, once an hour on average, 200 times; a row every minute.
    private static RefreshGaps Simulate(int seed, double? frozenHours)
    {
        var rng = new Rng(seed).Stream("stale-data");
        var gaps = Enumerable.Range(0, 200).Select(_ => 3_600 * rng.NextExponential()).Order().ToArray();
        var last = frozenHours * 3_600 ?? 3_600 * rng.NextExponential();
        return new RefreshGaps
        {
            Column = "price", TimeColumn = "at", Changes = 200, MedianGapSeconds = (gaps[99] + gaps[100]) / 2, LongestGapSeconds = gaps[^1], SinceLastChangeSeconds = last,
            RowsSinceLastChange = (long)(last / 60) + 1,
        };
    }
}
