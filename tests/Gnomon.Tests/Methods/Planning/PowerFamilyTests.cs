using System.Text.Json;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>
/// Sources: tests/reference/planning/make-power.R (pwr, power.t.test, power.anova.test, rpact) and make-power.py (enumeration, mpmath and scipy quadrature).
/// Both sides are exact but for their arithmetic: 1e-8 relative for power unless a line says why not.
/// </summary>
public sealed class PowerFamilyTests
{
    private static readonly JsonElement R = MethodReference.Load("planning/power-r.json");
    private static readonly JsonElement Exact = MethodReference.Load("planning/power-exact.json");

    [Fact]
    public void One_mean_agrees_with_r()
    {
        foreach (var c in R.Items("oneMean"))
        {
            var o = new PowerOptions { Alpha = c.Number("alpha") };
            MethodReference.Close(c.Number("power"), PowerOneMean.Power(c.Number("n"), c.Number("difference"), c.Number("sd"), o), 1e-8);
            MethodReference.Close(c.Number("oneSided"), PowerOneMean.Power(c.Number("n"), c.Number("difference"), c.Number("sd"), o with { Sides = 1 }), 1e-8);
        }

        foreach (var c in R.Items("oneMeanSize"))
        {
            MethodReference.Close(c.Number("n"), PowerOneMean.SampleSize(c.Number("difference"), c.Number("sd"), c.Number("power")), 1e-7);
        }

        Assert.Equal(3 * Math.Sqrt(0.8), PowerOneMean.PairedDeviation(3, 0.6), 1e-14);
    }

    [Fact]
    public void F_and_chi_square_tests_agree_with_r()
    {
        foreach (var c in R.Items("anova"))
        {
            var means = c.Numbers("means");
            var f = PowerAnova.EffectOfMeans(means, c.Number("sd"));
            MethodReference.Close(c.Number("power"), PowerAnova.Power(c.Number("n"), f, means.Length, means.Length - 1), 1e-8);
        }

        foreach (var c in R.Items("anovaSize"))
        {
            var k = (int)c.Number("groups");
            MethodReference.Close(c.Number("n"), PowerAnova.SampleSize(c.Number("effect"), k, k - 1, c.Number("power")), 1e-5); // uniroot's default tolerance
        }

        foreach (var c in R.Items("regression"))
        {
            var tested = (int)c.Number("tested");
            MethodReference.Close(c.Number("power"), PowerRegression.Power(tested + c.Number("denominator") + 1, c.Number("effect"), tested, 0), 1e-8);
        }

        foreach (var c in R.Items("table"))
        {
            MethodReference.Close(c.Number("power"), PowerContingency.Power(c.Number("n"), c.Number("effect"), (int)c.Number("df")), 1e-8);
        }

        foreach (var c in R.Items("tableSize"))
        {
            MethodReference.Close(c.Number("n"), PowerContingency.SampleSize(c.Number("effect"), (int)c.Number("df"), c.Number("power")), 1e-5); // uniroot
        }
    }

    [Fact]
    public void Margins_agree_with_rpact_and_with_enumeration()
    {
        foreach (var c in R.Items("nonInferior"))
        {
            var o = new PowerOptions { Alpha = c.Number("alpha"), AllocationRatio = c.Number("ratio") };
            var n = PowerMargin.NonInferiorProportionsSize(c.Number("first"), c.Number("second"), c.Number("margin"), c.Number("power"), o);
            MethodReference.Close(c.Number("n"), n.First, 1e-6); // rpact solves its cubic in closed form, to about 8 digits
            MethodReference.Close(c.Number("second_n"), n.Second, 1e-6);
        }

        foreach (var c in R.Items("nonInferiorMeans"))
        {
            var n = PowerMargin.NonInferiorMeansSize(c.Number("difference"), c.Number("margin"), c.Number("sd"), c.Number("power"), new PowerOptions { Alpha = c.Number("alpha") });
            MethodReference.Close(c.Number("n"), n.First, 1e-5); // rpact's search stops there
        }

        foreach (var c in Exact.Items("equivalence"))
        {
            var o = new PowerOptions { Alpha = c.Number("alpha"), AllocationRatio = c.Number("ratio") };
            var power = PowerMargin.EquivalentMeans(c.Number("n"), c.Number("difference"), c.Number("low"), c.Number("high"), c.Number("sd"), o);
            Assert.Equal(c.Number("power"), power, 1e-9);
        }

        foreach (var c in Exact.Items("margin"))
        {
            double? high = c.GetProperty("high").ValueKind == JsonValueKind.Null ? null : c.Number("high");
            var power = PowerMargin.ExactProportions(
                (int)c.Number("first"), (int)c.Number("second"), c.Number("firstRate"), c.Number("secondRate"), c.Number("low"), high, c.Number("alpha"));
            Assert.Equal(c.Number("power"), power, 1e-8);
        }
    }

