using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Metrics;

/// <summary>Quantiles, parts, steps, retention, times to an event and composites, from the table to the finding.</summary>
public sealed class AbMetricTests
{
    private const int N = 3_000;

    [Fact]
    public void A_quantile_decides_guards_and_is_told_in_its_own_unit()
    {
        var finding = Ask.Ab(App(), AbData.Options() with { Quantile = ["latency:p90"], Guardrail = ["latency:p99<=+60%"], Secondary = ["latency:p50"], LowerIsBetter = ["latency:p90"] });
        var primary = AbData.Primary(finding);
        Assert.Equal(("latency p90", "latency", "90 % quantile, mid-distribution"), (primary.Metric, primary.Unit, primary.Method));
        Assert.True(primary.Low > 0);
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.Contains(finding.Estimates, e => e.Metric == "latency p99" && e.Role == "guardrail" && e.Name == "lift");
        Assert.Contains(finding.Estimates, e => e.Metric == "latency p50" && e.Role == "secondary");
        var (x, y) = (Column("B"), Column("A"));
        var (b, a) = (MidQuantile.Estimate(x, 0.9), MidQuantile.Estimate(y, 0.9));
        var error = Math.Sqrt(a.Variance + b.Variance);
        Assert.Equal(b.Mean - a.Mean, primary.Value, 1e-9);
        Assert.Equal(error, (primary.High - primary.Low) / 2 / 1.96, 2e-3 * error);
        Assert.Contains(finding.Estimates, e => e is { Metric: "latency p90", Name: "lift" } && Math.Abs(e.Value - primary.Value / a.Mean) < 1e-9);

        double[] Column(string arm) => [.. Rows().Where(r => r.Arm == arm).Select(r => r.Latency)];
    }

    [Fact]
    public void The_quantile_of_rows_has_errors_by_unit()
    {
        var rng = new Rng(5);
        var (unit, arm, latency) = (new List<long>(), new List<string?>(), new List<double>());
        for (var u = 0; u < 400; u++)
        {
            var own = 0.5 * rng.NextNormal();
            for (var r = rng.NextInt(8); r >= 0; r--)
            {
                unit.Add(u);
                arm.Add(u % 2 == 0 ? "A" : "B");
                latency.Add(Math.Exp(5 + own + 0.3 * rng.NextNormal()));
            }
        }

        var finding = Ask.Ab(Table.With("unit", unit).And("arm", arm).And("latency", latency), AbData.Options() with { Quantile = ["latency:p75"] });
        var e = AbData.Primary(finding);
        Assert.Equal("75 % quantile of rows, mid-distribution, errors by unit", e.Method);
        MeanEstimate One(string name) => MidQuantile.Estimate([.. latency.Where((_, i) => arm[i] == name)], [.. unit.Where((_, i) => arm[i] == name).Select(u => (int)u)], 400, 0.75);
        var (b, a) = (One("B"), One("A"));
        Assert.Equal(b.Mean - a.Mean, e.Value, 1e-9);
        Assert.Equal(Math.Sqrt(b.Variance + a.Variance) * 1.966, (e.High - e.Low) / 2, 0.01 * (e.High - e.Low));
    }

