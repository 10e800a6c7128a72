using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class WinnersCurseTests
{
    // Source: scipy.integrate.quad over the significant region; 1e-8.
    [Fact]
    public void Type_m_and_type_s_agree_with_numerical_integration()
    {
        foreach (var c in MethodReference.Load("experiments/winners-curse.json").Items("cases"))
        {
            var r = WinnersCurse.Selection(c.Number("effect"), 1, c.Number("alpha"));
            MethodReference.Close(c.Number("power"), r.Power, 1e-8);
            MethodReference.Close(c.Number("typeM"), r.ExaggerationRatio, 1e-8);
            MethodReference.Close(c.Number("typeS"), r.WrongSign, 1e-6);
        }
    }

    [Theory]
    [InlineData(0.80, 1.12)]
    [InlineData(0.61, 1.28)]
    [InlineData(0.50, 1.41)]
    public void Published_exaggeration_by_power(double power, double expected)
    {
        double low = 0.1, high = 6;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = WinnersCurse.Selection(middle, 1).Power < power ? (middle, high) : (low, middle);
        }
        Assert.Equal(expected, WinnersCurse.Selection(low, 1).ExaggerationRatio, 0.0051);
    }

    [Fact]
    public void Shrinkage_is_calibrated_when_effects_follow_the_prior()
    {
        var rng = new Rng(31);
        int covered = 0, selected = 0;
        double raw = 0, shrunk = 0, truth = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var effect = 0.7 * rng.NextNormal();
            var estimate = effect + rng.NextNormal();
            var s = WinnersCurse.Shrink(estimate, 1, 0.7);
            covered += s.Low <= effect && effect <= s.High ? 1 : 0;
            if (estimate > 1.96)
            {
                selected++;
                raw += estimate;
                shrunk += s.Estimate;
                truth += effect;
            }
        }
        Assert.InRange(covered / 4_000.0, 0.9386, 0.9614);
        // Among the selected the shrunken mean is right and the raw one is not.
        Assert.InRange((shrunk - truth) / selected, -0.12, 0.12);
        Assert.True((raw - truth) / selected > 1);
    }
}

public sealed class SellkeBoundTests
{
    // Sellke, Bayarri and Berger 2001: p = .05 gives at most 2.46 to 1, p = .01 gives 8.0 to 1, p = .049 gives 2.5.
    [Fact]
    public void Published_bounds_are_reproduced()
    {
        Assert.Equal(2.456, SellkeBound.Of(0.05).OddsBound, 0.001);
        Assert.Equal(7.988, SellkeBound.Of(0.01).OddsBound, 0.001);
        Assert.Equal(2.5, SellkeBound.Of(0.049).OddsBound, 0.02);
        Assert.Equal(1, SellkeBound.Of(0.5).OddsBound);
    }

    // Goodman 1992, table 1: p = .05 returns half the time; p = .001 is repeated with chance .91 at the estimate and .78 (predictive .83).
    [Fact]
    public void Rerun_probability_is_one_half_at_the_limit()
    {
        Assert.Equal(0.5, SellkeBound.Of(0.05).RerunAtEstimate, 1e-12);
        Assert.Equal(0.5, SellkeBound.Of(0.05).RerunPredictive, 1e-12);
        Assert.Equal(0.91, SellkeBound.Of(0.001).RerunAtEstimate, 0.005);
        Assert.Equal(0.83, SellkeBound.Of(0.001).RerunPredictive, 0.005);
    }
}

public sealed class HeavyTailTests
{
    // Source: scipy.stats.skewtest; 1e-10.
    [Fact]
    public void Skewness_test_agrees_with_scipy()
    {
        foreach (var c in MethodReference.Load("experiments/skewness.json").Items("cases"))
        {
            var r = HeavyTail.SkewGuard(Moments.Of(c.Numbers("x")))!;
            MethodReference.Close(c.Number("skew"), r.Skewness, 1e-10);
            MethodReference.Close(c.Number("z"), r.SkewnessZ, 1e-9);
            MethodReference.Close(c.Number("p"), r.SkewnessPValue, 1e-9);
        }
    }

    [Fact]
    public void Normal_samples_pass_the_joint_rule()
    {
        var rng = new Rng(8);
        var fired = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var x = Enumerable.Range(0, 50).Select(_ => rng.NextNormal()).ToArray();
            var r = HeavyTail.SkewGuard(Moments.Of(x))!;
            fired += r.TooFewUnits && r.SkewnessPValue < 0.001 ? 1 : 0;
        }
        Assert.InRange(fired / 2_000.0, 0, 0.004);
    }

    [Fact]
    public void Nothing_is_said_about_too_little() => Assert.Null(HeavyTail.SkewGuard(Moments.Of([1, 2, 3])));
}