    [Fact]
    public void Counts_agree_with_enumeration()
    {
        foreach (var c in Exact.Items("oneProportion"))
        {
            MethodReference.Close(c.Number("power"), PowerOneProportion.ExactPower((int)c.Number("n"), c.Number("tested"), c.Number("rate"), new PowerOptions { Alpha = c.Number("alpha") }), 1e-10);
        }

        foreach (var c in Exact.Items("oneProportionSize"))
        {
            Assert.Equal(c.Number("n"), PowerOneProportion.ExactSampleSize(c.Number("tested"), c.Number("rate"), c.Number("power"), new PowerOptions { Alpha = c.Number("alpha") }));
        }

        foreach (var c in Exact.Items("paired"))
        {
            Assert.Equal(c.Number("power"), PowerPairedProportions.ExactPower((int)c.Number("pairs"), c.Number("difference"), c.Number("discordant"), c.Number("alpha")), 1e-11);
        }

        foreach (var c in Exact.Items("counts"))
        {
            Assert.Equal(c.Number("power"), PowerEventRates.ExactPower(c.Number("first"), c.Number("second"), c.Number("ratio"), c.Number("alpha")), 1e-11);
        }
    }

    [Fact]
    public void Correlations_agree_with_hotellings_density_and_stay_near_fishers_z()
    {
        foreach (var c in Exact.Items("correlation"))
        {
            Assert.Equal(c.Number("power"), PowerCorrelation.Power(c.Number("n"), c.Number("correlation"), new PowerOptions { Alpha = c.Number("alpha") }), 1e-9); // the t quantile of the reference has 11 digits
        }

        foreach (var c in R.Items("fisher"))
        {
            Assert.Equal(c.Number("power"), PowerCorrelation.Power(c.Number("n"), c.Number("correlation")), 0.01);
        }
    }

    [Fact]
    public void Models_times_and_many_arms_agree_with_quadrature()
    {
        foreach (var c in Exact.Items("logistic"))
        {
            double? share = c.GetProperty("share").ValueKind == JsonValueKind.Null ? null : c.Number("share");
            var power = PowerLogistic.Power(c.Number("n"), c.Number("oddsRatio"), c.Number("baseline"), share, c.Number("overlap"), new PowerOptions { Alpha = c.Number("alpha") });
            MethodReference.Close(c.Number("power"), power, 1e-9);
        }

        foreach (var c in Exact.Items("restrictedMean"))
        {
            var o = new PowerOptions { Alpha = c.Number("alpha"), AllocationRatio = c.Number("ratio") };
            MethodReference.Close(c.Number("mean"), PowerRestrictedMean.Mean(c.Number("first")), 1e-12);
            MethodReference.Close(c.Number("power"), PowerRestrictedMean.Power(c.Number("n"), c.Number("first"), c.Number("second"), c.Number("lost"), o), 1e-9);
        }

        foreach (var c in Exact.Items("dunnett"))
        {
            var o = new PowerOptions { AllocationRatio = c.Number("ratio") };
            Assert.Equal(c.Number("power"), PowerDunnett.Power(c.Number("n"), c.Number("difference"), 1, (int)c.Number("treatments"), o), 1e-9);
        }
    }

    /// <summary>Every design as (name, power by size and effect, size by effect and power, effect by size and power).</summary>
    public static IEnumerable<TheoryDataRow<string>> Designs => Inverses.Keys.Select(k => k == "correlation" ? new TheoryDataRow<string>(k).WithTrait("speed", "slow") : new TheoryDataRow<string>(k));

    private static readonly PowerOptions Two = new() { Alpha = 0.02, AllocationRatio = 1.5 };

