using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Metrics with a declared range under --open-ended, and the worst case beside a broken split.</summary>
public sealed class AbBoundedTests
{
    [Fact]
    public void A_declared_range_gives_the_betting_sequence_of_the_method()
    {
        var (table, a, b) = Ratings(150, 0.8);
        var finding = Ask.Ab(table, AbData.Options("rating") with { OpenEnded = true, Bounds = ["rating=1..5"] });
        var expected = BettingSequence.Difference(b, a, 1, 5);
        var shown = AbData.Primary(finding);
        Assert.Equal(expected.Low, shown.Low, 1e-12);
        Assert.Equal(expected.High, shown.High, 1e-12);
        Assert.Equal(expected.PValue, shown.P!.Value, 1e-12);
        Assert.StartsWith("betting confidence sequence", shown.Method, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("holds at every look together and from the first unit on", StringComparison.Ordinal));

        // Without the range the asymptotic sequence stays, and warns of nothing at 150 units; it is wider here.
        var plain = AbData.Primary(Ask.Ab(table, AbData.Options("rating") with { OpenEnded = true }));
        Assert.StartsWith("confidence sequence", plain.Method, StringComparison.Ordinal);
        Assert.True(plain.High - plain.Low > shown.High - shown.Low);
    }

    // Dates put rows in their order: the same rows upside down give the same answer when each day holds one row of each arm.
    [Fact]
    public void Time_orders_the_bets()
    {
        var (_, a, b) = Ratings(120, 0.8);
        Table Dated(bool reversed)
        {
            var order = Enumerable.Range(0, 240).Select(i => reversed ? 239 - i : i).ToArray();
            return Table.With("unit", order.Select(i => (long)i)).And("arm", order.Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
                .And("day", order.Select(i => new DateOnly(2026, 1, 1).AddDays(i / 2))).And("rating", order.Select(i => i % 2 == 0 ? a[i / 2] : b[i / 2]));
        }

        var options = AbData.Options("rating") with { OpenEnded = true, Bounds = ["rating=1..5"], Time = "day" };
        var (forth, back) = (AbData.Primary(Ask.Ab(Dated(false), options)), AbData.Primary(Ask.Ab(Dated(true), options)));
        Assert.Equal(forth.Low, back.Low, 1e-12);
        Assert.Equal(BettingSequence.Difference(b, a, 1, 5).Low, forth.Low, 1e-12);
    }

    [Theory]
    [InlineData("rating=1..4", "outside-bounds")]
    [InlineData("rating=5..1", "bad-bounds")]
    [InlineData("rating", "bad-bounds")]
    [InlineData("stars=1..5", "bad-bounds")]
    public void Wrong_ranges_are_named(string bounds, string code) =>
        Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Ab(Ratings(50, 0.8).Table, AbData.Options("rating") with { OpenEnded = true, Bounds = [bounds] })).Code);

    [Fact]
    public void A_range_needs_an_open_end_and_an_order_that_does_not_follow_the_outcome()
    {
        var (table, a, b) = Ratings(50, 0.8);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Ab(table, AbData.Options("rating") with { Bounds = ["rating=1..5"] })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Ab(table, AbData.Options("rating") with { OpenEnded = true, Bounds = ["rating=1..5"], Pre = ["unit"] })).Code);
        double[] sorted = [.. Enumerable.Range(0, 20).Select(i => i / 20.0)];
        Assert.Equal("sorted-by-outcome", Assert.Throws<GnomonError>(() => Ask.Ab(Of(sorted, sorted), AbData.Options("rating") with { OpenEnded = true, Bounds = ["rating=0..1"] })).Code);
    }

    [Fact]
    public void A_broken_split_is_told_with_its_worst_case()
    {
        // 8 % of B are lost, all of them with the event: 30 % of 5,000 in A, 24 % of 4,600 in B.
        var finding = Ask.Ab(AbData.Binary(("A", 1_500, 5_000), ("B", 1_100, 4_600)), AbData.Options("converted") with { Split = "50/50" });
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        var row = finding.Tables.Single(t => t.Id == "split-bounds").Rows.Single();
        var expected = LeeBounds.Proportions(1_100, 4_600, 1_500, 5_000, 4_600, 5_000, 0.5, 0.5);
        Assert.Equal(["converted", "B - A", "B", expected.MissingShare, expected.Low, expected.High, expected.Interval.Low, expected.Interval.High, "values trimmed (Lee)"], row);
        Assert.Equal(0, expected.High, 0.001);
        Assert.Contains(finding.Limitations, l => l.StartsWith("Worst case, not a result: if 8 % of B was lost", StringComparison.Ordinal) && l.Contains("That holds 0", StringComparison.Ordinal));

        // The clean twin says nothing of it.
        var clean = Ask.Ab(AbData.Binary(("A", 1_500, 5_000), ("B", 1_600, 5_000)), AbData.Options("converted") with { Split = "50/50" });
        Assert.DoesNotContain(clean.Tables, t => t.Id == "split-bounds");
        Assert.DoesNotContain(clean.Limitations, l => l.StartsWith("Worst case", StringComparison.Ordinal));
    }

    [Fact]
    public void Means_are_trimmed_and_a_strong_effect_stands_beyond_the_loss()
    {
        var rng = new Rng(77);
        double[] a = [.. Enumerable.Range(0, 2_000).Select(_ => rng.NextNormal())], b = [.. Enumerable.Range(0, 1_700).Select(_ => 2 + rng.NextNormal())];
        var finding = Ask.Ab(Of(a, b), AbData.Options("rating") with { Split = "50/50" });
        var row = finding.Tables.Single(t => t.Id == "split-bounds").Rows.Single();
        var expected = LeeBounds.Means([.. b.Order()], [.. a.Order()], 1_700, 2_000, 0.5, 0.5);
        Assert.Equal(expected.Interval.Low, (double)row[6]!, 1e-12);
        Assert.Contains(finding.Limitations, l => l.Contains("That leaves out 0", StringComparison.Ordinal));
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
    }

    private static (Table Table, double[] A, double[] B) Ratings(int perArm, double power)
    {
        var rng = new Rng(76);
        double[] a = [.. Enumerable.Range(0, perArm).Select(_ => 1 + Math.Floor(5 * rng.NextDouble()))], b = [.. Enumerable.Range(0, perArm).Select(_ => 1 + Math.Floor(5 * Math.Pow(rng.NextDouble(), power)))];
        return (Of(a, b), a, b);
    }

    private static Table Of(double[] a, double[] b) => Table.With("unit", Enumerable.Range(0, a.Length + b.Length).Select(i => (long)i))
        .And("arm", Enumerable.Range(0, a.Length + b.Length).Select(i => (string?)(i < a.Length ? "A" : "B"))).And("rating", a.Concat(b));
}