    [Fact]
    public void A_quantile_that_cannot_be_told_is_named_and_nothing_is_shipped()
    {
        var flat = Table.With("unit", Enumerable.Range(0, 200).Select(i => (long)i)).And("arm", Enumerable.Range(0, 200).Select(i => (string?)(i % 2 == 0 ? "A" : "B"))).And("stars", Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 4.0 : 5.0));
        var finding = Ask.Ab(flat, AbData.Options() with { Quantile = ["stars:p50"] });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.Contains("of the values equal 5, where the median lies", StringComparison.Ordinal));
        Assert.Equal("bad-quantile", Assert.Throws<GnomonError>(() => Ask.Ab(flat, AbData.Options() with { Quantile = ["stars"] })).Code);
        Assert.Equal("bad-quantile", Assert.Throws<GnomonError>(() => Ask.Ab(flat, AbData.Options() with { Quantile = ["stars:p100"] })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(flat, AbData.Options() with { Quantile = ["star:p50"] })).Code);
        Assert.Contains("--survival is not offered with --switchback", Assert.Throws<GnomonError>(() => Ask.Ab(flat, AbData.Options() with { Survival = "unit/stars", Switchback = true, Time = "unit" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_parts_stand_beside_the_mean_that_decides()
    {
        var finding = Ask.Ab(App(), AbData.Options() with { TwoPart = ["revenue"] });
        Assert.Equal("revenue", AbData.Primary(finding).Metric);
        var table = finding.Tables.Single(t => t.Id == "two-part");
        Assert.Equal(["mean of all units", "share with a value", "mean of those with a value"], table.Rows.Select(r => (string)r[2]!));
        foreach (var arm in new[] { 3, 4 })
        {
            Assert.Equal((double)table.Rows[0][arm]!, (double)table.Rows[1][arm]! * (double)table.Rows[2][arm]!, 1e-9);
        }

        Assert.Equal((double)table.Rows[0][9]!, (double)table.Rows[1][9]! + (double)table.Rows[2][9]!, 1e-9);
        Assert.Contains(finding.Estimates, e => e is { Name: "mean among those with a value", Role: "descriptive" } && e.Method.Contains("conditioned on what came after", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.StartsWith("The mean among units with a value compares", StringComparison.Ordinal));
    }

    [Fact]
    public void A_funnel_tells_where_the_arms_part()
    {
        var finding = Ask.Ab(App(), AbData.Options() with { Funnel = ["view", "cart", "stage=buy"] });
        Assert.Equal("stage=buy", AbData.Primary(finding).Metric);
        Assert.Equal(2, finding.Estimates.Count(e => e is { Role: "secondary", Name: "difference" }));
        var table = finding.Tables.Single(t => t.Id == "funnel");
        Assert.Equal(3, table.Rows.Count);
        Assert.Contains(finding.Limitations, l => l.StartsWith("B and A part from view to cart: ", StringComparison.Ordinal));

        // Nobody buys in the data without a cart; those that the file shows buying without a view are not counted as having gone through.
        var rows = Rows();
        var through = rows.Count(r => r is { Arm: "B", View: 1, Cart: 1, Stage: "buy" });
        Assert.Equal((double)through / rows.Count(r => r.Arm == "B"), (double)finding.Tables.Single(t => t.Id == "arms").Rows[1][4]!, 1e-12);
        Assert.Equal("bad-funnel", Assert.Throws<GnomonError>(() => Ask.Ab(App(), AbData.Options() with { Funnel = ["view"] })).Code);
        Assert.Equal("units-repeat", Assert.Throws<GnomonError>(() => Ask.Ab(App(repeat: 2), AbData.Options() with { Funnel = ["view", "cart"] })).Code);
    }

    [Fact]
    public void Retention_counts_units_that_are_old_enough()
    {
        var options = AbData.Options() with { Time = "day", Retention = "seen:1,14" };
        var finding = Ask.Ab(App(), options);
        var rows = Rows();
        var end = rows.Max(r => r.Seen > r.Day ? r.Seen : r.Day);
        foreach (var day in new[] { 1, 14 })
        {
            double Share(string arm) => rows.Where(r => r.Arm == arm && end.DayNumber - r.Day.DayNumber >= day).Average(r => r.Seen.DayNumber - r.Day.DayNumber >= day ? 1.0 : 0.0);
            var e = finding.Estimates.Single(e => e.Metric == $"day-{day} retention" && e.Name == "difference" && e.Role == "primary");
            Assert.Equal(Share("B") - Share("A"), e.Value, 1e-12);
            Assert.Equal("proportion", e.Unit);
        }

        // Taken while units still came in, fewer of them are old enough.
        Assert.Contains(Ask.Ab(App(), options with { AsOf = "2026-01-25" }).Limitations, l => l.Contains("do not count in day-14 retention", StringComparison.Ordinal));
        Assert.Equal("bad-retention", Assert.Throws<GnomonError>(() => Ask.Ab(App(), options with { Retention = "seen" })).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Ab(App(), options with { Time = null })).Code);
    }

    [Fact]
    public void Times_to_an_event_are_decided_by_the_mean_time_and_show_hazards_beside()
    {
        var finding = Ask.Ab(App(), AbData.Options() with { Survival = "watched/left:20" });
        var e = AbData.Primary(finding);
        Assert.Equal(("watched until left", "watched", "mean time without the event up to 20, from the curves"), (e.Metric, e.Unit, e.Method));
        Assert.True(e.Low > 0);
        Assert.InRange(finding.Estimates.Single(x => x.Name == "hazard ratio").Value, 0.4, 0.85);
        Assert.Contains(finding.Plots, p => p.Id == "survival");
        Assert.Contains(finding.Checks, c => c.Id == "non-proportional-hazards");
        var same = Ask.Compare(App(), new Gnomon.Studies.Compare.CompareOptions { Metric = "watched", By = "arm", Event = "left", Horizon = 20, Control = "A" });
        Assert.Equal(same.Estimates.First(x => x.Name.Contains("difference", StringComparison.Ordinal)).Value, e.Value, 1e-9);
        Assert.Equal("bad-survival", Assert.Throws<GnomonError>(() => Ask.Ab(App(), AbData.Options() with { Survival = "watched" })).Code);
    }

    [Fact]
    public void A_composite_decides_and_shows_what_it_is_made_of()
    {
        var finding = Ask.Ab(App(), AbData.Options() with { Oec = "0.7*view + 0.3*revenue - 0.1*latency" });
        var e = AbData.Primary(finding);
        Assert.Equal("OEC", e.Metric);
        var parts = finding.Tables.Single(t => t.Id == "oec").Rows;
        Assert.Equal(e.Value, parts.Sum(r => (double)r[4]!), 1e-9);
        Assert.DoesNotContain(finding.Estimates, x => x is { Metric: "OEC", Name: "lift" });
        var raw = Ask.Ab(App(), AbData.Options() with { Oec = "raw: 2*view+1*revenue" });
        Assert.Equal(1.0, parts.Count == 3 ? (double)raw.Tables.Single(t => t.Id == "oec").Rows[0][3]! : 0);
        Assert.Equal("bad-oec", Assert.Throws<GnomonError>(() => Ask.Ab(App(), AbData.Options() with { Oec = "view+revenue" })).Code);
        Assert.Equal("bad-oec", Assert.Throws<GnomonError>(() => Ask.Ab(App(), AbData.Options() with { Oec = "0.5*view+0.5*stage" })).Code);
    }

    [Fact]
    public void Max_t_corrects_less_than_Holm_where_metrics_move_together()
    {
        var options = AbData.Options("stage=buy", "view", "revenue") with { Family = "maxt" };
        var finding = Ask.Ab(App(), options);
        var table = finding.Tables.Single(t => t.Id == "family");
        Assert.All(table.Rows, r => Assert.True((double)r[4]! <= (double)r[3]! + 1e-12 && (double)r[4]! >= (double)r[2]!));
        Assert.Contains(table.Rows, r => (double)r[4]! < (double)r[3]!);
        Assert.Contains(finding.Limitations, l => l.Contains("Hotelling's T2", StringComparison.Ordinal));
        foreach (var e in finding.Estimates.Where(e => e is { Name: "difference", Role: "primary" }))
        {
            // Wider than alone, and no wider than for three independent comparisons.
            var row = table.Rows.Single(r => (string)r[0]! == e.Metric);
            Assert.InRange((double)row[7]! - (double)row[6]!, e.High - e.Low, 1.23 * (e.High - e.Low));
        }

        Assert.Contains("max-T", AbData.Check(finding, "multiple-comparisons").Evidence, StringComparison.Ordinal);
        Assert.Equal("option-out-of-range", Assert.Throws<GnomonError>(() => Ask.Ab(App(), options with { Family = "sidak" })).Code);
        Assert.Equal("not-supported", Assert.Throws<GnomonError>(() => Ask.Ab(App(), options with { Quantile = ["latency:p90"] })).Code);
    }

    private static Table App(int repeat = 1)
    {
        var rows = Rows().SelectMany(r => Enumerable.Repeat(r, repeat)).ToList();
        return Table.With("unit", rows.Select(r => (long)r.Unit)).And("arm", rows.Select(r => (string?)r.Arm)).And("view", rows.Select(r => (long)r.View)).And("cart", rows.Select(r => (long)r.Cart)).And("stage", rows.Select(r => (string?)r.Stage))
            .And("revenue", rows.Select(r => r.Revenue)).And("latency", rows.Select(r => r.Latency)).And("day", rows.Select(r => r.Day)).And("seen", rows.Select(r => r.Seen)).And("watched", rows.Select(r => r.Watched)).And("left", rows.Select(r => (string?)(r.Left ? "yes" : "no")));
    }

    // B puts more into the cart, is slower and leaves later.
    private static List<Row> Rows()
    {
        var rng = new Rng(31);
        var start = new DateOnly(2026, 1, 5);
        return [.. Enumerable.Range(0, N).Select(i =>
        {
            var b = rng.NextInt(2);
            var view = rng.NextDouble() < 0.6 ? 1 : 0;
            var cart = view == 1 && rng.NextDouble() < 0.35 + 0.15 * b ? 1 : 0;
            var buys = cart == 1 ? rng.NextDouble() < 0.5 : rng.NextDouble() < 0.02;
            var day = start.AddDays(i % 28);
            var (time, watch) = (rng.NextExponential() * (b == 1 ? 30 : 18), 10 + 20 * rng.NextDouble());
            return new Row(
                i, b == 1 ? "B" : "A", view, cart, buys ? "buy" : "browse", buys ? Math.Exp(3 + 0.5 * rng.NextNormal()) : 0, Math.Exp(5 + 0.5 * rng.NextNormal()) * (1 + 0.3 * b), day,
                day.AddDays((int)(8 * rng.NextExponential())), Math.Min(time, watch), time <= watch);
        })];
    }

    private sealed record Row(int Unit, string Arm, int View, int Cart, string Stage, double Revenue, double Latency, DateOnly Day, DateOnly Seen, double Watched, bool Left);
}
