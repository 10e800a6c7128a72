using System.Text.RegularExpressions;
using Gnomon.Checks.Evaluation;
using Gnomon.Checks.Experiments;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics;
using Xunit;

namespace Gnomon.Tests.Checks;

/// <summary>Sentences of checks where a number is one, or where there is nothing to compare.</summary>
public sealed partial class WordingTests
{
    [Theory]
    [InlineData(1, "1 week")]
    [InlineData(2, "2 weeks")]
    [InlineData(0, "0 weeks")]
    [InlineData(20_000, "20,000 weeks")]
    public void A_count_takes_the_form_of_its_noun(long n, string says) => Assert.Equal(says, Figures.Count(n, "week"));

    [Fact]
    public void A_noun_may_have_its_own_plural() => Assert.Equal("2 strata, 1 stratum", $"{Figures.Count(2, "stratum", "strata")}, {Figures.Count(1, "stratum", "strata")}");

    [Theory]
    [InlineData(7, "1 whole week")]
    [InlineData(14, "2 whole weeks")]
    [InlineData(8, "8 days are 1 week and 1 day")]
    [InlineData(16, "16 days are 2 weeks and 2 days")]
    public void Weeks_and_days_are_counted_in_words(int days, string says)
    {
        var weekdays = Enumerable.Range(0, 7).Select(_ => new Moments(100, 0.5, 25)).ToList();
        Assert.Contains(says, new PartialWeekCycle().Evaluate(new DayCoverage { Days = days, FirstDay = 0, ByDay = [], ByWeekday = weekdays }).Says, StringComparison.Ordinal);
    }

    // Draws of every check, and its evidence too small to judge, hold no "1 units".
    [Fact]
    public void No_check_counts_one_of_something_in_the_plural()
    {
        var says = Catalogue.Checks.SelectMany(c => Enumerable.Range(1, 5).SelectMany(seed => new[] { c.Run(c.PlantTrap(seed)), c.Run(c.PlantClean(seed)) })
            .Concat(c.PlantTiny() is { } tiny ? [c.Run(tiny)] : Array.Empty<CheckResult>()).Select(r => (c.Card.Id, r.Says)));
        Assert.DoesNotContain(says, s => OneOfMany().IsMatch(s.Says));
    }

    [Fact]
    public void Without_a_mature_unit_the_sentence_says_so_and_holds_no_shift()
    {
        var result = new IncompleteFollowUp().Evaluate(new FollowUp { Metric = "kept", WindowDays = 7, Units = 400, Immature = 400, DifferenceAll = 0.1, StandardError = 0.05 });
        Assert.Equal(CheckStatus.Fail, result.Status);
        Assert.Contains("none is mature", result.Says, StringComparison.Ordinal);
        Assert.DoesNotContain("standard errors", result.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_mature_units_are_no_shift_of_zero_either()
    {
        var result = new IncompleteFollowUp().Evaluate(new FollowUp { Metric = "kept", WindowDays = 1, Units = 400, Immature = 399, DifferenceAll = 0.1, StandardError = 0.05 });
        Assert.Contains("within 1 day of the end", result.Says, StringComparison.Ordinal);
        Assert.Contains("too few are mature", result.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void With_mature_units_the_shift_is_measured()
    {
        var evidence = new FollowUp { Metric = "kept", WindowDays = 7, Units = 1_000, Immature = 20, DifferenceAll = 0.1, DifferenceMature = 0.2, StandardError = 0.05 };
        Assert.Equal(CheckStatus.Fail, new IncompleteFollowUp().Evaluate(evidence).Status);
        Assert.Contains("by 2.0 standard errors", new IncompleteFollowUp().Evaluate(evidence).Says, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, new IncompleteFollowUp().Evaluate(evidence with { DifferenceMature = 0.11 }).Status);
    }

    [GeneratedRegex(@"(?<![\d.,])1 (units|rows|days|weeks|arms|columns|looks|values|classes|strata|metrics|cells|times|comparisons|parameters)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex OneOfMany();
}
