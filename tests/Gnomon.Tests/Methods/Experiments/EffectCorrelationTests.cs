using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Reference: tests/reference/metrics/effects.py (scipy searches from five starts, statsmodels OLS, numpy).</summary>
public sealed class EffectCorrelationTests
{
    [Fact]
    public void Limits_spreads_and_agreement_are_those_of_scipy()
    {
        foreach (var item in Reference().GetProperty("correlations").EnumerateArray())
        {
            var (x, y, vx, vy, c) = (item.Numbers("proxy"), item.Numbers("goal"), item.Numbers("proxyVariance"), item.Numbers("goalVariance"), item.Numbers("covariance"));
            var r = EffectCorrelation.Of([.. x.Select((v, i) => new EffectPair(v, y[i], vx[i], vy[i], c[i]))], item.Number("level"));
            Close.Relative(item.Number("moments"), r.Moments!.Value, 1e-9, "moments");
            Assert.Equal(item.Number("correlation"), r.Correlation, 5e-5);
            Assert.Equal(item.Number("low"), r.Low, 2e-6);
            Assert.Equal(item.Number("high"), r.High, 2e-6);
            Close.Relative(item.Number("proxySpread"), r.ProxySpread, 1e-3, "spread");
            Close.Relative(item.Number("goalSpread"), r.GoalSpread, 1e-3, "spread");
            Assert.Equal(item.Number("agreement"), r.Agreement, 2e-4);
        }
    }

    // The usual correlation of effects without error, and its exact test at 0, are a limit of the model.
    [Fact]
    public void Without_error_it_is_the_usual_correlation()
    {
        var rng = new Rng(5);
        var pairs = Enumerable.Range(0, 12).Select(_ => rng.NextNormal()).Select(x => new EffectPair(x, x + rng.NextNormal(), 1e-10, 1e-10, 0)).ToList();
        var r = EffectCorrelation.Of(pairs);
        var joint = CoMoments.OfColumns([.. pairs.Select(p => p.Proxy)], [.. pairs.Select(p => p.Goal)]);
        var plain = joint.Covariance(0, 1) / Math.Sqrt(joint.Variance(0) * joint.Variance(1));
        Close.Relative(plain, r.Correlation, 1e-5, "correlation");
        Close.Relative(plain, r.Moments!.Value, 1e-8, "moments");
    }

    [Fact]
    public void Units_and_signs_of_the_outcomes_do_not_matter()
    {
        var pairs = Programme(new Rng(3), 14, 0.7, 0.4);
        var a = EffectCorrelation.Of(pairs);
        var b = EffectCorrelation.Of([.. pairs.Select(p => new EffectPair(1_000 * p.Proxy, -p.Goal, 1e6 * p.ProxyVariance, p.GoalVariance, -1_000 * p.Covariance))]);
        Assert.Equal(a.Correlation, -b.Correlation, 1e-4);
        Assert.Equal(a.Low, -b.High, 1e-6);
        Assert.Equal(a.High, -b.Low, 1e-6);
        Close.Relative(1_000 * a.ProxySpread, b.ProxySpread, 1e-3);
    }

    [Fact]
    public void Effects_that_are_all_noise_bound_nothing_and_too_few_are_refused()
    {
        EffectPair Nothing(int i) => new(0.001 * i, -0.002 * i, 1, 1, 0.2);
        var r = EffectCorrelation.Of([.. Enumerable.Range(0, 12).Select(Nothing)]);
        Assert.Equal((-1.0, 1.0), (r.Low, r.High));
        Assert.Null(r.Moments);
        Assert.True(double.IsFinite(r.Correlation + r.Agreement + r.ProxySpread + r.GoalSpread));
        Assert.Throws<TooFewRowsException>(() => EffectCorrelation.Of([Nothing(1), Nothing(2)]));
        Assert.Throws<ArgumentException>(() => EffectCorrelation.Of([Nothing(1), Nothing(2), new EffectPair(1, 1, 0, 1, 0)]));
        Assert.Throws<ArgumentException>(() => EffectCorrelation.Of([Nothing(1), Nothing(2), new EffectPair(1, 1, 1, 1, 1.5)]));
    }

