using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Families;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Families;

/// <summary>Source: tests/reference/families/programme.py (scipy, statsmodels; R mvtnorm for the looks).</summary>
public sealed class ProgrammeMethodsTests
{
    private static readonly System.Text.Json.JsonElement Reference = MethodReference.Load("families/programme.json");

    // Closed form: 1e-12 relative.
    [Fact]
    public void Chance_wins_agree_with_scipy()
    {
        foreach (var c in Reference.Items("chance"))
        {
            var r = ChanceWins.Of(c.GetProperty("tests").GetInt32(), c.GetProperty("significant").GetInt32(), c.GetProperty("good").GetInt32(), c.Number("alpha"));
            MethodReference.Close(c.Number("expected"), r.ExpectedFalse, 1e-12);
            MethodReference.Close(c.Number("one"), r.AtLeastOne, 1e-12);
            MethodReference.Close(c.Number("atLeast"), r.AtLeast, 1e-12);
            MethodReference.Close(c.Number("good_"), r.AtLeastGood, 1e-12);
            Assert.Equal(r.ExpectedFalse / 2, r.ExpectedFalseGood);
        }
    }

    // Figures that people quote: 0.05 to the power of 12, and four of fifteen.
    [Fact]
    public void Twelve_of_twelve_by_luck_is_the_twelfth_power()
    {
        MethodReference.Close(Math.Pow(0.05, 12), ChanceWins.Of(12, 12, 12).AtLeast, 1e-12);
        Assert.Equal(0.005467, ChanceWins.Of(15, 4, 4).AtLeast, 5e-7);
        Assert.Equal(0.537, ChanceWins.Of(15, 4, 4).AtLeastOne, 5e-4);
        Assert.Equal(9.04e-9, ChanceWins.Of(30, 12, 12).AtLeast, 5e-12);
    }

