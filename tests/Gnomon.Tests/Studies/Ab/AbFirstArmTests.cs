using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Units that met several arms: the first one counts, and where a date cannot tell which was first no arm gains.</summary>
public sealed class AbFirstArmTests
{
    [Fact]
    public void Units_that_met_both_arms_on_one_day_do_not_tilt_the_split()
    {
        // 6,000 units of one arm each, and 600 that met both on their first day: all of these in one arm would make 3,600 against 3,000.
        var finding = Ask.Ab(Visits(both: 600), AbData.Options("y") with { Time = "day", Split = "50/50" });
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "sample-ratio-mismatch").Status);
        var sizes = finding.Tables.First(t => t.Id == "arms").Rows.Select(r => (long)r[1]!).ToArray();
        Assert.Equal(6_600, sizes.Sum());

        // A fair draw of 600: 300 give or take 3.3 standard deviations of 12.2.
        Assert.InRange(sizes[0] - 3_000, 300 - 41, 300 + 41);
        var contamination = AbData.Check(finding, "variant-contamination");
        Assert.Equal(CheckStatus.Fail, contamination.Status);
        Assert.Contains("600 met several at the same first time", contamination.Evidence, StringComparison.Ordinal);
        Assert.Contains("variant-contamination", finding.Decision.Because);
    }

    [Fact]
    public void A_broken_split_is_still_seen_among_them()
    {
        var finding = Ask.Ab(Visits(both: 600, lost: 600), AbData.Options("y") with { Time = "day", Split = "50/50" });
        Assert.Equal(CheckStatus.Fail, AbData.Check(finding, "sample-ratio-mismatch").Status);
    }

    [Fact]
    public void The_draw_is_the_same_for_any_threads_and_order_of_rows()
    {
        var table = Visits(both: 300);
        var one = Ask.Ab(table, AbData.Options("y") with { Time = "day", Threads = 1 });
        var four = Ask.Ab(table, AbData.Options("y") with { Time = "day", Threads = 4 });
        var turned = Ask.Ab(Visits(both: 300, turned: true), AbData.Options("y") with { Time = "day" });
        Assert.Equal(AbData.Primary(one), AbData.Primary(four));
        Assert.Equal(AbData.Primary(one).Value, AbData.Primary(turned).Value, 12);
        Assert.Equal(one.Tables.First(t => t.Id == "arms").Rows.Select(r => (long)r[1]!), turned.Tables.First(t => t.Id == "arms").Rows.Select(r => (long)r[1]!));
    }

    [Fact]
    public void A_later_day_in_the_other_arm_is_no_draw()
    {
        // Odd units saw B first and A a day later; even units A first.
        var rows = Enumerable.Range(0, 1_600).Select(i => (Unit: i / 2, Visit: i % 2)).ToArray();
        var table = Table.With("unit", rows.Select(r => (long)r.Unit)).And("arm", rows.Select(r => (string?)((r.Unit + r.Visit) % 2 == 0 ? "A" : "B")))
            .And("y", rows.Select(r => (double)(r.Unit % 7))).And("day", rows.Select(r => new DateOnly(2026, 1, 1).AddDays(r.Visit)));
        var finding = Ask.Ab(table, AbData.Options("y") with { Time = "day" });
        Assert.Equal([400L, 400L], finding.Tables.First(t => t.Id == "arms").Rows.Select(r => (long)r[1]!));
        Assert.DoesNotContain("drawn", AbData.Check(finding, "variant-contamination").Evidence, StringComparison.Ordinal);
    }

    private static Table Visits(int both, int lost = 0, bool turned = false)
    {
        var rng = new Rng(11);
        var rows = new List<(long Unit, string Arm, double Y, DateOnly Day)>();
        var start = new DateOnly(2026, 1, 5);
        for (var unit = 0; unit < 6_000 + both; unit++)
        {
            var day = start.AddDays(unit % 14);
            var arms = unit < 6_000 ? [unit % 2 == 0 ? "A" : "B"] : new[] { "A", "B" };
            if (unit < 2 * lost && unit % 2 == 1)
            {
                continue;
            }

            rows.AddRange(arms.Select(a => ((long)unit, a, 10 + rng.NextNormal(), day)));
        }

        if (turned)
        {
            rows.Reverse();
        }

        return Table.With("unit", rows.Select(r => r.Unit)).And("arm", rows.Select(r => (string?)r.Arm)).And("y", rows.Select(r => r.Y)).And("day", rows.Select(r => r.Day));
    }
}
