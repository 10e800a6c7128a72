using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>One column of times, several clocks.</summary>
public sealed class TimezoneMismatch : Check<ClockZones>
{
    private const double Threshold = 0.01;
    private const long FewestRows = 20;

    public override CheckCard Card { get; } = new(
        Id: "timezone-mismatch",
        Asks: "Do all times come from one clock?",
        FiresWhen: "times that are kept as wall-clock times stand beside two or more zones or offsets, and more than 1 % of rows do not follow the most frequent one: days cut from them would move; or, where the zone of the business was declared, more than 1 % of rows fall on another day in it",
        Means: "Clocks disagree, or days are cut in the wrong time zone.",
        Remedy: "Store UTC, convert once to the declared zone before dating, test change days, report the share of rows moved.",
        Source: "IANA tz database practice; ISO 8601")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0, Aliases = ["timezone-shift", "day-boundary-timezone"] };

    public override CheckResult Evaluate(ClockZones evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var rows = evidence.Zones.Sum(z => z.Rows);
        if (rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(rows, "time")} with a zone, too few; {FewestRows} are needed");
        }

        if (evidence.BusinessZone is { } business)
        {
            var moved = (double)evidence.RowsOnAnotherDay / rows;
            var text = $"{Figures.Percent(moved)} of {Figures.Count(rows, "row")} fall on another day in {business} than in the stored clock";
            return moved > Threshold ? CheckResult.Warn($"{text}; days are cut in {business} here", moved, Threshold) : CheckResult.Pass(text, moved, Threshold);
        }

        var others = rows - evidence.Zones.Max(z => z.Rows);
        var share = (double)others / rows;
        var zones = string.Join(", ", evidence.Zones.OrderByDescending(z => z.Rows).Take(4).Select(z => $"{z.Zone} {Figures.Percent((double)z.Rows / rows)}"));
        return share > Threshold
            ? CheckResult.Warn($"{evidence.Zones.Count} zones by {evidence.From}: {zones}", share, Threshold)
            : CheckResult.Pass($"one clock by {evidence.From}: {zones}", share, Threshold);
    }

    public override ClockZones Trap(int seed) => Simulate(seed, 0.05);

    public override ClockZones Clean(int seed) => Simulate(seed, 0);

    public override ClockZones? Tiny => new() { TimeColumn = "at", From = "offset", Zones = [new("+00:00", 3), new("+02:00", 2)] };

    // 2,000 times; in the trap one in twenty from another clock.
    private static ClockZones Simulate(int seed, double share)
    {
        var other = new Rng(seed).Stream("timezone-mismatch").NextBinomial(2_000, share);
        return new ClockZones { TimeColumn = "at", From = "offset", Zones = other == 0 ? [new("+00:00", 2_000)] : [new("+00:00", 2_000 - other), new("+02:00", other)] };
    }
}
