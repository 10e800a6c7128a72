using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Gnomon.Tests.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>One series before and after a change, through the verb.</summary>
public sealed class ChangeCompareTests
{
    private static readonly CompareOptions Options = new() { Metric = "rate", Time = "week", ChangeAt = "21" };

    [Fact]
    public void The_answer_is_the_change_of_level_and_the_plain_difference_stands_last()
    {
        var table = Series(0.02, untouched: 0);
        var finding = Ask(table, Options with { Untouched = "elsewhere" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        var fit = InterruptedSeries.Fit([.. ((DoubleColumn)table["rate"]).Values], 20);
        var level = finding.Estimates[0];
        Assert.Equal(("change of level", "primary"), (level.Name, level.Role));
        Assert.Equal(fit.Averaged[InterruptedSeries.Level].Low, level.Low, 1e-12);
        Assert.Null(finding.Estimates[^1].P);
        Assert.Equal("Pass", finding.Status("no-concurrent-control"));
        Assert.Equal("Pass", finding.Status("autocorrelated-residuals"));
        Assert.Equal(["segments", "views", "placebo-starts"], finding.Tables.Select(t => t.Id));
    }

    [Fact]
    public void Without_an_untouched_series_or_with_one_that_moved_too_the_cause_stays_open()
    {
        var alone = Ask(Series(0.02, untouched: 0), Options);
        Assert.Equal(DecisionAction.Investigate, alone.Decision.Action);
        Assert.Equal("Fail", alone.Status("no-concurrent-control"));
        Assert.Equal("Fail", Ask(Series(0.02, untouched: 0.02), Options with { Untouched = "elsewhere" }).Status("no-concurrent-control"));
    }

    // The check judges what the two lines leave: a steep trend is theirs, not memory of the row before.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_trend_is_no_memory_of_the_row_before(int seed)
    {
        var rng = new Rng(seed);
        var table = Table.With("week", Enumerable.Range(1, 60).Select(i => (long)i)).And("rate", Enumerable.Range(1, 60).Select(i => 100 + 3.0 * i + (i >= 21 ? 10 : 0) + 2 * rng.NextNormal()));
        Assert.Equal("Pass", Ask(table, Options).Status("autocorrelated-residuals"));
    }

    [Fact]
    public void A_claim_of_a_percentage_asks_for_its_base() =>
        Assert.Equal("Warn", Ask(Series(0.02, untouched: 0), Options with { Claim = "lift=20%" }).Status("relative-effect-without-absolute"));

    [Fact]
    public void Refusals_name_what_is_wrong()
    {
        var data = Series(0, 0);
        Code("option-missing", () => Ask(data, new CompareOptions { Metric = "rate", ChangeAt = "21" }));
        Code("option-missing", () => Ask(data, new CompareOptions { Metric = "rate", By = "half", Time = "week" }));
        Code("options-conflict", () => Ask(data, Options with { By = "half" }));
        Code("option-out-of-range", () => Ask(data, Options with { ChangeAt = "2024-04-01" }));
        Code("option-out-of-range", () => Ask(data, Options with { ChangeAt = "99" }));
        Code("option-out-of-range", () => Ask(data, Options with { ChangeAt = "1" }));
        Code("too-few-rows", () => Ask(data, Options with { ChangeAt = "3" }));
        Code("several-rows-per-time", () => Ask(data, Options with { Time = "twice" }));
        Code("column-not-numeric", () => Ask(data, Options with { Metric = "half" }));
        Code("value-out-of-range", () => Ask(data, Options with { Trials = "zero" }));
        Code("not-estimable", () => Ask(data, Options with { Metric = "week" }));
    }

    private static Table Series(double step, double untouched)
    {
        var rng = new Rng(7).Stream("change");
        double[] weeks = [.. Enumerable.Range(1, 42).Select(w => (double)w)];
        return Table.With("week", weeks).And("rate", weeks.Select(w => 0.1 + (w >= 21 ? step : 0) + (0.003 * rng.NextNormal())))
            .And("elsewhere", weeks.Select(w => 0.08 + (w >= 21 ? untouched : 0) + (0.003 * rng.NextNormal()))).And("half", weeks.Select(w => w < 21 ? "before" : "after"))
            .And("twice", weeks.Select(w => Math.Floor(w / 2))).And("zero", weeks.Select(_ => 0.0));
    }

    private static Finding Ask(Table table, CompareOptions options)
    {
        var finding = Gnomon.Ask.Compare(table, options);
        _ = Gnomon.Render.Json.FindingJson.Write(finding);
        return finding;
    }

    private static void Code(string code, Action ask) => Assert.Equal(code, Assert.Throws<GnomonError>(ask).Code);
}
