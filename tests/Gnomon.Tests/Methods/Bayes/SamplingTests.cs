using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Bayes;

/// <summary>Source: tests/reference/bayes/sampling.py (numpy: diagnostics written from the paper with FFT autocovariances, posteriors on dense grids).</summary>
public sealed class SamplingTests
{
    private static readonly JsonElement Reference = MethodReference.Load("bayes/sampling.json");

    // Two implementations of the same formulas: 1e-10 relative.
    [Fact]
    public void Diagnostics_agree_with_an_independent_implementation()
    {
        foreach (var c in Reference.Items("diagnostics"))
        {
            var d = ChainDiagnostics.Of([.. c.Items("chains").Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())]);
            MethodReference.Close(c.Number("rhat"), d.RHat, 1e-10);
            MethodReference.Close(c.Number("bulk"), d.BulkEffectiveSize, 1e-10);
            MethodReference.Close(c.Number("tail"), d.TailEffectiveSize, 1e-10);
            MethodReference.Close(c.Number("meanError"), d.MeanError, 1e-10);
            MethodReference.Close(c.Number("deviationError"), d.DeviationError, 1e-10);
        }
    }

    [Fact]
    public void Chains_that_stand_still_or_are_too_short_are_answered_or_refused()
    {
        Assert.Equal(1, ChainDiagnostics.Of([[2, 2, 2, 2], [2, 2, 2, 2]]).RHat);
        Assert.True(double.IsPositiveInfinity(ChainDiagnostics.Of([[1, 1, 1, 1], [2, 2, 2, 2]]).RHat));
        Assert.Throws<TooFewRowsException>(() => ChainDiagnostics.Of([[1, 2, 3]]));
        Assert.Throws<ArgumentException>(() => ChainDiagnostics.Of([[1, 2, 3, double.NaN]]));
    }

    // Means and standard deviations within 4.5 Monte Carlo standard errors of the grid's; the grid itself is exact to 1e-4.
    [Fact]
    public void Sampled_regressions_agree_with_dense_grids()
    {
        foreach (var c in Reference.Items("fits"))
        {
            var fit = BayesianRegression.Fit(DesignMatrix.WithIntercept([c.Numbers("x")]), c.Numbers("y"), Options(c) with { Draws = 4000 });
            Assert.Equal(0, fit.Divergences);
            foreach (var (expected, actual) in c.Items("parameters").Zip(fit.Parameters))
            {
                Assert.InRange(actual.Diagnostic.RHat, 0.99, 1.01);
                Assert.True(actual.Diagnostic.BulkEffectiveSize > 4000);
                Assert.InRange(actual.Mean, expected.Number("mean") - 4.5 * actual.Diagnostic.MeanError - 1e-4, expected.Number("mean") + 4.5 * actual.Diagnostic.MeanError + 1e-4);
                Assert.InRange(actual.StandardDeviation, expected.Number("deviation") - 4.5 * actual.Diagnostic.DeviationError, expected.Number("deviation") + 4.5 * actual.Diagnostic.DeviationError);
                Assert.InRange((actual.Interval.Low - expected.Number("low")) / expected.Number("deviation"), -0.2, 0.2);
                Assert.InRange((actual.Interval.High - expected.Number("high")) / expected.Number("deviation"), -0.2, 0.2);
            }
        }
    }

    [Fact]
    public void Draws_do_not_depend_on_threads()
    {
        var c = Reference.Items("fits").First();
        var design = DesignMatrix.WithIntercept([c.Numbers("x")]);
        var one = BayesianRegression.Fit(design, c.Numbers("y"), Options(c) with { Threads = 1, Draws = 200, Warmup = 100 });
        var two = BayesianRegression.Fit(design, c.Numbers("y"), Options(c) with { Threads = 2, Draws = 200, Warmup = 100 });
        Assert.Equal(one.Chains(1), two.Chains(1));
        Assert.Equal(PosteriorPredictive.Check(one), PosteriorPredictive.Check(two));
    }

    [Fact]
    public void What_cannot_be_sampled_is_refused_by_name()
    {
        var ones = DesignMatrix.WithIntercept([[1.0, 2, 3, 4]], ["x"]);
        Assert.Contains("one value", Assert.Throws<NotEstimableException>(() => BayesianRegression.Fit(ones, [5.0, 5, 5, 5])).Message, StringComparison.Ordinal);
        Assert.Contains("Column z", Assert.Throws<NotEstimableException>(() => BayesianRegression.Fit(DesignMatrix.WithIntercept([[2.0, 2, 2]], ["z"]), [1.0, 2, 4])).Message, StringComparison.Ordinal);
        Assert.Throws<OutcomeRangeException>(() => BayesianRegression.Fit(ones, [0.0, 1, 2, 1], new() { Family = GlmFamily.Binomial }));
        Assert.Throws<ArgumentException>(() => BayesianRegression.Fit(ones, [0.0, 1, 2, 1], new() { Family = GlmFamily.Gamma }));

        // A column twice, and more columns than rows: the prior tells them apart.
        var twice = BayesianRegression.Fit(DesignMatrix.WithIntercept([[1.0, 2, 3, 4, 5], [1.0, 2, 3, 4, 5]]), [1.1, 1.9, 3.2, 3.9, 5.1], new() { Draws = 300 });
        Assert.All(twice.Parameters, p => Assert.True(double.IsFinite(p.Mean) && p.Interval.Low < p.Interval.High));

        // No event at all: the estimate of maximum likelihood is infinite, the posterior is not.
        var none = BayesianRegression.Fit(ones, [0.0, 0, 0, 0], new() { Family = GlmFamily.Binomial, Draws = 300 });
        Assert.True(double.IsFinite(none.Parameters[0].Mean) && none.Parameters[0].Interval.High < 2);
    }

    [Fact]
    public void Counts_that_spread_more_than_the_law_are_seen_and_counts_that_do_not_are_left_alone()
    {
        foreach (var (spread, isSeen) in new[] { (0.7, true), (0.0, false) })
        {
            var rng = new Rng(5).Stream("counts");
            var x = Enumerable.Range(0, 150).Select(_ => rng.NextNormal()).ToArray();
            var y = x.Select(v => (double)rng.NextPoisson(Math.Exp(1 + 0.3 * v) * (spread > 0 ? spread * rng.NextGamma(1 / spread) : 1))).ToArray();
            var features = PosteriorPredictive.Check(BayesianRegression.Fit(DesignMatrix.WithIntercept([x]), y, new() { Family = GlmFamily.Poisson, Draws = 500 }));
            Assert.Equal(isSeen, features[0].P < 0.0025);
        }
    }

    // Talts et al. 2018: parameters from the prior, data from the parameters; the rank of the truth among independent draws of the posterior is uniform. On the scaled density itself, since
    // scaling by the data is no part of the model. 300 data sets a law, ranks 0 to 19, chi-square with 19 degrees of freedom, size 0.0005 for each of 7 parameters.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(OutcomeLaw.Gaussian)]
    [InlineData(OutcomeLaw.Binomial)]
    [InlineData(OutcomeLaw.Poisson)]
    public void Ranks_of_the_truth_are_uniform(OutcomeLaw law)
    {
        const int sets = 300;
        const int kept = 19;
        const int thin = 8;
        var counts = new int[law == OutcomeLaw.Gaussian ? 3 : 2][];
        for (var j = 0; j < counts.Length; j++)
        {
            counts[j] = new int[kept + 1];
        }

        var priors = new[] { CoefficientPrior.Normal(0, 1), CoefficientPrior.StudentT(4, 0.2, 0.6) };
        for (var s = 0; s < sets; s++)
        {
            var rng = new Rng(s).Stream("calibration", (int)law);
            var x = new[] { Enumerable.Repeat(1.0, 20).ToArray(), Enumerable.Range(0, 20).Select(_ => rng.NextNormal()).ToArray() };
            var truth = new List<double> { priors[0].Draw(rng), priors[1].Draw(rng) };
            var sigma = rng.NextExponential();
            var y = Enumerable.Range(0, 20).Select(i =>
            {
                var eta = truth[0] + truth[1] * x[1][i];
                return law switch { OutcomeLaw.Gaussian => eta + sigma * rng.NextNormal(), OutcomeLaw.Poisson => rng.NextPoisson(Math.Exp(eta)), _ => rng.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1.0 : 0 };
            }).ToArray();
            if (law == OutcomeLaw.Gaussian)
            {
                truth.Add(Math.Log(sigma));
            }

            var draws = Sample(new RegressionPosterior(x, y, null, null, priors, law), rng, kept * thin);
            for (var j = 0; j < counts.Length; j++)
            {
                counts[j][Enumerable.Range(0, kept).Count(k => draws[(k + 1) * thin - 1][j] < truth[j])]++;
            }
        }

        foreach (var c in counts)
        {
            var expected = sets / (kept + 1.0);
            Assert.True(ChiSquared.Sf(c.Sum(n => (n - expected) * (n - expected) / expected), kept) > 0.0005, string.Join(" ", c));
        }
    }

    private static double[][] Sample(RegressionPosterior posterior, Rng rng, int draws)
    {
        var (mode, factor) = posterior.Mode();
        var round = new BayesianRegression.RoundPosterior(posterior, mode, factor);
        return Array.ConvertAll(new NoUTurnSampler(round.Log, posterior.Dimension, rng.Stream("chain")).Run(200, draws, CancellationToken.None), round.Original);
    }

    private static BayesianRegressionOptions Options(JsonElement c) => new()
    {
        Family = c.GetProperty("law").GetString() switch { "binomial" => GlmFamily.Binomial, "poisson" => GlmFamily.Poisson, _ => GlmFamily.Gaussian },
        Prior = c.GetProperty("prior").GetString() switch { "normal" => CoefficientPrior.Normal(0, 2.5), "cauchy" => CoefficientPrior.Cauchy(0, 1), _ => CoefficientPrior.StudentT(4, 0.5, 0.8) },
        Offset = c.GetProperty("law").GetString() == "poisson" ? c.Numbers("offset") : null,
    };
}
