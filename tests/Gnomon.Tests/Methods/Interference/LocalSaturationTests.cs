using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>The slope against the weighted normal equations by hand; size and power against planted markets.</summary>
public sealed class LocalSaturationTests
{
    [Fact]
    public void The_slope_is_that_of_weighted_least_squares_within_regions()
    {
        // One region: shares 1/4, 1/2, 3/4 with 6, 4, 2 controls whose means are 10, 8, 3. By hand: centred shares -1/6, 1/12, 1/3; sum w x y = 6(-1/6)10 + 4(1/12)8 + 2(1/3)3 = -16/3; sum w x x = 5/12.
        var result = LocalSaturation.Test([0, 0, 0], [2, 4, 6], [6, 4, 2], [60, 32, 6], new RerandomisationOptions { Draws = 99 });
        Close.Relative(-12.8, result.Slope, 1e-12);
        Assert.Equal(0.25, result.Lowest);
        Assert.Equal(0.75, result.Highest);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => LocalSaturation.Test([0, 0, 0], [1, 2, 3], [0, 4, 4], [0, 1, 2]));
        Assert.Throws<NotEstimableException>(() => LocalSaturation.Test([0, 0, 0], [2, 2, 2], [4, 4, 4], [1, 2, 3]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void The_test_keeps_its_size_and_sees_a_shared_supply()
    {
        const int runs = 300;
        var (size, power) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            size += P(run, 0) <= 0.05 ? 1 : 0;
            power += P(run, -0.6) <= 0.05 ? 1 : 0;
        }

        Assert.InRange(size / (double)runs, 0.015, 0.095);
        Assert.InRange(power / (double)runs, 0.9, 1);
    }

    // Ten zones, 40 times, 30 units each; controls lose by the treated share, and the treated gain whatever happens.
    private static double P(int seed, double spill)
    {
        var rng = new Rng(seed).Stream("saturation size");
        var (region, treated, controls, sums) = (new int[400], new long[400], new long[400], new double[400]);
        for (var c = 0; c < 400; c++)
        {
            region[c] = c / 40;
            treated[c] = rng.NextBinomial(30, 0.5);
            controls[c] = 30 - treated[c];
            sums[c] = controls[c] * (5 + region[c] + spill * treated[c] / 30.0) + 0.3 * Math.Sqrt(controls[c]) * rng.NextNormal();
        }

        return LocalSaturation.Test(region, treated, controls, sums, new RerandomisationOptions { Draws = 199, Seed = (ulong)seed }).Test.PValue;
    }
}
