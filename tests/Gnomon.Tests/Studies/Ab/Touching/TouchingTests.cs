using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>Experiments whose units touch, from the data to the decision.</summary>
public sealed class TouchingTests
{
    private static readonly AbOptions ByZone = new() { Cluster = "zone", Variant = "arm", Control = "A", Metric = ["y"] };

    [Fact]
    public void Clusters_are_compared_by_cluster_and_the_row_answer_stands_beside()
    {
        var finding = Ask.Ab(Zones(30, 40, 0, 1), ByZone);
        var primary = AbData.Primary(finding);
        Assert.StartsWith("clustered (30 clusters), CR2", primary.Method, StringComparison.Ordinal);
        var naive = finding.Estimates.Single(e => e.Method.StartsWith("rows taken as independent", StringComparison.Ordinal));
        Close.Relative(primary.Value, naive.Value, 1e-9);
        Assert.True(primary.High - primary.Low > 2 * (naive.High - naive.Low));
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "unit-of-analysis-error").Status);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "too-few-clusters").Status);
        Assert.Contains(finding.Tables, t => t.Id == "clusters");
        Assert.Equal("y", primary.Unit);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(10)]
    public void A_pre_period_is_adjusted_for_by_cluster(int zones)
    {
        var rng = new Rng(11);
        var level = Enumerable.Range(0, zones).Select(_ => rng.NextNormal()).ToArray();
        int[] all = [.. Enumerable.Range(0, zones * 40)];
        double[] pre = [.. all.Select(i => 10 + level[i % zones] + rng.NextNormal())], y = [.. all.Select(i => 12 + level[i % zones] + 0.8 * (i % zones % 2) + rng.NextNormal())];
        var table = Table.With("zone", all.Select(i => (string?)$"z{i % zones:00}")).And("arm", all.Select(i => (string?)(i % zones % 2 == 0 ? "A" : "B"))).And("y", y).And("before", pre);
        var finding = Ask.Ab(table, ByZone with { Pre = ["before"] });
        var primary = AbData.Primary(finding);
        double Sum(double[] v, int z) => all.Where(i => i % zones == z).Sum(i => v[i]);
        ClusterTotals Of(int arm) => new([.. Enumerable.Range(0, zones).Where(z => z % 2 == arm).Select(z => Sum(y, z))], [.. Enumerable.Repeat(40.0, zones / 2)]);
        double[] x = [.. Enumerable.Range(0, zones).Where(z => z % 2 == 1).Concat(Enumerable.Range(0, zones).Where(z => z % 2 == 0)).Select(z => Sum(pre, z) / 40)];
        var expected = ClusterAncova.Compare(Of(1), Of(0), [x]).Difference;
        Close.Relative(expected.Value, primary.Value, 1e-8);
        if (zones >= 12)
        {
            Close.Relative(expected.PValue, primary.P!.Value, 1e-6);
        }
        else
        {
            Close.Relative(ClusterAncova.Test(Of(1), Of(0), [x]).PValue, primary.P!.Value, 1e-9);
            Assert.Contains("adjusted for the pre-period", primary.Method, StringComparison.Ordinal);
        }

        Assert.True(primary.High - primary.Low < 0.8 * (AbData.Primary(Ask.Ab(table, ByZone)) is var plain ? plain.High - plain.Low : 0));
        Assert.Equal(CheckStatus.Pass, zones >= 20 ? AbData.Check(finding, "covariate-imbalance").Status : CheckStatus.Pass);
        Assert.Contains(finding.Limitations, l => l.Contains("compared at equal pre-period means of the zone", StringComparison.Ordinal));
        Assert.Contains(finding.Estimates, e => e.Method.EndsWith("not adjusted for the pre-period", StringComparison.Ordinal));
    }

    [Fact]
    public void Clusters_that_nobody_named_are_found()
    {
        var finding = Ask.Ab(Zones(30, 40, 0, 1), ByZone with { Cluster = null });
        var check = AbData.Check(finding, "unit-of-analysis-error");
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Contains("--cluster zone", check.Remedy, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
    }

    [Fact]
    public void Units_assigned_one_by_one_are_not_taken_for_clusters()
    {
        var rng = new Rng(2);
        var n = 2_000;
        var table = Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("zone", Enumerable.Range(0, n).Select(i => (string?)$"z{i % 40}"))
            .And("arm", Enumerable.Range(0, n).Select(_ => (string?)(rng.NextDouble() < 0.5 ? "A" : "B"))).And("y", Enumerable.Range(0, n).Select(i => i % 40 / 10.0 + rng.NextNormal()));
        var finding = Ask.Ab(table, new AbOptions { Unit = "unit", Variant = "arm", Metric = ["y"] });
        Assert.DoesNotContain(finding.Checks, c => c.Id == "unit-of-analysis-error" && c.Status == CheckStatus.Fail);
        var wrong = Assert.Throws<GnomonError>(() => Ask.Ab(table, ByZone));
        Assert.Equal("cluster-not-randomised", wrong.Code);
    }

    [Fact]
    public void Few_clusters_are_assigned_again_and_six_are_refused()
    {
        var finding = Ask.Ab(Zones(10, 30, 2.5, 3), ByZone);
        var primary = AbData.Primary(finding);
        Assert.StartsWith("randomisation test over all 252 assignments", primary.Method, StringComparison.Ordinal);
        Assert.InRange(2.5, primary.Low, primary.High);
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "too-few-clusters").Status);
        var six = Ask.Ab(Zones(6, 30, 2.5, 3), ByZone);
        Assert.Equal(DecisionAction.Inconclusive, six.Decision.Action);
        Assert.Contains("no test at this level exists", six.Decision.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(six.Estimates, e => e.Role == "primary");
    }

    [Fact]
    public void A_switchback_reads_blocks_and_sees_the_block_before()
    {
        var table = Switch(carry: 0.8, seed: 4);
        var options = new AbOptions { Cluster = "zone", Variant = "arm", Control = "off", Metric = ["rides"], Time = "hour", Switchback = true };
        var hasty = Ask.Ab(table, options);
        Assert.Equal(CheckStatus.Fail, AbData.Check(hasty, "interference").Status);
        var finding = Ask.Ab(table, options with { BurnIn = "1h" });
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interference").Status);
        var primary = AbData.Primary(finding);
        Assert.InRange(1.8, primary.Low, primary.High);
        Assert.Contains("1 period of burn-in", primary.Method, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "partial-week-cycle").Status);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal("bad-length", Assert.Throws<GnomonError>(() => Ask.Ab(table, options with { Block = "two" })).Code);
        Assert.Equal("block-not-constant", Assert.Throws<GnomonError>(() => Ask.Ab(table, options with { Block = "6h" })).Code);
    }

    [Fact]
    public void Zones_that_switch_are_not_clusters()
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Ab(Switch(0, 4), new AbOptions { Cluster = "zone", Variant = "arm", Metric = ["rides"], Time = "hour" }));
        Assert.Contains("--switchback", wrong.Hint, StringComparison.Ordinal);
    }

    // 36 of 60 clubs, as a fair coin may give (p = 0.12), are 900 of 1,500 units: the clubs were drawn, so they are what the split is tested on. 50 of 60 are no coin.
    [Theory]
    [InlineData(36, "Pass")]
    [InlineData(50, "Fail")]
    public void The_split_of_linked_units_is_that_of_the_groups_that_were_drawn(int treated, string status)
    {
        var town = Town(8, byCluster: true, treated);
        try
        {
            var check = AbData.Check(Ask.Ab(town.Units, new AbOptions { Unit = "user", Cluster = "club", Edges = town.Edges, Variant = "arm", Control = "off", Metric = ["seek"] }), "sample-ratio-mismatch");
            Assert.Equal(status, check.Status.ToString());
            Assert.Contains($"{60 - treated} / {treated}", check.Evidence, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(town.Edges);
        }
    }

    [Fact]
    public void Links_turn_a_friendly_difference_into_the_total_effect()
    {
        var town = Town(5, byCluster: true);
        try
        {
            var finding = Ask.Ab(town.Units, new AbOptions { Unit = "user", Cluster = "club", Variant = "arm", Control = "off", Metric = ["seek"], Edges = town.Edges });
            var primary = AbData.Primary(finding);
            Assert.StartsWith("weighted means by exposure over 60 assigned clusters", primary.Method, StringComparison.Ordinal);
            Assert.InRange(primary.Value, 0.5, 0.8);
            Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
            Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interference").Status);
            Assert.Contains(finding.Limitations, l => l.Contains("everybody in on against nobody", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(town.Edges);
        }
    }

    [Fact]
    public void Where_nothing_identifies_the_total_effect_a_bound_is_told_with_its_direction()
    {
        var town = Town(6, byCluster: false);
        try
        {
            var finding = Ask.Ab(town.Units, new AbOptions { Unit = "user", Variant = "arm", Control = "off", Metric = ["seek"], Edges = town.Edges, Surrounded = 0.95 });
            Assert.Equal(CheckStatus.Fail, AbData.Check(finding, "interference").Status);
            Assert.Contains(finding.Limitations, l => l.Contains("is a lower bound in size", StringComparison.Ordinal));
            Assert.Contains(finding.Next, n => n.Contains("communities", StringComparison.Ordinal));
            Assert.NotEqual(DecisionAction.Ship, finding.Decision.Action);
        }
        finally
        {
            File.Delete(town.Edges);
        }
    }

    [Theory]
    [InlineData(-1.0, CheckStatus.Fail)]
    [InlineData(0.0, CheckStatus.Pass)]
    public void Controls_that_lose_where_many_are_treated_show_a_shared_supply(double spill, CheckStatus expected)
    {
        var rng = new Rng(9);
        var rows = Enumerable.Range(0, 12 * 40).SelectMany(cell =>
        {
            var arms = Enumerable.Range(0, 25).Select(_ => rng.NextDouble() < 0.5).ToArray();
            var share = arms.Count(a => a) / 25.0;
            return arms.Select(a => (Zone: $"z{cell / 40:00}", Hour: $"h{cell % 40:00}", Arm: a ? "on" : "off", Y: 3 + (a ? 0.4 : 0) + spill * share + 0.5 * rng.NextNormal()));
        }).ToList();
        var table = Table.With("rider", Enumerable.Range(0, rows.Count).Select(i => (long)i)).And("zone", rows.Select(r => (string?)r.Zone)).And("hour", rows.Select(r => (string?)r.Hour)).And("arm", rows.Select(r => (string?)r.Arm)).And("rides", rows.Select(r => r.Y));
        var finding = Ask.Ab(table, new AbOptions { Unit = "rider", Variant = "arm", Control = "off", Metric = ["rides"], Segment = ["zone"], Time = "hour" });
        var check = AbData.Check(finding, "interference");
        Assert.Equal(expected, check.Status);
        if (expected == CheckStatus.Fail)
        {
            Assert.Contains("upper bound", check.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_that_do_not_belong_together_are_named()
    {
        var wrong = new AbOptions { Variant = "arm", Metric = ["y"], Switchback = true, BurnIn = "1", Edges = "e.csv" }.Validate().Select(e => e.Message).ToList();
        Assert.Contains(wrong, m => m.Contains("--switchback needs --time", StringComparison.Ordinal));
        Assert.Contains(wrong, m => m.Contains("--edges and --switchback", StringComparison.Ordinal));
        Assert.Contains(new AbOptions { Variant = "arm", Metric = ["y"], Block = "2h" }.Validate(), e => e.Code == "option-missing");
    }

    [Fact]
    public void Small_classes_in_Tennessee_agree_with_clubSandwich()
    {
        var folder = Environment.GetEnvironmentVariable("GNOMON_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "GNOMON_DATA is not set.");
        var expected = ReferenceFile.Open("interference", "clusters.json").GetProperty("star");
        var file = Path.Combine(folder!, "experiments", "star_class_size.csv.gz");
        var finding = Ask.Ab(new AbOptions
        {
            Query = $"select mathk, stark, concat_ws('|', schoolidk, stark, experiencek, tethnicityk, degreek, ladderk) as class from '{file}' where stark in ('small', 'regular') and mathk is not null and schoolidk is not null",
            Cluster = "class", Variant = "stark", Control = "regular", Metric = ["mathk"],
        });
        var primary = AbData.Primary(finding);
        Close.Relative(expected.Number("difference"), primary.Value, 1e-9);
        Close.Relative(expected.Number("p"), primary.P!.Value, 1e-7);
        var row = finding.Tables.Single(t => t.Id == "clusters").Rows[0];
        Close.Relative(expected.Number("icc"), (double)row[4]!, 1e-8);
        Close.Relative(expected.Number("design"), (double)row[7]!, 1e-8);
    }

    private static Table Zones(int zones, int rows, double effect, int seed)
    {
        var rng = new Rng(seed);
        var level = Enumerable.Range(0, zones).Select(_ => rng.NextNormal()).ToArray();
        int[] all = [.. Enumerable.Range(0, zones * rows)];
        return Table.With("visit", all.Select(i => (long)i)).And("zone", all.Select(i => (string?)$"z{i % zones:00}")).And("arm", all.Select(i => (string?)(i % zones % 2 == 0 ? "A" : "B")))
            .And("y", all.Select(i => 10 + level[i % zones] + effect * (i % zones % 2) + rng.NextNormal()));
    }

    // Six zones, two weeks of hours; an hour answers to its own arm by 1 and to the hour before by `carry`.
    // Orders follow the hour, and a block of four hours lies by day or by night: within a day the rows of an arm are far from independent.
    [Fact]
    [Trait("speed", "slow")]
    public void The_days_of_a_switchback_are_read_by_blocks()
    {
        const int runs = 60;
        var warned = Enumerable.Range(0, runs).Count(seed =>
        {
            var rng = new Rng(seed);
            var on = Enumerable.Range(0, 28 * 6).Select(_ => rng.NextDouble() < 0.5).ToArray();
            var hours = Enumerable.Range(0, 28 * 24).ToArray();
            var table = Table.With("hour", hours.Select(h => (string?)new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc).AddHours(h).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)))
                .And("arm", hours.Select(h => (string?)(on[h / 4] ? "B" : "A")))
                .And("orders", hours.Select(h => 50 + (h % 24 > 8 ? 8 : 0) + (on[h / 4] ? 3 : 0) + 4 * rng.NextNormal()));
            var finding = Ask.Ab(table, new AbOptions { Variant = "arm", Control = "A", Metric = ["orders"], Time = "hour", Switchback = true, Block = "4h", BurnIn = "1" });
            return finding.Checks.Single(c => c.Id == "novelty-effect").Status == CheckStatus.Warn;
        });
        Assert.InRange(warned, 0, 4);
    }

    private static Table Switch(double carry, int seed)
    {
        var rng = new Rng(seed);
        var rows = Enumerable.Range(0, 6).SelectMany(z =>
        {
            var before = 0;
            return Enumerable.Range(0, 14 * 24).Select(h =>
            {
                var on = rng.NextDouble() < 0.5 ? 1 : 0;
                var y = 20 + z + on + carry * before + rng.NextNormal();
                before = on;
                return (Zone: $"z{z}", Hour: new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc).AddHours(h).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), Arm: on == 1 ? "on" : "off", Y: y);
            }).ToList();
        }).ToList();
        return Table.With("zone", rows.Select(r => (string?)r.Zone)).And("hour", rows.Select(r => (string?)r.Hour)).And("arm", rows.Select(r => (string?)r.Arm)).And("rides", rows.Select(r => r.Y));
    }

    // Sixty clubs of 25, a tenth of the links between clubs; own arm +0.3, all friends treated +0.4.
    private static (Table Units, string Edges) Town(int seed, bool byCluster, int treated = 30)
    {
        const int clubs = 60;
        const int size = 25;
        var rng = new Rng(seed);
        int[] order = [.. Enumerable.Range(0, clubs)];
        rng.Shuffle<int>(order);
        var on = order.Take(treated).ToHashSet();
        var arms = Enumerable.Range(0, clubs * size).Select(i => byCluster ? on.Contains(i / size) : rng.NextDouble() < 0.5).ToArray();
        var friends = arms.Select(_ => new HashSet<int>()).ToArray();
        var path = Path.Combine(Path.GetTempPath(), $"gnomon-edges-{Guid.NewGuid():N}.csv");
        using (var writer = new StreamWriter(path))
        {
            writer.WriteLine("a,b");
            for (var e = 0; e < arms.Length * 5; e++)
            {
                var a = e / 5;
                var b = rng.NextDouble() < 0.1 ? rng.NextInt(arms.Length) : a / size * size + rng.NextInt(size);
                if (a != b)
                {
                    friends[a].Add(b);
                    friends[b].Add(a);
                    writer.WriteLine($"u{a},u{b}");
                }
            }
        }

        var y = arms.Select((arm, i) => 1 + (arm ? 0.3 : 0) + 0.4 * friends[i].Count(j => arms[j]) / Math.Max(1, friends[i].Count) + 0.3 * rng.NextNormal()).ToArray();
        return (Table.With("user", arms.Select((_, i) => (string?)$"u{i}")).And("club", arms.Select((_, i) => (string?)$"c{i / size}")).And("arm", arms.Select(a => (string?)(a ? "on" : "off"))).And("seek", y), path);
    }
}
