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
        Gaps = ["A split by rider is not set against the local share of warned riders.", "A two-stage design that varies the share of warned riders over zones is not analysed."],
    };

    public override IReadOnlyList<Scene> Traps { get; } =
    [
        new("no-burn-in", "24 zones, six weeks of two-hour blocks. A warning lifts a block by 10 % and takes 8 % from the next one, whose cars are elsewhere: 2 % in all.", DecisionAction.FixDataFirst, Blocks)
        {
            Fires = ["interference"],
            Files = d => [new("blocks.csv", Switching(d, 0.10, -0.08, 1))],
            InCode = InCode.Of(() => new AbOptions
            {
                Data = "blocks.csv",
                Switchback = true,
                Time = "block_start",
                Cluster = "zone",
                Variant = "warning",
                Control = "off",
                Metric = ["rides"],
            }),
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
