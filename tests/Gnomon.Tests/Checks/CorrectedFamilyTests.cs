using Gnomon.Checks.Evaluation;
using Gnomon.Checks.Experiments;
using Gnomon.Checks.Inference;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Inference;
using Xunit;

namespace Gnomon.Tests.Checks;

/// <summary>Checks judge what the answer used, and say it in the words of the design.</summary>
public sealed class CorrectedFamilyTests
{
    [Fact]
    public void A_family_that_is_corrected_in_the_answer_passes_and_the_same_family_uncorrected_warns()
    {
        var plain = new TestFamily { Names = ["a", "b", "c"], PValues = [0.03, 0.04, 0.5], Alpha = 0.05 };
        Assert.Equal(CheckStatus.Warn, new MultipleComparisons().Evaluate(plain).Status);
        var corrected = new MultipleComparisons().Evaluate(plain with { CorrectedBy = "Games-Howell", CorrectedPValues = [0.045, 0.09, 0.8] });
        Assert.Equal(CheckStatus.Pass, corrected.Status);
        Assert.Contains("2 below 0.05 one by one, 1 in the answer", corrected.Says, StringComparison.Ordinal);
        Assert.Contains("Games-Howell", corrected.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_win_beside_a_corrected_decision_is_named_and_no_alarm_unless_it_is_claimed_or_one_of_many()
    {
        var check = new MultipleComparisons();
        var held = new TestFamily { Names = ["a: B - A", "b: B - A"], PValues = [0.03, 0.4], Alpha = 0.05, IsHeld = true, Unplanned = 2 };
        var named = check.Evaluate(held);
        Assert.Equal((CheckStatus.Pass, false), (named.Status, named.Fired));
        Assert.Contains("lost: a: B - A (p = 0.030, adjusted 0.060)", named.Says, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, check.Evaluate(held with { Claimed = ["a: B - A"] }).Status);
        Assert.Equal(CheckStatus.Pass, check.Evaluate(held with { Claimed = ["b: B - A"] }).Status);
        TestFamily Of(int tests) => new() { Names = [.. Enumerable.Range(1, tests).Select(i => $"m{i}")], PValues = [0.03, .. Enumerable.Repeat(0.4, tests - 1)], Alpha = 0.05, IsHeld = true, Unplanned = tests };
        Assert.Equal(CheckStatus.Pass, check.Evaluate(Of(7)).Status);
        Assert.Equal(CheckStatus.Warn, check.Evaluate(Of(8)).Status);
        Assert.Equal(CheckStatus.Pass, check.Evaluate(Of(20) with { Unplanned = 0 }).Status);
    }

    // p = 0.03 among nine comparisons is 0.27: nothing is claimed by it. The same by itself is significant and small.
    [Fact]
    public void Significance_is_claimed_with_the_comparisons_beside_it_counted()
    {
        var small = new PrimaryResult { Metric = "y", Contrast = "B - A", Difference = 0.022, Low = 0.002, High = 0.042, StandardError = 0.01, PValue = 0.03, Alpha = 0.05, Worthwhile = 0.06, ControlDeviation = 1, TreatmentUnits = 20_000, ControlUnits = 20_000 };
        Assert.Equal(CheckStatus.Warn, new SignificanceWithoutImportance().Evaluate(small).Status);
        Assert.Equal(CheckStatus.Pass, new SignificanceWithoutImportance().Evaluate(small with { CorrectedPValue = 0.27 }).Status);
        Assert.Equal(CheckStatus.Warn, new SignificanceWithoutImportance().Evaluate(small with { PValue = 0.001, CorrectedPValue = 0.009 }).Status);
        var thin = small with { Worthwhile = 0.02 };
        Assert.Equal(CheckStatus.Warn, new UnderpoweredTest().Evaluate(thin).Status);
        Assert.Equal(CheckStatus.Pass, new UnderpoweredTest().Evaluate(thin with { CorrectedPValue = 0.27 }).Status);
    }

    // A slope with p of 0.005 is an alarm of one curve and none of nine; a fading effect is seen among nine all the same.
    [Fact]
    public void Curves_of_several_arms_and_metrics_share_the_size_of_the_novelty_test()
    {
        var check = new NoveltyEffect();
        var fades = check.Trap(1);
        Assert.Equal(CheckStatus.Warn, check.Evaluate(fades with { Curves = 9 }).Status);
        var slight = Enumerable.Range(1, 400).Select(seed => check.Clean(seed)).First(d => check.Evaluate(d) is { Status: CheckStatus.Warn, P: > 0.0015 });
        Assert.Equal(CheckStatus.Pass, check.Evaluate(slight with { Curves = 9 }).Status);
    }

    [Theory]
    [InlineData("There is no difference between a and b", true)]
    [InlineData("there was no real effect of the new page", true)]
    [InlineData("No difference between the groups", true)]
    [InlineData("The two pages are the same", true)]
    [InlineData("Both groups do not differ", true)]
    [InlineData("The result is not large and there is no difference", true)]
    [InlineData("If there were no difference, such data would be rare", false)]
    [InlineData("The data do not show that there is no difference", false)]
    [InlineData("There is no evidence that there is no difference", false)]
    [InlineData("There is no difference larger than 2 points", false)]
    [InlineData("No difference that matters: from -1 to 1", false)]
    [InlineData("No clear difference was found; from -2 to 3 remains possible", false)]
    public void No_difference_is_a_claim_that_needs_a_margin(string text, bool warns)
    {
        var reading = new StatedReading { Text = text, IsRandomized = true, PValue = 0.4 };
        Assert.Equal(warns ? CheckStatus.Warn : CheckStatus.Pass, new UnsupportedClaim().Evaluate(reading).Status);
        Assert.Equal(CheckStatus.Pass, new UnsupportedClaim().Evaluate(reading with { IsInsideMargin = true }).Status);
        if (warns)
        {
            Assert.Contains("p = 0.40", new UnsupportedClaim().Evaluate(reading).Says, StringComparison.Ordinal);
            Assert.Contains("contradict it", new UnsupportedClaim().Evaluate(reading with { PValue = 0.001 }).Says, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Denying_chance_is_the_misreading_itself() =>
        Assert.Equal(CheckStatus.Warn, new UnsupportedClaim().Evaluate(new StatedReading { Text = "This result is not due to chance", IsRandomized = true }).Status);

    [Fact]
    public void Missing_outcomes_speak_of_chance_only_where_chance_assigned()
    {
        var flow = new OutcomeFlow { Metric = "y", Arms = ["May", "June"], Assigned = [500, 500], Observed = [480, 400] };
        Assert.Contains("no longer random", new DifferentialAttrition().Evaluate(flow).Says, StringComparison.Ordinal);
        var seen = new DifferentialAttrition().Evaluate(flow with { Randomised = false });
        Assert.Equal(CheckStatus.Fail, seen.Status);
        Assert.DoesNotContain("random", seen.Says, StringComparison.Ordinal);
        Assert.DoesNotContain("arm", seen.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-6, -8, -4, "clearly goes the other way")]
    [InlineData(0.2, -1, 1.4, "nothing clear is left")]
    public void A_difference_that_turns_round_is_not_called_gone(double adjusted, double low, double high, string says)
    {
        var evidence = new AdjustedComparison
        {
            Metric = "y", Contrast = "b - a", Randomised = false, Units = 1_000, Columns = [new ColumnBalance("size", 0.8, 1e-8)], Crude = 5, CrudeError = 1, CrudeLow = 3, CrudeHigh = 7, Adjusted = adjusted, AdjustedLow = low,
            AdjustedHigh = high, ChangeError = 0.5, HeldFixed = ["size"],
        };
        var result = new ConfoundedComparison().Evaluate(evidence);
        Assert.Equal(CheckStatus.Fail, result.Status);
        Assert.Contains(says, result.Says, StringComparison.Ordinal);
    }
}
