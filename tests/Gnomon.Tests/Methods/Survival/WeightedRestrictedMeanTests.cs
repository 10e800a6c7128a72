using Gnomon.Methods;
using Gnomon.Methods.Survival;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Survival;

/// <summary>Mean times from weighted curves. Reference: tests/reference/survival/make-weighted.R (survfit(weights =), residuals(type = "auc")), 1e-8.</summary>
public sealed class WeightedRestrictedMeanTests
{
    [Fact]
    public void Means_and_contributions_are_those_of_survfit()
    {
        foreach (var set in MethodReference.Load("survival/weighted.json").GetProperty("sets").EnumerateArray())
        {
            var (times, events, weights) = Data(set.Number("step"));
            var found = WeightedRestrictedMean.Of(times, events, weights, set.Number("horizon"));
            Close.Relative(set.Number("mean"), found.Mean, 1e-10, "mean");
            Close.Relative(set.Number("weight"), found.Weight, 1e-12, "weight");
            var sum = 0.0;
            for (var i = 0; i < times.Length; i++)
            {
                var expected = set.Number("mean") + set.Number("weight") * set.Numbers("influence")[i];
                Close.Relative(expected, found.Contribution(times[i], events[i]), 1e-8, $"contribution of {i}");
                sum += weights[i] * found.Contribution(times[i], events[i]);
            }

            Close.Relative(found.Mean, sum / found.Weight, 1e-10, "mean of contributions");
        }
    }

    // What a unit of weight 0 would add is the derivative of the area in its weight: numerically, a very small weight.
    [Fact]
    public void Units_that_do_not_count_contribute_what_a_little_weight_would_move()
    {
        var (times, events, weights) = Data(0);
        for (var i = 0; i < times.Length; i += 3)
        {
            weights[i] = 0;
        }

        var found = WeightedRestrictedMean.Of(times, events, weights, 40);
        for (var i = 0; i < times.Length; i += 15)
        {
            const double little = 1e-5;
            double[] moved = [.. weights];
            moved[i] = little;
            var slope = (WeightedRestrictedMean.Of(times, events, moved, 40).Mean - found.Mean) / little;
            Close.Absolute(found.Mean + found.Weight * slope, found.Contribution(times[i], events[i]), 2e-3, $"unit {i}");
        }
    }

    [Fact]
    public void Curves_that_are_too_short_or_empty_are_refused()
    {
        Assert.Throws<NotEstimableException>(() => WeightedRestrictedMean.Of([1, 2, 30], [true, false, false], [1, 1, 0], 10));
        Assert.Throws<TooFewRowsException>(() => WeightedRestrictedMean.Of([1, 2, 30], [true, false, false], [0, 1, 0], 1));
        Assert.Throws<ArgumentException>(() => WeightedRestrictedMean.Of([1, 2], [true, false], [1, -1], 1));

        // Nobody is left: the curve stays at 0, and a horizon beyond is answered.
        Assert.Equal(1.5, WeightedRestrictedMean.Of([1, 2], [true, true], [1, 1], 5).Mean, 1e-12);
    }

    private static (double[] Times, bool[] Events, double[] Weights) Data(double step)
    {
        int[] all = [.. Enumerable.Range(0, 180)];
        double Wait(int i)
        {
            var time = 1 + i * 41 % 60 + i / 40.0;
            return step > 0 ? Math.Ceiling(time / step) * step : time;
        }

        double Cut(int i) => 20 + i * 17 % 50;
        return ([.. all.Select(i => Math.Min(Wait(i), Cut(i)))], [.. all.Select(i => Wait(i) <= Cut(i))], [.. all.Select(i => 1 + i * 7 % 5 + i * 3 % 4 / 8.0)]);
    }
}
