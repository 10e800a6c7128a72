using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>Funnels, retention, composites and quantiles where clusters were assigned, against R's lm and clubSandwich (tests/reference/interference/metrics.json) and by simulation.</summary>
public sealed class ClusterMetricTests
{
    // 1e-8: sums by cluster against least squares on rows.
    private const double Tight = 1e-8;
    private static readonly JsonElement Reference = MethodReference.Load("interference/metrics.json");
    private static readonly AbOptions ByZone = new() { Cluster = "zone", Variant = "arm", Control = "A" };

    [Fact]
    public void A_funnel_has_errors_by_cluster_at_every_step()
    {
        var finding = Ask.Ab(Data(), ByZone with { Funnel = ["view", "cart", "buy"] });
        foreach (var step in new[] { "view", "cart", "buy" })
        {
            Same(Reference.GetProperty(step), finding.Estimates.First(e => e.Metric == step && e.Name == "difference"));
        }

        Same(Reference.GetProperty("cart of view"), finding.Estimates.Single(e => e.Name == "share of view that went on"));
        Same(Reference.GetProperty("buy of cart"), finding.Estimates.Single(e => e.Name == "share of cart that went on"));
        Assert.Contains(finding.Tables, t => t.Id == "funnel");
        Assert.Equal("proportion", AbData.Primary(finding).Unit);
    }

    [Fact]
    public void A_composite_has_errors_by_cluster_and_components_in_spreads_of_units()
    {
        var finding = Ask.Ab(Data(), ByZone with { Oec = "0.7*buy+0.3*spend" });
        Same(Reference.GetProperty("oec"), AbData.Primary(finding));
        var row = finding.Tables.Single(t => t.Id == "oec").Rows[0];
        MethodReference.Close(Reference.GetProperty("scales")[0].GetDouble(), (double)row[3]!, Tight);
        MethodReference.Close(Reference.GetProperty("adds buy").Number("value"), (double)row[4]!, Tight);
        MethodReference.Close(Reference.GetProperty("adds buy").Number("low"), (double)row[5]!, Tight);
    }

    [Fact]
    public void Retention_is_a_share_by_cluster()
    {
        var start = new DateOnly(2026, 3, 2);
        int[] all = [.. Enumerable.Range(0, 960)];
        bool Back(int i) => i * 37 % 101 < 40 + i % 24;
        var table = Zones(all, 24).And("joined", all.Select(i => start.AddDays(i % 7))).And("seen", all.Select(i => start.AddDays(i % 7 + (Back(i) ? 9 : 2)))).And("back", all.Select(i => Back(i) ? 1.0 : 0.0));
        var retention = AbData.Primary(Ask.Ab(table, ByZone with { Time = "joined", Retention = "seen:7", AsOf = "2026-04-20" }));
        var plain = AbData.Primary(Ask.Ab(table, ByZone with { Metric = ["back"] }));
        MethodReference.Close(plain.Value, retention.Value, 1e-9);
        MethodReference.Close(plain.Low, retention.Low, 1e-9);
        Assert.Equal("proportion", retention.Unit);
    }

