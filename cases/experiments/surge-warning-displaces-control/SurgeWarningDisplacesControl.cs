using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;

namespace Gnomon.Cases.Experiments;

/// <summary>Riders who are warned take the cars of riders who are not.</summary>
public sealed class SurgeWarningDisplacesControl : Case
{
    private const int Zones = 24;
    private const int BlocksPerDay = 12;
    private const string Blocks = "ab blocks.csv --switchback --time block_start --cluster zone --variant warning --control off --metric rides";
    private static readonly DateTime Start = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc);

    public override CaseCard Card { get; } = new(
        "experiments/surge-warning-displaces-control", CaseLevel.Advanced,
        "Riders warned of surge book more, from the same cars",
        "Riders who are warned of surge book ten minutes earlier and complete more rides. All riders of a zone share its cars, so a ride won by one is often a ride lost to another, now or in the next two hours.",
        "Switch whole zones over blocks of time, leave out the block after a switch, and read everybody warned against nobody. Zones that were assigned as a whole count as zones, not as riders.")
    {
        Verbs = ["ab", "design"],
        Keywords = ["switchback", "marketplace", "interference", "carry-over", "cluster randomisation", "few clusters", "shared supply"],
        Gaps = ["The effect of the market under a cap of supply is not simulated."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("by-rider-split", "Riders were warned by a coin. Each zone has cars for three of four riders in five minutes, whoever asks first; who is warned asks first.", DecisionAction.FixDataFirst,
            "ab riders.csv --unit rider --variant warning --control off --metric booked --segment zone --time slot")
        {
            Fires = ["interference"],
            Files = d => [new("riders.csv", Split(d))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "riders.csv",
                Unit = "rider",
                Variant = "warning",
                Control = "off",
                Metric = ["booked"],
                Segment = ["zone"],
                Time = "slot",
            }),
        },
        new("no-burn-in", "24 zones, six weeks of two-hour blocks. A warning lifts a block by 10 % and takes 8 % from the next one, whose cars are elsewhere: 2 % in all.", DecisionAction.FixDataFirst, Blocks)
        {
            Fires = ["interference"],
            Files = d => [new("blocks.csv", Switching(d, 0.10, -0.08, 1))],
        },
        new("by-rider", "A pilot warned everybody in half of 40 zones; the report counts each rider as independent.", DecisionAction.FixDataFirst, "ab riders.csv --variant warning --control off --metric rides")
        {
            Fires = ["unit-of-analysis-error"],
            Files = d => [new("riders.csv", Riders(d, 40))],
        },
        new("ten-zones", "The pilot had ten zones only.", DecisionAction.Inconclusive, "ab riders.csv --cluster zone --variant warning --control off --metric rides")
        {
            Fires = ["too-few-clusters"],
            Files = d => [new("riders.csv", Riders(d, 10))],
        },
    ];

    public override Scene Twin { get; } = new(
        Scene.TwinName, "Cars enough for everybody: a warning lifts its block by 5 % and leaves the next one alone; one block of burn-in is left out all the same.", DecisionAction.Ship, $"{Blocks} --burn-in 1")
    {
        Files = d => [new("blocks.csv", Switching(d, 0.05, 0, 2))],
    };

    // Poisson rides around a zone's level that follows the hour; arms drawn by a coin per zone and block.
    private static IEnumerable<string> Switching(Draw d, double now, double next, int stream)
    {
        yield return "zone,block_start,warning,rides";
        for (var z = 0; z < d.Of(Zones, Zones / 2); z++)
        {
            var rng = d.Stream("zone", 1_000L * stream + z);
            var level = 280 + 40 * rng.NextDouble();
            var before = false;
            for (var b = 0; b < d.Of(6, 4) * 7 * BlocksPerDay; b++)
            {
                var on = rng.NextDouble() < 0.5;
                var mean = level * (1 + 0.1 * Math.Sin(2 * Math.PI * b / BlocksPerDay)) * (1 + (on ? now : 0) + (before ? next : 0));
                before = on;
                yield return string.Create(CultureInfo.InvariantCulture, $"z{z:00},{Start.AddHours(2 * b):yyyy-MM-dd HH:mm},{(on ? "on" : "off")},{rng.NextPoisson(mean)}");
            }
        }
    }

    // 33 riders of a zone in five minutes share 25 cars: warned ones are first in line, so controls book less the more are warned.
    private static IEnumerable<string> Split(Draw d)
    {
        const int riders = 33;
        const double cars = 25;
        yield return "rider,zone,slot,warning,booked";
        var rng = d.Stream("split");
        var (zones, hours, first) = d.Of((Zones, 6, 1.15), (12, 2, 1.45));
        var id = 0;
        for (var slot = 0; slot < 7 * hours * 12; slot++)
        {
            var time = Start.AddDays(slot / (hours * 12)).AddHours(17).AddMinutes(5 * (slot % (hours * 12)));
            for (var z = 0; z < zones; z++)
            {
                var warned = Enumerable.Range(0, riders).Select(_ => rng.NextDouble() < 0.5).ToArray();
                var chance = cars / warned.Sum(w => w ? first : 1);
                foreach (var w in warned)
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"r{++id},z{z:00},{time:yyyy-MM-dd HH:mm},{(w ? "on" : "off")},{Plant.Bit(rng.NextDouble() < Math.Min(1, chance * (w ? first : 1)))}");
                }
            }
        }
    }

    // Zones differ in how much their riders ride; no effect.
    private static IEnumerable<string> Riders(Draw d, int zones)
    {
        yield return "ride_log_id,zone,warning,rides";
        var rng = d.Stream("riders", zones);
        var perZone = d.Of(400, 100);
        var level = Plant.Normal(rng, zones, 3, 0.8);
        for (var i = 0; i < zones * perZone; i++)
        {
            var zone = i % zones;
            yield return $"{i + 1},z{zone:00},{(zone % 2 == 1 ? "on" : "off")},{rng.NextPoisson(Math.Max(0.5, level[zone]))}";
        }
    }
}
