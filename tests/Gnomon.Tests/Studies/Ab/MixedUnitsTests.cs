using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Units that met both arms block the answer; what survives of them stands beside it.</summary>
public sealed class MixedUnitsTests
{
    private static readonly AbOptions ByUser = new() { Unit = "user", Variant = "arm", Control = "A", Metric = ["bought"], Time = "day" };

    [Fact]
    public void What_survives_is_told_and_decides_nothing()
    {
        var finding = Ask.Ab(Visits(share: 0.3, effect: 0.15), ByUser);
        Assert.Equal((DecisionAction.FixDataFirst, CheckStatus.Fail), (finding.Decision.Action, AbData.Check(finding, "variant-contamination").Status));
        var shown = finding.Estimates.Single(e => e.Method.StartsWith("two-stage least squares", StringComparison.Ordinal));
        Assert.Equal("sensitivity", shown.Role);
        Assert.InRange(0.15, shown.Low, shown.High);
        Assert.True(shown.Value > AbData.Primary(finding).Value);
        var row = finding.Tables.Single(t => t.Id == "met-both-arms").Rows.Single();
        Assert.Equal(AbData.Primary(finding).Value, (double)row[4]!, 1e-12);
        Assert.InRange(0.15, (double)row[8]!, (double)row[9]!);
        Assert.Contains(finding.Limitations, l => l.StartsWith("What survives:", StringComparison.Ordinal) && l.Contains("nearer to 0", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("Carry-over", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("shown to be distrusted", StringComparison.Ordinal));
    }

    // Clean twin.
    [Fact]
    public void Units_of_one_arm_leave_nothing_to_save()
    {
        var finding = Ask.Ab(Visits(share: 0, effect: 0.15), ByUser);
        Assert.DoesNotContain(finding.Tables, t => t.Id == "met-both-arms");
        Assert.DoesNotContain(finding.Limitations, l => l.Contains("met both", StringComparison.Ordinal));
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
    }

    // Money has no range: no bounds, and the rest stands.
    [Fact]
    public void Values_without_a_range_have_no_bounds()
    {
        var finding = Ask.Ab(Visits(share: 0.3, effect: 0.15), ByUser with { Metric = ["spend"] });
        var row = finding.Tables.Single(t => t.Id == "met-both-arms").Rows.Single();
        Assert.Null(row[8]);
        Assert.NotNull(row[5]);
    }

    private static Table Visits(double share, double effect)
    {
        var rng = new Rng(17).Stream("visits");
        var rows = new List<(long User, string Arm, DateOnly Day, double Bought, double Spend)>();
        for (var u = 0; u < 3_000; u++)
        {
            var (own, arm, crosses) = (0.1 + 0.3 * rng.NextDouble(), rng.NextInt(2), rng.NextDouble() < share);
            for (var k = (int)rng.NextPoisson(2.1); k >= 0; k--)
            {
                var now = crosses && k > 0 && rng.NextDouble() < 0.5 ? 1 - arm : arm;
                var bought = rng.NextDouble() < own + effect * now ? 1.0 : 0;
                rows.Add((u, now == 1 ? "B" : "A", new DateOnly(2026, 3, 20).AddDays(-k), bought, bought * 20 * rng.NextDouble()));
            }
        }

        return Table.With("user", rows.Select(r => r.User)).And("arm", rows.Select(r => (string?)r.Arm)).And("day", rows.Select(r => r.Day)).And("bought", rows.Select(r => r.Bought)).And("spend", rows.Select(r => r.Spend));
    }
}