    [Fact]
    public void Two_parts_times_and_an_index_have_errors_by_cluster()
    {
        var parts = MethodReference.Load("interference/parts.json");
        var history = Path.Combine(Path.GetTempPath(), $"gnomon-parts-{Guid.NewGuid():N}.csv");
        try
        {
            File.WriteAllLines(history, ["visits,shares,retained,zone", .. Enumerable.Range(0, 900).Select(h => FormattableString.Invariant($"{h * 7 % 10},{h * 13 % 4},{0.1 + 0.05 * (h * 7 % 10) + 0.03 * (h * 13 % 4) + h * 29 % 31 / 100.0 + h % 18 / 200.0:R},z{h % 18}"))]);
            var finding = Ask.Ab(Parts(), ByZone with { TwoPart = ["spend"], Survival = "seen/ended:40", Surrogates = ["visits", "shares"], LongTerm = "retained", History = history });
            Same(parts.GetProperty("mean"), finding.Estimates.First(e => e is { Metric: "spend", Name: "difference" }));
            Same(parts.GetProperty("share"), finding.Estimates.Single(e => e.Name == "share with a value"));
            Same(parts.GetProperty("amount"), finding.Estimates.Single(e => e.Name == "mean among those with a value"));
            Same(parts.GetProperty("restricted"), finding.Estimates.First(e => e is { Metric: "seen until ended", Name: "difference" }));
            Same(parts.GetProperty("index"), finding.Estimates.First(e => e is { Metric: "expected retained", Name: "difference" }));
            var hazard = finding.Estimates.Single(e => e.Name == "hazard ratio");
            Assert.Equal(parts.GetProperty("cox").Number("log"), Math.Log(hazard.Value), Tight);
            var cox = parts.GetProperty("cox");
            Assert.Equal(cox.Number("log") - StudentT.UpperQuantile(0.025, parts.GetProperty("restricted").Number("degrees")) * cox.Number("corrected"), Math.Log(hazard.Low), Tight);
            Assert.Contains(finding.Limitations, l => l.Contains("The history names 18 values of zone too", StringComparison.Ordinal));
            Assert.Contains(finding.Tables, t => t.Id == "clusters" && t.Rows.Count == 3);
        }
        finally
        {
            File.Delete(history);
        }
    }

