using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

public sealed class AbDecisionTests
{
    [Fact]
    public void A_win_with_a_cleared_guardrail_ships()
    {
        var finding = Ask.Ab(Guarded(seed: 1, harm: 0), Guarding());
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains("Guardrails hold: revenue", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_win_with_a_hurt_guardrail_does_not_ship()
    {
        var finding = Ask.Ab(Guarded(seed: 1, harm: 0.08), Guarding());
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.Equal(["guardrail-metric-regression"], finding.Decision.Because);
    }

    [Fact]
    public void Nothing_seen_is_inconclusive_and_says_what_would_settle_it()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=420/10000", "B=450/10000"], Mde = "0.003" });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.DoesNotContain("no effect", finding.Decision.Summary, StringComparison.OrdinalIgnoreCase);

        // 72,571 an arm by the score formula (R power.prop.test); from the standard error at hand within 2 %.
        var units = finding.Next.Select(Units).First(u => u is not null)!.Value;
        Assert.InRange(units / 2.0, 71_000, 74_000);
    }

    [Fact]
    public void An_interval_inside_the_worthwhile_effect_is_an_answer()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=48000/400000", "B=48010/400000"], Mde = "0.3%" });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        finding = Ask.Ab(new AbOptions { Counts = ["A=48000/400000", "B=48010/400000"], Mde = "3%" });
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.StartsWith("No effect worth having", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_p_that_needs_another_setting_is_named()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=2250/50000", "B=2400/50000"], Claim = "p=0.03" });
        Assert.Equal(Core.Checks.CheckStatus.Warn, AbData.Check(finding, "reported-result-inconsistent").Status);
    }

    [Fact]
    public void An_unfinished_plan_keeps_running_even_when_the_line_is_crossed()
    {
        var plan = Path.Combine(Path.GetTempPath(), $"plan-{Guid.NewGuid():N}.json");
        File.WriteAllText(plan, """{ "schema": "gnomon.plan/1", "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "4%", "unitsPerArm": 75600 }""");
        try
        {
            // z = 2.17 at 10/14 of the plan, where O'Brien-Fleming spending asks for 2.409.
            var finding = Ask.Ab(new AbOptions { Counts = ["A=5400/54000", "B=5617/54000"], Plan = plan });
            Assert.Equal(DecisionAction.KeepRunning, finding.Decision.Action);
            Assert.Equal(["optional-stopping"], finding.Decision.Because);
            Assert.Contains("2.409", AbData.Check(finding, "optional-stopping").Evidence, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(plan);
        }
    }

    [Fact]
    public void A_ramp_that_reverses_the_sign_is_named()
    {
        var finding = Ask.Ab(Ramp(), new AbOptions { Variant = "arm", Rate = ["events/units"], Time = "day", Split = "A=1490000,B=510000" });
        Assert.Contains("simpsons-paradox", finding.Decision.Because);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
    }

    [Fact]
    public void Twenty_nulls_hold_about_one_false_win_and_the_family_says_so()
    {
        var rng = new Rng(9);
        const int n = 4_000;
        var metrics = Enumerable.Range(1, 20).Select(m => $"m{m}").ToArray();
        var table = Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "A" : "B")));
        foreach (var metric in metrics)
        {
            table = table.And(metric, Enumerable.Range(0, n).Select(_ => rng.NextNormal()));
        }

        // One more metric whose p lies between 0.05 / 21 and 0.05 by construction.
        table = table.And("lucky", Enumerable.Range(0, n).Select(i => rng.NextNormal() + (i % 2 == 0 ? 0 : 0.08)));
        var finding = Ask.Ab(table, AbData.Options([.. metrics, "lucky"]));
        Assert.Equal(Core.Checks.CheckStatus.Warn, AbData.Check(finding, "multiple-comparisons").Status);
        Assert.NotEqual(DecisionAction.Ship, finding.Decision.Action);
    }

    [Fact]
    public void False_positives_of_the_default_path_stay_at_five_per_cent()
    {
        // 600 experiments without an effect, 400 units each; 3.3 binomial errors around 0.05 (of which half is a win).
        var rng = new Rng(20261122);
        var significant = 0;
        const int runs = 600;
        for (var run = 0; run < runs; run++)
        {
            var a = rng.NextBinomial(2_000, 0.12);
            var b = rng.NextBinomial(2_000, 0.12);
            var finding = Ask.Ab(new AbOptions { Counts = [$"A={a}/2000", $"B={b}/2000"] });
            significant += AbData.Primary(finding).P < 0.05 ? 1 : 0;
        }

        Assert.InRange(significant / (double)runs, 0.05 - 0.029, 0.05 + 0.029);
    }

    private static long? Units(string sentence)
    {
        var words = sentence.Replace(",", string.Empty, StringComparison.Ordinal).Split(' ');
        var at = Array.IndexOf(words, "about");
        return at >= 0 && long.TryParse(words[at + 1], out var units) ? units : null;
    }

    private static AbOptions Guarding() => AbData.Options("converted") with { Guardrail = ["revenue>=-2%"] };

    private static Table Guarded(int seed, double harm)
    {
        var rng = new Rng(seed);
        const int n = 20_000;
        var arms = Enumerable.Range(0, n).Select(i => i % 2 == 0 ? "A" : "B").ToArray();
        return Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", arms)
            .And("converted", arms.Select(a => rng.NextDouble() < (a == "A" ? 0.10 : 0.13) ? 1L : 0L))
            .And("revenue", arms.Select(a => (a == "A" ? 20 : 20 * (1 - harm)) + 3 * rng.NextNormal()));
    }

    private static Table Ramp() => Table.With("arm", new[] { "A", "B", "A", "B" }).And("day", [new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 6), new DateOnly(2026, 1, 6)])
        .And("events", [20_000L, 230, 5_000, 6_000]).And("units", [990_000L, 10_000, 500_000, 500_000]);
}
