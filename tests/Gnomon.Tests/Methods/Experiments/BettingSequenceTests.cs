using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class BettingSequenceTests
{
    // Source: numpy and scipy roots (tests/reference/experiments/make-bounded.py); 1e-9 of the range.
    [Fact]
    public void Means_agree_with_the_reference()
    {
        foreach (var c in MethodReference.Load("experiments/betting.json").Items("means"))
        {
            var (low, high) = (c.Number("low"), c.Number("high"));
            var r = BettingSequence.Mean(c.Numbers("values"), low, high, c.Number("level"));
            Assert.Equal(c.Number("mean"), r.Estimate, 1e-10);
            Assert.Equal(c.Number("lower"), r.Low, 1e-9 * (high - low));
            Assert.Equal(c.Number("upper"), r.High, 1e-9 * (high - low));
            MethodReference.Close(c.Number("logE"), r.LogEValue, 1e-9);
        }
    }

    [Fact]
    public void Differences_agree_with_the_reference()
    {
        foreach (var c in MethodReference.Load("experiments/betting.json").Items("differences"))
        {
            var (low, high) = (c.Number("low"), c.Number("high"));
            var r = BettingSequence.Difference(c.Numbers("treatment"), c.Numbers("control"), low, high, c.Number("treatmentShare"), c.Number("controlShare"), c.Number("level"));
            Assert.Equal(c.Number("difference"), r.Estimate, 1e-10);
            Assert.Equal(c.Number("lower"), r.Low, 1e-9 * (high - low));
            Assert.Equal(c.Number("upper"), r.High, 1e-9 * (high - low));
            MethodReference.Close(c.Number("logE"), r.LogEValue, 1e-9);
        }
    }

    [Theory]
    [InlineData(0.5, 0.5, 1, 1)]
    [InlineData(0.05, 0.95, 1, 19)]
    [InlineData(0.6, 0.4, 3, 2)]
    [InlineData(0.01, 0.99, 1, 20)]
    public void Blocks_follow_the_planned_split(double treatment, double control, int a, int b) => Assert.Equal((a, b), BettingSequence.Blocks(treatment, control));

    [Fact]
    public void Values_outside_the_range_and_empty_arms_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BettingSequence.Mean([0.2, 1.2], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BettingSequence.Mean([0.2, double.NaN], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BettingSequence.Mean([0.2], 1, 1));
        Assert.Throws<TooFewRowsException>(() => BettingSequence.Mean([], 0, 1));
        Assert.Throws<TooFewRowsException>(() => BettingSequence.Difference([0.1, 0.2], [0.1], 0, 1, 0.75, 0.25));
        Assert.Throws<TooFewRowsException>(() => BettingSequence.Difference([0.1, 0.2], [], 0, 1));
    }

    // A constant, the ends of the range, and the metric mirrored.
    [Fact]
    public void Edge_samples_get_an_answer_within_the_range()
    {
        foreach (double[] x in new double[][] { [0], [1], [.. Enumerable.Repeat(0.0, 500)], [.. Enumerable.Repeat(1.0, 500)], [.. Enumerable.Repeat(0.4, 10_000)] })
        {
            var (r, mirrored) = (BettingSequence.Mean(x, 0, 1), BettingSequence.Mean([.. x.Select(v => 1 - v)], 0, 1));
            Assert.True(r.Low >= 0 && r.High <= 1 && r.Low <= r.Estimate && r.Estimate <= r.High && r.PValue is >= 0 and <= 1);
            Assert.Equal(r.Low, 1 - mirrored.High, 1e-9);
        }

        var d = BettingSequence.Difference([0, 0, 0], [0, 0, 0], 0, 1);
        Assert.True(d is { Estimate: 0, Low: < 0, High: > 0, PValue: 1 });
    }
}

[Trait("speed", "slow")]
public sealed class BettingSequenceSimulationTests
{
    // A look after every 10 units of each arm from the 10th to the 300th: at most 5 % of experiments may be missed at any of them. 300 draws: 3.3 standard errors are 0.042.
    [Theory]
    [InlineData("uniform", 0.5)]
    [InlineData("rare", 0.5)]
    [InlineData("rating", 0.25)]
    [InlineData("yes or no", 0.5)]
    public void The_sequence_covers_at_all_looks_together(string shape, double share)
    {
        const int Draws = 300;
        var rng = new Rng(71).Stream("betting", shape.Length);
        var missed = 0;
        for (var run = 0; run < Draws; run++)
        {
            double[] treatment = [.. Enumerable.Range(0, 300).Select(_ => Draw(rng, shape, 1))], control = [.. Enumerable.Range(0, 300).Select(_ => Draw(rng, shape, 0))];
            var truth = Truth(shape);
            for (var n = 10; n <= 300; n += 10)
            {
                var r = BettingSequence.Difference(treatment.AsSpan(0, n), control.AsSpan(0, n), 0, 1, share, 1 - share);
                if (truth < r.Low || truth > r.High)
                {
                    missed++;
                    break;
                }
            }
        }

        Assert.InRange((double)missed / Draws, 0, 0.05 + 3.3 * Math.Sqrt(0.05 * 0.95 / Draws));
    }

    // Beside the asymptotic sequence tuned for 10,000 units, on uniform values: a third of its width at 50 units an arm, two thirds at 200, and a little more at 1,000.
    [Theory]
    [InlineData(50, 0.25, 0.40)]
    [InlineData(200, 0.5, 0.7)]
    [InlineData(1000, 0.95, 1.15)]
    public void Widths_beside_the_asymptotic_sequence(int n, double atLeast, double atMost)
    {
        var rng = new Rng(72).Stream("betting-width", n);
        var (betting, asymptotic) = (0.0, 0.0);
        for (var run = 0; run < 30; run++)
        {
            double[] t = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble())], c = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble())];
            var r = BettingSequence.Difference(t, c, 0, 1);
            var a = AlwaysValid.Interval(0, Math.Sqrt(Moments.Of(t).VarianceOfMean + Moments.Of(c).VarianceOfMean), 2 * n, 10_000);
            (betting, asymptotic) = (betting + r.High - r.Low, asymptotic + a.High - a.Low);
        }

        Assert.InRange(betting / asymptotic, atLeast, atMost);
    }

    private static double Draw(Rng rng, string shape, int arm) => shape switch
    {
        "uniform" => rng.NextDouble(),
        "rare" => rng.NextDouble() < 0.03 + 0.03 * arm ? rng.NextDouble() : 0,
        "rating" => Math.Floor(5 * Math.Sqrt(rng.NextDouble())) / 4,
        _ => rng.NextDouble() < 0.1 + 0.2 * arm ? 1 : 0,
    };

    private static double Truth(string shape) => shape switch { "uniform" or "rating" => 0, "rare" => 0.015, _ => 0.2 };
}
