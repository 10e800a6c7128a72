using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Bayes;

/// <summary>Source: tests/reference/bayes/shrinkage.py (scipy's distributions, Nelder-Mead, adaptive quadrature and dense grids; R's confint(glm)).</summary>
public sealed class RateBeliefTests
{
    private static readonly JsonElement Reference = MethodReference.Load("bayes/shrinkage.json");

    // Nelder-Mead on one side, Brent within Brent on the other: 1e-6 relative.
    [Fact]
    public void Empirical_bayes_agrees_with_maximum_likelihood()
    {
        foreach (var c in Reference.Items("rates"))
        {
            var expected = c.GetProperty("empirical");
            var fit = BetaBinomialShrinkage.EmpiricalBayes(c.Counts("events"), c.Counts("units"));
            Assert.Equal(expected.Number("mean"), fit.Mean, 1e-6);
            Assert.Equal(expected.Number("log"), fit.LogLikelihood!.Value, 1e-7);
            if (expected.GetProperty("units").ValueKind == JsonValueKind.Null)
            {
                Assert.Null(fit.PriorUnits);
                Assert.Equal(0, fit.Spread);
                Assert.All(fit.Rates, r => Assert.True(r.Rate == fit.Mean && r.Interval.Low < r.Rate && r.Rate < r.Interval.High));
                continue;
            }

            MethodReference.Close(expected.Number("units"), fit.PriorUnits!.Value, 1e-5);
            for (var j = 0; j < fit.Rates.Count; j++)
            {
                Assert.Equal(expected.Numbers("rates")[j], fit.Rates[j].Rate, 1e-6);
                Assert.Equal(expected.Numbers("low")[j], fit.Rates[j].Interval.Low, 1e-6);
                Assert.Equal(expected.Numbers("high")[j], fit.Rates[j].Interval.High, 1e-6);
            }
        }
    }

    // Trapezoid on a dense grid against nested Gauss-Legendre: 1e-6 absolute.
    [Fact]
    public void The_full_posterior_of_many_rates_agrees_with_a_dense_grid()
    {
        foreach (var c in Reference.Items("rates"))
        {
            var expected = c.GetProperty("full");
            var fit = BetaBinomialShrinkage.Full(c.Counts("events"), c.Counts("units"));
            Assert.Equal(expected.Number("mean"), fit.Mean, 1e-6);
            Assert.Equal(expected.Number("correlation"), 1 / (1 + fit.PriorUnits!.Value), 1e-6);
            for (var j = 0; j < fit.Rates.Count; j++)
            {
                Assert.Equal(expected.Numbers("rates")[j], fit.Rates[j].Rate, 1e-6);
                Assert.Equal(expected.Numbers("low")[j], fit.Rates[j].Interval.Low, 1e-6);
                Assert.Equal(expected.Numbers("high")[j], fit.Rates[j].Interval.High, 1e-6);
            }
        }
    }

