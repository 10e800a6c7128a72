using Gnomon.Methods.Heterogeneity;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Heterogeneity;

/// <summary>Randomised experiments with a known effect for every unit: size, coverage and what is found. Bands are 3.3 binomial errors.</summary>
public sealed class HeterogeneitySimulationTests
{
    // 40 % are treated. x is uniform, kind has four levels; both move the outcome, and where asked x > 0.6 turns the effect up.
    private sealed record Draw(FeatureTable Table, bool[] Treated, double[] Scores, double[] X)
    {
        public static Draw Of(Rng rng, int n, double lift, double effect = 0.5)
        {
            var (x, kind, treated, y, fold) = (new double[n], new int[n], new bool[n], new double[n], new byte[n]);
            for (var i = 0; i < n; i++)
            {
                (x[i], kind[i], treated[i], fold[i]) = (rng.NextDouble(), rng.NextInt(4), rng.NextDouble() < 0.4, (byte)rng.NextInt(5));
                y[i] = 100 + x[i] + kind[i] + rng.NextNormal() + (treated[i] ? effect + (x[i] > 0.6 ? lift : 0) : 0);
            }

            var (number, category) = (new byte[n], new byte[n]);
            Feature[] features = [Feature.OfNumbers("x", x, 20, number), Feature.OfCategories("kind", kind, ["a", "b", "c", "d"], 20, category)];
            var table = FeatureTable.Of(features, [number, category]);
            return new(table, treated, EffectScores.CrossFitted(table, y, treated, 0.4, fold), x);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Without_a_difference_at_most_one_experiment_in_twenty_confirms_a_segment()
    {
        const int draws = 1_500;
        var (confirmed, proposed, covered) = (0, 0, 0);
        for (var r = 0; r < draws; r++)
        {
            var rng = new Rng(r).Stream("null");
            var (a, b) = (Draw.Of(rng, 800, 0), Draw.Of(rng, 800, 0));
            // A low bar, so that nearly every experiment proposes segments.
            var found = EffectSegments.Find(a.Table, a.Scores, a.Treated, b.Table, b.Scores, new EffectSegmentsOptions { LeastZ = 1 });
            proposed += found.Segments.Count > 0 ? 1 : 0;
            confirmed += Multiplicity.BenjaminiHochberg([.. found.Segments.Select(s => s.Difference.PValue)]).Any(p => p <= 0.05) ? 1 : 0;
            covered += found.Segments.Count == 0 || found.Segments[0].Effect is { Low: <= 0.5, High: >= 0.5 } ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"null: {proposed} of {draws} proposed, {confirmed} confirmed, first segment covered {covered}");
        Assert.True(proposed > 0.8 * draws);
        Assert.True(confirmed <= 0.05 * draws + 3.3 * Math.Sqrt(draws * 0.05 * 0.95), $"{confirmed} of {draws} null experiments confirmed a segment");
        Assert.InRange(covered / (double)draws, 0.927, 0.973);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void A_planted_segment_is_found_and_confirmed_with_an_unflattered_effect()
    {
        const int draws = 200;
        var (found, covered) = (0, 0);
        double discovery = 0, judged = 0;
        for (var r = 0; r < draws; r++)
        {
            var rng = new Rng(r).Stream("planted");
            var (a, b) = (Draw.Of(rng, 3_000, 0.5), Draw.Of(rng, 3_000, 0.5));
            var result = EffectSegments.Find(a.Table, a.Scores, a.Treated, b.Table, b.Scores, new EffectSegmentsOptions { Depth = 1 });
            var adjusted = Multiplicity.BenjaminiHochberg([.. result.Segments.Select(s => s.Difference.PValue)]);
            if (result.Segments.Count == 2 && adjusted.All(p => p <= 0.05) && result.Segments[0].Conditions[0].Feature == 0)
            {
                found++;
                var top = result.Segments[1];
                var truth = 0.5 + 0.5 * b.X.Where((_, i) => result.Leaf[i] == 1).Average(x => x > 0.6 ? 1.0 : 0.0);
                covered += top.Effect.Low <= truth && truth <= top.Effect.High ? 1 : 0;
                discovery += (top.DiscoveryDifference - top.Difference.Value) / draws;
                judged += (top.Effect.Value - truth) / draws;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"planted: {found} of {draws} found, {covered} covered, bias {judged:0.000}, discovery exceeds by {discovery:0.000}");
        Assert.True(found >= 0.95 * draws, $"{found} of {draws}");
        Assert.True(covered >= 0.89 * found, $"{covered} of {found}");
        Assert.InRange(judged, -0.02, 0.02);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_of_slope_areas_and_values_cover_and_their_tests_keep_their_size()
    {
        const int draws = 1_000;
        var (autoc, qini, slope, value, size, sizeAutoc) = (0, 0, 0, 0, 0, 0);
        // Scores tau(x) + noise, priority x + noise of its own: tau = x, uniform. Areas of the truth by a long simulation of the priority, value of the rule priority > 1/2 likewise.
        var (trueAutoc, trueQini, trueSlope, trueValue) = Truth();
        Parallel.For(0, draws, r =>
        {
            var rng = new Rng(r).Stream("targeting");
            var (scores, priority, useless) = (new double[400], new double[400], new double[400]);
            for (var i = 0; i < 400; i++)
            {
                var x = rng.NextDouble();
                scores[i] = x + (1 + x) * rng.NextNormal();
                priority[i] = x + 0.3 * rng.NextNormal();
                useless[i] = rng.NextNormal();
            }

            var curve = TargetingCurve.Of(scores, priority, halves: 100, seed: (ulong)r, threads: 1);
            Count(ref autoc, curve.Autoc, trueAutoc);
            Count(ref qini, curve.Qini, trueQini);
            Count(ref slope, EffectCalibration.Test(scores, priority).Slope, trueSlope);
            Count(ref value, TargetingValue.Of(scores, [.. priority.Select(p => p > 0.5)], 0.4).OverEverybody, trueValue);
            Interlocked.Add(ref size, EffectCalibration.Test(scores, useless).Slope.PValue <= 0.05 ? 1 : 0);
            Interlocked.Add(ref sizeAutoc, TargetingCurve.Of(scores, useless, halves: 100, seed: (ulong)r, threads: 1).Autoc.PValue <= 0.05 ? 1 : 0);
        });
        TestContext.Current.SendDiagnosticMessage($"coverage of {draws}: AUTOC {autoc}, Qini {qini}, slope {slope}, value {value}; size: slope {size}, AUTOC {sizeAutoc}");
        foreach (var covered in new[] { autoc, qini, slope, value })
        {
            Assert.InRange(covered / (double)draws, 0.927, 0.973);
        }

        Assert.InRange(size / (double)draws, 0.027, 0.073);
        Assert.InRange(sizeAutoc / (double)draws, 0.027, 0.073);

        static void Count(ref int covered, ContrastResult c, double truth) => Interlocked.Add(ref covered, c.Low <= truth && truth <= c.High ? 1 : 0);
    }

    [Fact]
    public void A_forest_learns_the_effect_and_does_not_depend_on_threads()
    {
        var rng = new Rng(5);
        var (a, b) = (Draw.Of(rng, 6_000, 1.0), Draw.Of(rng, 6_000, 1.0));
        var options = new EffectForestOptions { Trees = 60, Threads = 1 };
        var one = EffectForest.Fit(a.Table, a.Scores, options).Predict(b.Table, threads: 1);
        var three = EffectForest.Fit(a.Table, a.Scores, options with { Threads = 3 }).Predict(b.Table, threads: 3);
        Assert.Equal(one, three);
        Assert.NotEqual(one, EffectForest.Fit(a.Table, a.Scores, options with { Seed = 2 }).Predict(b.Table));
        var (high, low) = (b.X.Zip(one).Where(p => p.First > 0.7).Average(p => p.Second), b.X.Zip(one).Where(p => p.First < 0.5).Average(p => p.Second));
        Assert.InRange(high, 1.3, 1.7);
        Assert.InRange(low, 0.3, 0.7);

        // A constant score is predicted as it is, whatever the columns.
        Assert.All(EffectForest.Fit(a.Table, [.. Enumerable.Repeat(2.5, 6_000)], options).Predict(b.Table), p => Assert.Equal(2.5, p, 1e-12));
        var curve = TargetingCurve.Of(b.Scores, one, threads: 1);
        Assert.Equal(curve.Autoc, TargetingCurve.Of(b.Scores, one, threads: 3).Autoc);
    }

    [Fact]
    public void Adjusting_scores_for_columns_saves_spread_and_moves_nothing()
    {
        var rng = new Rng(9);
        var draw = Draw.Of(rng, 8_000, 0);
        var mean = Moments.MeanVariance(draw.Scores);
        Assert.InRange(mean.Mean, 0.5 - 4 * mean.StandardError, 0.5 + 4 * mean.StandardError);

        // The best any score can do: the noise has spread 1 in both arms, and 1/e + 1/(1-e) of it is left.
        Assert.InRange(mean.Variance, 0.9 * (1 / 0.4 + 1 / 0.6), 1.15 * (1 / 0.4 + 1 / 0.6));
    }

    private static (double Autoc, double Qini, double Slope, double Value) Truth()
    {
        const int n = 400_000;
        var rng = new Rng(77);
        var (effect, priority) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            effect[i] = rng.NextDouble();
            priority[i] = effect[i] + 0.3 * rng.NextNormal();
        }

        var curve = TargetingCurve.Of(effect, priority, halves: 20);
        return (curve.Autoc.Value, curve.Qini.Value, EffectCalibration.Test(effect, priority).Slope.Value, TargetingValue.Of(effect, [.. priority.Select(p => p > 0.5)], 0.4).OverEverybody.Value);
    }
}
