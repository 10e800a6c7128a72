using System.Globalization;
using Gnomon.Checks.Data;
using Gnomon.Checks.Features;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Checks.Data;

/// <summary>Where the data checks draw their lines; error rates are held by the conformance suite.</summary>
public sealed class DataCheckTests
{
    // Criteria (i) and (iii) of Riley et al. 2019, computed in tests/reference/profile/make.py; the message rounds up to whole rows.
    [Fact]
    public void The_minimum_for_events_is_rileys()
    {
        foreach (var e in MethodReference.Load("profile/profile.json").Items("riley"))
        {
            var events = e.GetProperty("events").GetInt64();
            var rows = e.GetProperty("rows").GetInt64();
            var result = new TooFewEvents().Evaluate(new EventCounts { Target = "y", Classes = [new("no", rows - events), new("yes", events)], Parameters = e.GetProperty("parameters").GetInt32() });
            Assert.Equal(CheckStatus.Warn, result.Status);
            Assert.Contains($"the minimum is {Math.Ceiling(e.Number("minimum")).ToString("N0", CultureInfo.InvariantCulture)} rows", result.Says, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(49, CheckStatus.Fail)]
    [InlineData(51, CheckStatus.Warn)]
    [InlineData(390, CheckStatus.Pass)]
    public void Fewer_than_five_events_a_parameter_fail(long events, CheckStatus expected) =>
        Assert.Equal(expected, new TooFewEvents().Evaluate(new EventCounts { Target = "y", Classes = [new("no", 400), new("yes", events)], Parameters = 10 }).Status);

    // The 99.9 % limit of Poisson(25) is 42 (scipy.stats.poisson.isf(0.001, 25)).
    [Theory]
    [InlineData(42, CheckStatus.Pass)]
    [InlineData(43, CheckStatus.Warn)]
    public void Repeats_within_chance_pass(long repeats, CheckStatus expected) =>
        Assert.Equal(expected, new DuplicateRecords().Evaluate(new RecordRepeats { On = "rows", IsKey = false, Rows = 20_000, RowsSeen = 20_000, Repeats = repeats, ExpectedByChance = 25 }).Status);

    [Fact]
    public void A_declared_key_has_no_chance_to_repeat_by_chance() =>
        Assert.Equal(CheckStatus.Warn, new DuplicateRecords().Evaluate(new RecordRepeats { On = "id", IsKey = true, Rows = 20_000, RowsSeen = 20_000, Repeats = 41, ExpectedByChance = 25 }).Status);

    [Fact]
    public void Strength_alone_is_a_note()
    {
        var result = new TargetLeakage().Evaluate(new LeakSuspects { Target = "y", Rows = 500, Tested = 3, Patterns = [], Strengths = [new("x", "AUC", 0.97, 0.95)] });
        Assert.Equal(CheckStatus.Pass, result.Status);
        Assert.True(result.Noted);
    }

    [Fact]
    public void One_row_that_was_set_aside_is_a_loss_and_one_odd_cell_in_ten_thousand_is_not()
    {
        ReadingLosses With(bool irreversible) => new() { Rows = 10_000, Losses = [new ReadingLoss("ragged-row", 1, 0.0001, irreversible, "1 row with more cells than columns")] };
        Assert.Equal(CheckStatus.Warn, new ParsingLoss().Evaluate(With(irreversible: true)).Status);
        Assert.Equal(CheckStatus.Pass, new ParsingLoss().Evaluate(With(irreversible: false)).Status);
    }
}
