using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Units that come on several days give evidence of each of them.</summary>
public sealed class RepeatedDaysTests
{
    private static readonly DateOnly First = new(2026, 3, 2);
    private static readonly AbOptions Options = new() { Unit = "unit", Variant = "arm", Metric = ["y"], Time = "day", Split = "50/50" };

    [Fact]
    public void Three_whole_weeks_are_three_whole_weeks_and_a_fading_effect_is_seen()
    {
        var finding = Ask.Ab(Panel(1, 600, 21, d => Math.Exp(-d / 5.0)), Options);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "partial-week-cycle").Status);
        Assert.Contains("3 whole weeks", AbData.Check(finding, "partial-week-cycle").Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "novelty-effect").Status);
        Assert.Contains("of exposure", AbData.Check(finding, "novelty-effect").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Plots, p => p.Id == "daily");
        Assert.Contains(finding.Plots, p => p.Id == "exposure");

        var constant = Ask.Ab(Panel(1, 600, 21, _ => 0.3), Options);
        Assert.Equal(CheckStatus.Pass, AbData.Check(constant, "novelty-effect").Status);
        Assert.Equal(CheckStatus.Pass, AbData.Check(constant, "partial-week-cycle").Status);
        Assert.Equal(CheckStatus.Warn, AbData.Check(Ask.Ab(Panel(1, 600, 5, _ => 0.3), Options), "partial-week-cycle").Status);
        Assert.Equal(Settled(constant), Settled(Ask.Ab(Panel(1, 600, 21, _ => 0.3), Options with { Threads = 1 })));
    }

    // Every unit on every day, one row each: the trend is that of the moments of complete units, by the method that is checked against its reference.
    [Fact]
    public void The_trend_is_that_of_complete_units()
    {
        var finding = Ask.Ab(Panel(4, 200, 14, d => 0.4 - 0.02 * d), Options);
        var check = AbData.Check(finding, "novelty-effect");
        var (control, treatment) = Complete(Panel(4, 200, 14, d => 0.4 - 0.02 * d), 14);
        var expected = Novelty.Slope([.. Enumerable.Range(1, 14).Select(d => (double)d)], treatment, control, 28);
        Assert.Equal(expected.Slope.Statistic, check.Statistic!.Value, 1e-6);
        Assert.Equal(expected.Slope.PValue, check.P!.Value, 1e-6);
    }

    // Units that come on some days, on some of them twice: statsmodels, rows on days clustered by unit (tests/reference/experiments/make-panel.py); 1e-8.
    [Fact]
    public void The_trend_of_units_that_come_and_go_agrees_with_statsmodels()
    {
        var e = MethodReference.Load("experiments/panel.json");
        var (unit, day, y) = (e.Numbers("unit"), e.Numbers("day"), e.Numbers("y"));
        var finding = Ask.Ab(Of([.. unit.Select((u, i) => ((int)u, (int)day[i], y[i]))]), Options);
        var check = AbData.Check(finding, "novelty-effect");
        MethodReference.Close(e.Number("statistic"), check.Statistic!.Value, 1e-8);
        MethodReference.Close(e.Number("p"), check.P!.Value, 1e-7);
        var drawn = finding.Plots.Single(p => p.Id == "exposure").VegaLite["data"]!["values"]!.AsArray();
        var reach = Gnomon.Numerics.Distributions.Normal.UpperQuantile(0.025);
        foreach (var (difference, i) in e.Numbers("difference").Select((d, i) => (d, i)))
        {
            MethodReference.Close(difference, drawn[i]!["value"]!.GetValue<double>(), 1e-8);
            MethodReference.Close(difference + (reach * e.Numbers("error")[i]), drawn[i]!["high"]!.GetValue<double>(), 1e-8);
        }
    }

    // Units that arrive over two weeks and come on some days only: days count from the first visit, so an effect that fades with use is told from the calendar.
    [Fact]
    public void Exposure_counts_from_the_first_visit()
    {
        var finding = Ask.Ab(Visits(2, 3_000, 28, age => Math.Exp(-age / 4.0)), Options);
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "novelty-effect").Status);
        Assert.Contains(finding.Limitations, l => l.StartsWith("Units repeat:", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Pass, AbData.Check(Ask.Ab(Visits(2, 3_000, 28, _ => 0.3), Options), "novelty-effect").Status);
    }

    // Several rows of one day are no several days: nothing changes for them.
    [Fact]
    public void Rows_of_one_day_are_read_by_the_day_of_the_unit()
    {
        var rng = new Rng(3);
        var rows = (from u in Enumerable.Range(0, 2_800) from k in Enumerable.Range(0, 2) select u).ToList();
        var table = Table.With("unit", rows.Select(u => (long)u)).And("arm", rows.Select(u => (string?)(u % 2 == 0 ? "A" : "B"))).And("day", rows.Select(u => First.AddDays(u / 2 % 14))).And("y", rows.Select(u => rng.NextNormal() + u % 5));
        var finding = Ask.Ab(table, Options);
        Assert.Contains("2 whole weeks", AbData.Check(finding, "partial-week-cycle").Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Plots, p => p.Id == "exposure");
        Assert.DoesNotContain("of exposure", AbData.Check(finding, "novelty-effect").Evidence, StringComparison.Ordinal);
    }

    // The errors are those of units: a constant effect raises the alarm in at most the promised share of panels, a fading one is seen.
    [Fact]
    [Trait("speed", "slow")]
    public void Clean_panels_are_quiet_and_fading_ones_are_not()
    {
        const int draws = 40;
        var (clean, fading) = (0, 0);
        foreach (var seed in Enumerable.Range(1, draws))
        {
            clean += Warns(Panel(seed, 150, 14, _ => 0.3)) + Warns(Visits(seed, 400, 21, _ => 0.3));
            fading += Warns(Panel(seed, 300, 21, d => Math.Exp(-d / 4.0)));
        }

        TestContext.Current.SendDiagnosticMessage($"alarms: {clean} of {2 * draws} constant, {fading} of {draws} fading");
        Assert.True(clean <= 0.01 * 2 * draws + 3, $"{clean} of {2 * draws}");
        Assert.True(fading >= 0.95 * draws, $"{fading} of {draws}");

        static int Warns(Table table) => AbData.Check(Ask.Ab(table, Options), "novelty-effect").Status == CheckStatus.Warn ? 1 : 0;
    }

    // Every unit on every day, with a level of its own.
    private static Table Panel(int seed, int units, int days, Func<int, double> effect)
    {
        var rng = new Rng(seed).Stream("panel");
        double[] level = [.. Enumerable.Range(0, units).Select(_ => rng.NextNormal())];
        var rows = (from u in Enumerable.Range(0, units) from d in Enumerable.Range(0, days) select (u, d)).ToList();
        return Of([.. rows.Select(r => (r.u, r.d, level[r.u] + rng.NextNormal() + (r.u % 2 == 1 ? effect(r.d) : 0)))]);
    }

    // Units come in the first half, then on every third day or so.
    private static Table Visits(int seed, int units, int days, Func<int, double> effect)
    {
        var rng = new Rng(seed).Stream("visits");
        var rows = new List<(int, int, double)>();
        for (var u = 0; u < units; u++)
        {
            var (level, begun) = (rng.NextNormal(), rng.NextInt(days / 2));
            for (var d = begun; d < days; d++)
            {
                if (d == begun || rng.NextDouble() < 0.35)
                {
                    rows.Add((u, d, level + rng.NextNormal() + (u % 2 == 1 ? effect(d - begun) : 0)));
                }
            }
        }

        return Of(rows);
    }

    private static Table Of(IReadOnlyList<(int Unit, int Day, double Y)> rows) => Table.With("unit", rows.Select(r => (long)r.Unit)).And("arm", rows.Select(r => (string?)(r.Unit % 2 == 1 ? "B" : "A")))
        .And("day", rows.Select(r => First.AddDays(r.Day))).And("y", rows.Select(r => r.Y));

    private static (CoMoments Control, CoMoments Treatment) Complete(Table table, int days)
    {
        var y = ((DoubleColumn)table.Columns.Single(c => c.Name == "y")).Values.ToArray();
        CoMomentsAccumulator[] arms = [new(new double[days]), new(new double[days])];
        for (var u = 0; u < y.Length / days; u++)
        {
            arms[u % 2].Add(y.AsSpan(u * days, days));
        }

        return (arms[0].ToCoMoments(), arms[1].ToCoMoments());
    }

    private static string Settled(Finding finding) => Gnomon.Render.Json.FindingJson.Write(finding with { Provenance = finding.Provenance with { StartedAt = DateTimeOffset.UnixEpoch, Seconds = 0 } });
}
