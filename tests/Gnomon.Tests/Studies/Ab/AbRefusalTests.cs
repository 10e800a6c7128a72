using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Data that cannot be read are refused by the fault that they have, and what was said is what was meant.</summary>
public sealed class AbRefusalTests
{
    [Fact]
    public void Values_whose_powers_no_number_holds_are_named()
    {
        var error = Refused(Small([1e308, 1e308, -1e308, -1e308]), AbData.Options("y"));
        Assert.Equal("values-too-large", error.Code);
        Assert.Contains("column 'y' holds values beyond 1E+74", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Ask.Ab(Small([1e70, 1.1e70, 2e70, -1e70]), AbData.Options("y")).Estimates);
    }

    [Fact]
    public void An_empty_unit_and_units_of_both_arms_are_not_called_an_empty_arm()
    {
        var nobody = Table.With("unit", new string?[] { null, null, null, null }).And("arm", ["A", "B", "A", "B"]).And("y", [1.0, 2, 3, 4]);
        var error = Refused(nobody, AbData.Options("y"));
        Assert.Equal(("no-units", "--unit"), (error.Code, error.Where));
        Assert.Contains("column 'unit' is empty in all 4 rows with an arm", error.Message, StringComparison.Ordinal);

        var both = Table.With("unit", new long[] { 1, 1, 2, 2 }).And("arm", ["A", "B", "B", "A"]).And("y", [1.0, 2, 3, 4]);
        error = Refused(both, AbData.Options("y"));
        Assert.Equal("no-units", error.Code);
        Assert.Contains("every unit of 'unit' met several arms", error.Message, StringComparison.Ordinal);
        Assert.Contains("--crossover", error.Hint, StringComparison.Ordinal);

        var unnamed = Table.With("unit", new long[] { 1, 2 }).And("arm", new string?[] { null, null }).And("y", [1.0, 2]);
        Assert.Equal("no-arms", Refused(unnamed, AbData.Options("y")).Code);
    }

    [Fact]
    public void A_metric_without_values_and_data_without_rows_are_told_apart()
    {
        var empty = Table.With("unit", new long[] { 1, 2, 3 }).And("arm", ["A", "B", "A"]).And("y", new string?[] { null, null, null });
        var error = Refused(empty, AbData.Options("y"));
        Assert.Equal(("no-values", "y"), (error.Code, error.Where));
        Assert.Contains("column 'y' is empty in all 3 rows", error.Message, StringComparison.Ordinal);
        var nothing = Table.With("unit", Array.Empty<long>()).And("arm", Array.Empty<string?>()).And("y", Array.Empty<string?>());
        Assert.Equal("no-rows", Refused(nothing, AbData.Options("y")).Code);
        Assert.Equal("metric-not-a-number", Refused(Table.With("unit", new long[] { 1, 2 }).And("arm", ["A", "B"]).And("y", ["x", "z"]), AbData.Options("y")).Code);
    }

