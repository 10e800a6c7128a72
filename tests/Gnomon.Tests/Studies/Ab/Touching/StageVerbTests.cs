using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary><c>ab --crossover</c>, <c>--saturation</c>, <c>--replay</c> and <c>design --kind geo</c>, from the data to the decision.</summary>
public sealed class StageVerbTests
{
    private static readonly AbOptions ByUnit = new() { Crossover = true, Unit = "unit", Time = "period", Variant = "arm", Control = "A", Metric = ["y"] };
    private static readonly AbOptions ByShare = new() { Saturation = "share", Cluster = "village", Variant = "arm", Control = "no", Metric = ["y"] };

    [Fact]
    public void Units_of_a_crossover_are_their_own_controls()
    {
        var (table, ab, ba) = Crossed(30, 0.8, 1);
        var finding = Ask.Ab(table, ByUnit);
        var expected = Crossover.Compare(ab, ba);
        var primary = AbData.Primary(finding);
        Close.Relative(expected.Effect.Value, primary.Value, 1e-9);
        Close.Relative(expected.Effect.PValue, primary.P!.Value, 1e-7);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Close.Relative(expected.CarryOver.Value, finding.Estimates.Single(e => e.Name == "carry-over").Value, 1e-9);
        Assert.Contains(finding.Limitations, l => l.Contains("does not choose the answer", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("1 unit set aside", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "sample-ratio-mismatch").Status);
        Close.Relative(primary.Value, AbData.Primary(Ask.Ab(table, ByUnit with { Time = "day", Start = "2026-05-08" })).Value, 1e-12);
        Assert.Equal("crossover-periods", Assert.Throws<GnomonError>(() => Ask.Ab(table, ByUnit with { Time = "day" })).Code);
        Assert.Contains((ByUnit with { Unit = null }).Validate(), e => e.Code == "option-missing");
    }

    [Fact]
    public void Saturations_tell_the_treated_from_those_beside_them()
    {
        var table = Villages(3);
        var finding = Ask.Ab(table, ByShare);
        var direct = finding.Estimates.Single(e => e is { Name: "direct effect", Role: "primary" });
        var spill = finding.Estimates.Single(e => e is { Name: "spill-over", Role: "primary" });
        var total = finding.Estimates.Single(e => e is { Name: "total effect", Role: "primary" });
        Assert.InRange(0.5, direct.Low, direct.High);
        Assert.InRange(0.8, spill.Low, spill.High);
        Assert.InRange(1.3, total.Low, total.High);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "interference").Status);
        Assert.Contains("allows for it", AbData.Check(finding, "interference").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Next, n => n.Contains("understate", StringComparison.Ordinal));
        Assert.Equal("bad-saturation", Assert.Throws<GnomonError>(() => Ask.Ab(table, ByShare with { Saturation = "y" })).Code);
        Assert.Equal("too-few-clusters", Assert.Throws<GnomonError>(() => Ask.Ab(table, ByShare with { Where = "share = 0.4" })).Code);
        Assert.Contains((ByShare with { Cluster = null }).Validate(), e => e.Message.Contains("--cluster", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_is_replayed_on_the_open_bandit_log()
    {
        var e = ReferenceFile.Open("bandits", "replay.json").GetProperty("open_bandit");
        var options = new AbOptions { Data = Gnomon.Tests.Methods.MethodReference.DataFile("experiments/open_bandit/random_men.csv.gz"), Variant = "item_id", Metric = ["click"], Time = "timestamp", Propensity = "propensity_score", Replay = "ucb" };
        var finding = Ask.Ab(options);
        var value = AbData.Primary(finding, "value of the rule");
        Assert.Equal(e.Number("value"), value.Value, 1e-12);
        Assert.True(value.High >= e.Number("high") - 1e-12 && value.Low <= e.Number("low"));
        Assert.Equal(e.Number("kept"), value.N);
        Assert.Equal(e.Number("difference"), AbData.Primary(finding).Value, 1e-12);
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Equal("log-not-even", Assert.Throws<GnomonError>(() => Ask.Ab(options with { Data = Gnomon.Tests.Methods.MethodReference.DataFile("experiments/open_bandit/bts_men.csv.gz") })).Code);
    }

    [Fact]
    public void A_rule_that_sees_the_context_beats_one_that_does_not()
    {
        var rng = new Rng(6);
        const int n = 9_000;
        var device = Enumerable.Range(0, n).Select(_ => rng.NextInt(2) == 0 ? "phone" : "desk").ToArray();
        var arm = Enumerable.Range(0, n).Select(_ => rng.NextInt(3)).ToArray();
        var click = Enumerable.Range(0, n).Select(i => rng.NextDouble() < (device[i] == "phone" ? new[] { 0.5, 0.1, 0.2 } : [0.1, 0.5, 0.2])[arm[i]] ? 1L : 0L).ToArray();
        var table = Table.With("device", device.Select(d => (string?)d)).And("arm", arm.Select(a => (string?)$"a{a}")).And("click", click).And("spend", click.Select((c, i) => c * (1 + i % 3.0)));
        var options = new AbOptions { Variant = "arm", Metric = ["click"], Replay = "linear:device" };
        var linear = Ask.Ab(table, options);
        Assert.Equal(DecisionAction.Answer, linear.Decision.Action);
        Assert.InRange(AbData.Primary(linear, "value of the rule").Value, 0.42, 0.52);
        Assert.InRange(AbData.Primary(Ask.Ab(table, options with { Replay = "thompson" }), "value of the rule").Value, 0.26, 0.34);
        Assert.InRange(AbData.Primary(Ask.Ab(table, options with { Replay = "linear-thompson:device" }), "value of the rule").Value, 0.38, 0.52);
        Assert.Equal("not-binary", Assert.Throws<GnomonError>(() => Ask.Ab(table, options with { Replay = "ucb", Metric = ["spend"] })).Code);
        Assert.Equal(DecisionAction.Answer, Ask.Ab(table, options with { Metric = ["spend"] }).Decision.Action);
        Assert.Contains((options with { Replay = "greedy" }).Validate(), e => e.Code == "bad-rule");
        Assert.Contains((options with { Policy = "even" }).Validate(), e => e.Code == "options-conflict");
    }

    [Fact]
    public void Regions_are_planned_on_their_history()
    {
        var rng = new Rng(8);
        var rows = Enumerable.Range(0, 16).SelectMany(r => rng.NextNormal() is var level ? Enumerable.Range(0, 84).Select(d => (r, d, y: 100 + 20 * level + 5 * Math.Sin(d / 3.5) + 4 * rng.NextNormal())).ToList() : []).ToList();
        var table = Table.With("region", rows.Select(x => (string?)$"r{x.r:00}")).And("day", rows.Select(x => (string?)new DateTime(2026, 1, 5).AddDays(x.d).ToString("yyyy-MM-dd"))).And("sales", rows.Select(x => x.y));
        var path = Path.Combine(Path.GetTempPath(), $"regions-{Guid.NewGuid():N}.csv");
        var options = new DesignOptions { Kind = "geo", Cluster = ["region"], Time = "day", Metric = "sales", Mde = "4%", Regions = path, Runs = 100 };
        try
        {
            var finding = Ask.Design(table, options);
            Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
            Assert.Contains("finds a change of 4 %", finding.Decision.Summary, StringComparison.Ordinal);
            var lines = File.ReadAllLines(path);
            Assert.Equal("region,arm,pair", lines[0]);
            Assert.Equal((16, 8), (lines.Length - 1, lines.Count(l => l.Contains(",treated,", StringComparison.Ordinal))));
            Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Design(table, options)).Code);
            Assert.Contains("No length", Ask.Design(table, options with { Mde = "0.01%", Regions = null }).Decision.Summary, StringComparison.Ordinal);
            Assert.Equal("option-out-of-range", Assert.Throws<GnomonError>(() => Ask.Design(table, options with { Treated = 16, Regions = null })).Code);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains(new DesignOptions { Kind = "geo" }.Validate(), e => e.Message.Contains("--cluster", StringComparison.Ordinal));
        Assert.Contains(new DesignOptions { Baseline = 0.1, Mde = "5%", Treated = 3 }.Validate(), e => e.Message.Contains("--kind geo", StringComparison.Ordinal));
    }

    [Fact]
    public void A_market_tells_the_pair_from_those_beside_it()
    {
        var rng = new Rng(14);
        var rows = (from i in Enumerable.Range(0, 40) from j in Enumerable.Range(0, 30) select (Buyer: $"b{i:00}", Seller: $"s{j:00}", W: i % 2 == 1 ? "on" : "off", V: j % 2 == 1 ? "on" : "off", Y: 5 + rng.NextNormal() + (i % 2 == 1 ? -0.8 : 0) + (i % 2 == 1 && j % 2 == 1 ? 2 : 0))).ToList();

        // Pairs without a row count as 0.
        var dropped = rows.Where((_, n) => n % 400 != 7).ToList();
        var table = Table.With("buyer", dropped.Select(r => (string?)r.Buyer)).And("w", dropped.Select(r => (string?)r.W)).And("seller", dropped.Select(r => (string?)r.Seller)).And("v", dropped.Select(r => (string?)r.V)).And("spend", dropped.Select(r => r.Y));
        var options = new AbOptions { Buyers = "buyer:w", Sellers = "seller:v", Metric = ["spend"], Control = "off" };
        var finding = Ask.Ab(table, options);
        double[] y = [.. rows.Select((r, n) => n % 400 != 7 ? r.Y : 0)];
        var expected = TwoSided.Estimate(y, [.. Enumerable.Range(0, 40).Select(i => i % 2 == 1)], [.. Enumerable.Range(0, 30).Select(j => j % 2 == 1)]);
        Close.Relative(expected.Total.Value, AbData.Primary(finding, "total effect").Value, 1e-9);
        Close.Relative(expected.Direct.High, finding.Estimates.Single(e => e.Name == "direct effect").High, 1e-9);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains("cannibalisation", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("1,197 of them have rows", StringComparison.Ordinal));
        Assert.Contains((options with { Sellers = null }).Validate(), e => e.Message.Contains("--sellers", StringComparison.Ordinal));
        Assert.Equal("arm-changes", Assert.Throws<GnomonError>(() => Ask.Ab(table, options with { Buyers = "buyer:v" })).Code);
    }

    [Fact]
    public void Switchbacks_and_crossovers_are_planned()
    {
        var rng = new Rng(9);
        var rows = Enumerable.Range(0, 4).SelectMany(z =>
        {
            var state = 0.0;
            return Enumerable.Range(0, 24 * 21).Select(h => (Zone: $"z{z}", Hour: new DateTime(2026, 1, 5).AddHours(h).ToString("yyyy-MM-dd HH:mm"), Y: 50 + (state = 0.7 * state + rng.NextNormal()))).ToList();
        }).ToList();
        var table = Table.With("zone", rows.Select(r => (string?)r.Zone)).And("hour", rows.Select(r => (string?)r.Hour)).And("rides", rows.Select(r => r.Y));
        var options = new DesignOptions { Kind = "switchback", Cluster = ["zone"], Time = "hour", Metric = "rides", BurnIn = "1h", Runs = 100, Days = 7 };
        var finding = Ask.Design(table, options);
        Assert.Contains("see the smallest change", finding.Decision.Summary, StringComparison.Ordinal);
        var blocks = finding.Tables.Single(t => t.Id == "blocks");
        Assert.Equal("2 hours", blocks.Rows[0][0]);
        Assert.All(blocks.Rows, r => Assert.InRange((double)r[5]!, 0, 0.15));

        // A burn-in of an hour leaves about half of two-hour blocks but for runs of one arm, and nearly all of long ones.
        Assert.True((double)blocks.Rows[0][6]! < 0.8 && (double)blocks.Rows[^1][6]! > 0.9);
        Assert.Single(Ask.Design(table, options with { Block = "4h", Mde = "1%" }).Tables.Single(t => t.Id == "blocks").Rows);
        Assert.Equal("bad-length", Assert.Throws<GnomonError>(() => Ask.Design(table, options with { Block = "soon" })).Code);
        Assert.Contains("one series", Ask.Design(table, options with { Cluster = [] }).Limitations[0], StringComparison.Ordinal);

        // Half of the difference within a unit has deviation 3 sqrt(2 (1 - 0.6)) / 2: 114 units an order by statsmodels 0.13 (TTestIndPower, 113.99).
        Assert.StartsWith("228 units", Ask.Design(new DesignOptions { Kind = "crossover", Sd = 3, Correlation = 0.6, Mde = "0.5" }).Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(new DesignOptions { Kind = "crossover", Mde = "1" }.Validate(), e => e.Message.Contains("--sd", StringComparison.Ordinal));
        Assert.Contains(new DesignOptions { Kind = "geo", Block = "2h" }.Validate(), e => e.Message.Contains("--kind switchback", StringComparison.Ordinal));
    }

    private static (Table Table, TwoPeriods Ab, TwoPeriods Ba) Crossed(int each, double effect, int seed)
    {
        var rng = new Rng(seed);
        var rows = new List<(string Unit, string Period, string Day, string Arm, double Y)>();
        TwoPeriods Order(string name, bool treatmentFirst)
        {
            var (first, second) = (new double[each], new double[each]);
            for (var i = 0; i < each; i++)
            {
                var level = 10 + 3 * rng.NextNormal();
                (first[i], second[i]) = (level + (treatmentFirst ? effect : 0) + rng.NextNormal(), level + 0.4 + (treatmentFirst ? 0 : effect) + rng.NextNormal());
                rows.Add(($"{name}{i}", "1", $"2026-05-0{1 + i % 7}", treatmentFirst ? "B" : "A", first[i]));
                rows.Add(($"{name}{i}", "2", $"2026-05-0{8 + i % 2}", treatmentFirst ? "A" : "B", second[i]));
            }

            return new(first, second);
        }

        var (ab, ba) = (Order("u", false), Order("v", true));
        rows.Add(("gone", "1", "2026-05-01", "A", 4));
        var table = Table.With("unit", rows.Select(r => (string?)r.Unit)).And("period", rows.Select(r => (string?)r.Period)).And("day", rows.Select(r => (string?)r.Day)).And("arm", rows.Select(r => (string?)r.Arm)).And("y", rows.Select(r => r.Y));
        return (table, ab, ba);
    }

    // Untreated units gain 1 per share treated around them, treated ones 0.5 more.
    private static Table Villages(int seed)
    {
        var rng = new Rng(seed);
        var rows = Enumerable.Range(0, 60).SelectMany(v =>
        {
            var (share, level) = (v % 3 * 0.4, 5 + 0.2 * rng.NextNormal());
            return Enumerable.Range(0, 30).Select(i => (Village: $"v{v:00}", Share: share, Treated: i < 30 * share - 0.5)).Select(r => (r.Village, r.Share, Arm: r.Treated ? "yes" : "no", Y: level + share + (r.Treated ? 0.5 : 0) + rng.NextNormal())).ToList();
        }).ToList();
        return Table.With("village", rows.Select(r => (string?)r.Village)).And("share", rows.Select(r => r.Share)).And("arm", rows.Select(r => (string?)r.Arm)).And("y", rows.Select(r => r.Y));
    }
}
