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

/// <summary><c>ab --geo</c>, from the panel to the decision.</summary>
public sealed class GeoTests
{
    private const int Days = 70;
    private const int Start = 49;
    private static readonly DateTime First = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc);
    private static readonly AbOptions ByRegion = new() { Geo = true, Cluster = "region", Time = "day", Variant = "arm", Control = "off", Metric = ["sales"], Start = "2026-04-20" };

    [Fact]
    public void Many_regions_are_compared_at_equal_level_before()
    {
        var series = Series(20, 10, 6, 1);
        var finding = Ask.Ab(Panel(series, 10), ByRegion);
        var primary = AbData.Primary(finding);
        double[] pre = [.. series.Select(s => s[..Start].Average())], post = [.. series.Select(s => s[Start..].Average())];
        var expected = ClusterAncova.Compare(new ClusterTotals(post[..10], Ones(10)), new ClusterTotals(post[10..], Ones(10)), [pre]).Difference;
        Close.Relative(expected.Value, primary.Value, 1e-9);
        Close.Relative(expected.PValue, primary.P!.Value, 1e-7);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        var lift = AbData.Primary(finding, "lift");
        var level = post[..10].Average();
        Close.Relative(expected.Low / (level - expected.Low), lift.Low, 1e-8);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "diverging-pre-trend").Status);
        Assert.Contains("would have been seen with 80 % power", AbData.Check(finding, "diverging-pre-trend").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Plots, p => p.Id == "counterfactual");
        Assert.Equal(DecisionAction.DoNotShip, Ask.Ab(Panel(series, 10), ByRegion with { LowerIsBetter = ["sales"] }).Decision.Action);
    }

    [Fact]
    public void A_drift_from_before_the_start_is_not_taken_for_the_change()
    {
        var finding = Ask.Ab(Panel(Series(24, 12, 0, 2, drift: 0.15), 12), ByRegion);
        Assert.Equal(CheckStatus.Fail, AbData.Check(finding, "diverging-pre-trend").Status);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
    }

    [Fact]
    public void Few_regions_are_assigned_again_and_fewer_lower_the_level()
    {
        var finding = Ask.Ab(Panel(Series(10, 5, 8, 3), 5), ByRegion);
        Assert.Contains("randomisation test over all 252 assignments", AbData.Primary(finding).Method, StringComparison.Ordinal);
        var six = Ask.Ab(Panel(Series(6, 3, 40, 4), 3), ByRegion);
        Assert.Equal(0.9, AbData.Primary(six).Level);
        Assert.Equal(DecisionAction.Inconclusive, six.Decision.Action);
        Assert.Contains("no p below 0.100 is possible", six.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void One_region_is_held_against_a_mix_of_the_others()
    {
        var series = Series(24, 1, 12, 5);
        var finding = Ask.Ab(Panel(series, 1), ByRegion);
        var primary = AbData.Primary(finding);
        Assert.Contains("synthetic control", primary.Method, StringComparison.Ordinal);
        var expected = SyntheticControl.Estimate(series, [.. Enumerable.Range(0, 24).Select(i => i == 0)], Start);
        Close.Relative(expected.Effect.Value, primary.Value, 1e-9);
        Close.Relative(expected.Effect.High, primary.High, 1e-9);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "diverging-pre-trend").Status);
        Assert.Equal("weight", finding.Tables.Single(t => t.Id == "regions").Columns[^1]);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
    }

    [Fact]
    public void Pairs_are_swapped()
    {
        var series = Series(16, 8, 6, 6);
        var finding = Ask.Ab(Panel(series, 8), ByRegion with { Pairs = "pair" });
        Assert.Contains("all 256 assignments", AbData.Primary(finding).Method, StringComparison.Ordinal);
        double[] Gap(Func<double[], double> mean) => [.. Enumerable.Range(0, 8).Select(i => mean(series[i]) - mean(series[i + 8]))];
        Close.Relative(PairedAncova.Compare(Gap(s => s[Start..].Average()), Gap(s => s[..Start].Average())).Value, AbData.Primary(finding).Value, 1e-9);
        Assert.Equal("bad-pairs", Assert.Throws<GnomonError>(() => Ask.Ab(Panel(series, 8), ByRegion with { Pairs = "arm" })).Code);
    }

    [Fact]
    public void Ratios_and_gaps_are_read_as_they_are()
    {
        var series = Series(20, 10, 6, 7);
        var table = Panel(series, 10);
        var ratio = Ask.Ab(table, ByRegion with { Metric = [], Ratio = ["sales/visits"] });
        Close.Relative(AbData.Primary(Ask.Ab(table, ByRegion)).Value / 4, AbData.Primary(ratio).Value, 1e-9);
        var gap = Ask.Ab(Panel(series, 10, skip: (3, 5)), ByRegion);
        Assert.Contains(gap.Limitations, l => l.Contains("1 region set aside, lacks a value in some period: r03", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_questions_are_named()
    {
        var table = Panel(Series(8, 4, 0, 8), 4);
        Assert.Equal("start-outside", Assert.Throws<GnomonError>(() => Ask.Ab(table, ByRegion with { Start = "2027-01-01" })).Code);
        Assert.Equal("bad-date", Assert.Throws<GnomonError>(() => Ask.Ab(table, ByRegion with { Start = "soon" })).Code);
        Assert.Equal("geo-arm-changes", Assert.Throws<GnomonError>(() => Ask.Ab(table, ByRegion with { Variant = "weekday", Control = null })).Code);
        Assert.Contains(new AbOptions { Variant = "arm", Metric = ["y"], Geo = true }.Validate(), e => e.Message.Contains("--start", StringComparison.Ordinal));
        Assert.Contains((ByRegion with { Unit = "u" }).Validate(), e => e.Code == "options-conflict");
        Assert.Contains(new AbOptions { Variant = "arm", Metric = ["y"], Start = "2026-01-01" }.Validate(), e => e.Code == "option-missing");
        Assert.Contains((ByRegion with { Switchback = true }).Validate(), e => e.Message.Contains("designs of their own", StringComparison.Ordinal));
    }

    // Several rows a day, one of them empty: the day's total is not known, so the region lacks that day.
    [Fact]
    public void A_day_with_an_empty_value_is_not_added_up_as_if_it_were_nothing()
    {
        var panel = Panel(Series(12, 6, 0, 4), 6);
        string?[] Texts(string column) => [.. Enumerable.Range(0, panel.Rows).Select(i => panel[column].Cell(i)?.ToString())];
        double[] sales = [.. Enumerable.Range(0, panel.Rows).Select(i => (double)panel["sales"].Cell(i)!)];
        Table Twice(Func<int, bool> empty) => Table.With("region", Texts("region").Concat(Texts("region"))).And("arm", Texts("arm").Concat(Texts("arm"))).And("day", Texts("day").Concat(Texts("day")))
            .And("sales", sales.Select(v => v / 2).Concat(sales.Select((v, i) => empty(i) ? double.NaN : v / 2)));
        var whole = Ask.Ab(Twice(_ => false), ByRegion);
        var holed = Ask.Ab(Twice(i => i == 3), ByRegion);
        Assert.Contains(holed.Limitations, l => l.Contains("1 region set aside, lacks a value in some period", StringComparison.Ordinal));
        Assert.DoesNotContain(whole.Limitations, l => l.Contains("set aside", StringComparison.Ordinal));
        Assert.Equal("panel-gaps", Assert.Throws<GnomonError>(() => Ask.Ab(Twice(i => i % 7 == 0), ByRegion)).Code);
    }

    private static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];

    private static double[][] Series(int regions, int treated, double effect, int seed, double drift = 0)
    {
        var rng = new Rng(seed);
        var common = Enumerable.Range(0, Days).Select(d => 5 * Math.Sin(2 * Math.PI * d / 7) + 0.1 * d + rng.NextNormal()).ToArray();
        return [.. Enumerable.Range(0, regions).Select(i =>
        {
            var (level, load) = (100 + 20 * rng.NextNormal(), 1 + 0.2 * rng.NextNormal());
            return Enumerable.Range(0, Days).Select(d => level + load * common[d] + 5 * rng.NextNormal() + (i < treated ? drift * d + (d >= Start ? effect : 0) : 0)).ToArray();
        })];
    }

    private static Table Panel(double[][] series, int treated, (int Region, int Day)? skip = null)
    {
        var rows = Enumerable.Range(0, series.Length).SelectMany(i => Enumerable.Range(0, Days).Select(d => (i, d))).Where(r => skip is not { } s || (r.i, r.d) != s).ToList();
        return Table.With("region", rows.Select(r => (string?)$"r{r.i:00}")).And("day", rows.Select(r => (string?)First.AddDays(r.d).ToString("yyyy-MM-dd"))).And("arm", rows.Select(r => (string?)(r.i < treated ? "on" : "off")))
            .And("pair", rows.Select(r => (string?)$"p{r.i % Math.Max(1, treated):00}")).And("weekday", rows.Select(r => (string?)(r.d % 2 == 0 ? "even" : "odd"))).And("sales", rows.Select(r => series[r.i][r.d])).And("visits", rows.Select(_ => 4.0));
    }
}
