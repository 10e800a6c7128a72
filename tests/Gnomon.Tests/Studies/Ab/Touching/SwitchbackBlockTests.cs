using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>How long one draw of a switchback held is told from its changes: periods that shared a draw are one piece of evidence.</summary>
public sealed class SwitchbackBlockTests
{
    private static readonly AbOptions Hours = new() { Variant = "arm", Control = "A", Metric = ["y"], Time = "hour", Switchback = true };

    [Fact]
    public void Arms_that_held_four_hours_are_read_in_blocks_of_four_hours()
    {
        var told = Ask.Ab(Series(seed: 1, held: 4, start: 0), Hours);
        var given = Ask.Ab(Series(seed: 1, held: 4, start: 0), Hours with { Block = "4h" });
        Assert.Equal(AbData.Primary(given).Low, AbData.Primary(told).Low);
        Assert.Equal(AbData.Primary(given).N, AbData.Primary(told).N);
        Assert.Contains(told.Limitations, l => l.Contains("No --block was given: the arm changes only every 4 hours", StringComparison.Ordinal));
        Assert.DoesNotContain(given.Limitations, l => l.Contains("--block", StringComparison.Ordinal));
    }

    // The first block is cut short, as logs that begin in the middle of one are; days of 24 hours do not begin at a block either.
    [Theory]
    [InlineData(4, 3)]
    [InlineData(6, 1)]
    [InlineData(5, 2)]
    public void Blocks_that_began_before_the_data_are_found(int held, int start)
    {
        var finding = Ask.Ab(Series(seed: 2, held, start), Hours);
        Assert.Contains(finding.Limitations, l => l.Contains($"only every {held} hours", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains($"{(336 + start + held - 1) / held} blocks were assigned", StringComparison.Ordinal));
    }

    // Clean twin: every hour was drawn.
    [Fact]
    public void Periods_that_were_drawn_one_by_one_stay_so()
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var finding = Ask.Ab(Series(seed, held: 1, start: 0), Hours);
            Assert.Contains(finding.Limitations, l => l.Contains("336 blocks were assigned", StringComparison.Ordinal));
            Assert.DoesNotContain(finding.Limitations, l => l.Contains("--block", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_block_that_is_shorter_than_the_changes_say_is_doubted()
    {
        var finding = Ask.Ab(Series(seed: 1, held: 4, start: 0), Hours with { Block = "1h" });
        Assert.Contains(finding.Limitations, l => l.Contains("The block is 1h, but the arm changes only every 4 hours", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_told_is_asked_for()
    {
        // Before and after: one change.
        var once = Assert.Throws<GnomonError>(() => Ask.Ab(Of([.. Enumerable.Repeat(0, 50), .. Enumerable.Repeat(1, 50)]), Hours));
        Assert.Equal("block-missing", once.Code);
        Assert.Contains("before and after", once.Hint, StringComparison.Ordinal);

        // Two distances that are multiples of 3: a coin for each hour gives that once in nine times.
        var few = Assert.Throws<GnomonError>(() => Ask.Ab(Of([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1]), Hours));
        Assert.Equal("block-missing", few.Code);
        Assert.Contains("--block 3 (periods)", few.Hint, StringComparison.Ordinal);
        Assert.NotEmpty(Ask.Ab(Of([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1]), Hours with { Block = "1" }).Estimates);
    }

    // Zones whose blocks begin at other moments: no clock holds for both.
    [Fact]
    public void Zones_out_of_step_are_refused_with_what_to_do()
    {
        var (one, other) = (Draws(3, 4, 0), Draws(4, 4, 2));
        var rows = one.Select((a, i) => (Zone: "n", Arm: a, Hour: i)).Concat(other.Select((a, i) => (Zone: "s", Arm: a, Hour: i))).ToArray();
        var table = Table.With("zone", rows.Select(r => (string?)r.Zone)).And("arm", rows.Select(r => (string?)(r.Arm == 1 ? "B" : "A"))).And("hour", rows.Select(r => (long)r.Hour)).And("y", rows.Select(r => (double)(r.Hour * 7 % 13)));
        var wrong = Assert.Throws<GnomonError>(() => Ask.Ab(table, Hours with { Cluster = "zone" }));
        Assert.Equal("block-missing", wrong.Code);
        Assert.Contains("not at the same moments", wrong.Message, StringComparison.Ordinal);
    }

    // Hours that hang together (autoregression 0.7), no effect: 120 runs of two weeks. With every hour taken for a draw the test of size 5 % calls a difference in more than a fifth of them.
    [Fact]
    public void The_test_keeps_its_size_without_a_word_on_the_block()
    {
        int Called(string? block) => Enumerable.Range(0, 120).Count(seed => AbData.Primary(Ask.Ab(Series(seed, held: 4, start: 0), Hours with { Block = block })).P < 0.05);
        Assert.InRange(Called(null), 0, 13);
        Assert.InRange(Called("1"), 24, 120);
    }

    private static int[] Draws(int seed, int held, int start)
    {
        var rng = new Rng(seed).Stream("arms");
        var blocks = Enumerable.Range(0, (336 + start) / held + 1).Select(_ => rng.NextInt(2)).ToArray();
        return [.. Enumerable.Range(0, 336).Select(h => blocks[(h + start) / held])];
    }

    private static Table Series(int seed, int held, int start) => Of(Draws(seed, held, start), seed);

    private static Table Of(int[] arms, int seed = 0)
    {
        var rng = new Rng(seed).Stream("noise");
        var (noise, from) = (0.0, new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc));
        var y = arms.Select(_ => 10 + (noise = 0.7 * noise + rng.NextNormal())).ToArray();
        return Table.With("hour", arms.Select((_, i) => (string?)from.AddHours(i).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))).And("arm", arms.Select(a => (string?)(a == 1 ? "B" : "A"))).And("y", y);
    }
}
