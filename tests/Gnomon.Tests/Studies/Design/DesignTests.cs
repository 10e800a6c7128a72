using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Tests.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Studies.Design;

/// <summary>Sizes against published and R values (power.prop.test, power.t.test; tests/reference/experiments/power.json has more), plans against what ab makes of them.</summary>
public sealed class DesignTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.10, "5%", 57_763)] // power.prop.test(p1 = 0.1, p2 = 0.105, power = 0.8)
    [InlineData(0.042, "0.003", 72_571)] // power.prop.test(p1 = 0.042, p2 = 0.045, power = 0.8)
    [InlineData(0.21, "+0.02", 6_734)] // power.prop.test(p1 = 0.21, p2 = 0.23, power = 0.8)
    [InlineData(0.10, "-0.01", 13_495)] // power.prop.test(p1 = 0.1, p2 = 0.09, power = 0.8)
    public void Two_shares_need_what_r_says(double baseline, string mde, long perArm) =>
        Assert.Equal(perArm, PerArm(new DesignOptions { Baseline = baseline, Mde = mde })[0]);

    [Theory]
    [InlineData(3, "0.5", 567)] // power.t.test(delta = 0.5, sd = 3, power = 0.8): 566.06
    [InlineData(1, "0.5", 64)] // power.t.test(delta = 0.5, sd = 1, power = 0.8): 63.77
    public void Two_means_need_what_r_says(double sd, string mde, long perArm) =>
        Assert.Equal(perArm, PerArm(new DesignOptions { Kind = "mean", Sd = sd, Mde = mde })[0]);

    [Fact]
    public void A_size_without_an_effect_asks_for_the_effect()
    {
        var finding = Ask.Design(new DesignOptions { Baseline = 0.042, Units = 20_000 });
        Assert.Contains("4.20 % to 5.03 %", finding.Decision.Summary, StringComparison.Ordinal); // p2 = 0.05032 at power 0.8
    }

    [Fact]
    public void A_size_too_small_for_the_effect_is_a_warning_with_the_power()
    {
        // power.prop.test(n = 10000, p1 = 0.042, p2 = 0.045): 0.1788
        var finding = Ask.Design(new DesignOptions { Baseline = 0.042, Mde = "0.003", Units = 20_000 });
        var check = finding.Checks.Single(c => c.Id == "underpowered-test");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Equal(0.1788, check.Statistic!.Value, 5e-5);
        Assert.Contains("145,142", finding.Decision.Summary, StringComparison.Ordinal);
    }

    public static TheoryData<DesignOptions> Kinds =>
    [
        new DesignOptions { Baseline = 0.1 },
        new DesignOptions { Baseline = 0.1, Split = "80/20" },
        new DesignOptions { Kind = "mean", Sd = 3, Baseline = 20 },
        new DesignOptions { Kind = "ratio", Sd = 3, Baseline = 20, Arms = 4 },
        new DesignOptions { Kind = "survival", Baseline = 0.3 },
        new DesignOptions { Kind = "cluster", Baseline = 0.1, ClusterSize = 30, Icc = 0.03 },
        new DesignOptions { Kind = "cluster", Sd = 4, Baseline = 20, ClusterSize = 30, Icc = 0.03, ClusterVariation = 0.4 },
        new DesignOptions { Baseline = 0.1, Looks = 4 },
    ];

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Size_power_and_effect_are_inverses_of_one_another(DesignOptions options)
    {
        var size = Ask.Design(options with { Mde = "8%" });
        var total = Units(size);
        var power = Ask.Design(options with { Mde = "8%", Units = total });
        Assert.InRange(power.Checks.Single(c => c.Id == "underpowered-test").Statistic!.Value, 0.7999, 0.86);
        var fewer = Ask.Design(options with { Mde = "8%", Units = (long)(0.9 * total) });
        Assert.True(fewer.Checks.Single(c => c.Id == "underpowered-test").Statistic < 0.8);
        var effect = Ask.Design(options with { Units = total });
        var seen = (double)effect.Tables.Single(t => t.Id == "sizes").Rows[2][0]!;
        var wanted = (double)size.Tables.Single(t => t.Id == "sizes").Rows[2][0]!;
        Assert.Equal(Math.Abs(wanted), Math.Abs(seen), 0.05 * Math.Abs(wanted));
        FindingJson.Write(effect);
    }

    [Fact]
    public void Clusters_of_one_unit_are_units()
    {
        var clusters = PerArm(new DesignOptions { Kind = "cluster", Sd = 2, Mde = "0.5", ClusterSize = 1, Icc = 0.4 });
        Assert.Equal(PerArm(new DesignOptions { Kind = "mean", Sd = 2, Mde = "0.5" }), clusters);
    }

    [Fact]
    public void A_hazard_that_falls_by_a_quarter_needs_380_events()
    {
        // Schoenfeld: 379.35 events; 30 % and 1 - 0.7^0.75 = 23.5 % of the arms have one.
        var arms = PerArm(new DesignOptions { Kind = "survival", Baseline = 0.3, Mde = "-25%" });
        Assert.Equal((long)Math.Ceiling(379.3517 / (0.3 + 1 - Math.Pow(0.7, 0.75))), arms[0]);
    }

    [Fact]
    public void Several_arms_share_the_size_and_looks_cost_a_little()
    {
        var two = PerArm(new DesignOptions { Baseline = 0.1, Mde = "5%" })[0];
        var three = PerArm(new DesignOptions { Baseline = 0.1, Mde = "5%", Arms = 3 });
        Assert.Equal(3, three.Count);
        Assert.Equal(PerArm(new DesignOptions { Baseline = 0.1, Mde = "5%", Alpha = 0.025 })[0], three[0]);
        var looks = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%", Looks = 7 });
        Assert.InRange((double)(long)looks.Tables.Single(t => t.Id == "arms").Rows[0][2]! / two, 1.01, 1.04);
        var weekly = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%", Looks = 3 });
        Assert.Equal(1.9930, (double)weekly.Tables.Single(t => t.Id == "looks").Rows[2][3]!, 5e-5); // tests/reference/planning/planning.json
    }

    [Fact]
    public void Looks_without_a_rule_are_priced()
    {
        // Seven looks at 5 %: 16.6 % (Armitage, McPherson and Rowe 1969, interpolated; 400,000 simulated paths gave 16.6 %).
        var rules = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%", Looks = 7 }).Tables.Single(t => t.Id == "rules");
        Assert.Equal(0.166, (double)rules.Rows[1][1]!, 0.002);
        Assert.Equal(115_526, (long)rules.Rows[0][2]!, 20.0);
        Assert.True((long)rules.Rows[3][2]! > (long)rules.Rows[2][2]! && (long)rules.Rows[3][4]! > (long)rules.Rows[0][4]!);
    }

    [Fact]
    public void Weeks_are_whole()
    {
        var finding = Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "5%", Traffic = "5600/day" });
        Assert.Contains("3 whole weeks", finding.Decision.Summary, StringComparison.Ordinal); // 115,526 / 39,200 = 2.95
        Assert.Equal(39_200L, finding.Tables.Single(t => t.Id == "weeks").Rows[0][1]);
    }

    [Fact]
    public void A_few_events_get_the_exact_power()
    {
        var finding = Ask.Design(new DesignOptions { Baseline = 0.05, Mde = "0.2" });
        Assert.Contains(finding.Limitations, l => l.Contains("exact power", StringComparison.Ordinal));
    }

    [Fact]
    public void Belief_about_the_effect_lowers_the_chance_of_success()
    {
        var finding = Ask.Design(new DesignOptions { Kind = "mean", Sd = 1, Mde = "0.1", EffectSd = "0.05" });

        // z = 2.8016, prior deviation 1.4008: Phi((2.8016 - 1.96) / sqrt(1 + 1.4008^2)) = 0.6876
        Assert.Contains(finding.Limitations, l => l.Contains("significant gain is 0.69", StringComparison.Ordinal));
    }

    [Fact]
    public void History_gives_spread_and_traffic()
    {
        var rng = new Rng(4);
        var rows = Enumerable.Range(0, 28 * 400).Select(i => (Unit: (long)i, Day: new DateOnly(2026, 1, 5).AddDays(i / 400), Value: 10 + 2 * rng.NextNormal())).ToArray();
        var table = Table.With("user", rows.Select(r => r.Unit)).And("day", rows.Select(r => r.Day)).And("spend", rows.Select(r => r.Value));
        var finding = Ask.Design(table, new DesignOptions { Metric = "spend", Unit = "user", Time = "day", Mde = "1%" });
        Assert.Equal(10, finding.Estimates[0].Value, 0.1);

        // power.t.test(delta = 0.1, sd = 2, power = 0.8): 6,280 an arm; 12,560 at 400 a day are 31.4 days, five weeks.
        Assert.InRange((long)finding.Tables.Single(t => t.Id == "arms").Rows[0][2]!, 5_900, 6_700);
        Assert.Contains("5 whole weeks", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Limitations, l => l.Contains("come back", StringComparison.Ordinal));
    }

    [Fact]
    public void Units_that_repeat_are_planned_as_the_analysis_will_read_them()
    {
        var rng = new Rng(6);
        var rows = Enumerable.Range(0, 3_000).SelectMany(u =>
        {
            var own = rng.NextNormal();
            return Enumerable.Range(0, 4).Select(_ => (Unit: (long)u, Value: 10 + own + rng.NextNormal()));
        }).ToArray();
        var table = Table.With("user", rows.Select(r => r.Unit)).And("spend", rows.Select(r => r.Value));
        var finding = Ask.Design(table, new DesignOptions { Metric = "spend", Unit = "user", Mde = "0.1" });

        // Variance of a unit's mean: 1 + 1/4; power.t.test(delta = 0.1, sd = sqrt(1.25), power = 0.8): 1,963.
        Assert.InRange((long)finding.Tables.Single(t => t.Id == "arms").Rows[0][2]!, 1_820, 2_110);
        Assert.Contains(finding.Limitations, l => l.Contains("Units repeat", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_is_written_once_and_holds_later_analyses()
    {
        var path = Path.Combine(_folder.Folder, "plan.json");
        var options = new DesignOptions
        {
            Baseline = 0.1, Mde = "+20%", Metric = "converted", Unit = "unit", Experiment = "checkout", Hypothesis = "fewer fields, more orders", Plan = path, Guardrail = ["refunds<=+1%"],
            Exclude = ["staff"],
        };
        using var ledger = _folder.Open();
        Ask.Design(options, new AskSettings { Ledger = ledger });
        var text = File.ReadAllText(path);
        Assert.Contains("\"unitsPerArm\": 3841", text, StringComparison.Ordinal); // power.prop.test(p1 = 0.1, p2 = 0.12, power = 0.8): 3840.85
        Assert.Contains("staff", text, StringComparison.Ordinal);
        Assert.Equal("plan-exists", Assert.Throws<GnomonError>(() => Ask.Design(options)).Code);
        Assert.Equal(text, File.ReadAllText(path));

        var small = Table.With("unit", Enumerable.Range(0, 400).Select(i => (long)i)).And("arm", Enumerable.Range(0, 400).Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("converted", Enumerable.Range(0, 400).Select(i => i % 11 == 0 ? 1L : 0L)).And("refunds", Enumerable.Range(0, 400).Select(i => i % 23 == 0 ? 1.0 : 0.0));
        var held = Ask.Ab(small, new AbOptions { Unit = "unit", Variant = "arm", Metric = ["converted"], Experiment = "checkout" }, new AskSettings { Ledger = ledger });
        Assert.Equal(DecisionAction.KeepRunning, held.Decision.Action);
        var plan = held.Checks.Single(c => c.Id == "plan-incomplete");
        Assert.Contains("written before the first look", plan.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("option-missing")]
    [InlineData("bad-effect", "0.1", "0")]
    [InlineData("bad-effect", "0.1", "0.95")]
    [InlineData("bad-effect", "0.1", "lots")]
    [InlineData("option-out-of-range", "10", "5%")]
    public void Wrong_questions_are_named(string code, string? baseline = null, string? mde = null)
    {
        var options = new DesignOptions { Baseline = baseline is null ? null : double.Parse(baseline, System.Globalization.CultureInfo.InvariantCulture), Mde = mde };
        var error = Assert.Throws<GnomonError>(() => Ask.Design(options));
        Assert.True(error.Code == code || error.Message.Contains("--baseline", StringComparison.Ordinal), error.Code + ": " + error.Message);
    }

    [Fact]
    public void An_effect_that_no_sample_finds_is_refused_by_name()
    {
        Assert.Equal("effect-too-small", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Baseline = 0.1, Mde = "0.000000001" })).Code);
        var finding = Ask.Design(new DesignOptions { Baseline = 0.999, Units = 8 });
        Assert.DoesNotContain("NaN", FindingJson.Write(finding), StringComparison.Ordinal);
    }

    private static IReadOnlyList<long> PerArm(DesignOptions options) => [.. Ask.Design(options).Tables.Single(t => t.Id == "arms").Rows.Select(r => (long)r[2]!)];

    private static long Units(Finding finding) => finding.Tables.Single(t => t.Id == "arms").Rows.Sum(r => (long)r[2]!);
}
