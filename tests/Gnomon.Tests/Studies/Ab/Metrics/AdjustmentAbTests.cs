using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Metrics;

/// <summary><c>ab --predict</c> and <c>--post-stratify</c>, from the table to the finding.</summary>
public sealed class AdjustmentAbTests
{
    private const int N = 4_000;

    [Fact]
    public void Predictions_and_strata_narrow_the_interval_and_say_what_they_save()
    {
        var plain = Ask.Ab(Shop(), AbData.Options("spend") with { Time = "day" });
        foreach (var (options, method) in new[]
        {
            (AbData.Options("spend") with { Time = "day", Predict = ["visits", "country", "last"] }, "adjusted for cross-fitted predictions, Lin regression"),
            (AbData.Options("spend") with { Time = "day", PostStratify = ["country"] }, "post-stratified by country"),
        })
        {
            var finding = Ask.Ab(Shop(), options);
            var (before, after) = (AbData.Primary(plain), AbData.Primary(finding));
            Assert.Equal(method, after.Method);
            Assert.True(after.High - after.Low < 0.85 * (before.High - before.Low));
            Assert.InRange(1.0, after.Low, after.High);
            Assert.Equal(before.Value, finding.Estimates.Single(e => e.Role == "sensitivity" && e.Name == "difference").Value, 1e-12);
            Assert.Equal("Pass", AbData.Check(finding, "post-treatment-adjustment").Status.ToString());
            var saved = finding.Tables.Single(t => t.Id == "variance-saved");
            Assert.Contains("days of traffic saved", saved.Columns);
            Assert.Contains(finding.Limitations, l => l.Contains("the same precision as", StringComparison.Ordinal) && l.Contains("of 14 days of traffic saved", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Ratios_and_repeated_units_are_adjusted_too()
    {
        var options = AbData.Options("spend") with { Ratio = ["spend/pages"], Predict = ["visits", "country"] };
        var finding = Ask.Ab(Shop(repeat: 2), options);
        foreach (var metric in new[] { "spend", "spend/pages" })
        {
            var e = finding.Estimates.Single(e => e.Metric == metric && e.Role == "primary" && e.Name == "difference");
            Assert.Equal("adjusted for cross-fitted predictions, Lin regression", e.Method);
            var raw = finding.Estimates.First(e => e.Metric == metric && e.Role == "sensitivity");
            Assert.True(e.High - e.Low < raw.High - raw.Low);
        }

        // Rows doubled: means per unit are what they were, and so is the adjusted answer.
        Assert.Equal(AbData.Primary(Ask.Ab(Shop(), options)).Value, AbData.Primary(finding).Value, 1e-9);
    }

    [Fact]
    public void Order_of_the_rows_and_threads_do_not_change_a_bit()
    {
        var options = AbData.Options("spend") with { Predict = ["visits", "country"] };
        var one = Ask.Ab(Shop(repeat: 2), options with { Threads = 1 });
        var two = Ask.Ab(Shop(repeat: 2), options with { Threads = 2 });
        Assert.Equal(AbData.Primary(one).Value, AbData.Primary(two).Value);
        Assert.Equal(AbData.Primary(one).Low, AbData.Primary(two).Low);
    }

    [Fact]
    public void A_column_the_treatment_moved_or_that_is_dated_after_assignment_blocks_the_answer()
    {
        foreach (var (column, option) in new[] { ("after", "predict"), ("next", "predict"), ("after", "strata") })
        {
            var options = AbData.Options("spend") with { Time = "day" };
            var finding = Ask.Ab(Shop(), option == "predict" ? options with { Predict = [column] } : options with { PostStratify = [column] });
            var check = AbData.Check(finding, "post-treatment-adjustment");
            Assert.Equal(CheckStatus.Fail, check.Status);
            Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
            Assert.StartsWith(column, check.Evidence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Thin_groups_are_taken_together_and_said()
    {
        var finding = Ask.Ab(Shop(), AbData.Options("spend") with { PostStratify = ["rare"] });
        Assert.Contains(finding.Limitations, l => l.Contains("taken together", StringComparison.Ordinal));
        Assert.Equal("too-many-strata", Assert.Throws<GnomonError>(() => Ask.Ab(Shop(), AbData.Options("spend") with { PostStratify = ["unit2"] })).Code);
    }

    [Fact]
    public void What_does_not_go_together_is_named()
    {
        Assert.Contains("--post-stratify stands alone", Assert.Throws<GnomonError>(() => Ask.Ab(Shop(), AbData.Options("spend") with { PostStratify = ["country"], Predict = ["visits"] })).Message, StringComparison.Ordinal);
        Assert.Contains("--predict is not offered with --cluster", Assert.Throws<GnomonError>(() => Ask.Ab(Shop(), AbData.Options("spend") with { Cluster = "country", Predict = ["visits"] })).Message, StringComparison.Ordinal);
        Assert.Equal("bad-covariate", Assert.Throws<GnomonError>(() => Ask.Ab(Shop(), AbData.Options("spend") with { Predict = ["unit"] })).Code);
        Assert.Equal("column-not-found", Assert.Throws<GnomonError>(() => Ask.Ab(Shop(), AbData.Options("spend") with { Predict = ["vists"] })).Code);
        var few = Ask.Ab(AbData.Binary(("A", 3, 15), ("B", 5, 15)), AbData.Options("converted") with { Predict = ["unit"], Unit = null });
        Assert.Contains(few.Limitations, l => l.StartsWith("converted is not adjusted: ", StringComparison.Ordinal));
    }

    // Spend hangs on the country and, bent, on visits; B adds 1. "after" is moved by the treatment, "next" is dated the day after assignment.
    private static Table Shop(int repeat = 1)
    {
        var rng = new Rng(12);
        int[] unit = [.. Enumerable.Range(0, N)];
        var arm = unit.Select(_ => rng.NextInt(2)).ToArray();
        var country = unit.Select(_ => rng.NextInt(4)).ToArray();
        var visits = unit.Select(_ => rng.NextInt(12)).ToArray();
        var start = new DateOnly(2026, 3, 2);
        var day = unit.Select(i => start.AddDays(i % 14)).ToArray();
        var spend = unit.Select(i => 10 + 3.0 * country[i] + 2 * Math.Max(0, visits[i] - 6) + 3 * rng.NextNormal() + arm[i]).ToArray();
        int[] rows = [.. unit.SelectMany(i => Enumerable.Repeat(i, repeat))];
        return Table.With("unit", rows.Select(i => (long)i)).And("unit2", rows.Select(i => (long)i)).And("arm", rows.Select(i => (string?)(arm[i] == 1 ? "B" : "A")))
            .And("country", rows.Select(i => (string?)$"c{country[i]}")).And("visits", rows.Select(i => 1.0 + visits[i])).And("pages", rows.Select(i => 1.0 + visits[i])).And("spend", rows.Select(i => spend[i]))
            .And("day", rows.Select(i => day[i])).And("last", rows.Select(i => day[i].AddDays(-1 - visits[i]))).And("next", rows.Select(i => day[i].AddDays(1)))
            .And("after", rows.Select(i => (double)(visits[i] / 4 + arm[i]))).And("rare", rows.Select(i => (string?)(i < 6 ? $"rare {i}" : "usual")));
    }

    [Theory]
    [InlineData(0.07, 4e-7, "Fail")]
    [InlineData(0.07, 0.004, "Pass")]
    [InlineData(0.15, 0.004, "Fail")]
    [InlineData(0.15, 0.02, "Pass")]
    public void A_small_shift_that_chance_does_not_make_blocks_too(double gap, double p, string status) =>
        Assert.Equal(status, new Gnomon.Checks.Causal.PostTreatmentAdjustment().Evaluate(new() { Units = 20_000, Columns = [new("cart", gap, p)] }).Status.ToString());
}