    /// <summary>The lower 95 % limit, one-sided: how often it lies below the truth.</summary>
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(10, 0.0, 0.3)]
    [InlineData(10, 0.5, 0.3)]
    [InlineData(10, 0.9, 0.3)]
    [InlineData(10, 0.5, 1.0)]
    [InlineData(20, 0.5, 0.5)]
    [InlineData(40, 0.5, 1.0)]
    public void The_lower_limit_lies_below_the_truth_in_nineteen_programmes_of_twenty(int tests, double correlation, double noise)
    {
        const int runs = 1_000;
        var below = 0;
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, run => Interlocked.Add(ref below, EffectCorrelation.Of(Programme(new Rng(run).Stream("coverage"), tests, correlation, noise)).Low <= correlation ? 1 : 0));
        TestContext.Current.SendDiagnosticMessage($"{tests} tests, correlation {correlation}, noise {noise}: {(double)below / runs:0.000}");
        Assert.InRange((double)below / runs, 0.93, 0.97);
    }

    [Fact]
    public void Weights_and_left_out_predictions_agree_with_numpy_and_statsmodels()
    {
        foreach (var item in Reference().GetProperty("composites").EnumerateArray())
        {
            var m = (int)item.Number("m");
            var (effects, goal, covariances) = (item.Numbers("effects"), item.Numbers("goal"), item.Numbers("covariances"));
            var r = CompositeWeights.Learn([.. goal.Select((g, i) => new MetricEffects(effects[(i * m)..(i * m + m)], g, covariances[(i * m)..(i * m + m)]))], item.Numbers("correlations"));
            Assert.All(item.Numbers("weights").Zip(r.Weights), w => Close.Relative(w.First, w.Second, 1e-8, "weight"));
            Close.Relative(item.Number("signal"), r.Signal, 1e-8, "signal");
        }

        foreach (var item in Reference().GetProperty("surrogates").EnumerateArray())
        {
            var (tests, k) = ((int)item.Number("tests"), (int)item.Number("k"));
            var r = Validate(item.Numbers("y"), item.Numbers("s"), tests, k);
            for (var i = 0; i < tests; i++)
            {
                Close.Relative(item.Numbers("foretold")[i], r.Tests[i].Foretold, 1e-8, "foretold");
                Close.Relative(item.Numbers("seen")[i], r.Tests[i].Seen, 1e-8, "seen");
                Close.Relative(item.Numbers("own")[i], r.Tests[i].Pair.ProxyVariance, 1e-8, "variance");
                Close.Relative(item.Numbers("shared")[i], r.Tests[i].Pair.Covariance, 1e-7, "covariance");
            }

            Close.Relative(item.Number("error"), r.Error, 1e-8, "error");
            Close.Relative(item.Number("ownError"), r.OwnError, 1e-7, "own error");
            Close.Relative(item.Number("bias"), r.Bias, 1e-8, "bias");
        }
    }

    [Fact]
    public void Weights_that_nothing_determines_are_refused()
    {
        MetricEffects still = new([0, 0], 1, [0, 0]);
        Assert.Throws<NotEstimableException>(() => CompositeWeights.Learn([still, still], [1, 0, 0, 1]));
        Assert.Throws<TooFewRowsException>(() => CompositeWeights.Learn([still], [1, 0, 0, 1]));
        Assert.Throws<TooFewRowsException>(() => SurrogateValidation.LeaveOneOut([CoMoments.OfRows([1, 2, 3, 4], 2)], [new double[2]], [new double[4]]));
        var flat = CoMoments.OfRows([1, 2, 3, 2, 5, 2], 2);
        Assert.Throws<NotEstimableException>(() => SurrogateValidation.LeaveOneOut([flat, flat], [new double[2], new double[2]], [new double[4], new double[4]]));
    }

    [Fact]
    public void A_simplex_finds_the_bottom_of_rosenbrocks_valley()
    {
        var r = NelderMead.Minimize(x => 100 * Math.Pow(x[1] - x[0] * x[0], 2) + Math.Pow(1 - x[0], 2), [-1.2, 1], 0.5, 1e-14);
        Assert.True(r.Converged);
        Assert.All(r.X, x => Assert.Equal(1, x, 1e-6));
        Assert.False(NelderMead.Minimize(x => x[0] * x[0], [5.0], 1, 0, 20).Converged);
    }

    private static List<EffectPair> Programme(Rng rng, int tests, double correlation, double noise)
    {
        const double shared = 0.4;
        (double, double) Pair(double r)
        {
            var x = rng.NextNormal();
            return (x, r * x + Math.Sqrt(1 - r * r) * rng.NextNormal());
        }

        return [.. Enumerable.Range(0, tests).Select(_ =>
        {
            var ((x, y), (ex, ey), size) = (Pair(correlation), Pair(shared), noise * (0.7 + 0.6 * rng.NextDouble()));
            return new EffectPair(0.2 + x + size * ex, y + size * ey, size * size, size * size, shared * size * size);
        })];
    }

    // Arms alternate, as in effects.py.
    private static SurrogateValidationResult Validate(double[] y, double[] s, int tests, int k)
    {
        var units = y.Length / tests;
        double[] Row(int i) => [y[i], .. s[(i * k)..(i * k + k)]];
        CoMoments Part(int test, int? arm) => CoMoments.OfRows([.. Enumerable.Range(test * units, units).Where(i => arm is null || i % 2 == arm).SelectMany(Row)], k + 1);
        double[] Effect(CoMoments b, CoMoments a) => [.. Enumerable.Range(0, k + 1).Select(j => b.Mean(j) - a.Mean(j))];
        double[] Noise(CoMoments b, CoMoments a) => [.. Enumerable.Range(0, (k + 1) * (k + 1)).Select(c => b.Covariance(c / (k + 1), c % (k + 1)) / b.Count + a.Covariance(c / (k + 1), c % (k + 1)) / a.Count)];
        var all = Enumerable.Range(0, tests).ToList();
        return SurrogateValidation.LeaveOneOut([.. all.Select(t => Part(t, null))], [.. all.Select(t => Effect(Part(t, 1), Part(t, 0)))], [.. all.Select(t => Noise(Part(t, 1), Part(t, 0)))]);
    }

    private static JsonElement Reference() => ReferenceFile.Open("metrics", "effects.json");
}
