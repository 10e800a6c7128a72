using Gnomon.Methods;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Survival;

/// <summary>Log-rank test and proportionality by cluster. Reference: tests/reference/survival/make-clustered.R (survival 3.5: coxph(cluster =), score residuals of split data), 1e-8.</summary>
public sealed class ClusteredTests
{
    private static readonly int[] All = [.. Enumerable.Range(0, 720)];

    [Fact]
    public void Both_tests_are_those_of_coxph()
    {
        foreach (var set in MethodReference.Load("survival/clustered.json").GetProperty("sets").EnumerateArray())
        {
            var (times, events, treated, zones) = Data(set.Number("step"));
            var test = ClusteredLogRank.Test(times, events, treated, zones);
            Close.Relative(set.Number("score"), test.Score, 1e-8, "score");
            Close.Relative(set.Number("error"), test.Error, 1e-8, "error");
            Close.Relative(set.Number("robust"), test.RobustScore, 1e-8, "robust score");
            var drift = ClusteredProportionality.Test(times, events, treated, zones);
            var expected = set.GetProperty("drift");
            Close.Relative(expected.Number("score"), drift.Score, 1e-8, "drift");
            Close.Relative(expected.Number("error"), drift.Error, 1e-8, "error of the drift");
            Close.Relative(expected.Number("robust"), drift.RobustScore, 1e-8, "robust drift");
        }
    }

    [Fact]
    public void Without_ties_the_score_is_that_of_the_plain_test()
    {
        var (times, events, treated, zones) = Data(0);
        double[] apart = [.. times.Select((t, i) => t + 1e-7 * i)];
        var plain = LogRank.Test(apart, events, Array.ConvertAll(treated, t => t ? 1 : 0)).Groups[1];
        Close.Relative(plain.Observed - plain.Expected, ClusteredLogRank.Test(apart, events, treated, zones).Score, 1e-10);
    }

    [Fact]
    public void What_cannot_be_told_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => ClusteredLogRank.Test([1, 2, 3, 4], [true, true, false, true], [true, true, false, false], [0, 0, 1, 2]));
        Assert.Throws<NotEstimableException>(() => ClusteredLogRank.Test([1, 2, 3, 4], [false, false, false, false], [true, true, false, false], [0, 1, 2, 3]));
        Assert.Throws<NotEstimableException>(() => ClusteredProportionality.Test([1, 2, 3, 4], [true, true, false, false], [true, true, false, false], [0, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => ClusteredLogRank.Test([1, 2], [true, true], [true, false], [0]));
    }

    // Clusters with a hazard of their own, 5 to 40 units each. No difference: both tests; half the hazard throughout: proportionality, with a spread between clusters that keeps hazards proportional over all of them
    // (positive stable: Hougaard 1986; any other bends them). 600 draws a cell, 0.05 within 3.3 binomial errors is 0.021 to 0.079; 10 clusters may be shy.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(50)]
    public void Both_keep_their_size(int clusters)
    {
        const int draws = 600;
        var (called, drifts, drifting, plain) = (0, 0, 0, 0);
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2 }, d =>
        {
            var rng = new Rng(d).Stream("clustered log-rank", clusters);
            var (t, e, x, z) = Draw(rng, clusters, _ => 1);
            Interlocked.Add(ref called, ClusteredLogRank.Test(t, e, x, z).PValue < 0.05 ? 1 : 0);
            Interlocked.Add(ref plain, LogRank.Test(t, e, Array.ConvertAll(x, v => v ? 1 : 0)).PValue < 0.05 ? 1 : 0);
            Interlocked.Add(ref drifts, ClusteredProportionality.Test(t, e, x, z).PValue < 0.05 ? 1 : 0);
            (t, e, x, z) = Draw(rng, clusters, arm => arm ? 0.5 : 1, stable: true);
            Interlocked.Add(ref drifting, ClusteredProportionality.Test(t, e, x, z).PValue < 0.05 ? 1 : 0);
        });
        var text = $"{clusters} clusters: log-rank {called / (double)draws:0.000} (by unit {plain / (double)draws:0.000}), proportionality {drifts / (double)draws:0.000}, with half the hazard {drifting / (double)draws:0.000}";
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.All([called, drifts, drifting], c => Assert.True(c / (double)draws is >= 0.015 and <= 0.079, text));
        Assert.True(plain > called, text);
    }

    // Hazards that cross: the treated start at a third and end at twice.
    [Fact]
    [Trait("speed", "slow")]
    public void Hazards_that_cross_are_seen()
    {
        var seen = 0;
        for (var d = 0; d < 60; d++)
        {
            var rng = new Rng(d).Stream("crossing");
            var (t, e, x, z) = Draw(rng, 40, _ => 1);
            for (var i = 0; i < t.Length; i++)
            {
                // Weibull times of shape 2 among the treated.
                t[i] = x[i] ? Math.Sqrt(20 * t[i]) : t[i];
            }

            seen += ClusteredProportionality.Test(t, e, x, z).PValue < 0.01 ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"crossing hazards seen {seen} of 60");
        Assert.True(seen >= 57, $"{seen} of 60");
    }

    private static (double[] Times, bool[] Events, bool[] Treated, int[] Clusters) Draw(Rng rng, int clusters, Func<bool, double> hazard, bool stable = false)
    {
        var (times, events, treated, of) = (new List<double>(), new List<bool>(), new List<bool>(), new List<int>());
        for (var g = 0; g < clusters; g++)
        {
            var (slower, n) = (stable ? 1 / Stable(rng) : Math.Exp(0.4 * rng.NextNormal()), 5 + rng.NextInt(36));
            for (var i = 0; i < n; i++)
            {
                var (wait, watch) = (-20 / hazard(g % 2 == 1) * slower * Math.Log(1 - rng.NextDouble()), 10 + 60 * rng.NextDouble());
                times.Add(Math.Min(wait, watch));
                events.Add(wait <= watch);
                treated.Add(g % 2 == 1);
                of.Add(g);
            }
        }

        return ([.. times], [.. events], [.. treated], [.. of]);
    }

    // Positive stable of index 0.85 (Kanter 1975).
    private static double Stable(Rng rng)
    {
        const double index = 0.85;
        var (u, e) = (Math.PI * (1 - rng.NextDouble()), -Math.Log(1 - rng.NextDouble()));
        return Math.Sin(index * u) / Math.Pow(Math.Sin(u), 1 / index) * Math.Pow(Math.Sin((1 - index) * u) / e, (1 - index) / index);
    }

    private static (double[] Times, bool[] Events, bool[] Treated, int[] Zones) Data(double step)
    {
        int Zone(int i) => i % 24 < 20 ? i % 24 : i % 5;
        double Wait(int i)
        {
            var time = 1 + i * 41 % 60 + Zone(i) / 4.0 + (Zone(i) % 2 == 1 ? Math.Pow(i * 41 % 60, 2) / 300 : 2);
            return step > 0 ? Math.Ceiling(time / step) * step : time;
        }

        double Cut(int i) => 20 + i * 17 % 50;
        return ([.. All.Select(i => Math.Min(Wait(i), Cut(i)))], [.. All.Select(i => Wait(i) <= Cut(i))], [.. All.Select(i => Zone(i) % 2 == 1)], [.. All.Select(Zone)]);
    }
}
