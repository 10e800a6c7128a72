using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>Against plain loops over windows and full enumeration of designs in numpy (tests/reference/interference/switchback.json); closed forms, 1e-9 relative; exact p to 1e-12.</summary>
public sealed class SwitchbackTests
{
    [Fact]
    public void Estimates_and_errors_agree_with_the_definition()
    {
        foreach (var set in ReferenceFile.Open("interference", "switchback.json").GetProperty("sets").EnumerateArray())
        {
            var result = Switchback.Estimate(Cells(set, (int)set.Number("length")), (int)set.Number("burnIn"), set.Number("share"));
            Close.Relative(set.Number("difference"), result.Hajek.Value, 1e-9, "difference");
            Close.Relative(set.Number("error"), result.Hajek.StandardError, 1e-9, "error");
            Assert.Equal(set.Number("degrees"), result.Hajek.DegreesOfFreedom);
            Close.Relative(set.Number("horvitzThompson"), result.HorvitzThompson.Value, 1e-9, "Horvitz-Thompson");
            Close.Relative(set.Number("horvitzThompsonError"), result.HorvitzThompson.StandardError, 1e-9, "its error");
        }
    }

    [Fact]
    public void Every_design_is_drawn_where_there_are_few_blocks()
    {
        var set = ReferenceFile.Open("interference", "switchback.json").GetProperty("exact");
        var cells = Cells(set, 1);
        var test = SwitchbackRandomisation.Test(cells);
        Assert.True(test.IsExact);
        Assert.Equal(set.Count("designs"), test.Assignments);
        Assert.Equal(set.Number("p"), test.PValue, 12);
        var carry = SwitchbackRandomisation.CarryOver(cells);
        Assert.Equal(set.Number("carryP"), carry.Test.PValue, 12);
        Close.Relative(set.Number("carryDifference"), carry.Difference, 1e-9, "carry-over");
    }

