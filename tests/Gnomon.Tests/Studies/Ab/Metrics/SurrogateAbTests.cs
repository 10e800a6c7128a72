using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Metrics;

/// <summary><c>ab --surrogates --history --long-term</c>, from two sources to the finding.</summary>
public sealed class SurrogateAbTests : IDisposable
{
    private readonly string _history = Path.Combine(Path.GetTempPath(), $"gnomon-history-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_history);

    [Fact]
    public void The_expected_outcome_decides_and_says_what_it_rests_on()
    {
        Write(2_000, gap: true);
        var finding = Ask.Ab(Experiment(1), Options());
        var e = AbData.Primary(finding);
        Assert.Equal(("expected retained", "proportion"), (e.Metric, e.Unit));
        Assert.True(e.Low > 0);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains(finding.Estimates, x => x is { Name: "lift", Metric: "expected retained" });
        Assert.Equal(["visits", "shares"], finding.Tables.Single(t => t.Id == "surrogates").Rows.Select(r => (string)r[0]!));
        Assert.Contains(finding.Limitations, l => l.Contains("retained was not measured here", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("1 row of the history with a gap is left out", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "out-of-support-prediction").Status);
    }

    [Fact]
    public void Units_unlike_the_history_are_called()
    {
        Write(2_000);
        Assert.Equal(CheckStatus.Warn, AbData.Check(Ask.Ab(Experiment(3), Options()), "out-of-support-prediction").Status);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal("file-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), Options())).Code);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), Options() with { LongTerm = null })).Code);
        Write(5);
        Assert.Equal("not-estimable", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), Options())).Code);
        Write(100);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), Options() with { LongTerm = "retaind" })).Code);
        File.AppendAllText(_history, "3,many,1\n");
        Assert.Equal("bad-number", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), Options())).Code);
    }

    [Fact]
    public void A_history_of_any_format_gives_the_same_answer()
    {
        Write(2_000);
        var csv = Ask.Ab(Experiment(1), Options());
        var lines = File.ReadAllLines(_history).Skip(1).Select(l => l.Replace("\"", string.Empty, StringComparison.Ordinal).Split(',')).Select(c => $"{{\"visits\": {c[0]}, \"shares\": {c[1]}, \"retained\": {(c[2] == "1" ? "true" : "false")}}}");
        var json = Path.ChangeExtension(_history, ".jsonl");
        var parquet = Path.ChangeExtension(_history, ".parquet");
        try
        {
            File.WriteAllLines(json, lines);
            using (var session = new EngineSession(new SourceOptions()))
            {
                session.Execute($"COPY (SELECT * FROM read_csv('{_history}')) TO '{parquet}' (FORMAT parquet)", CancellationToken.None);
            }

            foreach (var path in new[] { json, parquet })
            {
                var finding = Ask.Ab(Experiment(1), Options() with { History = path });
                Assert.Equal(AbData.Primary(csv).Low, AbData.Primary(finding).Low, 1e-12);
                Assert.Contains(finding.Provenance.Data, d => d.Source.EndsWith(Path.GetFileName(path), StringComparison.Ordinal) && d.Rows == 2_000);
            }
        }
        finally
        {
            File.Delete(json);
            File.Delete(parquet);
        }
    }

    [Fact]
    public void Past_tests_of_the_history_show_whether_the_index_carries_the_outcome()
    {
        Write(2_000);
        var unknown = AbData.Check(Ask.Ab(Experiment(1), Options()), "unvalidated-surrogate");
        Assert.Equal((CheckStatus.Warn, "0 past experiments are known that measured both expected retained and retained; 10 are needed"), (unknown.Status, unknown.Evidence));
        Past(carried: true);
        var options = Options() with { HistoryTests = ["test", "arm"] };
        Assert.Equal(CheckStatus.Pass, AbData.Check(Ask.Ab(Experiment(1), options), "unvalidated-surrogate").Status);
        Past(carried: false);
        Assert.Equal(CheckStatus.Warn, AbData.Check(Ask.Ab(Experiment(1), options), "unvalidated-surrogate").Status);
        Assert.Equal("bad-columns", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), options with { HistoryTests = ["test"] })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(Experiment(1), options with { HistoryTests = ["test", "side"] })).Code);
    }

    // The history's regions differ, and whole regions were assigned: by unit every past test looks sure, by region it does not.
    [Fact]
    public void Past_tests_are_judged_by_the_clusters_of_the_history()
    {
        var rng = new Rng(21);
        var lines = new List<string> { "test,arm,region,visits,shares,retained" };
        for (var t = 0; t < 14; t++)
        {
            for (var g = 0; g < 60; g++)
            {
                var level = rng.NextNormal();
                for (var u = 0; u < 10; u++)
                {
                    var (own, shares) = (rng.NextNormal(), rng.NextInt(4));
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"test {t},{(g % 2 == 1 ? "new" : "control")},r{t}-{g},{5 + 0.5 * level + own:0.000},{shares},{0.3 + 0.3 * level + 0.05 * own + 0.2 * rng.NextNormal():0.000}"));
                }
            }
        }

        File.WriteAllLines(_history, lines);
        var experiment = Experiment(1);
        experiment = experiment.And("region", Enumerable.Range(0, experiment.Rows).Select(i => (string?)$"r{i % 20}-{((TextColumn)experiment.Columns.First(c => c.Name == "arm")).Cell(i)}"));
        var options = Options() with { HistoryTests = ["test", "arm"], Unit = null };
        var byUnit = AbData.Check(Ask.Ab(experiment, options), "unvalidated-surrogate");
        var finding = Ask.Ab(experiment, options with { Cluster = "region" });
        var byRegion = AbData.Check(finding, "unvalidated-surrogate");
        Assert.True(byRegion.Statistic < byUnit.Statistic - 0.2, $"{byUnit.Evidence}; {byRegion.Evidence}");
        Assert.Equal(CheckStatus.Warn, byRegion.Status);
        Assert.Contains(finding.Limitations, l => l.Contains("errors of what it teaches and of its past tests are by region as well", StringComparison.Ordinal));

        // A past test of one region an arm tells nothing.
        File.AppendAllLines(_history, ["lonely,new,x1,5,1,0.5", "lonely,new,x1,4,1,0.5", "lonely,control,x2,5,1,0.5", "lonely,control,x2,4,1,0.4"]);
        Assert.Contains(Ask.Ab(experiment, options with { Cluster = "region" }).Limitations, l => l.Contains("1 past test without two arms of two clusters is left out", StringComparison.Ordinal));
    }

    // Fourteen past tests that moved visits; retention followed the visits in all of them, or went its own way.
    private void Past(bool carried)
    {
        var rng = new Rng(12);
        var lines = new List<string> { "test,arm,visits,shares,retained" };
        for (var t = 0; t < 14; t++)
        {
            var (moved, own) = ((t % 2 == 0 ? 1.5 : -1.5) * (0.5 + rng.NextDouble()), (t % 4 < 2 ? 0.12 : -0.12) * (0.5 + rng.NextDouble()));
            for (var u = 0; u < 1_000; u++)
            {
                var (on, shares) = (u % 2, rng.NextInt(4));
                var visits = 5 + rng.NextInt(5) + on * moved;
                var chance = 0.1 + 0.05 * (carried ? visits : visits - on * moved) + (carried ? 0 : on * own);
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"test {t},{(on == 1 ? "new" : "control")},{visits:0.000},{shares},{(rng.NextDouble() < chance ? 1 : 0)}"));
            }
        }

        File.WriteAllLines(_history, lines);
    }

    private AbOptions Options() => AbData.Options() with { Surrogates = ["visits", "shares"], History = _history, LongTerm = "retained" };

    private void Write(int units, bool gap = false)
    {
        var rng = new Rng(4);
        var lines = Enumerable.Range(0, units).Select(_ => (Visits: rng.NextInt(10), Shares: rng.NextInt(4)))
            .Select(u => string.Create(CultureInfo.InvariantCulture, $"{u.Visits},\"{u.Shares}\",{(rng.NextDouble() < 0.1 + 0.06 * u.Visits + 0.05 * u.Shares ? 1 : 0)}"));
        File.WriteAllLines(_history, ["visits,shares,retained", .. lines, .. gap ? new[] { "3,,1" } : []]);
    }

    private static Table Experiment(int scale)
    {
        var rng = new Rng(9);
        var arm = Enumerable.Range(0, 2_000).Select(_ => rng.NextInt(2)).ToArray();
        return Table.With("unit", arm.Select((_, i) => (long)i)).And("arm", arm.Select(a => (string?)(a == 1 ? "B" : "A")))
            .And("visits", arm.Select(a => (double)Math.Min(9, rng.NextInt(9) + a) * scale)).And("shares", arm.Select(_ => (double)rng.NextInt(4)));
    }
}
