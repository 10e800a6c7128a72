using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

public sealed class SrmSeverityTests
{
    // Source: brute force on 2,000 copies of each unit (tests/reference/experiments/make.py); 1e-10.
    [Fact]
    public void Trimming_agrees_with_brute_force()
    {
        var c = MethodReference.Load("experiments/lee-bounds.json");
        var r = SrmSeverity.LeeBounds(c.Counts("observed"), c.Numbers("shares"), c.Numbers("first"), c.Numbers("second"));
        MethodReference.Close(c.Number("missing"), r.MissingShare, 1e-12);
        Assert.Equal(c.Number("low"), r.Low, 1e-10);
        Assert.Equal(c.Number("high"), r.High, 1e-10);
        Assert.Equal(0, r.FullerArm);
    }

    [Fact]
    public void Wider_information_gives_wider_bounds()
    {
        var rng = new Rng(3);
        double[] x = [.. Enumerable.Range(0, 500).Select(_ => rng.NextDouble()).Order()];
        double[] y = [.. Enumerable.Range(0, 460).Select(_ => rng.NextDouble()).Order()];
        var lee = SrmSeverity.LeeBounds([500, 460], [0.5, 0.5], x, y);
        var range = SrmSeverity.RangeBounds([500, 460], [0.5, 0.5], Moments.Of(x), Moments.Of(y), 0, 1);
        var moment = SrmSeverity.MomentBounds([500, 460], [0.5, 0.5], Moments.Of(x), Moments.Of(y));
        Assert.True(lee.WorstBias <= moment.WorstBias && lee.WorstBias <= range.WorstBias);
        Assert.True(lee.Low >= moment.Low && lee.High <= moment.High);
    }

    [Fact]
    public void The_moment_bound_is_reached_by_a_two_point_sample()
    {
        // A share q of ones: removing exactly them moves the mean by sd * sqrt(q / (1 - q)).
        double[] x = [.. Enumerable.Repeat(0.0, 90), .. Enumerable.Repeat(1.0, 10)];
        double[] y = [.. Enumerable.Repeat(0.5, 90)];
        var lee = SrmSeverity.LeeBounds([100, 90], [0.5, 0.5], x, y);
        var moment = SrmSeverity.MomentBounds([100, 90], [0.5, 0.5], Moments.Of(x), Moments.Of(y));
        Assert.Equal(lee.Low, moment.Low, 1e-12);
    }

    [Fact]
    public void A_perfect_split_has_no_bias()
    {
        var r = SrmSeverity.RangeBounds([100, 300], [0.25, 0.75], new Moments(100, 0.4, 1), new Moments(300, 0.5, 1), 0, 1);
        Assert.Equal(0, r.MissingShare);
        Assert.Equal(0, r.WorstBias, 1e-15);
    }

    [Fact]
    public void The_lost_units_are_always_inside_the_bounds()
    {
        var rng = new Rng(5);
        for (var run = 0; run < 300; run++)
        {
            // Arm B loses units above a random point with a random chance; the full difference must stay inside.
            double[] a = [.. Enumerable.Range(0, 400).Select(_ => rng.NextNormal()).Order()];
            var complete = a.Select(v => v + 0.1).ToArray();
            var cut = rng.NextNormal();
            var lost = 0.2 * rng.NextDouble();
            double[] kept = [.. complete.Where(v => v < cut || rng.NextDouble() > lost)];
            var r = SrmSeverity.LeeBounds([400, kept.Length], [0.5, 0.5], a, kept);
            // Lee's bounds cover the effect on units that stay in either arm; the constant effect is -0.1 for all.
            Assert.InRange(-0.1, r.Low - 1e-9, r.High + 1e-9);
        }
    }
}
