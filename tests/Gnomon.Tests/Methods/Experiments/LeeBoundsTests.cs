using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class LeeBoundsTests
{
    // Source: weighted sums in numpy, the multiplier by scipy's root, and 4,000 bootstrap draws of sizes and values (tests/reference/experiments/make-bounded.py); 1e-10, errors within 5 % of the draws.
    [Fact]
    public void Bounds_and_interval_agree_with_the_reference()
    {
        foreach (var c in MethodReference.Load("experiments/lee-interval.json").Items("cases"))
        {
            double[] t = [.. c.Numbers("treatment").Order()], k = [.. c.Numbers("control").Order()];
            var share = c.Number("treatmentShare");
            var results = new List<LeeBoundsResult> { LeeBounds.Means(t, k, t.Length, k.Length, share, 1 - share) };
            if (c.GetProperty("binary").GetBoolean())
            {
                results.Add(LeeBounds.Proportions((long)t.Sum(), t.Length, (long)k.Sum(), k.Length, t.Length, k.Length, share, 1 - share));
            }

            foreach (var r in results)
            {
                Assert.Equal(c.Number("missing"), r.MissingShare, 1e-12);
                Assert.Equal(c.Number("low"), r.Low, 1e-10);
                Assert.Equal(c.Number("high"), r.High, 1e-10);
                MethodReference.Close(c.Number("lowError"), r.LowError, 1e-9);
                MethodReference.Close(c.Number("highError"), r.HighError, 1e-9);
                Assert.Equal(c.Number("intervalLow"), r.Interval.Low, 1e-9);
                Assert.Equal(c.Number("intervalHigh"), r.Interval.High, 1e-9);
                MethodReference.Close(c.Number("lowDrawn"), r.LowError, 0.05);
                MethodReference.Close(c.Number("highDrawn"), r.HighError, 0.05);
            }
        }
    }

    // The point bounds are those of SrmSeverity, and without a missing unit both are the plain difference with the plain two-sided interval.
    [Fact]
    public void An_even_split_gives_the_plain_difference()
    {
        var rng = new Rng(9);
        double[] t = [.. Enumerable.Range(0, 400).Select(_ => rng.NextNormal()).Order()], c = [.. Enumerable.Range(0, 400).Select(_ => rng.NextNormal()).Order()];
        var r = LeeBounds.Means(t, c, 400, 400, 0.5, 0.5);
        var difference = Moments.Of(t).Mean - Moments.Of(c).Mean;
        Assert.Equal(difference, r.Low, 1e-12);
        Assert.Equal(difference, r.High, 1e-12);
        Assert.Equal(0, r.MissingShare);
        var fewer = LeeBounds.Means(t, c.AsSpan(0, 360), 400, 360, 0.5, 0.5);
        var points = SrmSeverity.LeeBounds([400, 360], [0.5, 0.5], t, c.AsSpan(0, 360));
        Assert.Equal(points.Low, fewer.Low, 1e-12);
        Assert.Equal(points.High, fewer.High, 1e-12);
    }

    [Fact]
    public void Shares_beyond_the_cut_stay_between_0_and_1()
    {
        // More is missing than the events there are: trimming could leave none of them, or nothing else.
        var few = LeeBounds.Proportions(5, 1000, 10, 700, 1000, 700, 0.5, 0.5);
        Assert.Equal(-10.0 / 700, few.Low, 1e-12);
        var all = LeeBounds.Proportions(990, 1000, 600, 700, 1000, 700, 0.5, 0.5);
        Assert.Equal(1 - 600.0 / 700, all.High, 1e-12);
        Assert.All(new[] { few, all }, r => Assert.True(double.IsFinite(r.Interval.Low) && r.Interval.Low <= r.Low && r.Low <= r.High && r.High <= r.Interval.High));
    }

    [Fact]
    public void Too_little_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => LeeBounds.Means([1], [1, 2], 1, 2, 0.5, 0.5));
        Assert.Throws<TooFewRowsException>(() => LeeBounds.Means([1, 2, 3], [1, 2], 1000, 2, 0.5, 0.5));
        Assert.Throws<TooFewRowsException>(() => LeeBounds.Proportions(1, 5, 0, 2, 0, 2, 0.5, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LeeBounds.Means([1, 2], [1, 2], 2, 2, 0, 1));
    }

    // Units above a point of the treated arm are lost, so that the effect on the others lies on a bound: the hardest place. 1,500 draws: 3.3 standard errors are 0.019.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void The_interval_covers_an_effect_that_lies_on_a_bound(bool binary)
    {
        const int Draws = 1_500;
        const double Lost = 0.15;
        var rng = new Rng(73).Stream("lee", binary ? 1 : 0);
        var covered = 0;
        for (var run = 0; run < Draws; run++)
        {
            // Each unit goes to an arm by a coin. In the treated arm the 15 % with the largest values (or 15 % of all, from those with the event) are lost.
            var (t, c) = (new List<double>(), new List<double>());
            for (var i = 0; i < 1_600; i++)
            {
                var u = rng.NextDouble();
                var value = binary ? (u > 0.6 ? 1.0 : 0.0) : Normal.Quantile(u);
                if (rng.NextDouble() < 0.5)
                    c.Add(value);
                else if (u < 1 - Lost)
                    t.Add(value);
            }

            // Units below the 85 % point are in both arms, and nothing happens to them: an effect of 0.
            t.Sort();
            c.Sort();
            var r = binary
                ? LeeBounds.Proportions((long)t.Sum(), t.Count, (long)c.Sum(), c.Count, t.Count, c.Count, 0.5, 0.5)
                : LeeBounds.Means([.. t], [.. c], t.Count, c.Count, 0.5, 0.5);
            covered += r.Interval.Contains(0) ? 1 : 0;
        }

        Assert.InRange((double)covered / Draws, 0.95 - 3.3 * Math.Sqrt(0.95 * 0.05 / Draws), 0.95 + 3.3 * Math.Sqrt(0.95 * 0.05 / Draws));
    }
}
