using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class PowerTwoProportionsTests
{
    // Source: R power.prop.test with tol 1e-13 (make.R); the sample size in closed form, 1e-9 relative.
    [Fact]
    public void Sample_size_and_power_agree_with_r()
    {
        var reference = MethodReference.Load("experiments/power.json");
        foreach (var c in reference.Items("proportions"))
            MethodReference.Close(c.Number("n"), PowerTwoProportions.SampleSize(c.Number("first"), c.Number("second"), c.Number("power")).First, 1e-9);
        foreach (var c in reference.Items("proportionPower"))
            MethodReference.Close(c.Number("power"), PowerTwoProportions.Power(c.Number("n"), c.Number("first"), c.Number("second")), 1e-11);
    }

    [Fact]
    public void Published_sizes_are_reproduced()
    {
        Assert.Equal(14_750.79, PowerTwoProportions.SampleSize(0.10, 0.11, 0.8).First, 0.005);
        Assert.Equal(72_570.9, PowerTwoProportions.SampleSize(0.042, 0.045, 0.8).First, 0.05);
        Assert.Equal(0.615, PowerTwoProportions.Power(50_000, 0.045, 0.048), 0.0005);
    }

    [Theory]
    [InlineData(true, 1, 2)]
    [InlineData(true, 3, 2)]
    [InlineData(false, 0.25, 1)]
    public void Power_size_and_detectable_difference_are_inverses(bool pooled, double ratio, int sides)
    {
        var o = new PowerOptions { Pooled = pooled, AllocationRatio = ratio, Sides = sides };
        foreach (var (p1, d) in new[] { (0.04, 0.01), (0.3, -0.05), (0.5, 0.1), (0.002, 0.001) })
        {
            var n = PowerTwoProportions.SampleSize(p1, p1 + d, 0.8, o);
            Assert.Equal(0.8, PowerTwoProportions.Power(n.First, p1, p1 + d, o), 1e-9);
            Assert.Equal(ratio, n.Second / n.First, 1e-12);
            var mde = PowerTwoProportions.MinimumDetectableDifference(n.First, p1, 0.8, d > 0, o);
            Assert.Equal(d, mde!.Value, 1e-9);
        }
    }

    [Fact]
    public void What_no_rate_can_reach_is_null() =>
        Assert.Null(PowerTwoProportions.MinimumDetectableDifference(3, 0.9, 0.8));

    [Fact]
    public void Simulated_power_agrees_with_unequal_arms()
    {
        var rng = new Rng(2);
        var o = new PowerOptions { AllocationRatio = 2 };
        var wins = 0;
        for (var i = 0; i < 3_000; i++)
        {
            double a = rng.NextBinomial(2_000, 0.10), b = rng.NextBinomial(4_000, 0.12);
            var p = (a + b) / 6_000;
            wins += Math.Abs(a / 2_000 - b / 4_000) / Math.Sqrt(p * (1 - p) * (1 / 2_000.0 + 1 / 4_000.0)) > 1.959964 ? 1 : 0;
        }
        Assert.Equal(PowerTwoProportions.Power(2_000, 0.10, 0.12, o), wins / 3_000.0, 0.03);
    }
}

public sealed class PowerTwoMeansTests
{
    // Source: R power.t.test(strict = TRUE); R's noncentral t is good to about 1e-10.
    [Fact]
    public void Power_and_size_agree_with_r()
    {
        var reference = MethodReference.Load("experiments/power.json");
        foreach (var c in reference.Items("meanPower"))
        {
            var (n, d, sd) = (c.Number("n"), c.Number("difference"), c.Number("sd"));
            MethodReference.Close(c.Number("power"), PowerTwoMeans.Power(n, d, sd), 1e-8);
            MethodReference.Close(c.Number("oneSided"), PowerTwoMeans.Power(n, d, sd, new PowerOptions { Sides = 1 }), 1e-8);
        }
        foreach (var c in reference.Items("meanSize"))
            MethodReference.Close(c.Number("n"), PowerTwoMeans.SampleSize(c.Number("difference"), c.Number("sd"), c.Number("power")).First, 1e-8);
    }

    [Theory]
    [InlineData(12, 1.0)]
    [InlineData(500, 2.0)]
    [InlineData(1e6, 0.5)]
    public void Power_and_detectable_difference_are_inverses(double n, double ratio)
    {
        var o = new PowerOptions { AllocationRatio = ratio };
        foreach (var power in new[] { 0.3, 0.8, 0.95 })
        {
            var mde = PowerTwoMeans.MinimumDetectableDifference(n, 7, power, o);
            Assert.Equal(power, PowerTwoMeans.Power(n, mde, 7, o), 1e-9);
            MethodReference.Close(n, PowerTwoMeans.SampleSize(mde, 7, power, o).First, 1e-9);
        }
    }
}