    // Kohavi, Deng and Vermeer 2022, printed to a tenth of a per cent.
    [Fact]
    public void False_positive_risk_is_the_papers()
    {
        Assert.All(Reference.Items("risk"), c => MethodReference.Close(c.Number("risk"), FalsePositiveRisk.Of(c.Number("success"), c.Number("power"), c.Number("alpha")), 1e-12));
        Assert.All(new[] { (1.0 / 3, 5.9), (0.2, 11.1), (0.15, 15.0), (0.1, 22.0), (0.08, 26.4) }, x => Assert.Equal(x.Item2, 100 * FalsePositiveRisk.Of(x.Item1), 0.051));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.35)]
    [InlineData(1.0)]
    public void Success_rates_and_win_rates_are_inverses(double success) =>
        Assert.Equal(success, FalsePositiveRisk.SuccessRate(0.8 * success + 0.025 * (1 - success)), 1e-12);

    [Fact]
    public void Fewer_wins_than_luck_gives_mean_no_success() => Assert.Equal(0, FalsePositiveRisk.SuccessRate(0.01));

    // The spread is the root of an equation: 1e-8.
    [Fact]
    public void Excess_significance_agrees_with_the_polynomial()
    {
        foreach (var c in Reference.Items("excess"))
        {
            var r = ExcessSignificance.Test(c.Numbers("y"), c.Numbers("se"));
            Assert.Equal(c.GetProperty("observed").GetInt32(), r.Observed);
            MethodReference.Close(c.Number("expected"), r.Expected, 1e-8);
            MethodReference.Close(c.Number("p"), r.PValue, 1e-7);
        }
    }

    [Fact]
    public void Equal_chances_give_the_binomial()
    {
        double[] chances = [.. Enumerable.Repeat(0.05, 30)];
        MethodReference.Close(Binomial.Sf(11, 30, 0.05), ExcessSignificance.AtLeast(chances, 12), 1e-12);
        Assert.Equal(1, ExcessSignificance.AtLeast(chances, 0));
        Assert.Equal(0, ExcessSignificance.AtLeast(chances, 31));
    }

    // Noncentral tails of scipy: 1e-8.
    [Fact]
    public void P_curves_agree_with_the_authors_formulas()
    {
        foreach (var c in Reference.Items("pcurve"))
        {
            var r = PCurve.Of(c.Numbers("p"))!;
            Assert.Equal(c.GetProperty("k").GetInt32(), r.Significant);
            MethodReference.Close(c.Number("full"), r.FullZ, 1e-9);
            MethodReference.Close(c.Number("fullP"), r.FullP, 1e-8);
            MethodReference.Close(c.Number("weak"), r.WeakZ, 1e-8);
            MethodReference.Close(c.Number("weakP"), r.WeakP, 1e-7);
            if (c.GetProperty("half").ValueKind == System.Text.Json.JsonValueKind.Number)
            {
                MethodReference.Close(c.Number("half"), r.HalfZ!.Value, 1e-9);
                MethodReference.Close(c.Number("halfP"), r.HalfP!.Value, 1e-8);
            }
            else
            {
                Assert.Null(r.HalfZ);
            }
        }
    }

    [Fact]
    public void A_p_curve_needs_a_significant_result_and_bears_zero()
    {
        Assert.Null(PCurve.Of([0.2, 0.05]));
        var r = PCurve.Of([0.0, 0.049])!;
        Assert.True(double.IsFinite(r.FullZ) && double.IsFinite(r.WeakZ));
    }

    // statsmodels WLS: 1e-8.
    [Fact]
    public void Egger_agrees_with_weighted_least_squares()
    {
        foreach (var c in Reference.Items("funnel"))
        {
            var r = FunnelAsymmetry.Egger(c.Numbers("y"), c.Numbers("se"));
            MethodReference.Close(c.Number("intercept"), r.Intercept, 1e-8);
            MethodReference.Close(c.Number("error"), r.StandardError, 1e-8);
            MethodReference.Close(c.Number("p"), r.PValue, 1e-8);
            MethodReference.Close(c.Number("slope"), r.Slope, 1e-8);
        }
    }

    [Fact]
    public void Funnels_without_a_shape_are_refused()
    {
        Assert.Throws<NotEstimableException>(() => FunnelAsymmetry.Egger([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]));
        Assert.Throws<NotEstimableException>(() => FunnelAsymmetry.Egger([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]));
        Assert.Throws<TooFewRowsException>(() => FunnelAsymmetry.Egger([1, 2], [1, 2]));
    }

    [Fact]
    public void Predictions_agree_with_weighted_least_squares()
    {
        foreach (var c in Reference.Items("slope"))
        {
            var r = PredictionSlope.Of(c.Numbers("x"), c.Numbers("y"), c.Numbers("se"));
            MethodReference.Close(c.Number("slope"), r.Slope, 1e-10);
            MethodReference.Close(c.Number("error"), r.StandardError, 1e-10);
            Assert.Equal(c.Number("low"), r.Interval.Low, 1e-8);
            Assert.Equal(c.Number("high"), r.Interval.High, 1e-8);
        }

        Assert.Throws<NotEstimableException>(() => PredictionSlope.Of([0, 0, 0], [1, 2, 3], [1, 1, 1]));
    }

    // Least squares with HC2 errors of statsmodels: 1e-9.
    [Fact]
    public void Interactions_agree_with_the_full_model()
    {
        foreach (var c in Reference.Items("pair"))
        {
            Moments[] cells = [.. c.Items("cells").Select(x => Moments.Of(x.EnumerateArray().Select(v => v.GetDouble()).ToArray()))];
            var r = PairInteraction.Of(cells[0], cells[1], cells[2], cells[3]);
            MethodReference.Close(c.Number("interaction"), r.Interaction, 1e-9);
            MethodReference.Close(c.Number("error"), r.StandardError, 1e-9);
            MethodReference.Close(c.Number("df"), r.DegreesOfFreedom, 1e-9);
            MethodReference.Close(c.Number("p"), r.PValue, 1e-8);
            MethodReference.Close(c.Number("independence"), r.IndependenceP, 1e-9);
        }
    }

    // statsmodels counts significance in the wrong direction too, which adds less than 1e-6 here.
    [Fact]
    public void Replications_agree_with_the_power_of_statsmodels() =>
        Assert.All(Reference.Items("size"), c => MethodReference.Close(c.Number("factor"), ReplicationSize.Factor(c.Number("effect"), c.Number("error"), c.Number("power")), 1e-5));

    // R mvtnorm by quasi Monte Carlo, good to about 1e-6.
    [Fact]
    public void The_best_of_several_looks_agrees_with_the_multivariate_normal()
    {
        Assert.All(Reference.Items("looks"), c => Assert.Equal(c.Number("corrected"), BestOfLooks.PValue(c.Number("p"), c.GetProperty("looks").GetInt32()), 2e-6));
        Assert.Equal(0.2186, BestOfLooks.PValue(0.05, 14), 0.003);
        Assert.Equal(3e-12, BestOfLooks.PValue(1e-12, 3), 1e-24);
        Assert.Equal(0, BestOfLooks.PValue(0, 9));
        Assert.Equal(1, BestOfLooks.PValue(1, 9));
    }

    // 1,000 programmes of 20 tests with effects that differ and nothing left out: at the 1 % line the test fires in at most 1 % (3.3 binomial errors: 2.1 %); with nine
    // in ten of the others dropped from a log of 200 it fires nearly always.
    [Fact]
    [Trait("speed", "slow")]
    public void Excess_significance_holds_its_size_and_sees_a_thinned_log()
    {
        var (honest, thinned) = (0, 0);
        for (var run = 0; run < 1_000; run++)
        {
            var rng = new Rng(7).Stream("excess", run);
            honest += ExcessSignificance.Test(Log(rng, 20, keep: 1, out var errors), errors).PValue < 0.01 ? 1 : 0;
            thinned += ExcessSignificance.Test(Log(rng, 200, keep: 0.1, out errors), errors).PValue < 0.01 ? 1 : 0;
        }

        Assert.InRange(honest, 0, 21);
        Assert.InRange(thinned, 900, 1_000);
    }

    // Egger's t test without any selection: 5 % of 2,000 within 3.3 binomial errors.
    [Fact]
    [Trait("speed", "slow")]
    public void Egger_holds_its_size()
    {
        var fired = 0;
        for (var run = 0; run < 2_000; run++)
        {
            var rng = new Rng(11).Stream("egger", run);
            double[] se = [.. Enumerable.Range(0, 15).Select(_ => 0.2 + rng.NextDouble())];
            fired += FunnelAsymmetry.Egger([.. se.Select(s => 0.4 + s * rng.NextNormal())], se).PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(fired / 2_000.0, 0.034, 0.066);
    }

    // Paths stopped at their best of seven looks: the corrected p is uniform, so 5 % lie below 0.05.
    [Fact]
    [Trait("speed", "slow")]
    public void The_p_of_the_best_look_is_uniform_without_an_effect()
    {
        var rng = new Rng(3).Stream("looks");
        var below = 0;
        for (var run = 0; run < 4_000; run++)
        {
            double sum = 0, best = 0;
            for (var k = 1; k <= 7; k++)
            {
                sum += rng.NextNormal();
                best = Math.Max(best, Math.Abs(sum) / Math.Sqrt(k));
            }

            below += BestOfLooks.PValue(2 * Normal.Sf(best), 7) < 0.05 ? 1 : 0;
        }

        Assert.InRange(below / 4_000.0, 0.0386, 0.0614);
    }

    // Coverage of the slope's interval, and size and coverage of the interaction: 1,000 draws, within 3.3 binomial errors of 95 %.
    [Fact]
    [Trait("speed", "slow")]
    public void Slopes_and_interactions_cover()
    {
        var (slopes, interactions) = (0, 0);
        for (var run = 0; run < 1_000; run++)
        {
            var rng = new Rng(5).Stream("slope", run);
            double[] x = [.. Enumerable.Range(0, 12).Select(_ => 1 + rng.NextDouble())];
            double[] se = [.. x.Select(_ => 0.3 + rng.NextDouble())];
            var slope = PredictionSlope.Of(x, [.. x.Zip(se, (a, s) => 0.4 * a + s * rng.NextNormal())], se).Interval;
            slopes += slope.Low <= 0.4 && 0.4 <= slope.High ? 1 : 0;
            Moments Cell(int n, double sd) => Moments.Of(Enumerable.Range(0, n).Select(_ => sd * rng.NextNormal()).ToArray());
            interactions += PairInteraction.Of(Cell(20, 1), Cell(35, 3), Cell(25, 1), Cell(60, 2)).PValue >= 0.05 ? 1 : 0;
        }

        Assert.InRange(slopes, 927, 990); // errors are never narrowed, so the interval may cover more
        Assert.InRange(interactions, 927, 973);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<TooFewRowsException>(() => ChanceWins.Of(0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChanceWins.Of(3, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FalsePositiveRisk.Of(1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReplicationSize.Factor(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BestOfLooks.PValue(0.5, 0));
        Assert.Throws<TooFewRowsException>(() => ExcessSignificance.Test([1, 2], [1, 1]));
        Assert.Throws<TooFewRowsException>(() => PairInteraction.Of(Moments.Of([1.0]), Moments.Of([1.0, 2]), Moments.Of([1.0, 2]), Moments.Of([1.0, 2])));
    }

    private static double[] Log(Rng rng, int tests, double keep, out double[] errors)
    {
        var kept = new List<double>();
        var se = new List<double>();
        for (var i = 0; i < tests; i++)
        {
            var s = 0.3 + rng.NextDouble();
            var y = 0.9 * rng.NextNormal() + s * rng.NextNormal();
            if (Math.Abs(y) > 1.96 * s || rng.NextDouble() < keep)
            {
                kept.Add(y);
                se.Add(s);
            }
        }

        errors = [.. se];
        return [.. kept];
    }
}
