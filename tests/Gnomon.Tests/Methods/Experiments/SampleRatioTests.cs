using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class SampleRatioTests
{
    // Source: scipy chi2 (tests/reference/experiments/make.py); closed form, so 1e-11 relative.
    [Fact]
    public void Chi_square_agrees_with_scipy_into_the_deep_tail()
    {
        foreach (var c in MethodReference.Load("experiments/sample-ratio.json").Items("chi"))
        {
            var r = SampleRatio.ChiSquare(c.Counts("observed"), c.Numbers("shares"));
            MethodReference.Close(c.Number("statistic"), r.Statistic, 1e-12);
            Assert.Equal(c.Number("df"), r.DegreesOfFreedom);
            MethodReference.Close(c.Number("log10p"), r.Log10PValue, 1e-9);
            if (c.Number("p") > 0)
                MethodReference.Close(c.Number("p"), r.PValue, 1e-10);
            Assert.Equal(SampleRatioMethod.ChiSquare, r.Method);
        }
    }

    // Kohavi, Tang and Xu print 1.8E-6 for 821,588 against 815,482.
    [Fact]
    public void The_published_example_is_reproduced()
    {
        var r = SampleRatio.ChiSquare([821_588, 815_482], [0.5, 0.5]);
        Assert.Equal(1.8e-6, r.PValue, 5e-8);
    }

    // Source: enumeration with scipy.stats.multinomial; 1e-9 relative.
    [Fact]
    public void Exact_multinomial_agrees_with_enumeration()
    {
        foreach (var c in MethodReference.Load("experiments/sample-ratio.json").Items("exact"))
        {
            var r = SampleRatio.ChiSquare(c.Counts("observed"), c.Numbers("shares"));
            Assert.Equal(SampleRatioMethod.ExactMultinomial, r.Method);
            MethodReference.Close(c.Number("p"), r.PValue, 1e-9);
        }
    }

    [Fact]
    public void Too_many_outcomes_fall_back_to_fixed_draws_near_the_chi_square_answer()
    {
        long[] observed = [4_000, 3_900, 4_100, 3_980, 6];
        double[] shares = [0.25, 0.25, 0.25, 0.2498, 0.0002];
        var first = SampleRatio.ChiSquare(observed, shares);
        var again = SampleRatio.ChiSquare(observed, shares);
        Assert.Equal(SampleRatioMethod.MonteCarloMultinomial, first.Method);
        Assert.Equal(first.PValue, again.PValue);
        var approximate = Gnomon.Numerics.Distributions.ChiSquared.Sf(first.Statistic, 4);
        Assert.InRange(first.PValue, 0.5 * approximate, 2 * approximate);
    }

    // Source: scipy.special.gammaln; absolute 1e-8 because log-gammas near 1e6 cancel.
    [Fact]
    public void E_process_agrees_with_the_dirichlet_multinomial_formula()
    {
        foreach (var c in MethodReference.Load("experiments/sample-ratio.json").Items("evalue"))
            Assert.Equal(c.Number("log"), SampleRatio.EProcess(c.Counts("observed"), c.Numbers("shares")).LogEValue, 1e-8);
    }

    [Fact]
    public void Zero_weight_arms_are_reported_as_leaks_and_left_out()
    {
        var with = SampleRatio.ChiSquare([500, 7, 520], [0.5, 0, 0.5]);
        var without = SampleRatio.ChiSquare([500, 520], [0.5, 0.5]);
        Assert.Equal(7, with.Leaked);
        Assert.Equal(without.PValue, with.PValue);
    }

    [Fact]
    public void An_empty_arm_is_found()
    {
        Assert.True(SampleRatio.ChiSquare([0, 300], [0.5, 0.5]).PValue < 1e-60);
        Assert.True(SampleRatio.ChiSquare([0, 12], [0.5, 0.5]).PValue < 0.001);
    }

    // 3,000 null splits: the exact test may not exceed its size (0.05 + 3.3 binomial errors), chi-square must be near it.
    [Fact]
    public void False_alarms_stay_at_the_size()
    {
        var rng = new Rng(11);
        int chi = 0, exact = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var a = rng.NextBinomial(10_000, 0.5);
            if (SampleRatio.ChiSquare([a, 10_000 - a], [0.5, 0.5]).PValue < 0.05)
                chi++;
            var b = rng.NextBinomial(30, 0.1);
            if (SampleRatio.ChiSquare([b, 30 - b], [0.1, 0.9]).PValue < 0.05)
                exact++;
        }
        Assert.InRange(chi / 3_000.0, 0.037, 0.063);
        Assert.InRange(exact / 3_000.0, 0.0, 0.063);
    }

    // Ville's inequality: under the plan the e-value passes 20 at any of 28 looks in at most 5 % of experiments.
    [Fact]
    public void E_process_is_valid_at_every_look()
    {
        var rng = new Rng(12);
        var alarms = 0;
        for (var i = 0; i < 1_000; i++)
        {
            long a = 0, n = 0;
            for (var day = 0; day < 28; day++)
            {
                a += rng.NextBinomial(5_000, 0.5);
                n += 5_000;
                if (SampleRatio.EProcess([a, n - a], [0.5, 0.5]).EValue > 20)
                {
                    alarms++;
                    break;
                }
            }
        }
        Assert.InRange(alarms / 1_000.0, 0, 0.05);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Throws<ArgumentException>(() => SampleRatio.ChiSquare([1, 2], [0.5, 0.25, 0.25]));
        Assert.Throws<ArgumentException>(() => SampleRatio.ChiSquare([1, 2], [1, 0]));
        Assert.Throws<ArgumentException>(() => SampleRatio.ChiSquare([0, 0], [0.5, 0.5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleRatio.ChiSquare([-1, 2], [0.5, 0.5]));
    }
}
