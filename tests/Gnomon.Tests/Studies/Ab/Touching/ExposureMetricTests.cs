using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>Linked units: everybody against nobody decides, also for times to an event and for an outcome that is expected from early ones.</summary>
public sealed class ExposureMetricTests : IDisposable
{
    private const double Horizon = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-exposure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Everybody_against_nobody_decides_and_what_was_met_stands_beside()
    {
        var finding = Ask.Ab(Town(1, 60, 30), Options(1) with { Metric = ["y"] });
        var primary = AbData.Primary(finding);
        Assert.Contains("carried on in a straight line to all neighbours against none; p over 999 designs", primary.Method, StringComparison.Ordinal);
        Assert.InRange(0.5, primary.Low, primary.High);
        var met = finding.Estimates.Single(e => e.Method.StartsWith("as met, neighbours not carried on", StringComparison.Ordinal));
        Assert.True(met.Value > primary.Value && met.Role == "sensitivity");
        Assert.Contains(finding.Limitations, l => l.Contains("everybody in on against nobody", StringComparison.Ordinal) && l.Contains("that line staying straight", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "nonlinear-exposure").Status);

        // The arms' levels are those of a launch and of none, so that they differ by the answer.
        var arms = finding.Tables.Single(t => t.Id == "arms").Rows;
        Assert.Equal(primary.Value, Convert.ToDouble(arms[1][^1], CultureInfo.InvariantCulture) - Convert.ToDouble(arms[0][^1], CultureInfo.InvariantCulture), 1e-9);
    }