    private static readonly SortedDictionary<string, (double Effect, Func<double, double, double> Power, Func<double, double, double> Size, Func<double, double, double> Detectable)> Inverses = new(StringComparer.Ordinal)
    {
        ["one mean"] = (0.4, (n, e) => PowerOneMean.Power(n, e, 1.3, Two), (e, p) => PowerOneMean.SampleSize(e, 1.3, p, Two), (n, p) => PowerOneMean.MinimumDetectableDifference(n, 1.3, p, Two)),
        ["one proportion"] = (0.07, (n, e) => PowerOneProportion.Power(n, 0.3, 0.3 + e, Two), (e, p) => PowerOneProportion.SampleSize(0.3, 0.3 + e, p, Two), (n, p) => PowerOneProportion.MinimumDetectableDifference(n, 0.3, p, true, Two)!.Value),
        ["pairs of shares"] = (0.1, (n, e) => PowerPairedProportions.Power(n, e, 0.3, Two), (e, p) => PowerPairedProportions.SampleSize(e, 0.3, p, Two), (n, p) => PowerPairedProportions.MinimumDetectableDifference(n, 0.3, p, Two)!.Value),
        ["anova"] = (0.3, (n, e) => PowerAnova.Power(n, e, 4, 3, 0.02), (e, p) => PowerAnova.SampleSize(e, 4, 3, p, 0.02), (n, p) => PowerAnova.MinimumDetectableEffect(n, 4, 3, p, 0.02)),
        ["interaction"] = (0.2, (n, e) => PowerAnova.Power(n, e, 6, 2), (e, p) => PowerAnova.SampleSize(e, 6, 2, p), (n, p) => PowerAnova.MinimumDetectableEffect(n, 6, 2, p)),
        ["correlation"] = (0.35, (n, e) => PowerCorrelation.Power(n, e, Two), (e, p) => PowerCorrelation.SampleSize(e, p, Two), (n, p) => PowerCorrelation.MinimumDetectableCorrelation(n, p, Two)),
        ["rank sum"] = (0.12, (n, e) => PowerRankSum.Power(n, 0.5 + e, Two), (e, p) => PowerRankSum.SampleSize(0.5 + e, p, Two).First, (n, p) => PowerRankSum.MinimumDetectableEffect(n, p, Two)!.Value),
        ["event rates"] = (0.15, (n, e) => PowerEventRates.Power(n, 0.8, 0.8 + e, 1.4, Two), (e, p) => PowerEventRates.SampleSize(0.8, 0.8 + e, p, 1.4, Two).First, (n, p) => PowerEventRates.MinimumDetectableDifference(n, 0.8, p, true, 1.4, Two)!.Value),
        ["event rates, fall"] = (-0.15, (n, e) => PowerEventRates.Power(n, 0.8, 0.8 + e, 1, Two), (e, p) => PowerEventRates.SampleSize(0.8, 0.8 + e, p, 1, Two).First, (n, p) => PowerEventRates.MinimumDetectableDifference(n, 0.8, p, false, 1, Two)!.Value),
        ["regression"] = (0.08, (n, e) => PowerRegression.Power(n, e, 2, 5), (e, p) => PowerRegression.SampleSize(e, 2, 5, p), (n, p) => PowerRegression.MinimumDetectableEffect(n, 2, 5, p)),
        ["table"] = (0.2, (n, e) => PowerContingency.Power(n, e, 6), (e, p) => PowerContingency.SampleSize(e, 6, p), (n, p) => PowerContingency.MinimumDetectableEffect(n, 6, p)),
        ["logistic, normal column"] = (1.7, (n, e) => PowerLogistic.Power(n, e, 0.2, null, 0.1, Two), (e, p) => PowerLogistic.SampleSize(e, 0.2, p, null, 0.1, Two), (n, p) => PowerLogistic.DetectableOddsRatio(n, 0.2, p, true, null, 0.1, Two)!.Value),
        ["logistic, two values"] = (0.5, (n, e) => PowerLogistic.Power(n, e, 0.2, 0.4, 0, Two), (e, p) => PowerLogistic.SampleSize(e, 0.2, p, 0.4, 0, Two), (n, p) => PowerLogistic.DetectableOddsRatio(n, 0.2, p, false, 0.4, 0, Two)!.Value),
        ["dunnett"] = (0.6, (n, e) => PowerDunnett.Power(n, e, 1.1, 3, Two), (e, p) => PowerDunnett.SampleSize(e, 1.1, 3, p, Two).First, (n, p) => PowerDunnett.MinimumDetectableDifference(n, 1.1, 3, p, Two)),
        ["restricted mean"] = (-0.12, (n, e) => PowerRestrictedMean.Power(n, 0.4, 0.4 + e, 0.1, Two), (e, p) => PowerRestrictedMean.SampleSize(0.4, 0.4 + e, p, 0.1, Two).First, (n, p) => PowerRestrictedMean.MinimumDetectableDifference(n, 0.4, p, false, 0.1, Two)!.Value),
        ["non-inferior means"] = (0.1, (n, e) => PowerMargin.NonInferiorMeans(n, e, -0.5, 1, Two), (e, p) => PowerMargin.NonInferiorMeansSize(e, -0.5, 1, p, Two).First, (_, _) => 0.1),
        ["non-inferior shares"] = (0.02, (n, e) => PowerMargin.NonInferiorProportions(n, 0.2, 0.2 + e, -0.05, Two), (e, p) => PowerMargin.NonInferiorProportionsSize(0.2, 0.2 + e, -0.05, p, Two).First, (_, _) => 0.02),
        ["equivalent means"] = (0.1, (n, e) => PowerMargin.EquivalentMeans(n, e, -0.5, 0.6, 1, Two), (e, p) => PowerMargin.EquivalentMeansSize(e, -0.5, 0.6, 1, p, Two).First, (_, _) => 0.1),
        ["equivalent shares"] = (0.01, (n, e) => PowerMargin.EquivalentProportions(n, 0.2, 0.2 + e, -0.06, 0.05, Two), (e, p) => PowerMargin.EquivalentProportionsSize(0.2, 0.2 + e, -0.06, 0.05, p, Two).First, (_, _) => 0.01),
        ["width of two means"] = (0.3, (n, e) => PrecisionSize.TwoMeans(n, e, 1, Two), (e, p) => PrecisionSize.Size(n => PrecisionSize.TwoMeans(n, e, 1, Two), p), (_, _) => 0.3),
        ["width of two shares"] = (0.02, (n, e) => PrecisionSize.TwoProportions(n, e, 0.1, 0.12, Two), (e, p) => PrecisionSize.Size(n => PrecisionSize.TwoProportions(n, e, 0.1, 0.12, Two), p), (_, _) => 0.02),
    };

