using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>A column that used to change has stopped while rows keep coming, or a file that stands in for newer data is too old.</summary>
public sealed class StaleData : Check<Freshness>
{
    private const double TimesLongest = 3;
    private const long FewestChanges = 50;
    private const long FewestRows = 10;

    public override CheckCard Card { get; } = new(
        Id: "stale-data",
        Asks: "Are values still being refreshed?",
        FiresWhen: "along the time column, a number that changed at least 50 times holds its last value in the newest rows (10 or more) for longer than three times its longest earlier stand; or the newest row of a file that stands in for newer data is older than theirs by more than is allowed (--fresh-within, 7 days)",
        Means: "Old values are being used as if they were current.",
        Remedy: "Repair the slow stage, propagate updates and deletes, fall back visibly, show the age on the figure.",
        Source: "Freshness service-level practice (Google SRE); Akidau et al. 2015")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.001, Aliases = ["stale-features", "freshness-sla-missed", "stale-content-served"] };

    // With gaps of one exponential law the last exceeds three times the longest of k earlier ones with probability 6 / ((k + 1)(k + 2)(k + 3)): 4 in 100,000 for k = 50.
    public override CheckResult Evaluate(Freshness evidence) => evidence switch
    {
        RefreshGaps gaps => Frozen(gaps),
        SourceAge age => Behind(age),
        null => throw new ArgumentNullException(nameof(evidence)),
        _ => CheckResult.Skip($"{evidence.GetType().Name} has 0 ages to judge"),
    };

    private static CheckResult Behind(SourceAge evidence)
    {
        if (evidence.Rows == 0)
        {
            return CheckResult.Skip($"{evidence.Source} has 0 rows with a time");
        }

        var says = evidence.BehindSeconds <= 0
            ? $"{evidence.Source} is as new as {evidence.Instead}, 0 days behind"
            : $"{evidence.Source} ends {Span(evidence.BehindSeconds)} before {evidence.Instead}; {Span(evidence.AllowedSeconds)} are allowed";
        return evidence.BehindSeconds > evidence.AllowedSeconds
            ? CheckResult.Warn(says, evidence.BehindSeconds, evidence.AllowedSeconds)
            : CheckResult.Pass(says, evidence.BehindSeconds, evidence.AllowedSeconds);
    }

    private static CheckResult Frozen(RefreshGaps evidence)
    {
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

    // Every other draw is a column, the others are files.
    public override Freshness Trap(int seed) => seed % 2 == 0 ? File(seed, daysBehind: 8) : Simulate(seed, frozenHours: 60);

    public override Freshness Clean(int seed) => seed % 2 == 0 ? File(seed, daysBehind: 1) : Simulate(seed, frozenHours: null);

    public override Freshness? Tiny => new RefreshGaps
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

    // The newest of 1,000 rows, one an hour on average, of a file that was cut off so many days before the data end.
    private static SourceAge File(int seed, double daysBehind) => new()
    {
        Source = "backup.csv", Instead = "recent.csv", Rows = 1_000, AllowedSeconds = 7 * 86_400, BehindSeconds = daysBehind * 86_400 + 3_600 * new Rng(seed).Stream("stale-data-file").NextExponential(),
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
