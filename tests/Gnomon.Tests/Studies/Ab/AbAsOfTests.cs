using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>An outcome window is open or closed at the day on which the data were taken, which need not be the last day in them.</summary>
public sealed class AbAsOfTests
{
    private static readonly DateOnly First = new(2026, 3, 2);

    // 1,400 units over 14 days, 100 a day.
    private static Finding Ask(string? asOf)
    {
        var all = Enumerable.Range(0, 1_400).ToArray();
        var table = Table.With("unit", all.Select(i => (long)i))
            .And("arm", all.Select(i => (string?)(i % 2 == 1 ? "B" : "A")))
            .And("converted", all.Select(i => i % 5 == 0 ? 1L : 0L))
            .And("day", all.Select(i => First.AddDays(i / 100)));
        return Gnomon.Ask.Ab(table, AbData.Options("converted") with { Time = "day", Window = 7, AsOf = asOf });
    }

    [Theory]
    [InlineData(null, 0.5, CheckStatus.Fail)]
    [InlineData("2026-03-10", 0.5, CheckStatus.Fail)]
    [InlineData("2026-03-18", 4.0 / 14, CheckStatus.Fail)]
    [InlineData("2026-03-21", 1.0 / 14, CheckStatus.Fail)]
    [InlineData("2026-03-22", 0.0, CheckStatus.Pass)]
    public void Units_are_mature_when_their_window_closed_before_the_data_were_taken(string? asOf, double share, CheckStatus status)
    {
        var check = AbData.Check(Ask(asOf), "incomplete-follow-up");
        Assert.Equal(status, check.Status);
        Assert.Equal(share, check.Statistic!.Value, 12);
    }

    [Fact]
    public void What_is_no_date_is_refused()
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask("next week"));
        Assert.Equal("--as-of must be a date; got 'next week'.", wrong.Message);
        Assert.Equal("Write --as-of 2026-03-31.", wrong.Hint);
    }
}