    [Fact]
    public void Series_that_switch_together_are_one_draw_per_block()
    {
        int[][] arms = [[1, 0, 0, 1, 1, 0, 1, 0], [1, 0, 0, 1, 1, 0, 1, 0]];
        var cells = Of(arms, (s, b) => s + arms[s][b] + (b * 7 % 5));
        Assert.True(cells.IsShared);
        Assert.Equal(4, cells.Treated);
        Assert.False(cells.Alternates);
        Assert.True(Of([[1, 0, 1, 0, 1, 0, 1]], (_, b) => b % 3).Alternates);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => Of([[1, 0, 0, 0]], (_, b) => b));
        Assert.Throws<NotEstimableException>(() => Switchback.Estimate(Of([[1, 0, 1, 0, 1, 0]], (_, b) => b * b), burnIn: 1));
        Assert.Throws<NotEstimableException>(() => Switchback.Estimate(Of([[1, 0, 0, 1, 1, 0]], (_, _) => 3)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_p()
    {
        var rng = new Rng(4);
        var cells = Draw(rng, 6, 20, 0.4, 0);
        var options = new RerandomisationOptions { Draws = 499, Seed = 8 };
        Assert.Equal(SwitchbackRandomisation.Test(cells, 0, 0.5, options).PValue, SwitchbackRandomisation.Test(cells, 0, 0.5, options).PValue);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_the_total_effect_after_the_burn_in_and_tests_keep_their_size()
    {
        const int runs = 400;
        var (covered, ignored, rejected, falseCarry, seen) = (0, 0, 0, 0, 0);
        var options = new RerandomisationOptions { Draws = 199 };
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("switchback coverage");
            var carried = Draw(rng, 8, 40, 0.5, 0.5);
            covered += Switchback.Estimate(carried, burnIn: 1).Hajek is { } h && h.Low <= 1 && h.High >= 1 ? 1 : 0;
            ignored += Switchback.Estimate(carried).Hajek is { } i && i.Low <= 1 && i.High >= 1 ? 1 : 0;
            seen += SwitchbackRandomisation.CarryOver(carried, 0, options).Test.PValue <= 0.05 ? 1 : 0;
            falseCarry += SwitchbackRandomisation.CarryOver(carried, 1, options).Test.PValue <= 0.05 ? 1 : 0;
            rejected += SwitchbackRandomisation.Test(Draw(rng, 8, 40, 0, 0), 1, 0.5, options).PValue <= 0.05 ? 1 : 0;
        }

        Assert.InRange(covered / (double)runs, 0.92, 0.985);
        Assert.InRange(ignored / (double)runs, 0, 0.2);
        Assert.InRange(rejected / (double)runs, 0.02, 0.085);
        Assert.InRange(falseCarry / (double)runs, 0.005, 0.085);
        Assert.InRange(seen / (double)runs, 0.9, 1);
    }

    [Fact]
    public void The_interval_leaves_out_zero_exactly_where_the_test_rejects()
    {
        var options = new RerandomisationOptions { Draws = 199 };
        var rejected = 0;
        for (var run = 0; run < 60; run++)
        {
            var rng = new Rng(run).Stream("switchback agreement");
            var level = run % 3 == 0 ? 0.9 : 0.95;
            var (result, test, _) = SwitchbackRandomisation.Estimate(Draw(rng, 4, 24, 0.4, 0), 0, 0.5, level, options);
            Assert.Equal(test.PValue <= 1 - level + 1e-12, result.Hajek.Low > 0 || result.Hajek.High < 0);
            rejected += test.PValue <= 1 - level ? 1 : 0;
        }

        Assert.InRange(rejected, 5, 55);

        // All 70 draws of one series: at 95 % the two that are as far out as can be reject, at 99 % none does.
        var few = Of([[1, 0, 1, 1, 0, 0, 1, 0]], (_, b) => b + (b % 3 == 0 ? 9 : 0));
        foreach (var level in new[] { 0.5, 0.9, 0.95, 0.99 })
        {
            var (result, test, _) = SwitchbackRandomisation.Estimate(few, 0, 0.5, level);
            Assert.True(test.IsExact);
            Assert.Equal(test.PValue <= 1 - level + 1e-12, result.Hajek.Low > 0 || result.Hajek.High < 0);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void The_drawn_interval_covers_an_effect_that_is_there()
    {
        const int runs = 600;
        var (covered, plain) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run).Stream("switchback drawn coverage");
            var cells = Draw(rng, 6, 24, 0.5, 0.5);
            var (result, _, _) = SwitchbackRandomisation.Estimate(cells, 1, 0.5, 0.95, new() { Draws = 399 });
            covered += result.Hajek.Low <= 1 && result.Hajek.High >= 1 ? 1 : 0;
            plain += Switchback.Estimate(cells, 1).Hajek is { } h && h.Low <= 1 && h.High >= 1 ? 1 : 0;
        }

        Assert.InRange(covered / (double)runs, 0.925, 0.98);
        Assert.InRange(plain / (double)runs, 0.925, 0.99);
    }

    // The own block adds `own`, the block before adds `before`: the total effect is their sum. Series differ in level, so that blocks of a series are alike.
    private static SwitchbackCells Draw(Rng rng, int series, int blocks, double own, double before)
    {
        var arms = Enumerable.Range(0, series).Select(_ => Enumerable.Range(0, blocks).Select(_ => rng.NextDouble() < 0.5 ? 1 : 0).ToArray()).ToArray();
        return Of(arms, (s, b) => 10 + 0.3 * (s % 3) + own * arms[s][b] + (b > 0 ? before * arms[s][b - 1] : 0) + 0.5 * rng.NextNormal());
    }

    private static SwitchbackCells Of(int[][] arms, Func<int, int, double> value)
    {
        var all = arms.SelectMany((row, s) => row.Select((_, b) => (s, b))).ToList();
        return new SwitchbackCells(arms, [.. all.Select(c => c.s)], [.. all.Select(c => c.b)], new int[all.Count], [.. all.Select(c => value(c.s, c.b))], [.. all.Select(_ => 1.0)], 1);
    }

    private static SwitchbackCells Cells(JsonElement set, int length)
    {
        var rows = set.GetProperty("cells").EnumerateArray().Select(c => c.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToList();
        int[][] arms = [.. set.GetProperty("arms").EnumerateArray().Select(a => a.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
        return new SwitchbackCells(arms, [.. rows.Select(r => (int)r[0])], [.. rows.Select(r => (int)r[1])], [.. rows.Select(r => (int)r[2])], [.. rows.Select(r => r[3])], [.. rows.Select(r => r[4])], length);
    }
}