    [Fact]
    public void Below_twelve_clusters_two_parts_times_and_an_index_are_assigned_again()
    {
        var history = Path.Combine(Path.GetTempPath(), $"gnomon-parts-{Guid.NewGuid():N}.csv");
        try
        {
            File.WriteAllLines(history, ["visits,shares,retained", .. Enumerable.Range(0, 300).Select(h => FormattableString.Invariant($"{h * 7 % 10},{h * 13 % 4},{0.1 + 0.05 * (h * 7 % 10) + h * 29 % 31 / 100.0:R}"))]);
            var finding = Ask.Ab(Parts(10), ByZone with { TwoPart = ["spend"], Survival = "seen/ended:40", Surrogates = ["visits", "shares"], LongTerm = "retained", History = history });
            Assert.All(finding.Estimates.Where(e => e is { Role: "primary", Name: "difference" }), e => Assert.Contains("randomisation test over all 252 assignments of 10 clusters", e.Method, StringComparison.Ordinal));
            var index = finding.Estimates.First(e => e is { Metric: "expected retained", Name: "difference", Role: "primary" });
            var linear = finding.Estimates.First(e => e is { Metric: "expected retained", Name: "difference", Role: "sensitivity" } && e.Method.Contains("CR2", StringComparison.Ordinal));
            Assert.True(index.Low <= linear.Low && index.High >= linear.High && index.P >= linear.P, "the error of the history is not forgotten");
            Assert.Contains(finding.Limitations, l => l.Contains("The history does not name zone", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(history);
        }
    }

    [Fact]
    public void A_quantile_has_errors_by_cluster_and_few_clusters_are_refused_for_it()
    {
        var finding = Ask.Ab(Data(48), ByZone with { Quantile = ["spend:p75"] });
        var primary = AbData.Primary(finding);
        Assert.Contains("errors by zone", primary.Method, StringComparison.Ordinal);
        Assert.Contains("CR2 with Satterthwaite", primary.Method, StringComparison.Ordinal);
        var few = Ask.Ab(Data(18), ByZone with { Quantile = ["spend:p75"], Metric = ["spend"] });
        Assert.Contains(few.Tables.Single(t => t.Id == "not-compared").Rows, r => ((string)r[2]!).Contains("too few for a quantile", StringComparison.Ordinal));
    }

    [Fact]
    public void What_stays_apart_is_refused_by_name()
    {
        Assert.Contains((ByZone with { Cluster = null, Switchback = true, Time = "t", Survival = "spend/buy" }).Validate(), e => e.Message.Contains("the wait for the event runs on into blocks of the other arm", StringComparison.Ordinal));
        Assert.Contains((ByZone with { Cluster = null, Switchback = true, Time = "t", Predict = ["view"] }).Validate(), e => e.Code == "options-conflict");
        var stray = Assert.Throws<GnomonError>(() => Ask.Ab(Data(), new AbOptions { Crossover = true, Unit = "zone", Time = "view", Variant = "arm", Metric = ["spend:p75"] }));
        Assert.Contains("A quantile is not offered with --crossover", stray.Message, StringComparison.Ordinal);
        var repeated = Data().And("unit", Enumerable.Range(0, 1_440).Select(i => (long)(i / 2)));
        Assert.Equal("units-repeat", Assert.Throws<GnomonError>(() => Ask.Ab(repeated, ByZone with { Unit = "unit", Funnel = ["view", "cart"] })).Code);
        var wrong = Assert.Throws<GnomonError>(() => Ask.Ab(Data(), ByZone with { Funnel = ["view", "carts"] }));
        Assert.Equal("--funnel", wrong.Where);
    }

    private static void Same(JsonElement expected, Estimate seen)
    {
        Assert.Equal(expected.Number("value"), seen.Value, Tight);
        Assert.Equal(expected.Number("low"), seen.Low, Tight);
        Assert.Equal(expected.Number("high"), seen.High, Tight);
        Assert.Equal(expected.Number("p"), seen.P!.Value, Tight);
    }

    // The data of tests/reference/interference/metrics.R.
    private static Table Data(int zones = 24)
    {
        int[] all = [.. Enumerable.Range(0, 60 * zones)];
        int Zone(int i) => i % zones;
        int Arm(int i) => Zone(i) % 2;
        double View(int i) => i * 37 % 101 < 70 + 8 * Arm(i) ? 1 : 0;
        double Cart(int i) => View(i) * (i * 53 % 97 < 40 + 6 * Arm(i) + Zone(i) ? 1 : 0);
        double Buy(int i) => Cart(i) * (i * 29 % 83 < 45 ? 1 : 0);
        return Zones(all, zones).And("view", all.Select(View)).And("cart", all.Select(Cart)).And("buy", all.Select(Buy)).And("spend", all.Select(i => i * 31 % 89 / 10.0 + Zone(i) / 6.0 + 0.4 * Arm(i)));
    }

    // The data of tests/reference/interference/parts.R.
    private static Table Parts(int zones = 20)
    {
        int[] all = [.. Enumerable.Range(0, 1_440)];
        int Zone(int i) => (i % 24 < 20 ? i % 24 : i % 5) % zones;
        int Arm(int i) => Zone(i) % 2;
        double Any(int i) => i * 37 % 101 < 25 + 6 * Arm(i) + Zone(i) ? 1 : 0;
        double Wait(int i) => 1 + i * 41 % 60 + Zone(i) / 4.0 + 5 * Arm(i);
        int Cut(int i) => 20 + i * 17 % 50;
        return Table.With("zone", all.Select(i => (string?)$"z{Zone(i):00}")).And("arm", all.Select(i => (string?)(Arm(i) == 0 ? "A" : "B")))
            .And("spend", all.Select(i => Any(i) * (1 + i * 31 % 89 / 10.0 + Zone(i) / 6.0 + 0.4 * Arm(i)))).And("seen", all.Select(i => Math.Min(Wait(i), Cut(i)))).And("ended", all.Select(i => Wait(i) <= Cut(i) ? 1L : 0L))
            .And("visits", all.Select(i => i * 11 % 10 + Arm(i) + Zone(i) / 10.0)).And("shares", all.Select(i => (double)(i * 19 % 4)));
    }

    private static Table Zones(int[] all, int zones) => Table.With("zone", all.Select(i => (string?)$"z{i % zones:00}")).And("arm", all.Select(i => (string?)(i % zones % 2 == 0 ? "A" : "B")));
}
