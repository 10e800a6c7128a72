using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Planning;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>Formulas against the tests they plan for, run on simulated data: 3.3 Monte Carlo errors either way.</summary>
public sealed class PowerSimulationTests
{
    [Fact]
    public void The_answer_does_not_depend_on_threads_and_states_its_error()
    {
        static bool Toss(Rng rng) => rng.NextDouble() < 0.3;
        var one = PowerSimulation.Run(Toss, 5_000, 7, threads: 1);
        var two = PowerSimulation.Run(Toss, 5_000, 7, threads: 3);
        Assert.Equal(one, two);
        Assert.Equal(Math.Sqrt(one.Power * (1 - one.Power) / 5_000), one.StandardError, 1e-15);
        Assert.True(one.Interval.Low < 0.3 && 0.3 < one.Interval.High);
        Assert.NotEqual(one, PowerSimulation.Run(Toss, 5_000, 8));
    }

    [Fact]
    public void The_size_is_the_smallest_that_reaches_the_power()
    {
        // A test that rejects with chance n / 100: power 0.8 at 80.
        var size = PowerSimulation.Size(n => rng => rng.NextDouble() < n / 100.0, 0.8, 2, 1_000, 20_000, 3);
        Assert.InRange(size.Units, 79, 81);
        Assert.True(size.At.Power >= 0.8);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Formulas_meet_the_tests_they_plan_for()
    {
        // Paired t, 34 pairs, d = 0.5: 0.8078 (power.t.test).
        Near(PowerOneMean.Power(34, 0.5, 1), Share(rng => OneSampleT.Test(Moments.Of(Normals(rng, 34, 0.5)), 0, 0.95).PValue < 0.05));
        // Equivalence within 1 of two means, 20 in each arm.
        Near(PowerMargin.EquivalentMeans(20, 0.1, -1, 1, 1), Share(rng => Equivalence.Means(Moments.Of(Normals(rng, 20, 0.1)), Moments.Of(Normals(rng, 20, 0)), -1, 1).PValue < 0.05));
        // Width of a t interval, 60 in each arm.
        Near(PrecisionSize.TwoMeans(60, 0.37, 1), Share(rng => HalfWidth(Moments.Of(Normals(rng, 60, 0)), Moments.Of(Normals(rng, 60, 0))) <= 0.37));
        // Width of an interval of two shares: the delta method for the chance, so 0.02 more.
        Near(PrecisionSize.TwoProportions(500, 0.0405, 0.1, 0.13), Share(rng => WaldWidth(rng, 500, 0.1, 0.13) <= 0.0405), 0.02);
        // Mann-Whitney under a normal shift of half a deviation, 70 in each arm: Noether's variance is that without an effect, and 300 runs of the exact test: 0.07 more.
        Near(PowerRankSum.Power(70, PowerRankSum.OfShift(0.5)), PowerRankSum.Simulate(70, 70, r => r.NextNormal(), r => r.NextNormal() + 0.5, runs: 300).Power, 0.07);
        // Correlation, 40 units of 0.4.
        Near(PowerCorrelation.Power(40, 0.4), Share(rng => CorrelationRejects(rng, 40, 0.4)));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Welch_anova_keeps_its_size_and_meets_the_classical_power_at_equal_spread()
    {
        var none = PowerWelchAnova.Power([20, 30, 40], [0, 0, 0], [1, 2, 3]);
        Assert.Equal(0.05, none.Power, 0.008);
        var equal = PowerWelchAnova.Power([60, 60, 60], [0, 0.2, 0.5], [1, 1, 1]);
        Assert.Equal(PowerAnova.Power(60, PowerAnova.EffectOfMeans([0, 0.2, 0.5], 1), 3, 2), equal.Power, 0.015);
        Assert.Equal(equal, PowerWelchAnova.Power([60, 60, 60], [0, 0.2, 0.5], [1, 1, 1], threads: 1));
    }

    private static void Near(double planned, double simulated, double more = 0) =>
        Assert.True(Math.Abs(planned - simulated) < 3.3 * Math.Sqrt(planned * (1 - planned) / 4_000) + more, $"planned {planned:0.0000}, simulated {simulated:0.0000}");

    private static double Share(Func<Rng, bool> hit) => PowerSimulation.Run(hit, 4_000, 42).Power;

    private static double[] Normals(Rng rng, int n, double mean)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = mean + rng.NextNormal();
        }

        return values;
    }

    private static double HalfWidth(Moments x, Moments y)
    {
        var pooled = (x.M2 + y.M2) / (x.Count + y.Count - 2);
        return StudentT.UpperQuantile(0.025, x.Count + y.Count - 2) * Math.Sqrt(pooled * (1.0 / x.Count + 1.0 / y.Count));
    }

    private static double WaldWidth(Rng rng, int n, double first, double second)
    {
        var p = rng.NextBinomial(n, first) / (double)n;
        var q = rng.NextBinomial(n, second) / (double)n;
        return 1.959963984540054 * Math.Sqrt((p * (1 - p) + q * (1 - q)) / n);
    }

    private static bool CorrelationRejects(Rng rng, int n, double rho)
    {
        var x = Normals(rng, n, 0);
        var y = Normals(rng, n, 0);
        for (var i = 0; i < n; i++)
        {
            y[i] = rho * x[i] + Math.Sqrt(1 - rho * rho) * y[i];
        }

        var (mx, my) = (x.Average(), y.Average());
        var (sxy, sxx, syy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            sxy += (x[i] - mx) * (y[i] - my);
            sxx += (x[i] - mx) * (x[i] - mx);
            syy += (y[i] - my) * (y[i] - my);
        }

        var r = sxy / Math.Sqrt(sxx * syy);
        return StudentT.TwoSided(r * Math.Sqrt((n - 2) / (1 - r * r)), n - 2) < 0.05;
    }
}
