using Gnomon.Methods;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>Reference: exact fractions for Amdahl's law, statsmodels WLS for costs in proportion (tests/reference/planning/workers.py).</summary>
public sealed class WorkerScalingTests
{
    [Fact]
    public void Times_agree_with_exact_fractions()
    {
        foreach (var c in ReferenceFile.Open("planning", "workers.json").GetProperty("amdahl").EnumerateArray())
        {
            var got = WorkerScaling.Of((long)c.Number("tasks"), c.Number("serial"), c.Number("divisible"), c.Number("dispatch"), (int)c.Number("workers"));
            Close.Relative(c.Number("seconds"), got.Seconds, 1e-12, "seconds");
            Close.Relative(c.Number("speedUp"), got.SpeedUp, 1e-12, "speed-up");
            Assert.Equal(c.Number("floor"), got.FloorSeconds, 1e-9);
        }
    }

    [Fact]
    public void More_workers_never_beat_the_floor_and_one_worker_needs_no_dispatcher()
    {
        Assert.Equal(14_400, WorkerScaling.Of(10_000, 0.04, 1.4, 0.001, 1).Seconds, 1e-9);
        var many = WorkerScaling.Of(10_000, 0.04, 1.4, 0.001, 100_000);
        Assert.InRange(many.Seconds, many.FloorSeconds, many.FloorSeconds * 1.001);
        Assert.InRange(many.SpeedUp, many.LargestSpeedUp!.Value * 0.999, many.LargestSpeedUp.Value);
        Assert.Null(WorkerScaling.Of(10, 0, 1, 0, 4).LargestSpeedUp);
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused()
    {
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => WorkerScaling.Of(0, 1, 1, 0, 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => WorkerScaling.Of(1, 0, 0, 0, 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => WorkerScaling.Of(1, double.NaN, 1, 0, 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => WorkerScaling.Of(1, 1, 1, -1, 2));
        _ = Assert.Throws<TooFewRowsException>(() => ProportionalForecast.Predict([1], [1], 0, 10));
        _ = Assert.Throws<NotEstimableException>(() => ProportionalForecast.Predict([1, 2], [1, 1], 1, 10));
    }

    [Fact]
    public void Costs_in_proportion_agree_with_statsmodels()
    {
        foreach (var c in ReferenceFile.Open("planning", "workers.json").GetProperty("proportional").EnumerateArray())
        {
            var got = ProportionalForecast.Predict(c.Numbers("sizes"), c.Numbers("costs"), c.Number("fixed"), c.Number("size"));
            Close.Relative(c.Number("cost"), got.Cost, 1e-9, "cost");
            Assert.Equal(c.Number("low"), got.Low, 1e-9 * c.Number("cost"));
            Close.Relative(c.Number("high"), got.High, 1e-9, "high");
        }
    }

    // A new cost whose error grows with the root of its size lies above the lower bound in 90 % of runs, and below the upper one: within 3.3 binomial errors of 2,000 runs.
    [Fact]
    public void The_bounds_hold_as_often_as_they_say()
    {
        double[] sizes = [1e3, 2e3, 4e3, 8e3, 16e3];
        var (above, below) = (0, 0);
        for (var seed = 0; seed < 2_000; seed++)
        {
            var rng = new Rng(seed).Stream("proportional");
            double Cost(double n) => 0.2 + (1e-3 * n) + (0.01 * Math.Sqrt(n) * rng.NextNormal());
            var got = ProportionalForecast.Predict(sizes, [.. sizes.Select(Cost)], 0.2, 1e6);
            var truth = Cost(1e6);
            above += truth > got.Low ? 1 : 0;
            below += truth < got.High ? 1 : 0;
        }

        Assert.InRange(above, 1_756, 1_844);
        Assert.InRange(below, 1_756, 1_844);
    }
}
