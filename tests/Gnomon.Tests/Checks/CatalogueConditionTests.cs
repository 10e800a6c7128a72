using Gnomon.Checks.Inference;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Checks;

/// <summary>Each leg of the conditions of three checks: significance without importance, effects that outliers drive, reversals within groups.</summary>
public sealed class CatalogueConditionTests
{
    [Theory]
    [InlineData(0.030, 0.005, 0.05, CheckStatus.Warn, false, "where 0.05 is worth having")]
    [InlineData(0.030, 0.005, 0.045, CheckStatus.Warn, false, "the whole interval is trivial")]
    [InlineData(0.060, 0.010, 0.05, CheckStatus.Pass, true, "do not rule out a smaller one")]
    [InlineData(0.080, 0.001, 0.05, CheckStatus.Pass, true, "even 0.00196 would be significant")]
    [InlineData(0.090, 0.010, 0.05, CheckStatus.Pass, false, "where 0.05 is worth having")]
    [InlineData(0.010, 0.010, 0.05, CheckStatus.Pass, false, "not significant")]
    public void Size_is_judged_against_what_is_worth_having(double effect, double error, double worthwhile, CheckStatus status, bool noted, string says)
    {
        var result = new SignificanceWithoutImportance().Evaluate(Primary(effect, error) with { Worthwhile = worthwhile });
        Assert.Equal((status, noted), (result.Status, result.Noted));
        Assert.Contains(says, result.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, 0.01, true)]
    [InlineData(0.09, 0.01, false)]
    public void Without_one_a_tenth_of_a_standard_deviation_is_a_remark(double effect, double error, bool noted) =>
        Assert.Equal((CheckStatus.Pass, noted), new SignificanceWithoutImportance().Evaluate(Primary(effect, error)) is var r ? (r.Status, r.Noted) : default);

    [Fact]
    public void One_hugely_negative_unit_is_seen()
    {
        var (treatment, control) = Arms(seed: 3, units: 2_000);
        Assert.Equal(CheckStatus.Pass, Outliers(treatment, control).Status);
        treatment[0] = -50_000;
        var result = Outliers(treatment, control);
        Assert.Equal(CheckStatus.Warn, result.Status);
        Assert.Contains("without one unit, -50,000,", result.Says, StringComparison.Ordinal);
    }

    // By recomputation: Welch's error and the two means without that unit.
    [Fact]
    public void The_shift_of_the_smallest_unit_is_that_of_the_sample_without_it()
    {
        var (treatment, control) = Arms(seed: 3, units: 60);
        treatment[0] = -900;
        var rest = treatment[1..];
        double Variance(double[] x) => x.Sum(v => (v - x.Average()) * (v - x.Average())) / (x.Length - 1);
        var expected = Math.Abs(treatment.Average() - rest.Average()) / Math.Sqrt(Variance(rest) / rest.Length + Variance(control) / control.Length);
        Assert.Equal(expected, Outliers(treatment, control).Statistic!.Value, 6);
    }

    [Fact]
    public void A_half_error_that_turns_the_answer_is_named()
    {
        // 20 units of 400 per arm reach far; without the largest of each the difference falls by more than half an error and loses its significance.
        var rng = new Rng(8);
        var found = Enumerable.Range(0, 4_000).Select(_ =>
        {
            double[] Draw() => [.. Enumerable.Range(0, 400).Select(_ => Math.Exp(1.4 * rng.NextNormal()))];
            return Outliers(Draw(), Draw());
        }).Where(r => r.Status == CheckStatus.Warn && r.Threshold == 0.5).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, r => Assert.Contains("no longer says the same", r.Says, StringComparison.Ordinal));
        Assert.All(found, r => Assert.InRange(r.Statistic!.Value, 0.5, 1));
    }

    [Fact]
    public void Small_segments_are_one_stratum()
    {
        var rng = new Rng(2);
        var all = Enumerable.Range(0, 3_000).ToArray();
        var table = Table.With("unit", all.Select(i => (long)i)).And("arm", all.Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("country", all.Select(i => (string?)((i / 2) % 20 < 12 ? "DE" : (i / 2) % 20 < 17 ? "FR" : $"C{(i / 2) % 20}"))).And("y", all.Select(_ => rng.NextNormal()));
        var finding = Ask.Ab(table, AbData.Options("y") with { Segment = ["country"] });
        Assert.Contains("(3 strata)", AbData.Check(finding, "simpsons-paradox").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reversal_by_a_large_segment_still_blocks()
    {
        var rng = new Rng(4);
        var all = Enumerable.Range(0, 20_000).ToArray();
        var tablet = all.Select(i => rng.NextDouble() < (i % 2 == 0 ? 0.2 : 0.8)).ToArray();
        var table = Table.With("unit", all.Select(i => (long)i)).And("arm", all.Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("device", tablet.Select(t => (string?)(t ? "tablet" : "phone"))).And("y", all.Select(i => (tablet[i] ? 5.0 : 0) - 0.3 * (i % 2) + rng.NextNormal()));
        var finding = Ask.Ab(table, AbData.Options("y") with { Segment = ["device"] });
        Assert.Contains("simpsons-paradox", finding.Decision.Because);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
    }

    private static CheckResult Outliers(double[] treatment, double[] control) => new OutlierDrivenEffect().Evaluate(new ExtremeValues
    {
        Metric = "y", Treatment = Moments.Of(treatment), Control = Moments.Of(control),
        TopTreatment = [.. treatment.OrderDescending().Take(50)], TopControl = [.. control.OrderDescending().Take(50)],
    });

    private static (double[] Treatment, double[] Control) Arms(int seed, int units)
    {
        var rng = new Rng(seed);
        double[] Draw() => [.. Enumerable.Range(0, units).Select(_ => 10 + 3 * rng.NextNormal())];
        return (Draw(), Draw());
    }

    private static PrimaryResult Primary(double effect, double error) => new()
    {
        Metric = "y", Contrast = "B - A", Difference = effect, Low = effect - 1.96 * error, High = effect + 1.96 * error, StandardError = error,
        PValue = 2 * Gnomon.Numerics.Distributions.Normal.Sf(effect / error), Alpha = 0.05, ControlDeviation = 1, TreatmentUnits = 1_000, ControlUnits = 1_000,
    };
}
