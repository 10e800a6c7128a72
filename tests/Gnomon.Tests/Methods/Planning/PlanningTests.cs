using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Experiments;
using Gnomon.Tests.Methods.Data;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>Source of the reference values: tests/reference/planning/make.py (scipy; grids and enumerations written there).</summary>
public sealed class PlanningTests
{
    private static readonly System.Text.Json.JsonElement Reference = MethodReference.Load("planning/planning.json");

    // Closed form on both sides: 1e-12 relative.
    [Fact]
    public void Events_for_a_hazard_ratio_agree_with_schoenfeld()
    {
        foreach (var c in Reference.Items("hazard"))
        {
            var options = new PowerOptions { Alpha = c.Number("alpha"), AllocationRatio = c.Number("ratio") };
            var events = PowerHazardRatio.EventsNeeded(c.Number("hazardRatio"), c.Number("power"), options);
            MethodReference.Close(c.Number("events"), events, 1e-12);
            Assert.Equal(c.Number("power"), PowerHazardRatio.Power(events, c.Number("hazardRatio"), options), 1e-12);
            Assert.Equal(c.Number("hazardRatio"), PowerHazardRatio.DetectableHazardRatio(events, c.Number("power"), c.Number("hazardRatio") > 1, options), 1e-12);
        }

        Assert.Equal(0.25, PowerHazardRatio.EventShare(0.25, 1), 1e-15);
        Assert.Equal(1 - 0.7 * 0.7, PowerHazardRatio.EventShare(0.3, 2), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerHazardRatio.EventsNeeded(1, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerHazardRatio.EventShare(1, 0.8));
    }

    // The reference integrates on a grid of 4,001 points: 2e-7 absolute.
    [Fact]
    public void Plans_with_looks_agree_with_an_integration_on_a_grid()
    {
        foreach (var c in Reference.Items("sequential"))
        {
            var plan = PowerGroupSequential.Plan(c.Numbers("times"), c.Number("alpha"), c.Number("power"));
            Assert.Equal(c.Number("inflation"), plan.Inflation, 2e-7);
            Assert.Equal(c.Number("drift"), plan.PlannedZ, 2e-7);
            Assert.All(plan.Looks.Zip(c.Numbers("bounds")), x => Assert.Equal(x.Second, x.First.CriticalZ!.Value, 2e-6));
            Assert.All(plan.Power.Zip(c.Numbers("stopped")), x => Assert.Equal(x.Second, x.First, 2e-7));
            Assert.Equal(c.Number("power"), PowerGroupSequential.Power(plan.Looks, plan.PlannedZ), 1e-8);
            Assert.True(plan.ExpectedUnderEffect < plan.ExpectedUnderNone && plan.ExpectedUnderNone < 1);
        }

        var once = PowerGroupSequential.Plan([1.0], 0.05, 0.8);
        Assert.Equal(1, once.Inflation, 1e-5);
        Assert.Equal(1, once.ExpectedUnderEffect, 1e-12);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_plan_with_looks_keeps_its_size_and_power_in_simulation()
    {
        var plan = PowerGroupSequential.Plan([0.2, 0.4, 0.6, 0.8, 1.0], 0.05, 0.8);
        var rng = new Rng(11);
        const int runs = 20_000;
        foreach (var (drift, expected) in new[] { (0.0, 0.05), (plan.PlannedZ, 0.8) })
        {
            var (hits, used) = (0, 0.0);
            for (var r = 0; r < runs; r++)
            {
                var score = 0.0;
                for (var k = 0; k < 5; k++)
                {
                    score += drift * 0.2 + Math.Sqrt(0.2) * rng.NextNormal();
                    var time = plan.Looks[k].Information;
                    var stopped = Math.Abs(score) / Math.Sqrt(time) >= plan.Looks[k].CriticalZ;
                    if (stopped || k == 4)
                    {
                        hits += stopped ? 1 : 0;
                        used += time;
                        break;
                    }
                }
            }

            // Three binomial errors of 20,000 runs.
            Assert.Equal(expected, (double)hits / runs, 3 * Math.Sqrt(expected * (1 - expected) / runs));
            Assert.Equal(drift == 0 ? plan.ExpectedUnderNone : plan.ExpectedUnderEffect, used / runs, 0.005);
        }
    }

    // Both sides sum the same finite table: 1e-11 absolute.
    [Fact]
    public void Exact_power_agrees_with_the_whole_table_of_outcomes()
    {
        foreach (var c in Reference.Items("proportions"))
        {
            var power = ExactPowerTwoProportions.Power((int)c.Number("first"), (int)c.Number("second"), c.Number("firstRate"), c.Number("secondRate"), c.Number("alpha"));
            Assert.Equal(c.Number("power"), power, 1e-11);
        }

        // The normal formula is close where it should be.
        Assert.Equal(PowerTwoProportions.Power(3_000, 0.1, 0.12), ExactPowerTwoProportions.Power(3_000, 3_000, 0.1, 0.12), 0.005);
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactPowerTwoProportions.Power(5_001, 10, 0.1, 0.2));
    }

    // Adaptive quadrature: 1e-10 absolute.
    [Fact]
    public void Assurance_is_power_averaged_over_the_prior()
    {
        foreach (var c in Reference.Items("assurance"))
        {
            Assert.Equal(c.Number("value"), Assurance.Normal(c.Number("mean"), c.Number("deviation"), c.Number("alpha"), (int)c.Number("sides")), 1e-10);
        }

        Assert.Equal(Normal.Cdf(2.8 - 1.959963984540054), Assurance.Normal(2.8, 0, 0.05), 1e-12);
    }

    [Fact]
    public void Clusters_cost_what_the_textbook_says()
    {
        Assert.Equal(1.525, ClusterDesign.DesignEffect(3.1, 0.25), 1e-12);
        Assert.Equal(1, ClusterDesign.DesignEffect(1, 0.3), 1e-12);
        Assert.Equal(1 + ((1 + 0.25) * 20 - 1) * 0.05, ClusterDesign.DesignEffect(20, 0.05, 0.5), 1e-12);

        // One unit in a cluster is a unit; a cluster of identical units is one value.
        Assert.Equal(4, ClusterDesign.ClusterMeanDeviation(4, 1, 0.2), 1e-12);
        Assert.Equal(4, ClusterDesign.ClusterMeanDeviation(4, 50, 1), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClusterDesign.DesignEffect(10, 1.2));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_planned_number_of_clusters_has_the_planned_power_in_simulation()
    {
        const double icc = 0.1;
        const int size = 12;
        var clusters = (int)Math.Ceiling(PowerTwoMeans.SampleSize(0.5, ClusterDesign.ClusterMeanDeviation(1, size, icc), 0.8).First);
        var planned = PowerTwoMeans.Power(clusters, 0.5, ClusterDesign.ClusterMeanDeviation(1, size, icc));
        var rng = new Rng(5);
        var hits = 0;
        const int runs = 4_000;
        var arms = new double[2][];
        for (var r = 0; r < runs; r++)
        {
            for (var arm = 0; arm < 2; arm++)
            {
                arms[arm] = new double[clusters];
                for (var c = 0; c < clusters; c++)
                {
                    var shared = Math.Sqrt(icc) * rng.NextNormal() + 0.5 * arm;
                    var sum = 0.0;
                    for (var i = 0; i < size; i++)
                    {
                        sum += shared + Math.Sqrt(1 - icc) * rng.NextNormal();
                    }

                    arms[arm][c] = sum / size;
                }
            }

            hits += WelchT.Test(Gnomon.Numerics.Moments.Of(arms[1]), Gnomon.Numerics.Moments.Of(arms[0])).PValue < 0.05 ? 1 : 0;
        }

        Assert.Equal(planned, (double)hits / runs, 3.5 * Math.Sqrt(planned * (1 - planned) / runs));
    }

    [Fact]
    public void Growth_of_units_is_recovered_and_inverted()
    {
        // units(d) = 1000 d^0.6 exactly.
        var cumulative = Enumerable.Range(1, 28).Select(d => 1000 * Math.Pow(d, 0.6)).ToArray();
        var fit = UnitGrowth.Fit([.. cumulative.Select((c, i) => i == 0 ? c : c - cumulative[i - 1])]);
        Assert.Equal(0.6, fit.Exponent, 1e-10);
        Assert.Equal(1000, fit.Scale, 1e-6);
        foreach (var days in new[] { 0.5, 3.0, 10.25, 28.0, 56.0 })
        {
            Assert.Equal(days, fit.DaysFor(fit.Units(days))!.Value, 1e-9);
        }

        Assert.Equal(1000 * Math.Pow(56, 0.6), fit.Units(56), 1e-6);

        // Nobody comes back: the curve is a line.
        Assert.Equal(1, UnitGrowth.Fit([500, 500, 500, 500, 500, 500]).Exponent, 1e-12);

        // Nobody new comes: units beyond those seen are never reached.
        Assert.Null(UnitGrowth.Fit([100, 0, 0, 0, 0, 0, 0, 0]).DaysFor(101));
        Assert.Throws<TooFewRowsException>(() => UnitGrowth.Fit([1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => UnitGrowth.Fit([0, 2, 3, 4]));
    }
}
