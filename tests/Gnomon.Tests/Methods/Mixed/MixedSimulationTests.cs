using Gnomon.Methods;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Methods.Mixed;

/// <summary>Simulated once with fixed seeds: 1,000 draws, 3.3 binomial standard errors (92.7 % to 97.3 %).</summary>
public sealed class MixedSimulationTests
{
    private const int Draws = 1_000;

    [Fact]
    [Trait("speed", "slow")]
    public void SatterthwaiteIntervalsCoverWithSixGroupsWhereNormalOnesDoNot()
    {
        // A column between 6 groups of 5 rows: 4 degrees of freedom. The normal interval is far too short.
        int covered = 0, normal = 0, rejected = 0;
        for (var d = 0; d < Draws; d++)
        {
            var rng = new Rng(1_000 + d);
            var (x, y, codes) = Between(rng, 6, 5, 0.0);
            var row = LinearMixedModel.Fit(DesignMatrix.WithIntercept([x]), y, [RandomTerm.Intercept("g", codes)]).Table()[1];
            covered += row.Low <= 0 && row.High >= 0 ? 1 : 0;
            rejected += row.PValue < 0.05 ? 1 : 0;
            normal += Math.Abs(row.Value) <= 1.96 * row.StandardError ? 1 : 0;
        }

        Assert.InRange(covered / (double)Draws, 0.927, 0.985);
        Assert.Equal(Draws - covered, rejected);
        Assert.True(normal / (double)Draws < 0.91, $"normal intervals covered {normal}");
    }

    [Fact]
    [Trait("speed", "slow")]
    public void SlopesJointTestsAndProfilesKeepTheirLevel()
    {
        // 15 groups of 8 rows, intercept and slope that differ; a column within, one between.
        int slope = 0, joint = 0, deviation = 0, residual = 0;
        for (var d = 0; d < Draws; d++)
        {
            var rng = new Rng(5_000 + d);
            var x = new double[120];
            var z = new double[120];
            var y = new double[120];
            var codes = new int[120];
            for (var g = 0; g < 15; g++)
            {
                var (level, tilt, own) = (rng.NextNormal(), 0.5 * rng.NextNormal(), rng.NextNormal());
                for (var i = 0; i < 8; i++)
                {
                    var at = g * 8 + i;
                    (x[at], z[at], codes[at]) = (i - 3.5, own, g);
                    y[at] = 3 + level + tilt * x[at] + rng.NextNormal();
                }
            }

            var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept([x, z], ["x", "z"]), y, [MixedData.Slope("g", codes, "x", x, correlated: true)]);
            var row = fit.Table()[1];
            slope += row.Low <= 0 && row.High >= 0 ? 1 : 0;
            joint += fit.Covariance.Joint(fit, [1, 2])!.PValue < 0.05 ? 1 : 0;
            var components = fit.Covariance.WaldComponents();
            var tilts = components.First(c => !c.IsCorrelation && c.Effect == "x");
            deviation += tilts.Low <= 0.5 && tilts.High >= 0.5 ? 1 : 0;
            residual += components[^1].Low <= 1 && components[^1].High >= 1 ? 1 : 0;
        }

        Assert.InRange(slope / (double)Draws, 0.927, 0.973);
        Assert.InRange(joint / (double)Draws, 0.027, 0.073);
        Assert.InRange(deviation / (double)Draws, 0.915, 0.975);
        Assert.InRange(residual / (double)Draws, 0.927, 0.973);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void ProfileIntervalsAndTheBoundaryTestKeepTheirLevel()
    {
        // 12 groups of 4 rows: with a standard deviation of 1 between groups the profile covers it; with 0 the mixture rejects no more than it says.
        int covered = 0, rejected = 0;
        const int draws = 500;
        for (var d = 0; d < draws; d++)
        {
            var rng = new Rng(9_000 + d);
            var (x, y, codes) = Between(rng, 12, 4, 0.0);
            var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept([x]), y, [RandomTerm.Intercept("g", codes)]);
            var interval = MixedProfile.Components(fit)[0];
            covered += interval.Low <= 1 && interval.High >= 1 ? 1 : 0;
            double[] none = [.. y.Select(_ => rng.NextNormal())];
            rejected += RandomTermTest.All(LinearMixedModel.Fit(DesignMatrix.WithIntercept([x]), none, [RandomTerm.Intercept("g", codes)]))[0].PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(covered / (double)draws, 0.918, 0.982);
        Assert.InRange(rejected / (double)draws, 0.015, 0.082);
    }

    private static (double[] X, double[] Y, int[] Codes) Between(Rng rng, int groups, int rows, double slope)
    {
        var x = new double[groups * rows];
        var y = new double[x.Length];
        var codes = new int[x.Length];
        for (var g = 0; g < groups; g++)
        {
            var (own, level) = (rng.NextNormal(), rng.NextNormal());
            for (var i = 0; i < rows; i++)
            {
                (x[g * rows + i], codes[g * rows + i]) = (own, g);
                y[g * rows + i] = 5 + slope * own + level + rng.NextNormal();
            }
        }

        return (x, y, codes);
    }
}
