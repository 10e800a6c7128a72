using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class PeekingErrorTests
{
    // Armitage, McPherson and Rowe 1969, table 2, and Jennison and Turnbull 2000, table 2.1: three printed decimals.
    [Theory]
    [InlineData(1, 0.050)]
    [InlineData(2, 0.083)]
    [InlineData(3, 0.107)]
    [InlineData(4, 0.126)]
    [InlineData(5, 0.142)]
    [InlineData(7, 0.166)]
    [InlineData(10, 0.193)]
    [InlineData(14, 0.220)]
    [InlineData(20, 0.248)]
    [InlineData(25, 0.266)]
    [InlineData(50, 0.320)]
    public void The_published_rates_are_reproduced(int looks, double expected) =>
        Assert.Equal(expected, PeekingError.FalsePositiveRate(looks, 0.05), 0.0005);

    // Daily looks for four weeks: simulations give 27.3 %, the recursion 27.5 %.
    [Fact]
    public void Four_weeks_of_daily_looks() => Assert.Equal(0.2747, PeekingError.FalsePositiveRate(28, 0.05), 0.0001);

    [Fact]
    public void A_simulation_agrees()
    {
        var rng = new Rng(7);
        var alarms = 0;
        for (var run = 0; run < 4_000; run++)
        {
            var s = 0.0;
            for (var k = 1; k <= 10; k++)
            {
                s += rng.NextNormal();
                if (Math.Abs(s) > 1.959964 * Math.Sqrt(k))
                {
                    alarms++;
                    break;
                }
            }
        }
        Assert.Equal(PeekingError.FalsePositiveRate(10, 0.05), alarms / 4_000.0, 0.0206);
    }
}

public sealed class GroupSequentialTests
{
    [Fact]
    public void Published_lan_demets_values_are_reproduced()
    {
        // Closed forms: the first look's critical value follows from the spending alone.
        Assert.Equal(2.4089, GroupSequential.Bounds([10.0 / 14], 0.05)[0].CriticalZ!.Value, 0.00005);
        Assert.Equal(4.8769, GroupSequential.Bounds([0.2, 0.4, 0.6, 0.8, 1.0], 0.05)[0].CriticalZ!.Value, 0.00005);
        Assert.Equal(2.296e-5, GroupSequential.ObrienFlemingSpend(3.0 / 14, 0.05, sides: 1), 0.0005e-5);
    }

    // gsDesign and rpact, Lan-DeMets O'Brien-Fleming, five equal looks, two-sided 0.05.
    [Fact]
    public void Five_look_boundaries_agree_with_the_published_ones()
    {
        double[] expected = [4.8769, 3.3569, 2.6803, 2.2898, 2.0310];
        var plan = GroupSequential.Bounds([0.2, 0.4, 0.6, 0.8, 1.0], 0.05);
        for (var k = 0; k < 5; k++)
            Assert.Equal(expected[k], plan[k].CriticalZ!.Value, 0.0002);
        Assert.Equal(0.05, plan[4].CumulativeAlpha, 1e-12);
    }

    // Jennison and Turnbull 2000, tables 2.1 and 2.3, alpha 0.05: Pocock C_P(7) = 2.485, O'Brien-Fleming C_B(7) = 2.063; C_P(5) = 2.413, C_B(5) = 2.040.
    [Fact]
    public void Classical_constants_are_reproduced()
    {
        Assert.Equal(2.485, GroupSequential.PocockBounds(7, 0.05)[6].CriticalZ!.Value, 0.0005);
        Assert.Equal(2.063, GroupSequential.ObrienFlemingBounds(7, 0.05)[6].CriticalZ!.Value, 0.0005);
        Assert.Equal(2.413, GroupSequential.PocockBounds(5, 0.05)[0].CriticalZ!.Value, 0.0005);
        Assert.Equal(2.040, GroupSequential.ObrienFlemingBounds(5, 0.05)[4].CriticalZ!.Value, 0.0005);
        Assert.Equal(0.05, GroupSequential.PocockBounds(7, 0.05)[6].CumulativeAlpha, 1e-8);
    }

    // Source: scipy.stats.multivariate_normal box probabilities (Genz), no recursion; 1e-6.
    [Fact]
    public void Crossing_probabilities_agree_with_the_multivariate_normal()
    {
        foreach (var c in MethodReference.Load("experiments/sequential.json").Items("boxes"))
        {
            var stopped = GroupSequential.StoppingProbability(c.Numbers("times"), c.Numbers("z"));
            Assert.Equal(c.Number("cross"), stopped[^1], 1e-6);
        }
    }

    [Fact]
    public void Unplanned_and_tiny_steps_keep_the_total_error()
    {
        double[] times = [0.001, 0.02, 0.0201, 0.5, 0.5001, 0.9, 1.0];
        var plan = GroupSequential.Bounds(times, 0.05);
        Assert.Null(plan[0].CriticalZ);
        var stopped = GroupSequential.StoppingProbability(times, [.. plan.Select(l => l.CriticalZ ?? 37)]);
        Assert.Equal(0.05, stopped[^1], 1e-7);
    }

