using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Many metrics are read in several scans at once: the answer is that of one scan.</summary>
public sealed class WideFileTests
{
    private const int Metrics = 90;
    private const int Units = 5_000;

    [Fact]
    public void The_answer_does_not_depend_on_how_many_scans_read_it()
    {
        var table = Wide();
        var one = Ask.Ab(table, Options() with { Threads = 1 });
        foreach (var threads in new[] { 2, 3, 7 })
        {
            var several = Ask.Ab(table, Options() with { Threads = threads });
            Assert.Equal(one.Estimates, several.Estimates);
            Assert.Equal(one.Checks.Select(c => (c.Id, c.Status)), several.Checks.Select(c => (c.Id, c.Status)));
        }
    }

    [Fact]
    public void Each_metric_is_what_it_is_alone()
    {
        var table = Wide();
        var wide = Ask.Ab(table, Options() with { Threads = 2 });
        foreach (var name in new[] { "m0", "m15", "m44", "m45", "m89" })
        {
            var alone = Ask.Ab(table, Options() with { Metric = [name] });
            Assert.Equal(Difference(alone, name), Difference(wide, name));
        }
    }

    [Fact]
    public void Units_that_come_again_end_all_scans_and_are_totalled()
    {
        var table = Wide(repeatEvery: 10);
        var one = Ask.Ab(table, Options() with { Threads = 1 });
        var two = Ask.Ab(table, Options() with { Threads = 2 });
        Assert.Equal(one.Estimates, two.Estimates);
        Assert.All(two.Estimates, e => Assert.True(e.N <= Units - Units / 10));
    }

    [Fact]
    public void A_fault_in_a_later_scan_is_told_like_one_in_the_first()
    {
        var table = Wide().And("events", Enumerable.Repeat(5.0, Units)).And("trials", Enumerable.Repeat(3.0, Units));
        var options = Options() with { Threads = 2, Rate = ["events/trials"] };
        var refused = Assert.Throws<GnomonError>(() => Ask.Ab(table, options));
        Assert.Equal("bad-rate", refused.Code);
    }

    [Fact]
    public void A_cancelled_run_ends_in_cancellation()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SideBySide.Run(4, 2, stop.Token, (_, ended) => throw new OperationCanceledException(ended)));
        Assert.ThrowsAny<OperationCanceledException>(() => SideBySide.Run(4, 2, stop.Token, (_, _) => true));
    }

    [Fact]
    public void Of_several_failures_the_first_group_speaks()
    {
        using var both = new Barrier(2);
        var failure = Assert.Throws<InvalidOperationException>(() => SideBySide.Run(2, 2, CancellationToken.None, (g, _) =>
        {
            both.SignalAndWait();
            throw new InvalidOperationException($"group {g}");
        }));
        Assert.Equal("group 0", failure.Message);
    }

    private static AbOptions Options() => AbData.Options([.. Enumerable.Range(0, Metrics).Select(m => $"m{m}")]) with { Pre = ["pre"], Segment = ["country"] };

    private static Estimate Difference(Finding finding, string metric) =>
        finding.Estimates.First(e => e.Metric == metric && e.Name == "difference" && e.Contrast == "B - A") with { Role = string.Empty };

    private static Table Wide(int repeatEvery = int.MaxValue)
    {
        var all = Enumerable.Range(0, Units).ToArray();
        var table = Table.With("unit", all.Select(i => (long)(i % repeatEvery == repeatEvery - 1 ? i - 3 : i)))
            .And("arm", all.Select(i => (string?)((i % repeatEvery == repeatEvery - 1 ? i - 3 : i) % 3 is var k && k == 0 ? "A" : k == 1 ? "B" : "C")))
            .And("country", all.Select(i => (string?)(i % 7 == 0 ? "no" : "de")))
            .And("pre", all.Select(i => (double)(i * 37 % 101)));
        for (var m = 0; m < Metrics; m++)
        {
            var rng = new Rng((ulong)m);

            // Every ninth metric has gaps; they arrive as numbers that are not finite.
            table = table.And($"m{m}", all.Select(i => m % 9 == 0 && i % 11 == 0 ? double.NaN : 10 + m + rng.NextNormal()));
        }

        return table;
    }
}
