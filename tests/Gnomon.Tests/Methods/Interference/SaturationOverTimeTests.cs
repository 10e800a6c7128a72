using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Interference;

/// <summary>The statistic against numpy's weighted least squares with dummies; size under a ramp, power against a planted market.</summary>
public sealed class SaturationOverTimeTests
{
    [Fact]
    public void The_slope_and_its_error_agree_with_dummies_by_least_squares()
    {
        var r = MethodReference.Load("interference/saturation.json");
        var result = SaturationOverTime.Test(Whole(r, "market"), Whole(r, "moment"), Long(r, "treated"), Long(r, "controls"), [.. r.GetProperty("sums").EnumerateArray().Select(v => v.GetDouble())]);
        Close.Relative(r.Number("slope"), result.Slope, 1e-9);
        Close.Relative(r.Number("error"), result.StandardError, 1e-9);
        Close.Relative(r.Number("z"), result.Z, 1e-9);
        Close.Relative(r.Number("p"), result.PValue, 1e-8);
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused()
    {
        Assert.Throws<TooFewRowsException>(() => SaturationOverTime.Test([0, 0, 1], [0, 1, 0], [1, 2, 3], [0, 4, 4], [0, 1, 2]));
        Assert.Throws<NotEstimableException>(() => SaturationOverTime.Test([0, 0, 1, 1], [0, 1, 0, 1], [2, 2, 2, 2], [4, 4, 4, 4], [1, 2, 3, 4.5]));
        Assert.Throws<NotEstimableException>(() => SaturationOverTime.Test([0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 2], [4, 4, 4, 4], [4, 4, 4, 4]));

        // One market: nothing is left beside its moments.
        Assert.Throws<NotEstimableException>(() => SaturationOverTime.Test([0, 0, 0], [0, 1, 2], [2, 4, 6], [6, 4, 2], [60, 32, 6]));
        Assert.Throws<ArgumentException>(() => SaturationOverTime.Test([0], [0, 1], [2], [6], [60]));
    }

    [Theory]
    [Trait("speed", "slow")]
    [InlineData(0, 0.0)]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.0)]
    [InlineData(1, 0.5)]
    public void The_test_keeps_its_size_under_a_ramp_and_sees_a_shared_supply(int kind, double ramp)
    {
        // 1,000 experiments: at most 3.3 binomial errors above 0.05 and 0.01, the larger of two variances errs on the careful side; yes/no metrics are as rare as 5 %.
        const int runs = 1_000;
        int five = 0, one = 0, seen = 0;
        for (var run = 0; run < runs; run++)
        {
            var p = P(run, 0, kind, ramp);
            five += p < 0.05 ? 1 : 0;
            one += p < 0.01 ? 1 : 0;
            seen += run < 100 && P(run, -0.6, 0, ramp) < 0.01 ? 1 : 0;
        }

        Assert.InRange(five / (double)runs, 0.022, 0.073);
        Assert.InRange(one / (double)runs, 0, 0.021);
        Assert.InRange(seen / 100.0, 0.95, 1);
    }

    // Ten zones, 40 times, about 30 units each. The share grows by the ramp while the control level falls by the time.
    private static double P(int seed, double spill, int kind, double ramp)
    {
        var rng = new Rng(seed).Stream("saturation over time");
        var (market, moment, treated, controls, sums) = (new int[400], new int[400], new long[400], new long[400], new double[400]);
        for (var c = 0; c < 400; c++)
        {
            (market[c], moment[c]) = (c / 40, c % 40);
            var units = 20 + rng.NextInt(21);
            treated[c] = rng.NextBinomial(units, 0.5 + ramp * (moment[c] / 39.0 - 0.5));
            controls[c] = units - treated[c];
            sums[c] = kind == 1
                ? rng.NextBinomial((int)controls[c], 0.02 + 0.004 * market[c] + 0.03 * (1 - moment[c] / 39.0))
                : controls[c] * (5 + market[c] - 0.05 * moment[c] + spill * treated[c] / units) + 0.3 * Math.Sqrt(controls[c]) * rng.NextNormal();
        }

        try
        {
            return SaturationOverTime.Test(market, moment, treated, controls, sums).PValue;
        }
        catch (NotEstimableException)
        {
            return 1;
        }
    }

    private static int[] Whole(JsonElement r, string name) => [.. r.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];

    private static long[] Long(JsonElement r, string name) => [.. r.GetProperty(name).EnumerateArray().Select(v => v.GetInt64())];
}