    // Power at the drift of a fixed test with 80 %: never above it, and the single-look case is exact.
    [Fact]
    public void Power_of_a_single_look_is_the_fixed_power()
    {
        const double Planned = 2.8015852;
        Assert.Equal(0.8, GroupSequential.StoppingProbability([1.0], [1.959963985], Planned)[0], 1e-5);
        var plan = GroupSequential.Bounds([0.25, 0.5, 0.75, 1.0], 0.05);
        var power = GroupSequential.StoppingProbability([0.25, 0.5, 0.75, 1.0], [.. plan.Select(l => l.CriticalZ!.Value)], Planned)[3];
        Assert.InRange(power, 0.78, 0.8);
    }

    [Fact]
    public void The_boundary_holds_its_error_in_simulation()
    {
        double[] times = [0.25, 0.5, 0.75, 1.0];
        var plan = GroupSequential.Bounds(times, 0.05, AlphaSpending.Pocock);
        var rng = new Rng(9);
        var alarms = 0;
        for (var run = 0; run < 4_000; run++)
        {
            var b = 0.0;
            for (var k = 0; k < 4; k++)
            {
                b += 0.5 * rng.NextNormal();
                if (Math.Abs(b) >= plan[k].CriticalZ!.Value * Math.Sqrt(times[k]))
                {
                    alarms++;
                    break;
                }
            }
        }
        Assert.InRange(alarms / 4_000.0, 0.0386, 0.0614);
    }
}

public sealed class AlwaysValidTests
{
    [Fact]
    public void Interval_and_p_value_invert_each_other()
    {
        foreach (var z in new[] { 0.5, 2.0, 3.2, 5.0 })
        {
            var p = AlwaysValid.IntervalWithRho(z, 1, 1_000, 0.05).PValue;
            if (p >= 1)
                continue;
            var edge = AlwaysValid.IntervalWithRho(z, 1, 1_000, 0.05, 1 - p);
            Assert.Equal(0, edge.Low, 1e-9);
        }
    }

    // Waudby-Smith et al. 2024, section 2.3: the best rho solves a Lambert equation; no nearby rho may be narrower at the planned n.
    [Fact]
    public void The_planned_size_is_where_the_sequence_is_narrowest()
    {
        var best = AlwaysValid.Interval(0, 1, 10_000, 10_000);
        foreach (var factor in new[] { 0.8, 0.95, 1.05, 1.25 })
            Assert.True(best.High < AlwaysValid.IntervalWithRho(0, 1, 10_000, best.Rho * factor).High);
        // x = n rho^2 solves x = ln(1 + x) + 2 ln(1 / alpha): 8.2154 at alpha 0.05.
        var x = 10_000 * best.Rho * best.Rho;
        Assert.Equal(x, Math.Log(1 + x) - 2 * Math.Log(0.05), 1e-10);
    }

    [Fact]
    public void Daily_looks_keep_the_coverage()
    {
        var rng = new Rng(21);
        int missed = 0, fixedMissed = 0;
        for (var run = 0; run < 1_000; run++)
        {
            var sum = 0.0;
            bool out95 = false, outFixed = false;
            for (var day = 1; day <= 28; day++)
            {
                sum += rng.NextNormal() * Math.Sqrt(500);
                var n = 500.0 * day;
                var r = AlwaysValid.Interval(sum / n, 1 / Math.Sqrt(n), n, 14_000);
                out95 |= r.Low > 0 || r.High < 0;
                outFixed |= Math.Abs(sum) / Math.Sqrt(n) > 1.96;
            }
            missed += out95 ? 1 : 0;
            fixedMissed += outFixed ? 1 : 0;
        }
        Assert.InRange(missed / 1_000.0, 0, 0.05);
        Assert.InRange(fixedMissed / 1_000.0, 0.22, 0.33);
    }
}

public sealed class ConditionalPowerTests
{
    // Ten of fourteen days at p = .03: 87 % on the trend, 41 % if nothing more comes.
    [Fact]
    public void The_worked_example_is_reproduced()
    {
        var r = ConditionalPower.At(Normal.UpperQuantile(0.015), 10.0 / 14, 1.959964);
        Assert.Equal(0.87, r.OnTrend, 0.005);
        Assert.Equal(0.41, r.IfNull, 0.005);
        Assert.Null(r.IfPlanned);
    }

    [Fact]
    public void A_simulation_of_the_rest_agrees()
    {
        var rng = new Rng(4);
        var r = ConditionalPower.At(1.0, 0.5, 1.96, plannedZ: 2.8);
        var wins = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var final = 1.0 * Math.Sqrt(0.5) + 2.8 * 0.5 + Math.Sqrt(0.5) * rng.NextNormal();
            wins += Math.Abs(final) > 1.96 ? 1 : 0;
        }
        Assert.Equal(r.IfPlanned!.Value, wins / 4_000.0, 0.026);
    }
}