    [Fact]
    public void A_metric_that_is_also_the_guardrail_leaves_nothing_to_decide_on()
    {
        var error = Refused(Small([1, 2, 3, 4]), AbData.Options("y") with { Guardrail = ["y>=-1%"] });
        Assert.Equal(("no-primary", "--guardrail"), (error.Code, error.Where));
        Assert.Contains("'y' is both", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hint_of_survival_names_its_own_option()
    {
        var table = Table.With("unit", new long[] { 1, 2, 3, 4 }).And("arm", ["A", "B", "A", "B"]).And("churned", [0L, 1, 0, 1]).And("days", [12.5, 14.25, 3.5, 9.75]);
        var error = Refused(table, new AbOptions { Unit = "unit", Variant = "arm", Survival = "churned/days" });
        Assert.Equal("--survival", error.Where);
        Assert.DoesNotContain("--event", $"{error.Message} {error.Hint}", StringComparison.Ordinal);
        Assert.Contains("--survival churned/days=", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20/20", "20/20")]
    [InlineData("0/20", "0/20")]
    public void Shares_of_nothing_and_of_all_have_an_interval(string a, string b)
    {
        var finding = Ask.Ab(new AbOptions { Counts = [$"A={a}", $"B={b}"] });
        var effect = AbData.Primary(finding);
        Assert.Equal(0, effect.Value);

        // The exact interval of two arms is the same for 0 and for all of 20, and no shorter than that of one of them (1 - 0.025^(1/20)).
        Assert.InRange(effect.High, 0.1684335, 0.2);
        Assert.Equal(-effect.High, effect.Low, 1e-9);
        Assert.Contains(finding.Limitations, l => l.StartsWith("No relative effect is given", StringComparison.Ordinal));
        Assert.Contains("\"schema\"", FindingJson.Write(finding), StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_that_cannot_be_read_are_warned_of()
    {
        const int n = 60;
        Table Of(Func<int, string?> date) => Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "A" : "B"))).And("y", Enumerable.Range(0, n).Select(i => (double)(i * 37 % 11)))
            .And("Date", Enumerable.Range(0, n).Select(date));
        var options = AbData.Options("y") with { Time = "Date" };
        var finding = Ask.Ab(Of(i => $"Sat, Oct {1 + i % 30}"), options);
        var check = AbData.Check(finding, "parsing-loss");
        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("none of the 60 texts in Date could be read as a date, for example 'Sat, Oct 1'", check.Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("those rows count in the totals", StringComparison.Ordinal));
        Assert.DoesNotContain(Ask.Ab(Of(i => $"2026-10-{1 + i % 30:00}"), options).Checks, c => c.Id == "parsing-loss");

        // Days that are missing are no texts that were not read.
        Assert.DoesNotContain(Ask.Ab(Of(i => i % 5 == 0 ? null : $"2026-10-{1 + i % 30:00}"), options).Checks, c => c.Id == "parsing-loss");
    }

    [Fact]
    public void A_guardrail_is_told_in_its_own_direction_and_claims_no_better_headline()
    {
        var rng = new Rng(6);
        const int n = 12_000;
        var b = Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.5).ToArray();
        var table = Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("arm", b.Select(x => (string?)(x ? "B" : "A"))).And("buy", b.Select(_ => rng.NextDouble() < 0.1 ? 1L : 0L))
            .And("refund", b.Select(x => rng.NextDouble() < (x ? 0.06 : 0.03) ? 1L : 0L)).And("stay", b.Select(x => 10 - (x ? 0.5 : 0) + rng.NextNormal()));
        var finding = Ask.Ab(table, AbData.Options("buy") with { Guardrail = ["refund<=+10%"] });
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        Assert.DoesNotContain("improved", finding.Decision.Summary, StringComparison.Ordinal);
        var check = AbData.Check(finding, "guardrail-metric-regression");
        var seen = finding.Estimates.Single(e => e.Metric == "refund" && e.Name == "lift");
        Assert.True(seen.Value > 0.5);
        Assert.Contains($"effect +{100 * seen.Value:0}", check.Evidence, StringComparison.Ordinal);
        Assert.Contains("where more is worse and +10 % is the margin", check.Evidence, StringComparison.Ordinal);
        var less = AbData.Check(Ask.Ab(table, AbData.Options("buy") with { Guardrail = ["stay>=-1%"] }), "guardrail-metric-regression").Evidence;
        Assert.Contains("effect -5", less, StringComparison.Ordinal);
        Assert.Contains("where less is worse and -1 % is the margin", less, StringComparison.Ordinal);
    }

    [Fact]
    public void An_arm_that_crosses_alone_says_what_keeps_it_from_stopping()
    {
        var plan = Path.Combine(Path.GetTempPath(), $"plan-{Guid.NewGuid():N}.json");
        File.WriteAllText(plan, """{ "schema": "gnomon.plan/1", "hypothesis": "h", "unit": "row", "primary": ["mean"], "mde": "1%", "unitsPerArm": 2000, "looks": 2, "stopping": "obrien-fleming" }""");
        try
        {
            // At half of the plan the bound is |z| 2.963 for one comparison and 3.553 for each of three (rpact 3.3.4, asOF at 0.05 / 3): C has z = 3.06.
            var error = Math.Sqrt(2.0 / 1000);
            var finding = Ask.Ab(new AbOptions { Stats = ["A=1000,10,1", $"B=1000,{10 - 0.02 * error},1", $"C=1000,{10 + 3.06 * error},1", $"D=1000,{10 + 0.5 * error},1"], Plan = plan });
            Assert.Equal(DecisionAction.KeepRunning, finding.Decision.Action);
            Assert.Contains("This look stops at p below < 0.001 with 3 comparisons counted (Holm); p is 0.002", finding.Decision.Summary, StringComparison.Ordinal);
            var row = finding.Tables.Single(t => t.Id == "this-look").Rows.Single(r => ((string)r[1]!).StartsWith('C'));
            Assert.Equal("better alone, not with 3 comparisons counted", row[^1]);
            Assert.Equal(3.552663, (double)row[3]!, 1e-5);

            // While the test goes on its interval is the repeated one of that bound.
            var shown = finding.Estimates.Single(e => e.Role == "primary" && e is { Name: "difference", Contrast: "C - A" });
            Assert.StartsWith("repeated interval", shown.Method, StringComparison.Ordinal);
            Assert.Equal(3.552663 * error, shown.High - shown.Value, 1e-5);

            // With a clear enough effect the same look stops.
            var clear = Ask.Ab(new AbOptions { Stats = ["A=1000,10,1", $"B=1000,{10 - 0.02 * error},1", $"C=1000,{10 + 5 * error},1", $"D=1000,{10 + 0.5 * error},1"], Plan = plan });
            Assert.Equal(DecisionAction.Ship, clear.Decision.Action);
            Assert.Equal("stop: better", clear.Tables.Single(t => t.Id == "this-look").Rows.Single(r => ((string)r[1]!).StartsWith('C'))[^1]);
        }
        finally
        {
            File.Delete(plan);
        }
    }

    private static GnomonError Refused(Table table, AbOptions options) => Assert.Throws<GnomonError>(() => Ask.Ab(table, options));

    private static Table Small(double[] y) => Table.With("unit", Enumerable.Range(1, y.Length).Select(i => (long)i)).And("arm", y.Select((_, i) => (string?)(i % 2 == 0 ? "A" : "B"))).And("y", y);
}