    // n(power(n)) = n, power(n(power)) = power and mde(power(x)) = x: the searches stop at 1e-13 relative of their own variable.
    [Theory]
    [MemberData(nameof(Designs))]
    public void Size_power_and_effect_undo_one_another(string design)
    {
        var (effect, power, size, detectable) = Inverses[design];
        foreach (var wanted in new[] { 0.5, 0.8, 0.95 })
        {
            var n = size(effect, wanted);
            var reached = power(n, effect);
            Assert.Equal(wanted, reached, 1e-9);
            MethodReference.Close(n * 1.02, size(effect, power(n * 1.02, effect)), 1e-7);
            MethodReference.Close(effect, detectable(n, wanted), 1e-7);
            Assert.True(power(n * 1.2, effect) > reached);
        }
    }

    [Fact]
    public void Impossible_questions_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerOneMean.SampleSize(0, 1, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerOneMean.SampleSize(1e-9, 1, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerOneMean.Power(1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerPairedProportions.Power(10, 0.4, 0.3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerAnova.Power(10, 0.3, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerCorrelation.Power(30, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerMargin.EquivalentMeans(30, 1, -1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerMargin.NonInferiorProportions(30, 0.5, 0.3, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerRegression.Power(5, 0.1, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerOneProportion.ExactSampleSize(0.5, 0.5001, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => PowerContingency.EffectOf([0.5, 0.5, 0, 0], 2));
        Assert.Null(PowerRankSum.MinimumDetectableEffect(2, 0.99));
        Assert.Null(PowerOneProportion.MinimumDetectableDifference(3, 0.02, 0.9, rise: false));
        Assert.Null(PowerEventRates.MinimumDetectableDifference(3, 0.1, 0.9, rise: false));
        Assert.Null(PowerLogistic.DetectableOddsRatio(5, 0.1, 0.9));
        Assert.Null(PowerPairedProportions.MinimumDetectableDifference(5, 0.1, 0.9));
        Assert.Throws<Gnomon.Methods.NotEstimableException>(() => PowerSimulation.Size(_ => _ => false, 0.8, 2, 10, 100, 1));
    }

    [Fact]
    public void Effects_of_patterns_have_their_closed_forms()
    {
        Assert.Equal(PowerAnova.EffectOfMeans([-0.5, 0, 0.5], 2), PowerAnova.EffectOfLargestDifference(1, 2, [3]), 1e-14);
        Assert.Equal(1, PowerAnova.LargestDifferenceOf(PowerAnova.EffectOfLargestDifference(1, 2, [3, 2]), 2, [3, 2]), 1e-14);
        // A 2 x 2 interaction of size 1 is the cell means +1/4, -1/4, -1/4, +1/4.
        Assert.Equal(0.25, PowerAnova.EffectOfLargestDifference(1, 1, [2, 2]), 1e-14);
        Assert.Equal(1 - 0.36, RepeatedMeasures.VarianceFactor(1, 1, 0.6), 1e-14);
        Assert.Equal(2 * (1 - 0.6), RepeatedMeasures.VarianceFactor(1, 1, 0.6, RepeatedAnalysis.Change), 1e-14);
        Assert.Equal((1 + 3 * 0.5) / 4, RepeatedMeasures.VarianceFactor(4, 0, 0.5), 1e-14);
        Assert.Equal(0.625 - (2 * 0.25 / 1.5), RepeatedMeasures.VarianceFactor(4, 2, 0.5), 1e-14); // Frison and Pocock 1992, table 1
        Assert.Equal(0.1 / 0.7, PowerRegression.EffectOfShares(0.1, 0.2), 1e-14);
        Assert.Equal(0.6, PowerContingency.EffectOf([0.4, 0.1, 0.1, 0.4], 2), 1e-14);
    }
}
