using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Data;
using Xunit;

namespace Gnomon.Tests.Methods.Bayes;

/// <summary>Source: tests/reference/bayes/make.py (scipy's adaptive quadrature and distributions).</summary>
public sealed class BayesTests
{
    private static readonly JsonElement Reference = MethodReference.Load("bayes/bayes.json");

    // Quadrature on both sides: 1e-8 absolute for probabilities and losses, 1e-7 for the ends of intervals.
    [Fact]
    public void Two_rates_agree_with_adaptive_quadrature()
    {
        foreach (var c in Reference.Items("rates"))
        {
            var difference = new RateDifference(Mixture(c.GetProperty("treatment")), Mixture(c.GetProperty("control")));
            Assert.Equal(c.Number("above"), difference.Above(c.Number("margin")), 1e-8);
            Assert.Equal(c.Number("aboveZero"), difference.Above(), 1e-8);
            Assert.Equal(c.Number("loss"), difference.LossOfTreatment, 1e-9);
            Assert.Equal(difference.Mean, difference.LossOfControl - difference.LossOfTreatment, 1e-12);
            var interval = difference.Interval();
            Assert.Equal(c.Number("low"), interval.Low, 1e-7);
            Assert.Equal(c.Number("high"), interval.High, 1e-7);
        }
    }

    // Closed forms: 1e-10; quantiles of a mixture by root finding: 1e-9.
    [Fact]
    public void Mixtures_move_their_weights_as_the_beta_binomial_says()
    {
        foreach (var c in Reference.Items("mixtures"))
        {
            var prior = Mixture(c.GetProperty("prior"));
            var (events, n) = ((long)c.Number("events"), (long)c.Number("n"));
            var after = prior.After(events, n);
            foreach (var (expected, actual) in c.Items("posterior").Zip(after.Components))
            {
                Assert.Equal(expected.Number("weight"), actual.Weight, 1e-9);
                Assert.Equal(expected.Number("a"), actual.A, 1e-12);
                Assert.Equal(expected.Number("b"), actual.B, 1e-12);
            }

            Assert.Equal(c.Number("tail"), prior.PredictiveTail(events, n), 1e-9);
            Assert.Equal(c.Numbers("interval")[0], after.Interval().Low, 1e-9);
            Assert.Equal(c.Numbers("interval")[1], after.Interval().High, 1e-9);
        }
    }

    [Fact]
    public void A_second_trial_gives_the_go_decision_of_its_case()
    {
        // 36/60 against 24/60 before, 171/300 against 135/300 now.
        var flat = new RateDifference(BetaMixture.Of(1, 1).After(171, 300), BetaMixture.Of(1, 1).After(135, 300));
        Assert.Equal(0.96, flat.Above(0.05), 0.005);
        var full = new RateDifference(BetaMixture.PowerPrior(36, 60, 1).After(171, 300), BetaMixture.PowerPrior(24, 60, 1).After(135, 300));
        Assert.Equal(0.99, full.Above(0.05), 0.005);

        // Another trial contradicts the earlier one: 132/300 where 60 % had been seen.
        Assert.True(BetaMixture.PowerPrior(36, 60, 1).PredictiveTail(132, 300) < 0.05);
        var conflict = new RateDifference(BetaMixture.PowerPrior(36, 60, 1).After(132, 300), BetaMixture.PowerPrior(24, 60, 1).After(135, 300));
        Assert.Equal(0.75, conflict.Above(), 0.005);
        var robust = new RateDifference(BetaMixture.Robust(BetaMixture.PowerPrior(36, 60, 1), 0.5).After(132, 300), BetaMixture.PowerPrior(24, 60, 1).After(135, 300));
        Assert.True(robust.Above() < conflict.Above());
    }

    // Quadrature: 1e-9.
    [Fact]
    public void Normal_beliefs_agree_with_quadrature()
    {
        foreach (var c in Reference.Items("normal"))
        {
            var prior = new NormalBelief(c.Number("mean"), c.Number("deviation"));
            var after = prior.After(c.Number("estimate"), c.Number("error"));
            Assert.Equal(c.Number("postMean"), after.Mean, 1e-12);
            Assert.Equal(c.Number("postDeviation"), after.Deviation, 1e-12);
            var region = after.Region(-0.05, 0.05);
            Assert.Equal(c.Number("above"), region.Above, 1e-12);
            Assert.Equal(c.Number("inside"), region.Inside, 1e-12);
            Assert.Equal(1, region.Below + region.Inside + region.Above, 1e-12);
            Assert.Equal(c.Number("acting"), after.LossOfActing, 1e-9);
            Assert.Equal(c.Number("waiting"), after.LossOfWaiting, 1e-9);
            Assert.Equal(c.Number("evsi"), after.ValueOfSample(0.3), 1e-9);
            Assert.True(after.ValueOfSample(0.3) <= after.ValueOfPerfectInformation + 1e-12);
            Assert.Equal(c.Number("conflict"), prior.Conflict(c.Number("estimate"), c.Number("error")), 1e-12);

            // The tipping centre does what it says.
            var centre = prior.TippingCentre(c.Number("estimate"), c.Number("error"), 0.9);
            Assert.Equal(0.9, new NormalBelief(centre, prior.Deviation).After(c.Number("estimate"), c.Number("error")).Above(0), 1e-12);
        }

        // A flat prior leaves the likelihood: the interval is the frequentist one.
        var flat = NormalBelief.Flat.After(3.1859, 20 * Math.Sqrt(2.0 / 100));
        Assert.Equal(0.87, flat.Above(0), 1e-4);
        Assert.Throws<InvalidOperationException>(() => NormalBelief.Flat.Above(0));
    }

