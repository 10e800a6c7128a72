using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary><c>ab --effects-by</c>: what is said, what is refused, and how often nothing is taken for something.</summary>
public sealed class EffectsByTests
{
    [Fact]
    public void A_planted_segment_is_found_confirmed_and_named()
    {
        var finding = Ask.Ab(Experiment(1, 8_000, 0.25), Options());
        Assert.Contains("differs between segments", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("plan is pro", finding.Decision.Summary, StringComparison.Ordinal);
        var rows = finding.Tables.Single(t => t.Id == "segments").Rows;
        var pro = rows.Single(r => (string)r[0]! == "plan is pro");
        Assert.Equal("confirmed", pro[^1]);
        Assert.InRange(0.25, (double)pro[4]!, (double)pro[5]!);
        Assert.Contains(finding.Estimates, e => e.Name == "difference where plan is pro" && e.Role == "descriptive");
        Assert.Equal(Core.Checks.CheckStatus.Pass, AbData.Check(finding, "post-treatment-segment").Status);
        Assert.Contains(finding.Plots, p => p.Id == "uplift");
        Assert.Equal(finding.Decision.Summary, Ask.Ab(Experiment(1, 8_000, 0.25), Options() with { Threads = 1 }).Decision.Summary);
    }

    // Most units lose, a few gain more: better on average is not better for everybody. A segment that the judging half does not bear out is in no sentence that says whom to treat.
    [Fact]
    public void An_arm_that_hurts_a_confirmed_segment_is_not_shipped_to_everybody()
    {
        var finding = Ask.Ab(Split(1, 16_000, gain: 1.5, loss: 0.2), Options() with { Metric = ["y"] });
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.StartsWith("Better on average, and not for everybody: units with plan is not pro (7", finding.Decision.Summary, StringComparison.Ordinal);
        var harmless = Ask.Ab(Split(1, 16_000, gain: 1.5, loss: 0), Options() with { Metric = ["y"] });
        Assert.Equal(DecisionAction.Ship, harmless.Decision.Action);
        Assert.DoesNotContain("not for everybody", harmless.Decision.Summary, StringComparison.Ordinal);

        // A loss too small to matter does not stand in the way.
        Assert.Equal(DecisionAction.Ship, Ask.Ab(Split(1, 16_000, gain: 3, loss: 0.2), Options() with { Metric = ["y"], Mde = "0.35" }).Decision.Action);
    }

    [Fact]
    public void No_rule_treats_a_segment_that_was_not_confirmed()
    {
        var told = 0;
        foreach (var seed in Enumerable.Range(1, 12))
        {
            var finding = Ask.Ab(Split(seed, 6_000, gain: 1.6, loss: 0.1, noise: 2, until: 39), Options() with { Metric = ["y"], EffectsBy = ["plan", "age"] });
            var rows = finding.Tables.FirstOrDefault(t => t.Id == "segments")?.Rows ?? [];
            var open = rows.Where(r => (string)r[^1]! == "not confirmed").Select(r => (string)r[0]!).ToList();
            var treated = finding.Tables.Single(t => t.Id == "targeting").Rows.SelectMany(r => ((string)r[0]!).Split("; or ")).ToList();
            told += open.Count;
            Assert.All(open, o => Assert.DoesNotContain(o, treated));
            Assert.All(open, o => Assert.DoesNotContain($"units with {o}", finding.Decision.Summary, StringComparison.Ordinal));
        }

        Assert.True(told > 0, "no draw suggested a segment that failed, so nothing was tested");
    }

    // The rule is chosen after the judging half was seen; the widened interval covers its true worth all the same.
    [Fact]
    [Trait("speed", "slow")]
    public void The_worth_of_the_told_rule_is_covered_and_harm_is_not_imagined()
    {
        var (covered, rules, imagined) = (0, 0, 0);
        const int draws = 40;
        foreach (var seed in Enumerable.Range(1, draws))
        {
            var finding = Ask.Ab(Split(seed, 3_000, gain: 0.5, loss: 0, noise: 1), Options() with { Metric = ["y"] });
            imagined += finding.Decision.Summary.Contains("not for everybody", StringComparison.Ordinal) ? 1 : 0;
            if (finding.Tables.Single(t => t.Id == "targeting").Rows.FirstOrDefault(r => (string)r[0]! == "plan is pro") is { } rule)
            {
                // A quarter is pro and gains 0.5; nobody else gains or loses.
                rules++;
                covered += (double)rule[3]! <= 0.125 && 0.125 <= (double)rule[4]! ? 1 : 0;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"rule told {rules} of {draws}, covered {covered}; harm imagined {imagined}");
        Assert.True(rules >= 15 && covered >= 0.88 * rules, $"{covered} of {rules}");
        Assert.True(imagined <= 0.05 * draws + 1, $"{imagined} of {draws}");
    }

    [Fact]
    public void Without_a_difference_the_finding_says_so()
    {
        var finding = Ask.Ab(Experiment(2, 4_000, 0), Options());
        Assert.Contains("No credible difference between segments of plan, age.", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Estimates, e => e.Name.StartsWith("difference where", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_that_the_treatment_moved_is_no_segment()
    {
        var finding = Ask.Ab(Experiment(3, 8_000, 0.25), Options() with { EffectsBy = ["plan", "visits"] });
        Assert.Contains(finding.Checks, c => c.Id == "post-treatment-segment" && c.Status == Core.Checks.CheckStatus.Warn && c.Evidence.StartsWith("visits", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.StartsWith("visits is no segment", StringComparison.Ordinal));
        Assert.DoesNotContain(finding.Tables.Single(t => t.Id == "segments").Rows, r => ((string)r[0]!).Contains("visits", StringComparison.Ordinal));
        var alone = Ask.Ab(Experiment(3, 8_000, 0.25), Options() with { EffectsBy = ["visits"] });
        Assert.Contains("Segments were not looked for: the arms hold different values of visits", alone.Decision.Summary, StringComparison.Ordinal);
    }

    // A treatment that helps few and costs as much for everybody is worth more to fewer.
    [Fact]
    public void A_cost_of_treatment_makes_treating_fewer_better()
    {
        var data = Experiment(4, 12_000, 0.3);
        var finding = Ask.Ab(data, Options() with { TreatmentCost = 0.1 });
        Assert.Contains("than treating everybody, cost counted", finding.Decision.Summary, StringComparison.Ordinal);
        var rows = finding.Tables.Single(t => t.Id == "targeting").Rows;
        Assert.Equal("everybody", rows[0][0]);
        var rule = rows.Single(r => ((string)r[0]!) == "plan is pro");

        // A quarter is pro: 0.25 (0.3 - 0.1) over nobody, and 0.075 less for the three quarters that are not treated.
        Assert.InRange((double)rule[1]!, 0.22, 0.28);
        Assert.InRange(0.05, (double)rule[3]!, (double)rule[4]!);
        Assert.InRange(0.075, (double)rule[6]!, (double)rule[7]!);
        var money = Ask.Ab(data, Options() with { TreatmentCost = 2, Value = 20 });
        Assert.Equal((double)rule[2]!, (double)money.Tables.Single(t => t.Id == "targeting").Rows.Single(r => ((string)r[0]!) == "plan is pro")[2]!, 1e-12);
    }

    [Fact]
    public void Less_is_better_turns_the_rules_around()
    {
        var finding = Ask.Ab(Experiment(5, 12_000, 0.3), Options() with { LowerIsBetter = ["converted"], TreatmentCost = 0.0 });
        var rows = finding.Tables.Single(t => t.Id == "targeting").Rows;
        Assert.True((double)rows[0][2]! < 0, "treating everybody raises what should fall");
        Assert.DoesNotContain(rows, r => ((string)r[0]!) == "plan is pro");
    }

    [Fact]
    public void What_cannot_be_cut_is_refused_or_left_out_by_name()
    {
        var data = Experiment(6, 2_000, 0);
        Assert.Equal("options-conflict", Refused(data, Options() with { EffectsBy = ["unit"] }));
        Assert.Equal("options-conflict", Refused(data, Options() with { EffectsBy = ["converted"] }));
        Assert.Equal("options-conflict", Refused(data, Options() with { Metric = ["converted=1"], EffectsBy = ["converted"] }));
        Assert.Equal("options-conflict", Refused(data, Options() with { Guardrail = ["age>=-5%"], EffectsBy = ["age"] }));
        Assert.Equal("option-out-of-range", Refused(data, Options() with { EffectsBy = ["plan", "plan"] }));
        Assert.Equal("option-missing", Refused(data, Options() with { EffectsBy = [], TreatmentCost = 1 }));
        Assert.Equal("options-conflict", Refused(data, Options() with { Cluster = "plan" }));
        Assert.Equal("column-not-found", Refused(data, Options() with { EffectsBy = ["plna"] }));
        var repeated = Table.With("unit", Enumerable.Range(0, 400).Select(i => (long)(i / 2))).And("arm", Enumerable.Range(0, 400).Select(i => (string?)(i / 2 % 2 == 0 ? "A" : "B")))
            .And("converted", Enumerable.Range(0, 400).Select(i => i % 7.0)).And("plan", Enumerable.Range(0, 400).Select(i => (string?)(i % 3 == 0 ? "a" : "b"))).And("age", Enumerable.Range(0, 400).Select(i => (double)i));
        Assert.Equal("not-supported", Refused(repeated, Options()));
        var small = Ask.Ab(Experiment(7, 120, 0), Options());
        Assert.Contains("Segments were not looked for", small.Decision.Summary, StringComparison.Ordinal);

        static string Refused(Table data, AbOptions options) => Assert.Throws<GnomonError>(() => Ask.Ab(data, options)).Code;
    }

    // Values are missing, levels are many, a column is a date, one is constant: an answer all the same.
    [Fact]
    public void Odd_columns_are_read()
    {
        var rng = new Rng(8);
        const int n = 3_000;
        var data = Experiment(8, n, 0)
            .And("city", Enumerable.Range(0, n).Select(i => (string?)(i % 11 == 0 ? null : $"city {rng.NextInt(300)}")))
            .And("since", Enumerable.Range(0, n).Select(i => new DateOnly(2025, 1, 1).AddDays(rng.NextInt(300))))
            .And("same", Enumerable.Repeat((string?)"x", n)).And("member", Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.3));
        var finding = Ask.Ab(data, Options() with { EffectsBy = ["city", "since", "same", "member"] });
        Assert.Contains("segments of city, since, member", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void At_most_one_null_experiment_in_twenty_reports_a_segment()
    {
        const int draws = 120;
        var reported = Enumerable.Range(1, draws).Count(seed => !Ask.Ab(Experiment(seed, 1_000, 0), Options()).Decision.Summary.Contains("No credible difference between segments", StringComparison.Ordinal));
        TestContext.Current.SendDiagnosticMessage($"{reported} of {draws} null experiments reported a segment");
        Assert.True(reported <= 0.05 * draws + 3.3 * Math.Sqrt(draws * 0.05 * 0.95), $"{reported} of {draws}");
    }

    private static AbOptions Options() => new() { Unit = "unit", Variant = "arm", Metric = ["converted"], Split = "50/50", EffectsBy = ["plan", "age"] };

    // B gains with pro and loses without; C does nothing. A rule is for the arm it was found in, and says which.
    [Fact]
    public void With_several_arms_a_rule_names_the_arm_it_is_for()
    {
        var rng = new Rng(5).Stream("three arms");
        const int n = 9_000;
        var plan = Draw(n, _ => rng.NextInt(2));
        var arm = Draw(n, _ => rng.NextInt(3));
        var data = Table.With("unit", Draw(n, i => (long)i)).And("arm", arm.Select(a => (string?)"ABC"[a].ToString())).And("plan", plan.Select(p => (string?)(p == 0 ? "pro" : "free")))
            .And("y", Draw(n, i => 10 + rng.NextNormal() + (arm[i] == 1 ? plan[i] == 0 ? 0.5 : -0.5 : 0)));
        var finding = Ask.Ab(data, Options() with { Split = null, Metric = ["y"], EffectsBy = ["plan"] });
        Assert.Contains(" Giving B only to units with plan is pro, ", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Next, s => s.StartsWith("Before you give B only to units with plan is pro, run that rule against giving it to everybody", StringComparison.Ordinal));
    }

    // A quarter is on the plan pro, where the treatment lifts conversion by the effect; visits happen after assignment and rise with it.
    private static Table Experiment(int seed, int n, double effect)
    {
        var rng = new Rng(seed).Stream("effects by");
        var arm = Draw(n, _ => rng.NextDouble() < 0.5);
        var plan = Draw(n, _ => rng.NextInt(4));
        return Table.With("unit", Draw(n, i => (long)i))
            .And("arm", arm.Select(b => (string?)(b ? "B" : "A")))
            .And("plan", plan.Select(p => (string?)(p == 0 ? "pro" : p == 1 ? "team" : "free")))
            .And("age", Draw(n, _ => (double)(18 + rng.NextInt(50))))
            .And("visits", arm.Select(b => (double)(rng.NextPoisson(b ? 6 : 4))))
            .And("converted", Draw(n, i => rng.NextDouble() < 0.2 + (arm[i] && plan[i] == 0 ? effect : 0)));
    }

    // A quarter is pro and gains up to an age; the others lose.
    private static Table Split(int seed, int n, double gain, double loss, double noise = 1, int until = 99)
    {
        var rng = new Rng(seed).Stream("split effects");
        var arm = Draw(n, _ => rng.NextDouble() < 0.5);
        var plan = Draw(n, _ => rng.NextInt(4));
        var age = Draw(n, _ => (double)(18 + rng.NextInt(50)));
        return Table.With("unit", Draw(n, i => (long)i)).And("arm", arm.Select(b => (string?)(b ? "B" : "A"))).And("plan", plan.Select(p => (string?)(p == 0 ? "pro" : p == 1 ? "team" : "free")))
            .And("age", age).And("y", Draw(n, i => 10 + noise * rng.NextNormal() + (arm[i] ? plan[i] == 0 && age[i] <= until ? gain : -loss : 0)));
    }

    private static T[] Draw<T>(int n, Func<int, T> draw) => [.. Enumerable.Range(0, n).Select(draw)];
}
