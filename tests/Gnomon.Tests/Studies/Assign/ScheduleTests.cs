using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Assign;
using Gnomon.Tests.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Assign;

/// <summary>The schedule of a switchback is drawn block by block from its names, and <c>ab</c> reads it as it was drawn.</summary>
public sealed class ScheduleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-schedule").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_block_of_every_zone_has_the_arm_of_its_name()
    {
        var finding = Ask.Assign(Zones() with { Out = File("schedule.csv"), Plan = File("plan.json"), Days = 15, Block = "5h" });
        var lines = System.IO.File.ReadAllLines(File("schedule.csv"));
        Assert.Equal("zone,from,until,arm,block", lines[0]);

        // 15 days are 72 blocks of five hours in each of two zones; the last one ends with the schedule.
        Assert.Equal(2 * 72, lines.Length - 1);
        foreach (var cells in lines.Skip(1).Select(l => l.Split(',')))
        {
            Assert.Equal($"{cells[0]} {cells[1]}", cells[4]);
            Assert.Equal(Assignment.Arm("surge", cells[4], [0.5, 0.5]) == 0 ? "control" : "treatment", cells[3]);
        }

        Assert.Equal("2026-04-21 00:00", lines[72].Split(',')[2]);
        Assert.Equal(lines.Skip(1).Count(l => l.Contains(",treatment,", StringComparison.Ordinal)), (long)finding.Tables.Single(t => t.Id == "arms").Rows[1][2]!);
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Assign(Zones() with { Out = File("schedule.csv") })).Code);
    }

    // From the schedule to the answer: ab takes the block from the plan, covers the planted effect, and is told off when it reads otherwise.
    [Fact]
    public void The_plan_tells_ab_how_the_blocks_were_drawn()
    {
        Ask.Assign(Zones() with { Out = File("schedule.csv"), Plan = File("plan.json") });
        var rng = new Rng(3).Stream("rides");
        var rows = System.IO.File.ReadAllLines(File("schedule.csv")).Skip(1).Select(l => l.Split(',')).SelectMany(c => Enumerable.Range(0, 2).Select(h => (Zone: c[0], Arm: c[3], Hour: DateTime.ParseExact(c[1], "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture).AddHours(h))))
            .OrderBy(r => r.Hour).Select(r => (r.Zone, r.Arm, Hour: r.Hour.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Y: 20 + (r.Arm == "treatment" ? 1 : 0) + rng.NextNormal())).ToArray();
        var table = Table.With("zone", rows.Select(r => (string?)r.Zone)).And("arm", rows.Select(r => (string?)r.Arm)).And("hour", rows.Select(r => (string?)r.Hour)).And("rides", rows.Select(r => r.Y));
        var options = new AbOptions { Variant = "arm", Metric = ["rides"], Time = "hour", Cluster = "zone", Switchback = true, Plan = File("plan.json") };
        var finding = Ask.Ab(table, options);
        Assert.InRange(1, AbData.Primary(finding).Low, AbData.Primary(finding).High);
        Assert.Contains(finding.Limitations, l => l.Contains("336 blocks were assigned", StringComparison.Ordinal));
        Assert.DoesNotContain("assigned in blocks", AbData.Check(finding, "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.Contains("assigned in blocks of 2h, read in blocks of 1h", AbData.Check(Ask.Ab(table, options with { Block = "1h" }), "plan-incomplete").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_list_one_series_switches()
    {
        var finding = Ask.Assign(new AssignOptions { Salt = "surge", Block = "30m", From = "2026-04-06 06:00", Days = 1, Out = File("one.csv") });
        var lines = System.IO.File.ReadAllLines(File("one.csv"));
        Assert.Equal("from,until,arm,block", lines[0]);
        Assert.Equal(48, lines.Length - 1);
        Assert.StartsWith("2026-04-06 06:00,2026-04-06 06:30,", lines[1], StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
    }

    [Fact]
    public void Wrong_schedules_are_named()
    {
        foreach (var (code, options) in new[]
        {
            ("option-missing", Zones() with { Days = null }), ("option-missing", Zones() with { Block = null }), ("bad-date", Zones() with { From = "6 April" }), ("bad-length", Zones() with { Block = "2" }), ("bad-length", Zones() with { Block = "20d" }),
            ("options-conflict", Zones() with { Arms = ["a", "b", "c"] }), ("options-conflict", Zones() with { Strata = ["zone"] }), ("too-many-blocks", Zones() with { Block = "1m", Days = 3650 }),
        })
        {
            Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Assign(options)).Code);
        }
    }

    private AssignOptions Zones()
    {
        System.IO.File.WriteAllText(File("zones.csv"), "zone\nnorth\nsouth\n");
        return new AssignOptions { Data = File("zones.csv"), Unit = "zone", Salt = "surge", Block = "2h", From = "2026-04-06", Days = 14 };
    }

    private string File(string name) => Path.Combine(_folder, name);
}