    // Quadrature: 1e-9 relative.
    [Fact]
    public void Bayes_factors_agree_with_quadrature_and_with_the_paper()
    {
        foreach (var c in Reference.Items("factorNormal"))
        {
            MethodReference.Close(c.Number("factor"), BayesFactor.Normal(c.Number("estimate"), c.Number("error"), c.Number("prior")), 1e-9);
        }

        foreach (var c in Reference.Items("factorCauchy"))
        {
            MethodReference.Close(c.Number("factor"), BayesFactor.Cauchy(c.Number("t"), c.Number("df"), c.Number("n"), c.Number("scale")), 1e-9);
        }

        Assert.Equal(1.56, 1 / BayesFactor.Cauchy(2.03, 79, 80, 1), 0.005); // Rouder et al. 2009, page 232
        var curve = BayesFactor.Curve(w => BayesFactor.Normal(2, 1, w), 0.01, 100);
        Assert.Equal(25, curve.Count);
        Assert.True(curve[0].Factor is > 0.99 and < 1.01 && curve[^1].Factor < 0.2 && curve.Max(p => p.Factor) > 1.5);
    }

    // Quadrature over the variance: 1e-9.
    [Fact]
    public void A_mean_with_unknown_spread_follows_t()
    {
        var c = Reference.GetProperty("normalInverseGamma");
        var prior = c.Numbers("prior");
        var after = new NormalInverseGamma(prior[0], prior[1], prior[2], prior[3]).After(Moments.Of(c.Numbers("x")));
        Assert.Equal(c.Numbers("posterior"), [after.Mean, after.Weight, after.Shape, after.Scale], (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(c.Number("above"), after.Above(4), 1e-9);

        // One value at a time is the same as all at once.
        var oneByOne = c.Numbers("x").Aggregate(new NormalInverseGamma(prior[0], prior[1], prior[2], prior[3]), (b, x) => b.After(Moments.Of([x])));
        Assert.Equal(after.Scale, oneByOne.Scale, 1e-12);
    }

    // Root finding: 1e-9.
    [Fact]
    public void Shrinkage_agrees_with_paule_and_mandel()
    {
        foreach (var c in Reference.Items("shrinkage"))
        {
            var result = NormalShrinkage.Fit(c.Numbers("y"), c.Numbers("se"));
            Assert.Equal(c.Number("mean"), result.Mean, 1e-9);
            Assert.Equal(c.Number("error"), result.MeanError, 1e-9);
            Assert.Equal(c.Number("spread"), result.Spread, 1e-8);
            Assert.Equal(c.Number("q"), result.Heterogeneity, 1e-9);
            Assert.Equal(c.Number("p"), result.HeterogeneityP, 1e-10);
            Assert.All(c.Numbers("shrunken").Zip(result.Estimates), x => Assert.Equal(x.First, x.Second.Estimate, 1e-8));
        }

        Assert.Throws<TooFewRowsException>(() => NormalShrinkage.Fit([1, 2], [1, 1]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_rates_drawn_from_the_prior_hold_them_as_often_as_they_say()
    {
        var rng = new Rng(12);
        const int runs = 800;
        var (one, two) = (0, 0);
        for (var r = 0; r < runs; r++)
        {
            double Rate() => rng.NextGamma(2) is var a && rng.NextGamma(8) is var b ? a / (a + b) : 0;
            var (p, q) = (Rate(), Rate());
            var prior = BetaMixture.Of(2, 8);
            var (t, c) = (prior.After(rng.NextBinomial(40, p), 40), prior.After(rng.NextBinomial(60, q), 60));
            one += t.Interval(0.9).Contains(p) ? 1 : 0;
            two += new RateDifference(t, c).Interval(0.9).Contains(p - q) ? 1 : 0;
        }

        var slack = 3.3 * Math.Sqrt(0.9 * 0.1 / runs);
        Assert.Equal(0.9, one / (double)runs, slack);
        Assert.Equal(0.9, two / (double)runs, slack);
    }

    [Fact]
    public void Impossible_beliefs_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaMixture.Of(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaMixture.Of(1, 1).After(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaMixture.PowerPrior(1, 2, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalBelief(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BayesFactor.Cauchy(double.NaN, 3, 4));
        Assert.Equal(0.5, new RateDifference(BetaMixture.Of(0.5, 0.5), BetaMixture.Of(0.5, 0.5)).Above(), 1e-8);
    }

    private static BetaMixture Mixture(JsonElement parts) => new([.. parts.EnumerateArray().Select(p => new BetaComponent(p[0].GetDouble(), p[1].GetDouble(), p[2].GetDouble()))]);
}
