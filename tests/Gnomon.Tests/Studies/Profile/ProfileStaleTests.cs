using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>A sensor that stops while rows keep coming is named; steady, quiet and unordered columns are not.</summary>
public sealed class ProfileStaleTests
{
    [Fact]
    public void A_number_that_stopped_changing_is_named_with_its_ages()
    {
        var check = Stale(Readings(frozenFrom: 1_900), new ProfileOptions());
        Assert.Equal(CheckStatus.Warn, check!.Status);
        Assert.StartsWith("sensor has held one value for", check.Evidence, StringComparison.Ordinal);
        Assert.Matches(@"for 10\d days of at, 10\d rows", check.Evidence);
        Assert.Contains("numbers that stopped changing (sensor)", Ask.Profile(Readings(frozenFrom: 1_900), new ProfileOptions()).Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_in_any_order_give_the_same_answer_by_a_declared_time() =>
        Assert.Equal(Stale(Readings(1_900), new ProfileOptions { Time = "at" })!.Evidence, Stale(Readings(1_900, turned: true), new ProfileOptions { Time = "at" })!.Evidence);

    [Fact]
    public void A_number_that_keeps_changing_passes() => Assert.Equal(CheckStatus.Pass, Stale(Readings(frozenFrom: null), new ProfileOptions())!.Status);

    [Fact]
    public void Without_a_time_nothing_is_said() =>
        Assert.Null(Stale(Table.With("x", Enumerable.Range(0, 500).Select(i => i < 400 ? (double)(i % 97) : 5)), new ProfileOptions()));

    // A row a day; the values hold for some rows at a time, as slow sensors do.
    private static Table Readings(int? frozenFrom, bool turned = false)
    {
        var rng = new Rng(6);
        double slow = 20, fast = 0;
        var rows = Enumerable.Range(0, 2_000).Select(i =>
        {
            slow = i < (frozenFrom ?? int.MaxValue) && rng.NextDouble() < 0.5 ? slow + rng.NextNormal() : slow;
            fast += rng.NextNormal();
            return (At: new DateOnly(2020, 1, 1).AddDays(i), Slow: slow, Fast: fast);
        }).ToList();
        if (turned)
        {
            rows.Reverse();
        }

        return Table.With("sensor", rows.Select(r => r.Slow)).And("at", rows.Select(r => r.At)).And("load", rows.Select(r => r.Fast));
    }

    private static CheckReport? Stale(Table table, ProfileOptions options) => Ask.Profile(table, options).Checks.SingleOrDefault(c => c.Id == "stale-data");
}