    [Fact]
    public void Links_within_clusters_alone_need_no_line()
    {
        var finding = Ask.Ab(Town(1, 60, 30, leaves: 0), Options(1) with { Metric = ["y"] });
        Assert.DoesNotContain("straight line", AbData.Primary(finding).Method, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Estimates, e => e.Method.StartsWith("as met", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Checks, c => c.Id == "nonlinear-exposure");
    }

    // Up among the treated and down among controls; a bend that is the same in both arms leaves the difference where it is.
    [Fact]
    public void An_outcome_that_bends_along_the_share_is_warned_of()
    {
        var finding = Ask.Ab(Town(4, 80, 30, leaves: 0.35, bend: 40), Options(4) with { Metric = ["y"], Surrounded = 0.6 });
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "nonlinear-exposure").Status);
        Assert.Equal(CheckStatus.Pass, AbData.Check(Ask.Ab(Town(4, 80, 30, leaves: 0.35), Options(4) with { Metric = ["y"], Surrounded = 0.6 }), "nonlinear-exposure").Status);
    }

    [Fact]
    public void Times_are_compared_by_exposure()
    {
        var finding = Ask.Ab(Town(2, 60, 30), Options(2) with { Survival = $"days/left:{Horizon}" });
        var primary = AbData.Primary(finding);
        Assert.Equal("days", primary.Unit);
        Assert.InRange(Truth, primary.Low, primary.High);
        Assert.Contains(finding.Limitations, l => l.Contains("whose neighbours shared their arm; a hazard ratio", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Estimates, e => e.Name == "hazard ratio");
        Assert.Contains(finding.Plots, p => p.Id == "survival");
        Assert.Equal("metric-not-a-number", Assert.Throws<GnomonError>(() => Ask.Ab(Town(2, 12, 10), Options(2) with { Survival = "club/left" })).Code);
    }

    [Fact]
    public void An_expected_outcome_is_compared_by_exposure_with_the_error_of_its_history()
    {
        var options = Options(3) with { Surrogates = ["visits", "shares"], LongTerm = "retained", History = Past(200, 3) };
        var finding = Ask.Ab(Town(3, 60, 30), options);
        var primary = AbData.Primary(finding);
        Assert.InRange(0.25, primary.Low, primary.High);
        Assert.Contains(finding.Limitations, l => l.Contains("Neighbours' arms, too, must reach retained through the unit's own visits, shares alone", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("of the error's square for on comes from the history", StringComparison.Ordinal));
        var sure = AbData.Primary(Ask.Ab(Town(3, 60, 30), options with { History = Past(20_000, 3) }));
        Assert.True(primary.High - primary.Low > 1.02 * (sure.High - sure.Low), $"{primary.High - primary.Low} {sure.High - sure.Low}");
    }

    // 120 towns: 0.95 within 3.3 binomial errors is above 0.884. Small towns, so that few clusters are asked for too.
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_times_and_of_expected_outcomes_cover_a_launch()
    {
        const int draws = 120;
        var (times, expected) = (0, 0);
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, d =>
        {
            var town = Town(100 + d, 30, 20);
            var options = Options(100 + d) with { Seed = d + 1 };
            var e = AbData.Primary(Ask.Ab(town, options with { Survival = $"days/left:{Horizon}" }));
            Interlocked.Add(ref times, e.Low <= Truth && Truth <= e.High ? 1 : 0);
            e = AbData.Primary(Ask.Ab(town, options with { Surrogates = ["visits", "shares"], LongTerm = "retained", History = Past(150, 100 + d) }));
            Interlocked.Add(ref expected, e.Low <= 0.25 && 0.25 <= e.High ? 1 : 0);
        });
        var text = $"times cover {times / (double)draws:0.000}, expected outcomes {expected / (double)draws:0.000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.True(Math.Min(times, expected) > 0.884 * draws, text);
    }

    // Hazards 0.08 less 0.02 for the own arm and 0.02 for all neighbours: means of exponential times cut at the horizon.
    private static double Truth => Mean(0.04) - Mean(0.08);

    private static double Mean(double hazard) => (1 - Math.Exp(-hazard * Horizon)) / hazard;

    private AbOptions Options(int seed) => new() { Unit = "user", Cluster = "club", Variant = "arm", Control = "off", Edges = Path.Combine(_folder, $"links-{seed}.csv") };

    private string Past(int units, int seed)
    {
        var rng = new Rng(seed).Stream("past");
        var path = Path.Combine(_folder, $"past-{units}-{seed}.csv");
        File.WriteAllLines(path, ["visits,shares,retained", .. Enumerable.Range(0, units).Select(_ =>
        {
            var (visits, shares) = (5 + rng.NextNormal(), rng.NextInt(4));
            return string.Create(CultureInfo.InvariantCulture, $"{visits:0.0000},{shares},{1 + 0.5 * visits + 0.3 * shares + rng.NextNormal():0.0000}");
        })]);
        return path;
    }

    // y: +2 for the own arm, -1.5 when all neighbours are treated. visits: +1 and -0.5, of which the outcome has half.
    private Table Town(int seed, int clubs, int size, double leaves = 0.12, double bend = 0)
    {
        var rng = new Rng(seed).Stream("town");
        var n = clubs * size;
        var (on, level) = (new bool[clubs], Enumerable.Range(0, clubs).Select(_ => 0.2 * rng.NextNormal()).ToArray());
        Array.Fill(on, true, 0, clubs / 2);
        rng.Shuffle<bool>(on);
        var (links, met, treated) = (new List<string> { "from,to" }, new int[n], new int[n]);
        var known = new HashSet<(int, int)>();
        for (var e = 0; e < 4 * n; e++)
        {
            var (a, b) = (e / 4, rng.NextDouble() < leaves ? rng.NextInt(n) : e / 4 / size * size + rng.NextInt(size));
            if (a == b || !known.Add((Math.Min(a, b), Math.Max(a, b))))
            {
                continue;
            }

            links.Add($"{a},{b}");
            (met[a], met[b]) = (met[a] + 1, met[b] + 1);
            (treated[a], treated[b]) = (treated[a] + (on[b / size] ? 1 : 0), treated[b] + (on[a / size] ? 1 : 0));
        }

        File.WriteAllLines(Path.Combine(_folder, $"links-{seed}.csv"), links);
        var rows = Enumerable.Range(0, n).Select(i =>
        {
            var (own, share) = (on[i / size] ? 1 : 0, treated[i] / Math.Max(1.0, met[i]));
            var (wait, watch) = (-Math.Log(1 - rng.NextDouble()) / (0.08 - 0.02 * own - 0.02 * share), 10 + 30 * rng.NextDouble());
            return (Id: (long)i, Club: $"c{i / size:00}", Arm: own == 1 ? "on" : "off", Y: 10 + level[i / size] + 2 * own - 1.5 * share + bend * Math.Pow(share - 0.5, 3) + rng.NextNormal(), Days: Math.Min(wait, watch), Left: wait <= watch ? 1L : 0L,
                Visits: 5 + level[i / size] + own - 0.5 * share + rng.NextNormal(), Shares: (long)rng.NextInt(4));
        }).ToList();
        return Table.With("user", rows.Select(r => r.Id)).And("club", rows.Select(r => (string?)r.Club)).And("arm", rows.Select(r => (string?)r.Arm)).And("y", rows.Select(r => r.Y)).And("days", rows.Select(r => r.Days))
            .And("left", rows.Select(r => r.Left)).And("visits", rows.Select(r => r.Visits)).And("shares", rows.Select(r => r.Shares));
    }
}
