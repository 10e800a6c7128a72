using Gnomon.Methods;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Planning;

/// <summary>Reference: statsmodels OLS on the logs with its prediction of a new observation (tests/reference/planning/scaling-law.py); 1e-9 relative.</summary>
public sealed class ScalingLawTests
{
    [Fact]
    public void Predictions_and_bounds_agree_with_statsmodels()
    {
        foreach (var c in ReferenceFile.Open("planning", "scaling-law.json").GetProperty("cases").EnumerateArray())
        {
            var got = ScalingLaw.Predict(c.Numbers("sizes"), c.Numbers("costs"), c.Number("fixed"), c.Number("size"));
            Close.Relative(c.Number("cost"), got.Cost, 1e-9, "cost");
            Close.Relative(c.Number("low"), got.Low, 1e-9, "low");
            Close.Relative(c.Number("high"), got.High, 1e-9, "high");
            Close.Relative(c.Number("exponent"), got.Exponent, 1e-9, "exponent");
        }
    }

    // A new cost lies above the lower bound in 90 % of runs, and below the upper one: within 3.3 binomial errors of 2,000 runs.
    [Fact]
    public void The_bounds_hold_as_often_as_they_say()
    {
        double[] sizes = [1e3, 2e3, 4e3, 8e3, 16e3];
        var (above, below) = (0, 0);
        for (var seed = 0; seed < 2_000; seed++)
        {
            var rng = new Rng(seed).Stream("scaling");
            double Cost(double n) => 0.2 + (1e-5 * Math.Pow(n, 1.2) * Math.Exp(0.1 * rng.NextNormal()));
            var got = ScalingLaw.Predict(sizes, [.. sizes.Select(Cost)], 0.2, 1e6);
            var truth = Cost(1e6);
            above += truth > got.Low ? 1 : 0;
            below += truth < got.High ? 1 : 0;
        }

        Assert.InRange(above, 1_756, 1_844);
        Assert.InRange(below, 1_756, 1_844);
    }

    [Fact]
    public void What_cannot_be_followed_is_refused_by_name()
    {
        _ = Assert.Throws<TooFewRowsException>(() => ScalingLaw.Predict([1, 2], [1, 2], 0, 10));
        _ = Assert.Throws<NotEstimableException>(() => ScalingLaw.Predict([1, 2, 3], [1, 1, 1], 1, 10));
        _ = Assert.Throws<NotEstimableException>(() => ScalingLaw.Predict([2, 2, 2], [1, 2, 3], 0, 10));
    }
}