    [Fact]
    public void Rates_without_information_are_refused_or_answered_but_never_nan()
    {
        Assert.Throws<NotEstimableException>(() => BetaBinomialShrinkage.EmpiricalBayes([0, 0, 0], [10, 20, 30]));
        Assert.Throws<TooFewRowsException>(() => BetaBinomialShrinkage.Full([1, 2], [10, 20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomialShrinkage.Full([1, 2, 11], [10, 20, 10]));
        foreach (var events in new long[][] { [0, 0, 0], [10, 20, 30], [0, 20, 0] })
        {
            var fit = BetaBinomialShrinkage.Full(events, [10, 20, 30]);
            Assert.All(fit.Rates, r => Assert.True(r.Interval.Low >= 0 && r.Interval.High <= 1 && r.Interval.Low < r.Rate && r.Rate < r.Interval.High));
        }
    }

    // Rates drawn from the prior the method states, so that its intervals must cover 95 % of them: 40 sets of 6 groups, 3.3 binomial errors (groups of a set count as one for safety).
    [Fact]
    [Trait("speed", "slow")]
    public void Full_intervals_cover_as_often_as_they_say_and_empirical_ones_less()
    {
        var (full, empirical, groups, answered) = (0, 0, 0, 0);
        for (var s = 0; s < 40; s++)
        {
            var rng = new Rng(s).Stream("shrinkage");
            var mean = rng.NextDouble();
            var n0 = 1 / Math.Max(rng.NextDouble(), 1e-9) - 1;
            var units = Enumerable.Range(0, 6).Select(_ => (long)(5 + rng.NextInt(60))).ToArray();
            var truth = units.Select(_ => Beta(rng, mean * n0, (1 - mean) * n0)).ToArray();
            var events = units.Zip(truth, (n, p) => rng.NextBinomial(n, p)).ToArray();
            var fit = BetaBinomialShrinkage.Full(events, units);
            full += fit.Rates.Zip(truth).Count(r => r.First.Interval.Low <= r.Second && r.Second <= r.First.Interval.High);
            groups += 6;
            if (events.Sum() > 0 && events.Sum() < units.Sum())
            {
                answered += 6;
                empirical += BetaBinomialShrinkage.EmpiricalBayes(events, units).Rates.Zip(truth).Count(r => r.First.Interval.Low <= r.Second && r.Second <= r.First.Interval.High);
            }
        }

        Assert.InRange((double)full / groups, 0.95 - 3.3 * Math.Sqrt(0.95 * 0.05 / 40), 0.95 + 3.3 * Math.Sqrt(0.95 * 0.05 / 40));
        Assert.True((double)empirical / answered < (double)full / groups + 0.02);
    }

    // Closed forms: 1e-9; the ratio by adaptive quadrature: 1e-9.
    [Fact]
    public void Poisson_rates_agree_with_gamma_and_negative_binomial()
    {
        foreach (var c in Reference.Items("poisson"))
        {
            var first = new GammaBelief(c.Numbers("first")[0], c.Numbers("first")[1]);
            var second = new GammaBelief(c.Numbers("second")[0], c.Numbers("second")[1]);
            Assert.Equal(c.Number("above"), first.Above(0.3), 1e-10);
            MethodReference.Close(c.Number("low"), first.Interval().Low, 1e-8);
            MethodReference.Close(c.Number("high"), first.Interval().High, 1e-9);
            Assert.Equal(c.Number("ratioAbove"), first.RatioAbove(second, c.Number("ratio")), 1e-9);
            MethodReference.Close(c.Number("ratioLow"), first.RatioInterval(second).Low, 1e-8);
            MethodReference.Close(c.Number("ratioHigh"), first.RatioInterval(second).High, 1e-8);
            Assert.Equal(c.Number("log"), first.LogPredictive((long)c.Number("count"), c.Number("exposure")), 1e-9);
            Assert.Equal(c.Number("tail"), first.PredictiveTail((long)c.Number("count"), c.Number("exposure")), 1e-9);
        }

        Assert.Equal(new GammaBelief(3.5, 10), GammaBelief.Jeffreys(3, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GammaBelief(1, 1).After(1, 0));
    }

    // Quadrature 1e-9; four million draws 1e-3 of the gain's unit.
    [Fact]
    public void Going_stopping_and_running_more_are_worth_what_quadrature_and_draws_say()
    {
        foreach (var c in Reference.Items("go"))
        {
            var (t, k) = (c.Numbers("treatment"), c.Numbers("control"));
            var belief = new RateDifference(BetaMixture.Of(t[0], t[1]), BetaMixture.Of(k[0], k[1]));
            var n = (int)c.Number("units");
            var threshold = c.Number("cost") / c.Number("gain");
            Assert.Equal(c.Number("excess"), belief.Excess(threshold), 1e-9);
            Assert.Equal(c.Number("excessAfter"), belief.ExcessAfter(threshold, n, n), 1e-9);
            var go = GoDecision.Of(belief, c.Number("gain"), c.Number("cost"), m => belief.ExcessAfter(m, n, n), 0.01);
            Assert.Equal(c.Number("net"), go.NetOfGo, 1e-9);
            Assert.Equal(c.Number("evpi"), go.PerfectInformation, 1e-7);
            Assert.Equal(c.Number("evsi"), go.SampleInformation!.Value, 1e-7);
            Assert.Equal(c.Number("evpiMonteCarlo"), go.PerfectInformation, 4e-3);
            Assert.True(go.SampleInformation <= go.PerfectInformation);
        }

        // Nothing left to learn: more data are worth less than their cost, and the sign decides.
        var sure = new RateDifference(BetaMixture.Of(6000, 4000), BetaMixture.Of(4000, 6000));
        Assert.Equal(GoAction.Go, GoDecision.Of(sure, 10, 1, m => sure.ExcessAfter(m, 100, 100), 0.5).Best);
        Assert.Equal(GoAction.Stop, GoDecision.Of(sure, 10, 3, m => sure.ExcessAfter(m, 100, 100), 0.5).Best);
        Assert.Equal(GoAction.Stop, GoDecision.Of(sure, -10, 0).Best);
    }

    // Adaptive quadrature on both sides: 1e-9.
    [Fact]
    public void An_effect_under_normal_and_t_likelihoods_agrees_with_quadrature()
    {
        foreach (var c in Reference.Items("effect"))
        {
            double? df = c.GetProperty("df").ValueKind == JsonValueKind.Null ? null : c.Number("df");
            var prior = c.Items("prior").Select(p => new NormalComponent(p[0].GetDouble(), p[1].GetDouble(), p[2].GetDouble())).ToList();
            var posterior = new EffectPosterior(prior, c.Number("estimate"), c.Number("error"), df);
            Assert.Equal(c.Number("mean"), posterior.Mean, 1e-9);
            MethodReference.Close(c.Number("deviation"), posterior.StandardDeviation, df is not null && prior.Count == 0 ? 1e-6 : 1e-9);
            Assert.Equal(c.Number("above"), posterior.Above(c.Number("threshold")), 1e-9);
            Assert.Equal(c.Number("excess"), posterior.Excess(c.Number("threshold")), 1e-8);
            Assert.Equal(c.Number("excessAfter"), posterior.ExcessAfter(c.Number("threshold"), c.Number("further")), 1e-7);
            Assert.Equal(c.Number("low"), posterior.Interval().Low, 1e-8);
            Assert.Equal(c.Number("high"), posterior.Interval().High, 1e-8);
        }
    }

    [Fact]
    public void One_normal_prior_gives_the_closed_forms()
    {
        var closed = new NormalBelief(0, 0.05).After(0.12, 0.0405);
        var posterior = new EffectPosterior([new(1, 0, 0.05)], 0.12, 0.0405);
        Assert.Equal(closed.Mean, posterior.Mean, 1e-12);
        Assert.Equal(closed.Deviation, posterior.StandardDeviation, 1e-12);
        Assert.Equal(closed.Above(0.05), posterior.Above(0.05), 1e-12);
        Assert.Equal(closed.LossOfWaiting, posterior.Excess(0), 1e-12);
        Assert.Equal(closed.ValueOfSample(0.03) + Math.Max(0, closed.Mean), posterior.ExcessAfter(0, 0.03), 1e-11);
        Assert.Equal(new NormalBelief(0, 0.05).Conflict(0.12, 0.0405), posterior.Conflict(), 1e-12);
        var region = posterior.Region(-0.05, 0.05);
        Assert.Equal(1, region.Below + region.Inside + region.Above, 1e-12);
        Assert.Throws<NotEstimableException>(() => new EffectPosterior([], 1, 1, 2));
    }

    // Root finding on both sides: 1e-8; R's profile is a spline: 1e-5, 2e-4 for a dozen units.
    [Fact]
    public void Likelihood_intervals_agree_with_root_finding_and_with_confint()
    {
        foreach (var c in Reference.Items("likelihood"))
        {
            var (x, nx, y, ny) = ((long)c.Number("x"), (long)c.Number("nx"), (long)c.Number("y"), (long)c.Number("ny"));
            var difference = LikelihoodInterval.Difference(x, nx, y, ny);
            Assert.Equal(c.Number("value"), difference.Value, 1e-12);
            Assert.Equal(c.Number("low"), difference.Interval.Low, 1e-7);
            Assert.Equal(c.Number("high"), difference.Interval.High, 1e-7);
            MethodReference.Close(c.Number("deviance"), difference.Deviance, 1e-7);
            if (!c.TryGetProperty("logOdds", out _))
            {
                Assert.Throws<NotEstimableException>(() => LikelihoodInterval.LogOddsRatio(x, nx, y, ny));
                continue;
            }

            var odds = LikelihoodInterval.LogOddsRatio(x, nx, y, ny);
            Assert.Equal(c.Number("logOdds"), odds.Value, 1e-8);
            Assert.Equal(c.Number("exactLow"), odds.Interval.Low, 1e-8);
            Assert.Equal(c.Number("exactHigh"), odds.Interval.High, 1e-8);
            Assert.Equal(c.Number("oddsLow"), odds.Interval.Low, nx > 100 ? 1e-5 : 2e-4);
            Assert.Equal(c.Number("oddsHigh"), odds.Interval.High, nx > 100 ? 1e-5 : 2e-4);
            MethodReference.Close(c.Number("deviance"), odds.Deviance, 1e-7);
        }

        Assert.True(LikelihoodInterval.Difference(20, 20, 0, 20).Interval.High == 1);
    }

    // A shape near 0, above its mean, where the continued fraction stalled: mpmath with 40 digits, 1e-14.
    [Fact]
    public void Beta_tails_of_a_shape_near_0_are_answered()
    {
        Assert.Equal(0.999099496552922228, Gnomon.Numerics.Distributions.BetaDistribution.Cdf(3.25e-7, 1.1238533e-4, 570.85), 1e-14);
        Assert.Equal(0.000900503447077772, Gnomon.Numerics.Distributions.BetaDistribution.Cdf(1 - 3.25e-7, 570.85, 1.1238533e-4), 1e-12);
        Assert.Equal(0.999999992287363333, Gnomon.Numerics.Distributions.BetaDistribution.Cdf(9e-6, 1e-9, 28.4), 1e-14);
    }

    [Fact]
    public void The_tipping_deviation_does_what_it_says()
    {
        var tipping = PriorSensitivity.TippingDeviation(0.12, 0.0405)!.Value;
        Assert.Equal(0.975, new NormalBelief(0, tipping).After(0.12, 0.0405).Above(0), 1e-12);
        Assert.Equal(0.975, 1 - new NormalBelief(0, PriorSensitivity.TippingDeviation(-0.12, 0.0405)!.Value).After(-0.12, 0.0405).Above(0), 1e-12);
        Assert.Null(PriorSensitivity.TippingDeviation(0.05, 0.0405));
    }

    private static double Beta(Rng rng, double a, double b)
    {
        var (x, y) = (rng.NextGamma(Math.Max(a, 1e-6)), rng.NextGamma(Math.Max(b, 1e-6)));
        return x + y > 0 ? x / (x + y) : rng.NextDouble() < a / (a + b) ? 1 : 0;
    }
}
