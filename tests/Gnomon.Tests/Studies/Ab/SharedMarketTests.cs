using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Interference that nobody named: riders of a kitchen's zone take from one another, and only the outcomes tell.</summary>
public sealed class SharedMarketTests
{
    private static readonly AbOptions Options = new() { Unit = "rider", Variant = "arm", Metric = ["ride"], Time = "hour", Split = "50/50" };

    [Fact]
    public void A_shared_supply_is_found_without_a_name()
    {
        var finding = Ask.Ab(Rides(1, spill: -0.3), Options);
        var check = AbData.Check(finding, "interference");
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.StartsWith("controls of kitchen at moments of hour", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("the strongest of 2 columns", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("--cluster kitchen", check.Remedy, StringComparison.Ordinal);

        // Named as a segment whose name says nothing, it is found as well.
        Assert.Equal(CheckStatus.Fail, AbData.Check(Ask.Ab(Rides(1, spill: -0.3), Options with { Segment = ["kitchen"] }), "interference").Status);
    }

    [Fact]
    public void Where_nothing_can_be_looked_at_the_check_says_why()
    {
        Assert.Contains("(--time)", Skipped(Rides(2, 0), Options with { Time = null }), StringComparison.Ordinal);
        Assert.Contains("no column groups units", Skipped(Plain(2), Options), StringComparison.Ordinal);
        Assert.Contains("3 arms", Skipped(Rides(2, 0, arms: 3), Options with { Split = null }), StringComparison.Ordinal);
        Assert.DoesNotContain(Ask.Ab(new AbOptions { Counts = ["A=10/100", "B=12/100"] }).Checks, c => c.Id == "interference");

        static string Skipped(Table table, AbOptions options)
        {
            var finding = Ask.Ab(table, options);
            var check = AbData.Check(finding, "interference");
            Assert.Equal(CheckStatus.Skipped, check.Status);

            // Nothing in these data raises the question, so that no hole is left.
            Assert.DoesNotContain(finding.Limitations, l => l.Contains("interference", StringComparison.Ordinal));
            return check.Evidence;
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Clean_markets_stay_quiet_over_all_columns_and_planted_ones_are_caught()
    {
        // 1 % of clean experiments may fire, whatever the number of columns: at most 3 in 60 (3.3 binomial errors), with shares that grow by day as with even ones.
        Assert.InRange(Enumerable.Range(1, 60).Count(seed => Fires(Rides(seed, 0, ramp: seed % 2 == 0))), 0, 3);
        Assert.InRange(Enumerable.Range(1, 20).Count(seed => Fires(Rides(seed, -0.3))), 19, 20);

        static bool Fires(Table table) => AbData.Check(Ask.Ab(table, Options with { Split = null }), "interference").Status == CheckStatus.Fail;
    }

    // Two weeks of four-hour blocks, eight kitchens; a treated rider takes rides from those around him. Demand differs by kitchen and by block, and "status" follows from the ride.
    private static Table Rides(int seed, double spill, int arms = 2, bool ramp = false)
    {
        var rng = new Rng(seed).Stream("rides");
        var rows = new List<(string Arm, DateTimeOffset Hour, string Kitchen, string Product, string Status, long Ride)>();
        for (var block = 0; block < 84; block++)
        {
            for (var kitchen = 0; kitchen < 8; kitchen++)
            {
                var units = 15 + rng.NextInt(20);
                int[] arm = [.. Enumerable.Range(0, units).Select(_ => arms == 3 ? rng.NextInt(3) : rng.NextDouble() < (ramp ? 0.2 + 0.6 * block / 83 : 0.5) ? 1 : 0)];
                var share = arm.Count(a => a > 0) / (double)units;
                foreach (var a in arm)
                {
                    var ride = rng.NextDouble() < 0.45 + 0.02 * kitchen - (ramp ? 0.1 * block / 83 : 0.05 * (block % 2)) + (a > 0 ? 0.1 : spill * share) ? 1L : 0L;
                    rows.Add((a switch { 0 => "C", 1 => "T", _ => "U" }, new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).AddHours(4 * block), $"k{kitchen}", $"p{rng.NextInt(20)}", ride == 1 ? rng.NextDouble() < 0.5 ? "paid" : "owed" : "none", ride));
                }
            }
        }

        return Table.With("rider", Enumerable.Range(0, rows.Count).Select(i => (long)i)).And("arm", rows.Select(r => (string?)r.Arm)).And("hour", rows.Select(r => (string?)$"{r.Hour:yyyy-MM-dd HH:mm}"))
            .And("kitchen", rows.Select(r => (string?)r.Kitchen)).And("product", rows.Select(r => (string?)r.Product)).And("status", rows.Select(r => (string?)r.Status)).And("ride", rows.Select(r => r.Ride));
    }

    private static Table Plain(int seed)
    {
        var rng = new Rng(seed);
        const int n = 2_000;
        return Table.With("rider", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "C" : "T"))).And("hour", Enumerable.Range(0, n).Select(i => new DateOnly(2026, 3, 2).AddDays(i % 14)))
            .And("ride", Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.4 ? 1L : 0L));
    }
}
